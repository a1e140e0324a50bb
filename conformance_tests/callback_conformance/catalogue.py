"""The contract to read: a list of clauses, and all there is about one of them."""

import importlib
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from . import clauses, vectors
from .checks import CHECKS
from .clauses import Clause
from .kinds import kind_of
from .messages import Words
from .options import Options
from .report import call, word
from .scenarios import Run, Scenario, to_json

__all__ = ["explain", "list_clauses"]


def list_clauses(options: Options, words: Words) -> None:
    """Print the clauses that the options select: a table on a terminal, else one line each, with tabs between."""
    rows = [_row(clause, words) for clause in clauses.load().values() if _is_wanted(clause, options)]
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(row))
        return
    table = Table(title=words("list-title", clauses=words.count("clauses", len(rows))))
    for head in ("clause", "callback", "profile", "status", "versions", "says"):
        table.add_column(words(f"head-{head}"), no_wrap=head == "clause", overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    Console().print(table)


def _is_wanted(clause: Clause, options: Options) -> bool:
    return (
        (options.kind is None or kind_of(clause.group) == options.kind)
        and (not options.profiles or clause.profile in options.profiles)
        and (not options.clauses or clause.id in options.clauses)
    )


def _row(clause: Clause, words: Words) -> list[str]:
    return [
        clause.id,
        kind_of(clause.group),
        words(f"profile-{clause.profile}"),
        words(f"standing-{clause.status}"),
        _versions(clause, words),
        clause.text(words.language),
    ]


def _versions(clause: Clause, words: Words) -> str:
    since = [words("since", version=clause.since)] if clause.since else []
    until = [words("until", version=clause.until)] if clause.until else []
    return ", ".join(since + until)


def explain(name: str, words: Words) -> None:
    """Print one clause: its sentence, how it stands, its evidence, and what its checks play."""
    text = "\n".join(_explained(clauses.load()[name], words))
    if sys.stdout.isatty():
        Console(highlight=False).print(Text(text))
    else:
        print(text)


def _explained(clause: Clause, words: Words) -> Iterator[str]:
    kind = kind_of(clause.group)
    importlib.import_module(f"{__package__}.checks.{clause.group}")
    yield _line(f"{clause.id} {kind}", clause.text(words.language), words)
    yield ""
    yield from (_line(head, text, words) for head, text in _facts(clause, words))
    for title, lines in (("vectors", _cases(clause, words)), ("checks", _checks(clause, words))):
        if lines:
            yield from ("", _line(words(f"explain-{title}"), "", words).rstrip(), *(f"  {line}" for line in lines))
    if clause.status != "withdrawn":
        command = f"callback-conformance mypkg.mine:Mine --as {kind} --clause {clause.id}"
        yield from ("", words("explain-judge", command=command))


def _line(head: str, text: str, words: Words) -> str:
    return words("title-and-why", title=head, why=text)


def _facts(clause: Clause, words: Words) -> Iterable[tuple[str, str]]:
    said, meant = words(f"standing-{clause.status}"), words(f"meaning-{clause.status}")
    standing = words("explain-standing", standing=said, meaning=meant)
    return (
        (words("explain-profile"), words(f"profile-{clause.profile}")),
        (words("explain-status"), standing),
        (words("explain-versions"), _versions(clause, words) or words("in-all-versions")),
        (words("explain-evidence"), clause.proof(words.language)),
    )


def _checks(clause: Clause, words: Words) -> list[str]:
    own = [check for check in CHECKS if check.clause == clause.id]
    return [_line(words(f"kind-{check.kind}"), words.told(check.title), words) for check in own]


def _cases(clause: Clause, words: Words) -> list[str]:
    cases = [case for case in vectors.load(clause.group) if case.clause == clause.id]
    return [line for case in cases for line in _case(case, kind_of(clause.group), words)]


def _case(case: vectors.Case, kind: str, words: Words) -> list[str]:
    scenario = case.script()
    built = call({"kind": "", "name": f":{kind}"}, to_json(scenario), words)
    lines = [*_played(case, scenario, words), *_wanted(case.expect, "explain-must", words)]
    for reading in case.otherwise:
        lines += _wanted(reading, "explain-otherwise", words)
    return [_line(words.told(case.name), built, words), *(f"  {line}" for line in lines)]


def _played(case: vectors.Case, scenario: Scenario, words: Words) -> list[str]:
    if case.values:
        return [_line(words("explain-values"), _list(case.values), words)]
    lines = [
        _line(words("explain-run", number=number), _run(run), words) for number, run in enumerate(scenario.runs, 1)
    ]
    if scenario.steps:
        lines.append(_line(words("explain-script"), _json(to_json(scenario)["steps"]), words))
    return lines


def _run(run: Run) -> str:
    """Return what is not the default of a run."""
    whole = to_json(Scenario(runs=[run]))["runs"][0]
    return ", ".join(f"{name}={_json(value)}" for name, value in whole.items()) or "fit()"


def _wanted(expect: vectors.Expect, key: str, words: Words) -> list[str]:
    named: list[tuple[str, Any]] = []
    for moment in ("construct", "begin"):
        named += [(f"{words(f'at-{moment}')} {name}", value) for name, value in getattr(expect, moment).items()]
    for columns in (expect.batches, expect.epochs, *expect.hooks.values()):
        named += list(columns.items())
    named += [(f"{words('at-end')} {name}", value) for name, value in expect.end.items()]
    named += [(f"{words('at-whole-run')} {name}", value) for name, value in expect.whole.items()]
    return [_line(words(key), f"{name} = {_shown(name, value, words)}", words) for name, value in named]


def _shown(name: str, value: Any, words: Words) -> str:
    if name.endswith("stop") and isinstance(value, list):
        stops = {True: words("stops"), False: words("goes-on")}
        return ", ".join(stops[member] if isinstance(member, bool) else word(member) for member in value)
    return _list(value) if isinstance(value, list) else word(value)


def _list(values: list[Any]) -> str:
    return ", ".join(word(value) if not isinstance(value, dict) else _json(value) for value in values)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
