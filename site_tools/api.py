"""The API as the code itself describes it: classes with their arguments, the command line, the fields of a report."""

from __future__ import annotations

import argparse
import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, cast

import msgspec
from callback_conformance.messages import Words
from callback_conformance.options import parser
from callback_conformance.runner import Report, Result
from mkdocs.utils.meta import get_data

from site_tools.inline import english
from site_tools.places import DOCS, LANGUAGES, REFERENCE, ROOT
from site_tools.words import say

__all__ = ["Described", "classes", "command", "described", "schema"]

SUITE = ROOT / "conformance_tests" / "callback_conformance"
HOMES = {"callback_reference": REFERENCE, "callback_conformance": SUITE}
SECTION = re.compile(r"^(Args|Attributes|Raises|Returns):$")
ITEM = re.compile(r"^(\*{0,2}[\w.]+(?:, [\w.]+)*): (.*)$")
EXAMPLE = re.compile(r"^>>> ")
Definition = ast.ClassDef | ast.FunctionDef


@dataclass
class Described:
    """A class or function as its source describes it."""

    name: str
    signature: ast.arguments
    prose: str = ""
    example: str = ""
    sections: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    methods: list[tuple[str, str]] = field(default_factory=list)


@cache
def described(package: str) -> tuple[Described, ...]:
    """Return the public classes and functions of a package, in the order of its `__all__`."""
    if package not in HOMES:
        raise LookupError(f"api: package {package!r} is not described; known are {', '.join(HOMES)}")
    found = {node.name: node for path in sorted(HOMES[package].glob("*.py")) for node in _public(path)}
    return tuple(_describe(found[name]) for name in _exported(HOMES[package]) if name in found)


def _public(path: Path) -> Iterator[Definition]:
    """Yield the classes and functions of one file that it exports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from (node for node in tree.body if isinstance(node, Definition) and not node.name.startswith("_"))


def _exported(folder: Path) -> list[str]:
    """Return the names in the `__all__` of a package."""
    tree = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
    lists = [
        node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    return cast("list[str]", ast.literal_eval(lists[0]))


def _describe(node: Definition) -> Described:
    """Read a definition's signature and docstring."""
    functions = [one for one in getattr(node, "body", []) if isinstance(one, ast.FunctionDef)]
    made = next((one.args for one in functions if one.name == "__init__"), None)
    arguments = node.args if isinstance(node, ast.FunctionDef) else made
    found = Described(node.name, arguments or ast.parse("def f(): ...").body[0].args)  # type: ignore[attr-defined]
    _read(found, inspect.cleandoc(ast.get_docstring(node) or ""))
    if isinstance(node, ast.ClassDef):
        own = [one for one in functions if not one.name.startswith(("_", "on_"))]
        found.methods = [(_call(one.name, one.args), _first(one)) for one in own]
    return found


def _first(node: ast.FunctionDef) -> str:
    """Return the first line of a docstring."""
    return (ast.get_docstring(node) or "").split("\n", 1)[0]


def _read(found: Described, text: str) -> None:
    """Sort the paragraphs of a docstring into prose, sections and example."""
    prose = []
    for block in text.split("\n\n"):
        first, _, rest = block.partition("\n")
        named = SECTION.match(first)
        if named:
            found.sections[named[1]] = _items(inspect.cleandoc("\n" + rest))
        elif EXAMPLE.match(first):
            found.example += block + "\n"
        else:
            prose.append(block)
    found.prose = "\n\n".join(prose)


def _items(text: str) -> list[tuple[str, str]]:
    """Return names and meanings; a line that begins with no name goes on with the one before."""
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        item = ITEM.match(line)
        if item:
            found.append((item[1], item[2]))
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        else:
            found.append(("", line.strip()))
    return found


def _parameters(arguments: ast.arguments) -> Iterator[tuple[str, str, str | None]]:
    """Yield name, type and default of each argument but `self`; a default of None says that it is required."""
    plain = [*arguments.posonlyargs, *arguments.args]
    required: list[ast.expr | None] = [None] * (len(plain) - len(arguments.defaults))
    pairs = list(zip(plain, [*required, *arguments.defaults], strict=True))
    pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    for argument, default in pairs:
        if argument.arg != "self":
            yield argument.arg, _type(argument.annotation), None if default is None else ast.unparse(default)


def _type(annotation: ast.expr | None) -> str:
    """Return a type as it is written, without the quotes that keep it from being evaluated."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value
    return "" if annotation is None else ast.unparse(annotation)


def _call(name: str, arguments: ast.arguments) -> str:
    """Return a call with the names of the arguments and their defaults."""
    parts = [one if default is None else f"{one}={default}" for one, _, default in _parameters(arguments)]
    plain = len([*arguments.posonlyargs, *arguments.args]) - ("self" in [one.arg for one in arguments.args])
    if arguments.kwonlyargs:
        parts.insert(plain, f"*{arguments.vararg.arg}" if arguments.vararg else "*")
    elif arguments.vararg:
        parts.append(f"*{arguments.vararg.arg}")
    parts += [f"**{arguments.kwarg.arg}"] if arguments.kwarg else []
    return f"{name}({', '.join(parts)})"


def classes(language: str, page: str, package: str) -> str:
    """Return a table of the classes with what their pages say, and the details of each, folded."""
    found = described(package)
    pages = {one.name: _page(one.name) for one in found}
    if not any(pages.values()):
        return "\n\n".join(_details(one, language, "") for one in found)
    rows = [[say("api-class", language), say("api-what", language)], ["---"] * 2]
    rows += [[f"[`{one.name}`](#{_id(one.name)})", _says(one, pages[one.name], language)] for one in found]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return "\n\n".join([table, *(_details(one, language, pages[one.name]) for one in found)])


def _id(name: str) -> str:
    """Return the anchor of a class or function."""
    return f"api-{name.lower()}"


def _page(name: str) -> str:
    """Return the page of a class, or nothing if it has none."""
    for path in (DOCS / LANGUAGES[0] / "callbacks").glob("*.md"):
        if path.stem.replace("-", "") == name.lower():
            return f"callbacks/{path.name}"
    return ""


def _says(one: Described, page: str, language: str) -> str:
    """Return what the page of a class says of it in its front matter, or else the first line of its docstring."""
    if not page:
        return english(one.prose.split("\n", 1)[0], language)
    text = (DOCS / language / page).read_text(encoding="utf-8")
    _, front = get_data(text)
    return f"[{front['description']}]({page})"


def _details(one: Described, language: str, page: str) -> str:
    """Return one class or function, folded: signature, prose, arguments, example."""
    parts = [f"```python\n{_wrapped(_call(one.name, one.signature))}\n```", _english(one.prose, language)]
    parts += [_arguments(one, language)] if list(_parameters(one.signature)) else []
    for name, key in (("Attributes", "api-attributes"), ("Returns", "api-returns"), ("Raises", "api-raises")):
        if name in one.sections:
            parts.append(_table(say(key, language), one.sections[name], language))
    if one.methods:
        parts.append(_table(say("api-methods", language), one.methods, language))
    if one.example:
        parts.append(f"```pycon\n{one.example.strip()}\n```")
    body = "\n\n".join(parts)
    return (
        f'<details class="folded" id="{_id(one.name)}" markdown="1"><summary><code>{one.name}</code></summary>\n\n'
        f"{body}\n\n</details>"
    )


def _wrapped(call: str) -> str:
    """Return a call on one line, or with an argument on each."""
    if len(call) <= 72:
        return call
    name, _, rest = call.partition("(")
    return f"{name}(\n    " + ",\n    ".join(rest[:-1].split(", ")) + ",\n)"


def _english(prose: str, language: str) -> str:
    """Return Markdown that is marked as English on the pages of the other languages."""
    return f'<div{_mark(language)} markdown="1">\n\n{prose}\n\n</div>'


def _mark(language: str) -> str:
    """Return the attribute that says that an element is in English."""
    return "" if language == LANGUAGES[0] else ' lang="en"'


def _arguments(one: Described, language: str) -> str:
    """Return the table of arguments."""
    says = dict(one.sections.get("Args", []))
    heads = [say(f"api-{name}", language) for name in ("name", "type", "default", "meaning")]
    rows = []
    for name, kind, default in _parameters(one.signature):
        shown = say("api-required", language) if default is None else f"<code>{escape(default)}</code>"
        meaning = english(says.get(name, ""), language)
        rows.append([f"<code>{name}</code>", f"<code>{escape(kind)}</code>" if kind else "", shown, meaning])
    return _grid(say("api-args", language), heads, rows)


def _table(caption: str, items: list[tuple[str, str]], language: str) -> str:
    """Return names with their meanings."""
    heads = [say("api-name", language), say("api-meaning", language)]
    rows = [[f"<code>{escape(name)}</code>" if name else "", english(meaning, language)] for name, meaning in items]
    return _grid(caption, heads, rows)


def _grid(caption: str, heads: list[str], rows: list[list[str]]) -> str:
    """Return a table that scrolls inside its own box."""
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<div class="api" role="region" tabindex="0" aria-label="{caption}"><table class="api__table">'
        f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def command(language: str, page: str) -> str:
    """Return the options of the command line, as its own help gives them."""
    rows = []
    for action in parser(Words(language))._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        name = ", ".join(action.option_strings) or action.dest
        default = (
            ""
            if action.default in (None, [], False, argparse.SUPPRESS)
            else f"<code>{escape(str(action.default))}</code>"
        )
        rows.append([f"<code>{escape(name)}{_value(action)}</code>", default, escape(action.help or "")])
    heads = [say(f"api-{name}", language) for name in ("option", "default", "does")]
    return _grid("callback-conformance", heads, rows)


def _value(action: argparse.Action) -> str:
    """Return what follows an option."""
    if not action.option_strings or action.nargs == 0:
        return ""
    return f" {escape(str(action.metavar or action.dest.upper()))}"


def schema(language: str, page: str) -> str:
    """Return the fields of a report and of one of its clauses, and the JSON Schema of both, folded."""
    parts = []
    for struct in (Report, Result):
        heads = [say(f"api-{name}", language) for name in ("field", "type", "default")]
        rows = [
            [f"<code>{one.name}</code>", f"<code>{escape(_kind(one.type))}</code>", _default(one)]
            for one in _fields(struct)
        ]
        parts.append(_grid("report" if struct is Report else "report.clauses[id]", heads, rows))
    text = msgspec.json.format(msgspec.json.encode(msgspec.json.schema(Report)), indent=1).decode()
    parts.append(
        '<details class="folded" id="json-schema" markdown="1"><summary>JSON Schema</summary>\n\n'
        f"```json\n{text}\n```\n\n</details>"
    )
    return "\n\n".join(parts)


def _fields(struct: Any) -> tuple[Any, ...]:
    """Return the fields of a report or a result."""
    return msgspec.structs.fields(struct)


def _kind(kind: Any) -> str:
    """Return a type in the words of Python."""
    text = kind.__name__ if isinstance(kind, type) else str(kind)
    return re.sub(r"\b[\w.]+\.(?=[A-Z])|typing\.", "", text)


def _default(one: Any) -> str:
    """Return a field's default, or nothing if it must be there."""
    return "" if one.default is msgspec.NODEFAULT else f"<code>{escape(repr(one.default))}</code>"
