"""`python -m callback_conformance.clauses check` lists stale translations; `… stamp` locks those of now."""

import argparse
import sys

from . import ClauseError, stale, stamp


def main() -> int:
    """Check or write the lock; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m callback_conformance.clauses", description=__doc__)
    parser.add_argument("action", choices=["check", "stamp"])
    action = parser.parse_args().action
    try:
        if action == "stamp":
            print("\n".join(f"stamped, {line}" for line in stale() if ": no " not in line))
            stamp()
        lines = stale()
    except ClauseError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(lines) or "every clause has its translations")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
