"""The reference source with its contract beside it, block by block."""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
from dataclasses import dataclass
from itertools import pairwise

from site_tools.contract import clauses, link, sentence
from site_tools.places import REFERENCE

__all__ = ["Block", "beside", "blocks"]

CLAUSE = re.compile(r"\b[A-Z]{2}-\d{2}\b")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Block:
    """A run of lines of one file, with the ids of the clauses that its comments name."""

    code: str
    clauses: tuple[str, ...]


def blocks(source: str) -> list[Block]:
    """Split a file before every function, class and method; nothing is lost and nothing moves."""
    lines = source.splitlines()
    cuts = sorted({0, *_starts(ast.parse(source), lines), len(lines)})
    named = _named(source)
    found = []
    for start, end in pairwise(cuts):
        code = "\n".join(lines[start:end]).strip("\n")
        ids = [name for line in range(start + 1, end + 1) for name in named.get(line, ())]
        if code.strip():
            found.append(Block(code, tuple(dict.fromkeys(ids))))
    return found


def _starts(tree: ast.Module | ast.ClassDef, lines: list[str]) -> list[int]:
    """Return the line where each definition starts, with its decorators and the comment above it."""
    starts: list[int] = []
    for node in tree.body:
        if isinstance(node, Definition):
            first = min([node.lineno, *(item.lineno for item in node.decorator_list)]) - 1
            while first and lines[first - 1].lstrip().startswith("#"):
                first -= 1
            starts.append(first)
        if isinstance(node, ast.ClassDef):
            starts += _starts(node, lines)
    return starts


def _named(source: str) -> dict[int, list[str]]:
    """Return the clause ids in the comments, by line."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: CLAUSE.findall(token.string) for token in tokens if token.type == tokenize.COMMENT}


def beside(name: str, language: str, page: str) -> str:
    """Return the file `name` of the reference as Markdown: code, and beside it the clauses it keeps."""
    source = (REFERENCE / name).read_text(encoding="utf-8")
    return "\n".join(_section(block, language, page) for block in blocks(source))


def _section(block: Block, language: str, page: str) -> str:
    """Return one block: the notes first, so that a phone shows them above the code."""
    code = f"```python\n{textwrap.dedent(block.code)}\n```"
    if not block.clauses:
        return f'<div class="beside beside--plain" markdown="1">\n{code}\n</div>\n'
    notes = "\n".join(f"- {_note(name, language, page)}" for name in block.clauses)
    return (
        '<div class="beside" markdown="1">\n'
        f'<div class="beside__notes" markdown="1">\n\n{notes}\n\n</div>\n'
        f'<div class="beside__code" markdown="1">\n{code}\n</div>\n'
        "</div>\n"
    )


def _note(name: str, language: str, page: str) -> str:
    """Return a clause's sentence with a link to the clause."""
    clause = clauses().get(name)
    if clause is None:
        raise LookupError(f"a comment names the clause {name}, which does not exist")
    return f"{link(clause, page)} {sentence(clause, language)}"
