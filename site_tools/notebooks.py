"""Turn the notebooks of `tutorials/<language>/` into pages.

`python -m site_tools.notebooks` runs each notebook (once: the executed copy is kept in `build/notebooks/`) and writes
`docs/<language>/tutorials/<name>.md` with its images and the notebook itself beside it.
An image needs words for those who do not see it: put them into the metadata of its cell, as `alt`.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from site_tools import downloads
from site_tools.places import DOCS, LANGUAGES, NOTEBOOKS, ROOT
from site_tools.words import say
from tutorial_tools import shared

__all__ = ["first_cell", "main", "name_of", "page", "pages", "slugs", "title"]

DONE = ROOT / "build" / "notebooks"
HEADING = re.compile(r"^(#{1,6}) +(.+?)(?: *\{ *#([\w-]+) *\})? *$")
FENCE = re.compile(r"^ *(```|~~~)")
IMAGES = {"image/png": "png", "image/svg+xml": "svg", "image/jpeg": "jpg"}
NUMBER = re.compile(r"^\d\d-")
LESSON = re.compile(r"\]\(\d\d-([\w-]+)\.ipynb(#[\w-]+)?\)")
OWN_PAGE = re.compile(r"\]\(\.\./\.\./docs/\w\w/([\w/-]+)\.md(#[\w-]+)?\)")
ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def main() -> None:
    """Write the page of every lesson in every language.

    Raises:
        SystemExit: a lesson is missing in a language; the message names it.
    """
    sources = sorted(NOTEBOOKS.glob(f"{LANGUAGES[0]}/*.ipynb"))
    lessons = [(NOTEBOOKS / language / source.name, language) for source in sources for language in LANGUAGES]
    for notebook, language in lessons:
        if not notebook.exists():
            raise SystemExit(f"tutorials/{language}/{notebook.name}: the notebook is missing")
    _run_those_that_were_not(lessons)
    for source in sources:
        ids = slugs(_read(source))
        for language in LANGUAGES:
            _write(NOTEBOOKS / language / source.name, language, ids)
    for language in LANGUAGES:
        downloads.course(language, DOCS / language / "tutorials" / downloads.archive(language))


def _run_those_that_were_not(lessons: list[tuple[Path, str]]) -> None:
    """Run the lessons that have no kept copy, and say so: the first time that takes minutes."""
    new = [lesson for lesson in lessons if _kept(*lesson) is None]
    if not new:
        return
    console = Console(stderr=True)
    console.print(f"lessons to run for their outputs, once: {len(new)}, some 15 seconds each")
    for lesson in track(new, "lessons", console=console):
        executed(*lesson)


def name_of(notebook: Path) -> str:
    """Return the name of a lesson's page: its file's name without the number that gives the order."""
    return NUMBER.sub("", notebook.stem)


def pages() -> list[str]:
    """Return the pages of the lessons in their order, as paths inside a language's folder."""
    return [f"tutorials/{name_of(path)}.md" for path in sorted(NOTEBOOKS.glob(f"{LANGUAGES[0]}/*.ipynb"))]


def first_cell(notebook: Path) -> str:
    """Return the words with which a lesson begins: its heading, what it is about, and the time it takes."""
    return str(_read(notebook).cells[0].source)


def title(language: str, page: str) -> str:
    """Return the title of a lesson's page, from its notebook."""
    (path,) = NOTEBOOKS.glob(f"{language}/[0-9][0-9]-{Path(page).stem}.ipynb")
    return first_cell(path).splitlines()[0].removeprefix("# ")


def _read(path: Path) -> Any:
    """Return a notebook."""
    import nbformat

    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def _write(notebook: Path, language: str, ids: list[str]) -> None:
    """Write one page, its images and its notebook."""
    folder = DOCS / language / "tutorials"
    folder.mkdir(parents=True, exist_ok=True)
    name = name_of(notebook)
    text, images = page(executed(notebook, language), name, language, ids, notebook.name)
    for image, content in images.items():
        _put(folder / image, content)
    _put(folder / notebook.name, downloads.notebook(notebook))
    _put(folder / f"{name}.md", text.encode())


def _put(path: Path, content: bytes) -> None:
    """Write a file if that changes it, so that a server which watches the folder stays calm."""
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def executed(path: Path, language: str) -> Any:
    """Return the notebook with its outputs: the kept copy if its cells are the same, or a fresh run."""
    import nbformat

    copy = _kept(path, language)
    if copy is not None:
        return copy
    kept, source = DONE / language / path.name, _read(path)
    _run(source)
    kept.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(source, kept)  # type: ignore[no-untyped-call]
    return source


def _kept(path: Path, language: str) -> Any:
    """Return the kept copy of a notebook, None if there is none with the same cells."""
    kept = DONE / language / path.name
    copy = _read(kept) if kept.exists() else None
    return copy if copy is not None and _cells(copy) == _cells(_read(path)) else None


def _cells(notebook: Any) -> list[tuple[str, str, str]]:
    """Return what a run depends on, and what the page shows besides its outputs."""
    return [(cell.cell_type, cell.source, cell.metadata.get("alt", "")) for cell in notebook.cells]


def _run(notebook: Any) -> None:
    """Run a notebook in a folder of its own."""
    from tempfile import TemporaryDirectory

    from nbconvert.preprocessors import ExecutePreprocessor

    with TemporaryDirectory() as folder:
        runner = ExecutePreprocessor(timeout=600, kernel_name="python3")  # type: ignore[no-untyped-call]
        runner.preprocess(notebook, {"metadata": {"path": folder}})


def slugs(notebook: Any) -> list[str]:
    """Return an id for each heading of the English notebook, in order; every language uses these."""
    found: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            found += [_slug(heading) for heading in _headings(cell.source)]
    return [name if found.index(name) == place else f"{name}-{place}" for place, name in enumerate(found)]


def _headings(source: str) -> list[re.Match[str]]:
    """Return the headings of a Markdown cell, leaving out comments in fenced code."""
    found, fenced = [], False
    for line in source.splitlines():
        fenced ^= bool(FENCE.match(line))
        heading = None if fenced else HEADING.match(line)
        if heading:
            found.append(heading)
    return found


def _slug(heading: re.Match[str]) -> str:
    """Return the id that a heading gives, or one made from its words."""
    return heading[3] or re.sub(r"[^a-z0-9]+", "-", heading[2].lower()).strip("-") or "section"


def page(notebook: Any, name: str, language: str, ids: list[str], file: str) -> tuple[str, dict[str, bytes]]:
    """Return the page of an executed notebook as Markdown, and its images by file name; `file` can be downloaded."""
    images: dict[str, bytes] = {}
    rest = iter(ids)
    parts = [_front_matter(notebook, name, language)]
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            parts.append(_with_ids(_links(cell.source), rest))
        elif cell.cell_type == "code" and cell.source.strip():
            parts.append(_code(cell, language))
            parts += [_output(item, cell, f"{name}-{number}", language, images) for item in _joined(cell.outputs)]
    download = f"[{say('download', language)}]({file}){{ .md-button download }}"
    return "\n\n".join(part for part in (*parts, download) if part) + "\n", images


def _joined(outputs: list[Any]) -> list[Any]:
    """Return the outputs of a cell; what was printed in one go but reached Jupyter in pieces is one output again."""
    joined: list[Any] = []
    for output in outputs:
        before = joined[-1] if joined else {}
        if output.output_type == "stream" and before.get("name") == output.name:
            joined[-1] = {**before, "text": before["text"] + output["text"]}
        else:
            joined.append(output)
    return joined


def _code(cell: Any, language: str) -> str:
    """Return a code cell; the lesson's words, and what all lessons share, are folded away: the lesson comes first."""
    fenced = f"```python\n{cell.source.strip()}\n```"
    words = "lesson-words" if "text" in cell.metadata.get("tags", ()) else "lesson-preparation"
    if words == "lesson-preparation" and cell.get("id") not in shared.cells(language):
        return fenced
    return f'<details markdown="1">\n<summary>{say(words, language)}</summary>\n\n{fenced}\n\n</details>'


def _front_matter(notebook: Any, name: str, language: str) -> str:
    """Return the page's title and description: the first heading and the first plain line under it."""
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    lines = [line.strip() for line in prose.splitlines()]
    heading = next((found[2] for line in lines if (found := HEADING.match(line))), name)
    plain = next((line for line in lines if line and line[0] not in "#>|-*!`<["), heading)
    description = notebook.metadata.get("description", re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", plain))
    title = json.dumps(heading.replace("`", ""), ensure_ascii=False)
    return f"---\ntitle: {title}\ndescription: {json.dumps(description, ensure_ascii=False)}\n---"


def _links(source: str) -> str:
    """Return a Markdown cell whose links to other lessons and to pages of the book lead to pages of the site."""
    return OWN_PAGE.sub(r"](../\1.md\2)", LESSON.sub(r"](\1.md\2)", source))


def _with_ids(source: str, ids: Any) -> str:
    """Return a Markdown cell with the next ids written at its headings."""
    lines, fenced = [], False
    for line in source.splitlines():
        fenced ^= bool(FENCE.match(line))
        heading = None if fenced else HEADING.match(line)
        lines.append(f"{heading[1]} {heading[2]} {{ #{next(ids, _slug(heading))} }}" if heading else line)
        if line == "<details>" and not fenced:
            lines[-1] = '<details markdown="1">'  # a notebook renders Markdown in it, a page has to be told
    return "\n".join(lines)


def _output(output: Any, cell: Any, stem: str, language: str, images: dict[str, bytes]) -> str:
    """Return one output of a cell: an image with its words, or text."""
    data = output.get("data", {})
    for kind, ending in IMAGES.items():
        if kind in data:
            name = f"{stem}-{len(images)}.{ending}"
            images[name] = data[kind].encode() if kind.endswith("xml") else base64.b64decode(data[kind])
            if not cell.metadata.get("alt"):
                raise ValueError(f"{stem} ({language}): a figure has no words; write `alt` into its cell's metadata")
            return f"![{cell.metadata['alt']}]({name})"
    if output["output_type"] == "error" or output.get("name") == "stderr":
        return ""
    text = ESCAPES.sub("", output.get("text", "") or data.get("text/plain", "")).rstrip()
    return f'```text title="{say("output", language)}"\n{text}\n```' if text else ""


if __name__ == "__main__":
    main()
