"""What the tests of the site share: the built site, a server for it, and a browser."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from site_tools import notebooks
from site_tools.places import DOCS, LANGUAGES, ROOT

__all__ = ["CHROMIUM", "FLAGS", "Quiet", "Tag", "addresses", "browser", "built", "read", "served"]

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
PATIENCE = 600  # seconds that a worker waits for another's build
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@functools.cache
def built() -> Path:
    """Build the site once, as a release would, and return its folder; pytest's workers share one build."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None:
        folder = tempfile.mkdtemp(prefix="site-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return _build(Path(folder))
    shared = Path(tempfile.gettempdir()) / f"site-{run}"
    told = shared / "told.txt"
    try:
        shared.mkdir()
    except FileExistsError:
        return _awaited(shared, told)
    try:
        _build(shared / "site")
        _tell(told, "")
    except BaseException as problem:
        _tell(told, str(problem) or type(problem).__name__)
        raise
    return shared / "site"


def _tell(told: Path, problem: str) -> None:
    """Tell the other workers how the build ended, in one step, so that none reads half a message."""
    told.with_suffix(".new").write_text(problem, encoding="utf-8")
    told.with_suffix(".new").replace(told)


def _awaited(shared: Path, told: Path) -> Path:
    """Wait for the worker that came first, and return what it built."""
    end = time.monotonic() + PATIENCE
    while not told.exists():
        if time.monotonic() > end:
            raise RuntimeError(f"another worker has not built the site within {PATIENCE} seconds")
        time.sleep(0.2)
    problem = told.read_text(encoding="utf-8")
    if problem:
        raise RuntimeError(problem)
    return shared / "site"


def _build(folder: Path) -> Path:
    """Build the site into a folder."""
    command = [sys.executable, "-m", "site_tools", "build", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the site does not build:\n{done.stdout}{done.stderr}")
    return folder


def addresses(language: str) -> list[str]:
    """Return the address of every page of a language, relative to the site."""
    root = "" if language == LANGUAGES[0] else f"{language}/"
    pages = {path.relative_to(DOCS / language) for path in (DOCS / language).rglob("*.md")}
    pages |= set(map(Path, notebooks.pages()))  # made by the build
    names = sorted({page.with_suffix("").as_posix() for page in pages})
    return [root if name == "index" else f"{root}{name}/" for name in names]


@dataclass(frozen=True)
class Tag:
    """One opening tag of a page, and where it stands."""

    name: str
    attributes: dict[str, str]
    in_article: bool

    def __getitem__(self, name: str) -> str:
        """Return an attribute, or nothing."""
        return self.attributes.get(name, "")


@dataclass
class Page:
    """What the tests ask of a page; a tree of a large page would cost a hundred times the time."""

    tags: list[Tag] = field(default_factory=list)
    title: str = ""
    text: str = ""

    def named(self, *names: str) -> list[Tag]:
        """Return the tags of some names, in order."""
        return [tag for tag in self.tags if tag.name in names]


class Reader(HTMLParser):
    """Note the tags of a page, its title, and the text of its article."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self.words: list[str] = []
        self.inside = self.titled = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.inside |= tag == "article"
        self.titled = tag == "title" and not self.page.title
        self.page.tags.append(Tag(tag, {name: value or "" for name, value in attrs}, self.inside))

    def handle_endtag(self, tag: str) -> None:
        """Note that the article is over."""
        self.titled = False
        if tag == "article":
            self.inside = False

    def handle_data(self, data: str) -> None:
        """Note a piece of text."""
        if self.titled:
            self.page.title += data
        elif self.inside:
            self.words.append(data)


@functools.cache
def read(path: Path) -> Page:
    """Return what a page of the built site holds."""
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    reader.page.text = "".join(reader.words)
    return reader.page


class Quiet(SimpleHTTPRequestHandler):
    """A file server that prints nothing and answers a wrong address with the page made for that."""

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send the site's own page."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.exists():
            return super().send_error(code, message, explain)
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        return None


@contextmanager
def served(folder: Path, handler: type[Quiet] = Quiet) -> Iterator[str]:
    """Serve a folder on loopback and yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def browser() -> Iterator[Any]:
    """Start a browser without a window, and close it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tools:
        started = tools.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        try:
            yield started
        finally:
            started.close()
