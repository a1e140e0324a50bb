"""`python -m site_tools.pictures early-stopping --lang en --scheme light > x.svg` prints one that stands alone."""

from __future__ import annotations

import argparse

from site_tools.pictures import PICTURES, standalone
from site_tools.places import LANGUAGES

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> None:
    """Print one picture."""
    parser = argparse.ArgumentParser(prog="python -m site_tools.pictures", description=__doc__)
    parser.add_argument("picture", choices=PICTURES)
    parser.add_argument("--lang", choices=LANGUAGES, default="en")
    parser.add_argument("--scheme", choices=("light", "dark"), default="light")
    given = parser.parse_args(arguments)
    print(standalone(given.picture, given.lang, given.scheme), end="")


if __name__ == "__main__":
    main()
