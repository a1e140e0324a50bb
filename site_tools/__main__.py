"""`python -m site_tools build` makes the whole site; `python -m site_tools serve` shows it while you write."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from site_tools import notebooks
from site_tools.places import ROOT

__all__ = ["main"]

COMMANDS = {"build": ["build", "--strict", "--clean"], "serve": ["serve"]}


def main(arguments: list[str] | None = None) -> int:
    """Make the lesson pages, then run MkDocs; return its exit code, which no warning leaves at 0."""
    parser = argparse.ArgumentParser(prog="python -m site_tools", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    given, rest = parser.parse_known_args(arguments)
    notebooks.main()
    command = [sys.executable, "-m", "mkdocs", *COMMANDS[given.command], *rest]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    try:
        code = subprocess.run(command, cwd=ROOT, env=quiet, check=False).returncode
    except KeyboardInterrupt:  # how `serve` is meant to end
        return 0
    if given.command == "build" and not code and not rest:
        print(f"the site is in {(ROOT / 'build' / 'site').relative_to(ROOT)}")
    return code


if __name__ == "__main__":
    sys.exit(main())
