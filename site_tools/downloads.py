"""What a reader takes away from the pages of the lessons: a notebook, or the whole course of a language.

A link of a notebook to a page of the book leads into this repository; away from it, it leads to the site (whose address
the environment variable `SITE_URL` says), or becomes plain words if nobody says where the site is.
"""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from site_tools.places import LANGUAGES, NOTEBOOKS, ROOT

__all__ = ["archive", "course", "notebook"]

OWN_PAGE = re.compile(r"\[([^\[\]]*)\]\(\.\./\.\./docs/(\w\w)/([\w/-]+)\.md(#[\w-]+)?\)")
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same files make the same archive


def notebook(path: Path) -> bytes:
    """Return a notebook whose links hold outside the repository."""
    content = json.loads(path.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = OWN_PAGE.sub(_link, "".join(cell["source"])).splitlines(keepends=True)
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _link(found: re.Match[str]) -> str:
    """Return a link to a page of the published site, or its words."""
    words, language, page, anchor = found.groups()
    root = os.environ.get("SITE_URL")
    own = "" if language == LANGUAGES[0] else f"{language}/"
    return f"[{words}]({root}{own}{page}/{anchor or ''})" if root else words


def archive(language: str) -> str:
    """Return the name of the archive that holds the course in a language."""
    return f"keras-callbacks-{language}.zip"


def course(language: str, target: Path) -> None:
    """Write the course of a language as one archive: the notebooks, what they need, and the project's own package."""
    folder, wheel = NOTEBOOKS / language, _wheel()
    files = {path.name: notebook(path) for path in sorted(folder.glob("*.ipynb"))}
    files |= {name: (folder / name).read_bytes() for name in ("README.md", "requirements.txt")}
    files[f"wheels/{wheel.name}"] = wheel.read_bytes()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(f"{target.stem}/{name}", LONG_AGO), content, zipfile.ZIP_DEFLATED)


@functools.cache
def _wheel() -> Path:
    """Build the project's package; return its wheel."""
    folder = ROOT / "build" / "wheels"
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return max(folder.glob("*.whl"), key=lambda path: path.stat().st_mtime)
