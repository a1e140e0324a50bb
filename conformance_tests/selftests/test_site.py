"""The built site: nothing from another host, four equal languages, an anchor for every clause."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlparse

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

bs4 = pytest.importorskip("bs4", reason="install the dev group: it brings Beautiful Soup")
pytest.importorskip("material", reason="install the dev group: it brings the site's theme")

from site_tools import (  # noqa: E402
    beside,
    contract,
    downloads,
    hooks,
    left_in_english,
    notebooks,
    pictures,
    record,
    results,
    testing,
    translation,
)
from site_tools.blocks import STAMP, record_of  # noqa: E402
from site_tools.places import DATA, DOCS, LANGUAGES, NOTEBOOKS, REFERENCE  # noqa: E402
from site_tools.testing import Page, addresses, built, read  # noqa: E402
from site_tools.words import known  # noqa: E402

HOST = "https://site.invalid/"
OWN = "http://localhost:8000/"
PAGES = [(language, address) for language in LANGUAGES for address in addresses(language)]
FRAME = {"action", "clipboard", "footer", "header", "nav", "search", "select", "tabs", "toc", "top"}
every_page = pytest.mark.parametrize(("language", "address"), PAGES)


def page(address: str) -> Page:
    """Return a page of the built site."""
    return read(built() / address / "index.html")


def metas(address: str) -> dict[str, list[str]]:
    """Return the values of the page's meta tags by name."""
    found: dict[str, list[str]] = {}
    for tag in page(address).named("meta"):
        found.setdefault(tag["name"] or tag["property"], []).append(tag["content"])
    return found


def bare(language: str, address: str) -> str:
    """Return an address without its language."""
    return address if language == "en" else address.removeprefix(f"{language}/")


@every_page
def test_a_page_loads_nothing_from_another_host(language: str, address: str) -> None:
    """Reading the site tells nobody else about the reader."""
    tags = page(address).tags
    sources = [tag["src"] for tag in tags if tag.name in ("script", "img", "iframe", "source")]
    sources += [tag["href"] for tag in tags if tag.name == "link" and "alternate" not in tag["rel"]]
    hosts = {urlparse(urljoin(HOST, source)).netloc for source in sources if source}
    assert hosts <= {urlparse(HOST).netloc, urlparse(OWN).netloc}


@every_page
def test_a_page_says_its_language(language: str, address: str) -> None:
    """A screen reader picks its voice by this."""
    assert page(address).named("html")[0]["lang"] == language


@every_page
def test_a_page_has_the_description_of_its_front_matter(language: str, address: str) -> None:
    """A colon in an unquoted description would leave the front matter unread, and in the text."""
    assert len(metas(address)["description"]) == 1
    assert "description:" not in page(address).text


@every_page
def test_the_language_switch_stays_on_the_page(language: str, address: str) -> None:
    """Choosing a language does not lead back to the first page."""
    links = [tag for tag in page(address).named("a") if tag["class"] == "md-select__link"]
    got = {link["hreflang"]: urljoin(HOST + address, link["href"]) for link in links}
    rest = bare(language, address)
    assert got == {name: HOST + ("" if name == "en" else f"{name}/") + rest for name in LANGUAGES}


@every_page
def test_a_page_names_its_other_languages_for_search_engines(language: str, address: str) -> None:
    """Each page points to all four and to a default."""
    found = [tag["hreflang"] for tag in page(address).named("link") if tag["hreflang"]]
    assert sorted(found) == sorted([*LANGUAGES, "x-default"])


@every_page
def test_a_page_has_a_title_and_a_description_of_its_own(language: str, address: str) -> None:
    """Search engines show both."""
    assert page(address).title.strip()
    assert len(metas(address)["description"][0]) > 15


@every_page
def test_a_link_to_a_page_shows_in_messengers_what_it_is(language: str, address: str) -> None:
    """Title, description and language are the page's, and the picture is there."""
    found = metas(address)
    assert page(address).title.startswith(found["og:title"][0])
    assert found["og:description"] == found["description"]
    assert found["og:url"] == [OWN + address]
    assert found["og:locale"] == [hooks.LOCALES[language]]
    assert {*found["og:locale"], *found["og:locale:alternate"]} == set(hooks.LOCALES.values())
    assert (built() / found["og:image"][0].removeprefix(OWN)).is_file()


@every_page
def test_headings_have_the_same_ids_in_every_language(language: str, address: str) -> None:
    """A link to a section works in all four languages."""

    def ids(where: str) -> list[str]:
        return [tag["id"] for tag in page(where).named("h1", "h2", "h3") if tag.in_article]

    english = ids(bare(language, address))
    assert "" not in english
    assert ids(address) == english


@every_page
def test_an_image_has_words_and_no_id_comes_twice(language: str, address: str) -> None:
    """Pictures are described, and anchors are unique."""
    tags = page(address).tags
    assert all(tag["alt"] for tag in tags if tag.name == "img" and tag.in_article)
    for place, tag in enumerate(tags):
        if tag.name == "svg" and "picture" in tag["class"].split():
            assert [inner.name for inner in tags[place + 1 : place + 3]] == ["title", "desc"]
    assert [name for name, times in Counter(tag["id"] for tag in tags if tag["id"]).items() if times > 1] == []


@cache
def anchors(path: Path) -> frozenset[str]:
    """Return what a link may point to inside a page."""
    return frozenset(tag[name] for tag in read(path).tags for name in ("id", "name")) | {""}


def target_of(address: str, link: str) -> tuple[Path, str] | None:
    """Return the file and the anchor that a link leads to; nothing for a link that leaves the site."""
    url = urlparse(urljoin(OWN + address, link))
    if not url.geturl().startswith(OWN):
        return None
    path = built() / unquote(url.path).lstrip("/")
    return (path / "index.html" if url.path.endswith("/") else path), unquote(url.fragment)


@pytest.mark.parametrize("address", [address for _, address in PAGES] + ["404.html"])
def test_every_link_inside_the_site_leads_somewhere(address: str) -> None:
    """To a file that is there, and to an anchor that is in it."""
    source = built() / address if address.endswith(".html") else built() / address / "index.html"
    lost = []
    for tag in read(source).named("a", "link", "script", "img"):
        link = tag["href"] or tag["src"]
        if link and link.startswith("#play&"):  # what the playground begins with: its script reads it
            continue
        found = target_of(address, link) if link and "alternate" not in tag["rel"] else None
        if found and not (found[0].is_file() and (found[0].suffix != ".html" or found[1] in anchors(found[0]))):
            lost.append(link)
    assert lost == []


def test_links_that_leave_the_site_are_few_hosts_and_encrypted() -> None:
    """They are not fetched: another host's trouble is not ours."""
    links = {tag["href"] for _, address in PAGES for tag in page(address).named("a")}
    outside = sorted(link for link in links if re.match(r"(https?:)?//", link) and not link.startswith(OWN))
    print("\n".join(outside))
    assert [link for link in outside if not link.startswith("https://")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clause_has_its_anchor(language: str) -> None:
    """A clause can be linked to in every language."""
    root = "" if language == "en" else f"{language}/"
    clauses = contract.clauses().values()
    addresses = {contract.page_of(clause).removesuffix(".md") + "/" for clause in clauses}
    there = {tag["id"] for address in addresses for tag in page(root + address).tags}
    assert [clause.id for clause in clauses if clause.id.lower() not in there] == []


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


def copied(folder: Path) -> Path:
    """Copy three pages to a folder, in four languages, with every translation stamped, and return it."""
    for language in LANGUAGES:
        for name in ("callbacks/early-stopping.md", "logs.md", "results.md"):
            (folder / language / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(DOCS / language / name, folder / language / name)
    for language in LANGUAGES[1:]:
        translation.stamp(language, folder)
    return folder


def problems(docs: Path) -> list[str]:
    """Return what the check finds in a copy."""
    return [str(problem) for problem in translation.check(docs)]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace("{ #use-it }", "{ #use }"), "headings"),
        (lambda text: text.replace("{ #use-it }", ""), "headings: English has '## use-it', here is '## no id'"),
        (lambda text: text.replace("patience=3,", "patience=4,", 1), "code"),
        (lambda text: text.replace("{{ log_keys() }}", "").replace('{{ versions("early_stopping") }}', ""), "tags"),
        (lambda text: text.replace("!!! tip", "!!! note"), "admonitions"),
        (lambda text: text.replace("| `min_delta` |", "|"), "tables"),
        (lambda text: text.replace("---\n", "---\nsource_hash: 0\n", 1), ""),
        (lambda text: text + "\n이것은 콜백함수를 다룹니다.\n", "glossary forbids"),
        (lambda text: text.replace("가중치", "파라미터"), "the glossary says '가중치' for 'weights'"),
        (lambda text: text + "\n[x](index.md)\n", "links"),
        (lambda text: re.sub("^title: .*", "title: Stop early", text, flags=re.M), "title has no Korean character"),
        (lambda text: re.sub("^description: .*", "description: How it", text, flags=re.M), "the description has no"),
        (lambda text: re.sub("^description: .*\n", "", text, flags=re.M), "the description is empty or missing"),
        (lambda text: re.sub("^    # .*", "    # Put a value into the logs.", text, flags=re.M), "the comment has no"),
        (lambda text: re.sub('title="출력"', 'title="Result"', text), "the title of code has no Korean character"),
    ],
)
def test_the_check_of_translations_sees_a_change(change, says: str, tmp_path: Path) -> None:
    """Each kind of damage to one page turns the check red, with the page's name; an old stamp does not."""
    path = copied(tmp_path) / "ko" / "callbacks" / "early-stopping.md"
    before = set(problems(tmp_path))
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    found = [problem for problem in problems(tmp_path) if problem not in before]
    assert bool(found) == bool(says)
    assert not says or any(re.match(r"ko/callbacks/early-stopping\.md:\d+: ", one) and says in one for one in found)


def test_an_english_heading_without_an_id_is_named(tmp_path: Path) -> None:
    """With its line, even if all four languages lack it."""
    for language in LANGUAGES:
        path = (tmp_path if language != "en" else copied(tmp_path)) / language / "results.md"
        path.write_text(path.read_text(encoding="utf-8") + "\n## A\n", encoding="utf-8")
    line = len((tmp_path / "en" / "results.md").read_text(encoding="utf-8").splitlines())
    wanted = f"en/results.md:{line}: the heading has no id; write one after it, {{ #like-this }}"
    assert wanted in problems(tmp_path)


def test_an_italian_page_does_not_repeat_english_words(tmp_path: Path) -> None:
    """No character tells the two apart, so the texts are compared."""
    english = "---\ntitle: A\ndescription: B\n---\n\n```python\n# Look.\n```\n\n![A curve](a.svg)\n"
    own = english.replace("title: A", "title: Uno")
    assert list(left_in_english.page("it", english, own)) == [
        (3, "the description is the English one: 'B'"),
        (7, "the comment is the English one: 'Look.'"),
        (10, "the alternative text is the English one: 'A curve'"),
    ]


def test_a_missing_page_is_named(tmp_path: Path) -> None:
    """So is a page that one language lacks."""
    (copied(tmp_path) / "zh" / "results.md").unlink()
    assert "zh/results.md:1: the page is missing" in problems(tmp_path)


def test_a_change_of_the_english_page_names_the_paragraph_and_its_place_in_the_others(tmp_path: Path) -> None:
    """Changed, new and gone; stamping the page makes it fresh again."""
    english = copied(tmp_path) / "en" / "callbacks" / "early-stopping.md"
    place = "it/callbacks/early-stopping.md"
    text = english.read_text(encoding="utf-8")
    italian = (tmp_path / place).read_text(encoding="utf-8").splitlines()
    line = italian.index("## Che cosa decide { #what-it-decides }") + 1
    asked = "At the end of each epoch"
    at = text.splitlines().index(next(words for words in text.splitlines() if words.startswith(asked))) + 1

    def told() -> list[str]:
        return [one for one in problems(tmp_path) if one.startswith(place)]

    before = told()
    english.write_text(text.replace(asked, "When an epoch ends", 1), encoding="utf-8")
    changed = [one for one in told() if one not in before]
    assert changed[0].startswith(f"{place}:{line + 2}: stale: the English paragraph at line {at} has changed: 'When an")
    english.write_text(text + "\nOne more sentence.\n", encoding="utf-8")
    assert any("is new: 'One more sentence.'" in one for one in told())
    english.write_text(text.replace("*Better* has an exact meaning:\n", "", 1), encoding="utf-8")
    assert any("1 English paragraph(s) that stood here are gone" in one for one in told())
    translation.stamp("it", tmp_path, ["callbacks/early-stopping.md"])
    assert not [one for one in told() if "stale" in one]


def test_stamps_in_front_matter_become_records_once_they_are_fresh(tmp_path: Path) -> None:
    """The old form is read as long as it stands; a stale page keeps it, and is named."""
    path, english = copied(tmp_path) / "it" / "results.md", tmp_path / "en" / "results.md"
    for page_, value in ((path, translation.fingerprint(english)), (tmp_path / "it" / "logs.md", "0")):
        page_.write_text(page_.read_text(encoding="utf-8").replace("---\n", f"---\nsource_hash: {value}\n", 1))
        record_of(tmp_path, "it", page_.name).unlink()
    assert not [one for one in problems(tmp_path) if "it/results.md" in one and "stale" in one]
    assert translation.migrate(tmp_path) == ["it/logs.md"]
    assert not STAMP.search(path.read_text(encoding="utf-8"))
    assert record_of(tmp_path, "it", "results.md").exists()
    assert [one for one in problems(tmp_path) if "stale" in one] == [
        "it/logs.md:2: stale: the English page has changed"
    ]


def test_a_page_that_was_never_stamped_is_named(tmp_path: Path) -> None:
    """Nobody knows what it was made from."""
    record_of(copied(tmp_path), "ko", "logs.md").unlink()
    assert "ko/logs.md:1: stale: the page was never stamped" in problems(tmp_path)


def test_stamping_a_page_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The message names it and shows how a page is named."""
    with pytest.raises(
        ValueError, match=r"^nowhere: not a page in en and it; say it like 'callbacks/early-stopping\.md'$"
    ):
        translation.stamp("it", copied(tmp_path), ["nowhere"])


def test_the_build_fails_for_what_the_check_finds(monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    """Not only a test is red: each problem is a warning of the strict build, with file and line."""

    class Config:
        site_dir = "build/site"
        nav = ()

    problem = translation.Problem("ko/logs.md", 7, "stale: the English page has changed")
    monkeypatch.setattr(translation, "check", lambda: [problem])
    with caplog.at_level("WARNING", hooks.LOG.name):
        hooks.on_config(Config())
    assert caplog.messages == ["ko/logs.md:7: stale: the English page has changed"]


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_word_of_the_frame_is_left_in_english(language: str) -> None:
    """Every word that the theme shows here comes from our table, or from a translation that the theme has."""
    folder = Path(sys.modules["material"].__file__).parent / "templates" / "partials" / "languages"
    theirs = dict(re.findall(r'"([\w.]+)": "([^"]*)"', (folder / f"{language}.html").read_text(encoding="utf-8")))
    english = dict(re.findall(r'"([\w.]+)": "([^"]*)"', (folder / "en.html").read_text(encoding="utf-8")))
    shown = [key for key in english if key.split(".")[0] in FRAME and ".config." not in key]
    missing = [key for key in shown if not known(f"theme.{key}") and theirs.get(key, english[key]) == english[key]]
    assert len(shown) > 20
    assert missing == []


def test_the_index_for_search_is_lean() -> None:
    """It holds clauses and prose, but neither evidence nor source beside its notes nor the table of results."""
    entries = json.loads((built() / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    texts = {entry["location"]: entry["text"] for entry in entries}
    clause = contract.clauses()["ES-01"]
    assert clause.evidence.split()[0] not in texts["callbacks/early-stopping/#es-01"].split()
    assert len(texts["callbacks/early-stopping/#es-01"]) > 20
    assert "def on_epoch_end" not in texts["callbacks/early-stopping/#code"]
    results = "".join(text for place, text in texts.items() if place.startswith("results/"))
    assert clause.en.split("`")[0] not in results
    assert len(results) < 6000


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
    two, noise = (v4.new_output("stream", name=name, text="2\n") for name in ("stdout", "stderr"))
    printed = v4.new_code_cell("# not a heading\nprint(1)\nprint(2)", outputs=[one, two, noise])
    english = v4.new_notebook(cells=[v4.new_markdown_cell("# Stop in time\n\nA lesson."), printed, figure])
    english.cells.append(v4.new_markdown_cell("## Now you"))
    text, images = notebooks.page(english, "lesson", "ko", notebooks.slugs(english), "01-lesson.ipynb")
    assert "# Stop in time { #stop-in-time }" in text
    assert "## Now you { #now-you }" in text
    assert '```text title="출력"\n1\n2\n```' in text
    assert "![a curve](lesson-2-0.png)" in text
    assert list(images) == ["lesson-2-0.png"]


def test_a_figure_without_words_stops_the_build() -> None:
    """Those who do not see it would be told nothing."""
    from nbformat import v4

    shown = v4.new_output("display_data", {"image/png": "iVBORw0KGgo="})
    silent = v4.new_notebook(cells=[v4.new_code_cell("plot()", outputs=[shown])])
    with pytest.raises(ValueError, match=r"lesson-0 \(it\): a figure has no words"):
        notebooks.page(silent, "lesson", "it", [], "01-lesson.ipynb")


def test_links_of_a_notebook_lead_to_pages_on_the_site_and_to_the_site_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the repository they lead to files; away from it, a link to no known site is only words."""
    from nbformat import v4, write

    words = "See [the next](04-rates.ipynb#top) and [logs](../../docs/ko/logs.md#keys)."
    linking = v4.new_notebook(cells=[v4.new_markdown_cell(words)])
    text, _ = notebooks.page(linking, "lesson", "ko", [], "01-lesson.ipynb")
    assert "See [the next](rates.md#top) and [logs](../logs.md#keys)." in text
    write(linking, tmp_path / "01-lesson.ipynb")
    monkeypatch.delenv("SITE_URL", raising=False)
    assert "and logs." in downloads.notebook(tmp_path / "01-lesson.ipynb").decode()
    monkeypatch.setenv("SITE_URL", "https://example.org/")
    assert "[logs](https://example.org/ko/logs/#keys)" in downloads.notebook(tmp_path / "01-lesson.ipynb").decode()


@pytest.mark.parametrize(
    "path", sorted(NOTEBOOKS.glob("*/*.ipynb")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_a_notebook_to_take_away_differs_in_its_links_only(path: Path) -> None:
    """Its code and its words stay as they are, and no link leads into a repository that is not there."""
    ours, taken = json.loads(path.read_text(encoding="utf-8")), json.loads(downloads.notebook(path))
    assert "../../docs/" not in json.dumps(taken)
    for before, after in zip(ours["cells"], taken["cells"], strict=True):
        source = "".join(before["source"])
        assert "".join(after["source"]) == re.sub(r"\[([^\[\]]*)\]\(\.\./\.\./docs/[^)]*\)", r"\1", source)


def test_the_course_of_a_language_is_one_archive_that_stands_alone(tmp_path: Path) -> None:
    """It has the notebooks, what they need, and the project's own package, which no registry offers."""
    downloads.course("ko", tmp_path / "course.zip")
    with zipfile.ZipFile(tmp_path / "course.zip") as made:
        names = {name.removeprefix("course/") for name in made.namelist()}
    lessons = {path.name for path in NOTEBOOKS.glob("ko/*.ipynb")}
    (wheel,) = {name for name in names if name.startswith("wheels/callback_conformance-")}
    assert names == lessons | {"README.md", "requirements.txt", wheel}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_results_show_every_clause(language: str) -> None:
    """Each clause has a row, whatever file it stands in."""
    text = results.results(language, "results.md")
    assert [
        name
        for name, clause in contract.clauses().items()
        if clause.status != "withdrawn" and f">{name}</a>" not in text
    ] == []


@pytest.mark.parametrize("problem", ["", "the site does not build: a page is missing"])
def test_the_workers_of_a_test_run_share_one_build(
    problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes first builds, the other waits; if the build fails, both say why."""
    builds: list[Path] = []

    def build(folder: Path) -> Path:
        builds.append(folder)
        time.sleep(0.3)
        if problem:
            raise RuntimeError(problem)
        return folder

    def ask(_: int) -> str:
        try:
            return str(testing.built.__wrapped__())
        except RuntimeError as told:
            return str(told)

    monkeypatch.setenv("PYTEST_XDIST_TESTRUNUID", "run")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(testing, "_build", build)
    with ThreadPoolExecutor(2) as workers:
        answers = list(workers.map(ask, range(2)))
    assert builds == [tmp_path / "site-run" / "site"]
    assert answers == [problem or str(builds[0])] * 2


def test_every_word_that_we_give_the_theme_is_one_that_it_asks_for() -> None:
    """A key that the theme no longer has would be dead weight."""
    folder = Path(sys.modules["material"].__file__).parent / "templates" / "partials" / "languages"
    keys = set(re.findall(r'"([\w.]+)": "', (folder / "en.html").read_text(encoding="utf-8")))
    table = (ROOT / "site_tools" / "strings" / "platform.toml").read_text(encoding="utf-8")
    assert set(re.findall(r'^\["theme\.([\w.]+)"\]', table, re.MULTILINE)) <= keys
