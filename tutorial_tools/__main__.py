"""`python -m tutorial_tools check`, `sync`, `stamp` or `exercises`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tutorial_tools.exercises import judge
from tutorial_tools.lessons import OTHERS, lessons
from tutorial_tools.parity import check
from tutorial_tools.sync import stamp, sync

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run one of the four commands."""
    parser = argparse.ArgumentParser(prog="python -m tutorial_tools", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="name all that differs between the languages")
    commands.add_parser("sync", help="carry the English code into the translations")
    stamping = commands.add_parser("stamp", help="mark the translations of a language (or of all) as up to date")
    stamping.add_argument("languages", nargs="*", metavar="language", help=f"one of {', '.join(OTHERS)}")
    judging = commands.add_parser("exercises", help="run a lesson and see whether its checks judge rightly")
    judging.add_argument("lesson", choices=lessons())
    given = parser.parse_args(arguments)
    if given.command == "exercises":
        return _report(judge(given.lesson), "every check judges rightly")
    if given.command == "stamp":
        if unknown := set(given.languages) - set(OTHERS):
            parser.error(f"not a translated language: {', '.join(sorted(unknown))}")
        stamp(tuple(given.languages) or OTHERS)
        return 0
    if given.command == "sync":
        print("\n".join(sync()) or "nothing is left to translate")
        return 0
    return _report(check(), "the four languages agree")


def _report(problems: Sequence[object], fine: str) -> int:
    """Print problems, or that there are none; return the exit code."""
    print("\n".join(map(str, problems)) or fine)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
