"""Print how fast the playground answers in a real browser, from loopback: `python -m benchmarks.playground`.

`first answer` runs from the moment at which the playground comes into view until Python's answer is drawn, with an
empty cache; `next answer` from a pressed key to the redrawn picture. Both are the median of several fresh browsers.
`first load` is what the page of a callback fetches before that, as gzip leaves it.
"""

import argparse
import gzip
import statistics
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table

from site_tools.testing import CHROMIUM, FLAGS, built, served

PAGES = ("callbacks/early-stopping/", "callbacks/learning-rate-scheduler/", "ko/callbacks/model-checkpoint/")
WAIT = """(begin) => new Promise((resolve, reject) => {
  const place = document.querySelector(".play");
  const start = performance.now();
  const done = () => { watch.disconnect(); resolve(performance.now() - start); };
  const watch = new MutationObserver(done);
  watch.observe(place, { attributes: true, attributeFilter: ["data-answer"] });
  setTimeout(() => reject(new Error("no answer within 30 s: " + place.textContent.slice(0, 300))), 30000);
  begin(place);
})"""
FIRST = f"() => ({WAIT})((place) => place.scrollIntoView())"
NEXT = f"""() => ({WAIT})((place) => place.querySelector(".play-point")
  .dispatchEvent(new KeyboardEvent("keydown", {{ key: "ArrowUp", bubbles: true }})))"""


def measured(browser: Any, address: str) -> tuple[float, float, float]:
    """Return milliseconds to the first answer and to the next, and the kilobytes of the first load."""
    context = browser.new_context(viewport={"width": 1280, "height": 300})
    page = context.new_page()
    loaded: list[Any] = []
    page.on("response", lambda response: loaded.append(response))
    page.goto(address, wait_until="networkidle")
    size = sum(len(gzip.compress(response.body())) for response in loaded if response.ok) / 1000
    first = page.evaluate(FIRST)
    following = page.evaluate(NEXT)
    context.close()
    return first, following, size


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.playground", description=__doc__)
    parser.add_argument("--site", type=Path, help="a built site; without it, one is built first")
    parser.add_argument("--repeat", type=int, default=5, help="fresh browsers for each page")
    given = parser.parse_args()
    table = Table("page", "first answer", "next answer", "first load")
    with served(given.site or built()) as root, sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        for page in PAGES:
            runs = [measured(browser, root + page) for _ in range(given.repeat)]
            first, following, size = (statistics.median(column) for column in zip(*runs, strict=True))
            table.add_row(page, f"{first:.0f} ms", f"{following:.0f} ms", f"{size:.0f} kB")
        browser.close()
    Console().print(table)


if __name__ == "__main__":
    main()
