"""The old snippets do today what the page says, and every topic of the old tutorials has its page."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
pytest.importorskip("mkdocs", reason="install the site group: it brings MkDocs")

from site_tools import coverage, notebooks, tags
from site_tools.old_snippets import page
from site_tools.old_snippets.entries import FOLDER, OPTIONAL, SETUPS, TOPICS, WORDS, Entry, entries, read
from site_tools.places import DOCS, LANGUAGES
from site_tools.testing import CHROMIUM, FLAGS
from tutorial_tools.glossary import forbidden

ENTRIES = [pytest.param(entry, id=entry.id) for entry in entries()]
STATEMENTS = {"S0": 18, "S1": 19, "S2": 46, "S3": 35, "S4": 40}
LINES = {"S0": 6, "S1": 5, "S2": 9, "S3": 6, "S4": 8, "list": 19}
WRITTEN = {language: tags.replace("{{ old_snippets() }}", language, "old-snippets.md") for language in LANGUAGES}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("entry", ENTRIES)
def test_an_old_line_does_on_the_installed_keras_what_was_recorded(entry: Entry) -> None:
    from site_tools.old_snippets import run

    name = run.installed()
    assert (FOLDER / f"{name}.json").exists(), f"write it: python -m site_tools.old_snippets record ({name})"
    assert run.run(entry) == page.results(name)[entry.id]


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_line_that_is_offered_works_on_keras_3(entry: Entry) -> None:
    assert page.results(page.KERAS_3)[entry.id]["works"] == {"verdict": "works"}


@pytest.mark.parametrize("keras", [page.KERAS_3, page.KERAS_2])
def test_the_results_are_those_of_the_entries(keras: str) -> None:
    assert list(page.results(keras)) == [entry.id for entry in entries()]


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_old_line_fails_on_keras_3(entry: Entry) -> None:
    """A line that works as the old text says has no place on the page."""
    assert page.results(page.KERAS_3)[entry.id]["old"]["verdict"] != "works"


@pytest.mark.parametrize("entry", ENTRIES)
def test_what_differs_on_keras_2_is_said_in_words(entry: Entry) -> None:
    now, then = (page.results(keras)[entry.id]["old"]["verdict"] for keras in (page.KERAS_3, page.KERAS_2))
    assert now == then or "keras2" in entry.words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_keeps_to_the_glossary(entry: Entry, language: str) -> None:
    texts = [entry.say(what, language) for what in (*WORDS, *OPTIONAL)]
    assert [problem for text in texts for problem in forbidden(language, text)] == []


@pytest.mark.parametrize("entry", ENTRIES)
def test_code_spans_are_the_same_in_every_language(entry: Entry) -> None:
    """A name that is typed is not translated, and none is lost."""
    for what in (*WORDS, *OPTIONAL):
        spans = {code: sorted(set(re.findall(r"`[^`]+`", entry.say(what, code)))) for code in LANGUAGES}
        own = {"`logs`", "`baseline`", "`Plateau`", "`schedule`", "`.h5`"}  # words of prose in some, code in others
        assert {tuple(span for span in found if span not in own) for found in spans.values()} == {
            tuple(span for span in spans["en"] if span not in own)
        }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_every_entry_once_and_leads_to_it(language: str) -> None:
    for entry in entries():
        assert WRITTEN[language].count(f"{{ #{entry.id} }}\n") == 1
        assert f"](#{entry.id})" in WRITTEN[language]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entry", ENTRIES)
def test_the_page_holds_the_whole_error_text(entry: Entry, language: str) -> None:
    old = page.results(page.KERAS_3)[entry.id]["old"]
    assert old.get("message", "") in WRITTEN[language]


def test_the_page_has_the_same_headings_in_every_language() -> None:
    ids = {tuple(re.findall(r"^#+ .*\{ #([\w-]+) \}$", text, re.MULTILINE)) for text in WRITTEN.values()}
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ('zh = "可用。"', "'keras2' lacks zh"),
        ('setup = "model"', "setup 'modell' is none of empty, model, script"),
        ("check =", "unknown key 'chek'"),
        ("works = '''", "no 'works'"),
    ],
)
def test_a_faulty_entry_is_refused_by_name(change: str, says: str, tmp_path: Path) -> None:
    instead = {"zh": 'zh = ""', "se": 'setup = "modell"', "ch": "chek =", "wo": "pages = []\nwork = '''"}
    text = """
[hdf5]
rows = ["S2-17"]
setup = "model"
old = '''x'''
check = "True"
works = '''x'''
"""
    text += "".join(
        f'{what}.{code} = "{"可用。" if code == "zh" else "x"}"\n'
        for what in ("claim", "today", "keras2")
        for code in LANGUAGES
    )
    if change.startswith("zh"):
        text = text.replace('keras2.zh = "可用。"', 'keras2.zh = ""')
    else:
        text = text.replace(change, instead[change[:2]])
    path = tmp_path / "file_names.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(says)):
        read(path)


def test_every_file_of_entries_is_read() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml") if path.name != SETUPS} == set(TOPICS)


def test_every_statement_of_the_old_tutorials_is_an_entry_or_has_a_page() -> None:
    every = [f"{seed}-{number:02}" for seed, last in STATEMENTS.items() for number in range(1, last + 1)]
    corrected = {row for entry in entries() for row in entry.rows}
    kept = [row for topic in coverage.topics().values() for row in topic["rows"]]
    assert sorted([*corrected, *kept]) == every


def test_every_line_of_the_lists_of_topics_is_a_topic() -> None:
    every = {f"{name}/{number}" for name, last in LINES.items() for number in range(1, last + 1)}
    assert {line for topic in coverage.topics().values() for line in topic["lines"]} == every


@pytest.mark.parametrize("name", coverage.topics())
def test_a_topic_says_its_seeds_and_itself_in_four_languages(name: str) -> None:
    topic = coverage.topics()[name]
    seeds = {line.split("/")[0] for line in topic["lines"]} - {"list"}
    assert seeds <= set(topic["seeds"])
    assert all(topic[language] for language in LANGUAGES)
    assert [problem for language in LANGUAGES for problem in forbidden(language, topic[language])] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", coverage.topics())
def test_a_topic_has_a_page_and_its_anchors_exist(name: str, language: str) -> None:
    pages = coverage.topics()[name]["pages"]
    assert pages
    for target in pages:
        path, _, anchor = target.partition("#")
        if path in notebooks.pages():
            assert not anchor  # the ids of a lesson are made when the site is built
            assert notebooks.title(language, path)
            continue
        text = (DOCS / language / path).read_text(encoding="utf-8")
        whole = tags.replace(text, language, path) if anchor else ""
        assert not anchor or f"{{ #{anchor} }}" in whole, f"{path} has no heading #{anchor}"


SEARCHES = {
    "period": "TypeError: ModelCheckpoint.__init__() got an unexpected keyword argument 'period'",
    "tensor-from-schedule": "The output of the `schedule` function should be a float",
    "base-class-is-a-module": "module() takes at most 2 arguments (3 given)",
}


@pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"{CHROMIUM} is absent: install Chromium, or set CHROMIUM to its path"
)
def test_search_finds_an_entry_by_its_error_text_in_every_language() -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="install the dev group: it brings Playwright")
    from site_tools.testing import built, served

    with served(built()) as root, playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        for home in ("", *(f"{language}/" for language in LANGUAGES[1:])):
            page = browser.new_page()
            page.goto(f"{root}{home}results/", timeout=60000)
            for anchor, words in SEARCHES.items():
                search(page, words)
                entry = page.locator(f".md-search-result__link[href*='old-snippets/'][href$='#{anchor}']")
                entry.first.wait_for(timeout=60000)
                assert entry.first.evaluate("link => link.href").startswith(f"{root}{home}old-snippets/")
            page.close()
        browser.close()


def test_a_search_of_another_theme_is_refused(tmp_path: Path) -> None:
    from site_tools.search import mend

    worker = tmp_path / "assets" / "javascripts" / "workers" / "search.0.min.js"
    worker.parent.mkdir(parents=True)
    worker.write_text("{e=e+s+o.id}return e}", encoding="utf-8")
    mend(tmp_path)
    mend(tmp_path)
    assert worker.read_text(encoding="utf-8") == '{e=e+s+o.id+","}return e}'
    worker.write_text("{}", encoding="utf-8")
    with pytest.raises(LookupError, match=re.escape("search.0.min.js: this theme writes its search otherwise")):
        mend(tmp_path)


def search(page, words: str) -> None:
    """Type the words into the search box."""
    field = page.locator(".md-search__input")
    field.click()
    field.fill(words)
    field.press("End")  # the theme listens to keys
