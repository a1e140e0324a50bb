"""Judge the site with Lighthouse: speed, accessibility, practices and findability, from 0 to 100.

`python -m benchmarks.lighthouse` builds the site, serves it as a host would (compressed, with times to keep), judges
the first page, the page of a callback and the page of results in each language, and writes `docs/data/lighthouse.json`.
It needs Node 18.16 or newer, which fetches Lighthouse, and Chromium; the marks for speed depend on the machine, so keep
it quiet. A measure, not a test: it exits 1 if a mark is below 95, and names it.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
from http import HTTPStatus
from pathlib import Path
from typing import Any

from site_tools.places import DATA, LANGUAGES, ROOT
from site_tools.testing import CHROMIUM, FLAGS, Quiet, served

__all__ = ["main", "measure"]

VERSION = "12.8.2"
ENOUGH = 95
PAGES = {"home": "", "callback": "callbacks/early-stopping/", "results": "results/"}
TEXT = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".mjs"}


@functools.cache
def compressed(path: Path) -> bytes:
    """Return a file as a host sends it."""
    return gzip.compress(path.read_bytes(), 6)


class Host(Quiet):
    """A server that compresses text and says how long to keep files."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file, compressed if it is text."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if path.suffix not in TEXT or not path.is_file():
            return super().do_GET()
        body = compressed(path)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def end_headers(self) -> None:
        """Let assets be kept for a year; their names change with their content or their version."""
        age = "max-age=31536000" if "/assets/" in self.path else "max-age=600"
        self.send_header("Cache-Control", age)
        super().end_headers()


def judge(url: str) -> dict[str, Any]:
    """Return Lighthouse's whole report on one page."""
    flags = " ".join(["--headless=new", *FLAGS])
    command = ["npx", "--yes", f"lighthouse@{VERSION}", url, "--quiet", "--output=json", f"--chrome-flags={flags}"]
    environment = {**os.environ, "CHROME_PATH": str(CHROMIUM), "PUPPETEER_SKIP_DOWNLOAD": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise RuntimeError(f"Lighthouse did not judge {url}:\n{done.stderr[-2000:]}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def marks(url: str, runs: int) -> tuple[dict[str, int], list[str]]:
    """Return the middle mark of each category over some runs, and what costs the last run points."""
    reports = [judge(url) for _ in range(runs)]
    names = reports[0]["categories"]
    found = {
        name: round(100 * statistics.median(report["categories"][name]["score"] or 0 for report in reports))
        for name in names
    }
    audits = reports[-1]["audits"].values()
    lost = [audit["title"] for audit in audits if audit["score"] is not None and audit["score"] < ENOUGH / 100]
    return found, lost


def measure(languages: list[str], pages: list[str], runs: int) -> dict[str, dict[str, dict[str, int]]]:
    """Build and serve the site, and return the marks by language and page."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), Host) as root:
        command = [sys.executable, "-m", "site_tools", "build", "--site-dir", folder]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env={**os.environ, "SITE_URL": root})
        for language in languages:
            home = root if language == LANGUAGES[0] else f"{root}{language}/"
            for page in pages:
                got, lost = marks(home + PAGES[page], runs)
                found.setdefault(language, {})[page] = got
                print(f"{language} {page}: {got}", *lost, sep="\n    ", flush=True)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Measure, write the marks down, and say which are too low."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lighthouse", description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="judge each page so often and keep the middle mark")
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=list(LANGUAGES))
    parser.add_argument("--pages", nargs="+", choices=list(PAGES), default=list(PAGES))
    parser.add_argument("--no-save", action="store_true", help="leave docs/data/lighthouse.json as it is")
    given = parser.parse_args(arguments)
    if given.runs < 1:
        parser.error(f"--runs {given.runs}: at least 1")
    found = measure(given.languages, given.pages, given.runs)
    if not given.no_save:
        text = json.dumps({"lighthouse": VERSION, "marks": found}, indent=2) + "\n"
        (DATA / "lighthouse.json").write_text(text, encoding="utf-8")
    low = [
        f"{language} {page} {name}: {mark}, wanted are {ENOUGH}"
        for language, rows in found.items()
        for page, row in rows.items()
        for name, mark in row.items()
        if mark < ENOUGH
    ]
    print("\n".join(low) or f"every mark is at least {ENOUGH}")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
