"""What the tests of the site share: the built site, a server for it, and a browser."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from site_tools.places import DOCS, LANGUAGES, NOTEBOOKS, ROOT

__all__ = ["CHROMIUM", "addresses", "browser", "built", "served"]

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
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
    """Build the site once in this process, as a release would, and return its folder."""
    folder = Path(tempfile.mkdtemp(prefix="site-"))
    command = [sys.executable, "-m", "site_tools", "build", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the site does not build:\n{done.stdout}{done.stderr}")
    return folder


def addresses(language: str) -> list[str]:
    """Return the address of every page of a language, relative to the site."""
    root = "" if language == LANGUAGES[0] else f"{language}/"
    pages = {path.relative_to(DOCS / language) for path in (DOCS / language).rglob("*.md")}
    pages |= {Path("tutorials", path.name) for path in NOTEBOOKS.glob(f"{language}/*.ipynb")}  # made by the build
    names = sorted({page.with_suffix("").as_posix() for page in pages})
    return [root if name == "index" else f"{root}{name}/" for name in names]


class Quiet(SimpleHTTPRequestHandler):
    """A file server that prints nothing."""

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback and yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
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
