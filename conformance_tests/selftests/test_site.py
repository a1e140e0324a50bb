"""The built site: nothing from another host, four equal languages, an anchor for every clause."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from urllib.parse import urljoin, urlparse

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

bs4 = pytest.importorskip("bs4")
pytest.importorskip("material")

from site_tools import beside, contract, notebooks, pictures, record, results, translation  # noqa: E402
from site_tools.places import DATA, DOCS, LANGUAGES, REFERENCE  # noqa: E402
from site_tools.testing import addresses, built  # noqa: E402

HOST = "https://site.invalid/"
PAGES = [(language, address) for language in LANGUAGES for address in addresses(language)]
every_page = pytest.mark.parametrize(("language", "address"), PAGES)


def page(address: str):
    """Return a page of the built site."""
    return bs4.BeautifulSoup((built() / address / "index.html").read_text(encoding="utf-8"), "html.parser")


def bare(language: str, address: str) -> str:
    """Return an address without its language."""
    return address if language == "en" else address.removeprefix(f"{language}/")


@every_page
def test_a_page_loads_nothing_from_another_host(language: str, address: str) -> None:
    """Reading the site tells nobody else about the reader."""
    sources = [tag.get("src") for tag in page(address).find_all(["script", "img", "iframe", "source"])]
    sources += [tag.get("href") for tag in page(address).find_all("link") if "alternate" not in " ".join(tag["rel"])]
    sources = [source for source in sources if source and "canonical" not in source]
    hosts = {urlparse(urljoin(HOST, source)).netloc for source in sources}
    assert hosts <= {urlparse(HOST).netloc, "localhost:8000"}


@every_page
def test_a_page_says_its_language(language: str, address: str) -> None:
    """A screen reader picks its voice by this."""
    assert page(address).html["lang"] == language


@every_page
def test_a_page_has_the_description_of_its_front_matter(language: str, address: str) -> None:
    """A colon in an unquoted description would leave the front matter unread, and in the text."""
    descriptions = [tag["content"] for tag in page(address).select("meta[name=description]")]
    assert len(descriptions) == 1
    assert "description:" not in page(address).select_one("article").get_text()


@every_page
def test_the_language_switch_stays_on_the_page(language: str, address: str) -> None:
    """Choosing a language does not lead back to the first page."""
    links = page(address).select(".md-select__link")
    got = {link["hreflang"]: urljoin(HOST + address, link["href"]) for link in links}
    rest = bare(language, address)
    assert got == {name: HOST + ("" if name == "en" else f"{name}/") + rest for name in LANGUAGES}


@every_page
def test_a_page_names_its_other_languages_for_search_engines(language: str, address: str) -> None:
    """Each page points to all four and to a default."""
    found = [tag["hreflang"] for tag in page(address).find_all("link", hreflang=True)]
    assert sorted(found) == sorted([*LANGUAGES, "x-default"])


@every_page
def test_a_page_has_a_title_and_a_description_of_its_own(language: str, address: str) -> None:
    """Search engines show both."""
    soup = page(address)
    assert soup.title.text.strip()
    assert len(soup.find("meta", attrs={"name": "description"})["content"]) > 15


@every_page
def test_headings_have_the_same_ids_in_every_language(language: str, address: str) -> None:
    """A link to a section works in all four languages."""

    def ids(where: str) -> list[str | None]:
        return [tag.get("id") for tag in page(where).select("article h1, article h2, article h3")]

    english = ids(bare(language, address))
    assert None not in english
    assert ids(address) == english


@every_page
def test_an_image_has_words_and_no_id_comes_twice(language: str, address: str) -> None:
    """Pictures are described, and anchors are unique."""
    soup = page(address)
    assert all(image.get("alt") for image in soup.select("article img"))
    assert all(picture.title and picture.desc for picture in soup.select("article svg.picture"))
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clause_has_its_anchor(language: str) -> None:
    """A clause can be linked to in every language."""
    root = "" if language == "en" else f"{language}/"
    clauses = contract.clauses().values()
    addresses = {contract.page_of(clause).removesuffix(".md") + "/" for clause in clauses}
    anchors = {tag["id"] for address in addresses for tag in page(root + address).find_all(id=True)}
    assert [clause.id for clause in clauses if clause.id.lower() not in anchors] == []


def test_there_are_four_search_indexes_that_do_not_mix() -> None:
    """A search from a Korean page finds Korean pages."""
    for language in LANGUAGES:
        folder = built() if language == "en" else built() / language
        index = json.loads((folder / "search" / "search_index.json").read_text(encoding="utf-8"))
        firsts = {entry["location"].split("/")[0] for entry in index["docs"]}
        assert index["docs"]
        assert firsts.isdisjoint(LANGUAGES)


def test_the_translations_are_in_order() -> None:
    """No page is missing, stale, built differently or worded against the glossary."""
    assert [str(problem) for problem in translation.check()] == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace("{ #use-it }", "{ #use }"), "headings"),
        (lambda text: text.replace("patience=3,", "patience=4,", 1), "code"),
        (lambda text: text.replace("{{ log_keys() }}", "").replace('{{ versions("early_stopping") }}', ""), "tags"),
        (lambda text: text.replace("!!! tip", "!!! note"), "admonitions"),
        (lambda text: text.replace("| `min_delta` |", "|"), "tables"),
        (lambda text: text.replace("source_hash: ", "source_hash: 0"), "stale"),
        (lambda text: text + "\n이것은 콜백함수를 다룹니다.\n", "glossary"),
        (lambda text: text + "\n[x](index.md)\n", "links"),
    ],
)
def test_the_check_of_translations_sees_a_change(change, says: str, tmp_path: Path) -> None:
    """Each kind of damage to one page turns the check red, with the page's name."""
    for part in (*LANGUAGES, "data"):
        shutil.copytree(DOCS / part, tmp_path / part)
    path = tmp_path / "ko" / "callbacks" / "early-stopping.md"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    before = set(map(str, translation.check()))
    found = [str(problem) for problem in translation.check(tmp_path) if str(problem) not in before]
    assert any(problem.startswith("ko/callbacks/early-stopping.md:") and says in problem for problem in found)


def test_a_missing_page_is_named(tmp_path: Path) -> None:
    """So is a page that one language lacks."""
    for part in (*LANGUAGES, "data"):
        shutil.copytree(DOCS / part, tmp_path / part)
    (tmp_path / "zh" / "results.md").unlink()
    assert "zh/results.md:1: the page is missing" in [str(problem) for problem in translation.check(tmp_path)]


def test_a_change_of_the_english_page_makes_the_others_stale(tmp_path: Path) -> None:
    """Stamping makes them fresh again."""
    for part in (*LANGUAGES, "data"):
        shutil.copytree(DOCS / part, tmp_path / part)
    english = tmp_path / "en" / "results.md"
    english.write_text(english.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")
    stale = [problem.file for problem in translation.check(tmp_path) if "stale" in problem.says]
    assert {"it/results.md", "zh/results.md", "ko/results.md"} <= set(stale)
    translation.stamp("it", tmp_path)
    assert "it/results.md" not in [problem.file for problem in translation.check(tmp_path) if "stale" in problem.says]


@pytest.mark.parametrize("name", record.RECORDINGS)
def test_the_recorded_runs_are_what_keras_does(name: str) -> None:
    """The pictures and tables show the installed Keras."""
    pytest.importorskip("keras")
    assert (DATA / "traces" / f"{name}.json").read_text(encoding="utf-8") == record.record(name)


def test_blocks_of_a_source_lose_no_line() -> None:
    """The page shows the whole file, in order."""
    source = (REFERENCE / "early_stopping.py").read_text(encoding="utf-8")
    shown = "\n".join(block.code for block in beside.blocks(source))
    assert [line for line in shown.splitlines() if line] == [line for line in source.splitlines() if line]


def test_results_of_another_schema_are_refused(tmp_path: Path) -> None:
    """The error names the file."""
    (tmp_path / "old.json").write_text('{"schema": 0}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"old\.json: schema 0; this version reads schema 1"):
        results.results("en", "results.md", tmp_path)


def test_a_clause_without_an_entry_shows_as_not_run(tmp_path: Path) -> None:
    """It never shows as a pass, and each cell holds a word; the style sheet adds a glyph."""
    subject = {"name": "mine", "package": "mine", "version": "1", "backend": "none"}
    run = {"schema": 1, "subject": subject, "python": "3", "platform": "p", "seed": 0, "examples": 1, "clauses": {}}
    (tmp_path / "run.json").write_text(json.dumps(run), encoding="utf-8")
    text = results.results("en", "results.md", tmp_path)
    assert '<td class="not-run">not run</td>' in text
    assert 'class="pass"' not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", pictures.PICTURES)
def test_a_picture_stands_alone(name: str, language: str) -> None:
    """Outside the site it brings its own colours, and asks no other host."""
    text = pictures.standalone(name, language, "dark")
    soup = bs4.BeautifulSoup(text, "html.parser")
    assert soup.svg["role"] == "img"
    assert "--picture-ink" in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_a_notebook_becomes_a_page_with_ids_outputs_and_words_for_its_images() -> None:
    """The ids come from the English headings; a comment in code is no heading."""
    from nbformat import v4

    pixel = {"image/png": "iVBORw0KGgo="}
    figure = v4.new_code_cell("plot()", metadata={"alt": "a curve"}, outputs=[v4.new_output("display_data", pixel)])
    one = v4.new_output("stream", name="stdout", text="1\n")
    printed = v4.new_code_cell("# not a heading\nprint(1)", outputs=[one])
    english = v4.new_notebook(cells=[v4.new_markdown_cell("# Stop in time\n\nA lesson."), printed, figure])
    english.cells.append(v4.new_markdown_cell("## Now you"))
    text, images = notebooks.page(english, "lesson", "ko", notebooks.slugs(english))
    assert "# Stop in time { #stop-in-time }" in text
    assert "## Now you { #now-you }" in text
    assert '```text title="출력"\n1\n```' in text
    assert "![a curve](lesson-2-0.png)" in text
    assert list(images) == ["lesson-2-0.png"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_results_show_every_clause(language: str) -> None:
    """Each clause has a row, whatever file it stands in."""
    text = results.results(language, "results.md")
    assert [
        name
        for name, clause in contract.clauses().items()
        if clause.status != "withdrawn" and f">{name}</a>" not in text
    ] == []
