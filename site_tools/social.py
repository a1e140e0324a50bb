"""Draw the picture that messengers show beside a link: the book's mark, without a word, for all languages.

`python -m site_tools.social` writes `docs/assets/social.png` from `docs/assets/mark.svg`; it needs Chromium.
"""

from __future__ import annotations

import base64

from site_tools.places import DOCS
from site_tools.testing import browser

__all__ = ["main"]

SIZE = {"width": 1200, "height": 630}
PAGE = (
    "<body style='margin:0;background:#12306b;display:grid;place-items:center;height:100vh'>"
    "<img width=480 height=480 src='data:image/svg+xml;base64,{}'>"
)


def main() -> None:
    """Write the picture."""
    mark = base64.b64encode((DOCS / "assets" / "mark.svg").read_bytes()).decode()
    with browser() as started:
        page = started.new_page(viewport=SIZE)
        page.set_content(PAGE.format(mark))
        page.screenshot(path=str(DOCS / "assets" / "social.png"))


if __name__ == "__main__":
    main()
