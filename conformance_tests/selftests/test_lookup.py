"""The pages to look things up in: results, surprises, Keras 2, glossary, API, and the words that they share."""

from __future__ import annotations

import ast
import gzip
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

bs4 = pytest.importorskip("bs4", reason="install the dev group: it brings Beautiful Soup")
pytest.importorskip("mkdocs", reason="install the dev group: it brings MkDocs")

from callback_conformance import clauses as contract_clauses  # noqa: E402
from callback_conformance.kinds import KINDS  # noqa: E402

from site_tools import api, contract, inline, keras_2, moving, results, surprises, terms, words  # noqa: E402
from site_tools.places import DATA, DOCS, LANGUAGES  # noqa: E402
from site_tools.testing import CHROMIUM, FLAGS, served  # noqa: E402

WHOLE = sum(len(results.of_kind(kind)) for kind in KINDS.values())
every_language = pytest.mark.parametrize("language", LANGUAGES)


def soup(text: str):
    return bs4.BeautifulSoup(text, "html.parser")


def test_the_book_and_the_clauses_have_the_same_languages() -> None:
    assert contract_clauses.LANGUAGES == LANGUAGES


def test_a_word_that_a_language_lacks_is_named() -> None:
    with pytest.raises(LookupError, match=r"strings/: \[clause\] has no 'fr'; it has en, it, zh, ko"):
        words.say("clause", "fr")
    with pytest.raises(LookupError, match=r"strings/: no table \[no-such-word\]"):
        words.say("no-such-word", "en")


@pytest.mark.parametrize(
    ("target", "page", "expected"),
    [
        ("callbacks/early-stopping.md", "results.md", "../callbacks/early-stopping/"),
        ("results.md", "callbacks/early-stopping.md", "../../results/"),
        ("who-runs-when.md", "index.md", "who-runs-when/"),
    ],
)
def test_an_address_leads_from_the_folder_of_one_page_to_that_of_another(target: str, page: str, expected: str) -> None:
    assert inline.address(target, page) == expected


def test_an_asset_is_one_folder_higher_from_a_language_below_the_root() -> None:
    assert inline.asset("js/results.js", "en", "results.md") == "../assets/js/results.js"
    assert inline.asset("js/results.js", "ko", "results.md") == "../../assets/js/results.js"


# The glossary


@every_language
def test_no_two_terms_have_one_rendering(language: str) -> None:
    found = [entry[language].lower() for entry in terms.terms().values()]
    assert [term for term in found if found.count(term) > 1] == []


@every_language
def test_no_forbidden_word_is_the_rendering_of_a_term(language: str) -> None:
    renderings = {entry[language].lower() for entry in terms.terms().values()}
    wrong = {word.lower() for entry in terms.terms().values() for word in entry.get("forbidden", {}).get(language, ())}
    assert renderings & wrong == set()


@every_language
def test_the_glossary_shows_each_term_once_with_its_anchor_and_definition(language: str) -> None:
    found = soup(terms.glossary(language, "glossary.md"))
    assert len(found.select("dt")) == len(terms.terms())
    for name, entry in terms.terms().items():
        shown = found.find(id=f"term-{name.replace('_', '-')}").dd.get_text()
        assert shown.startswith(entry["says"][language].replace("`", ""))


def test_a_term_without_a_definition_stops_the_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = "\n".join(f'{language} = "x"' for language in LANGUAGES)
    (tmp_path / "glossary.toml").write_text(f"[step]\n{lines}\n", encoding="utf-8")
    monkeypatch.setattr(terms, "DATA", tmp_path)
    with pytest.raises(LookupError, match=r"glossary.toml: \[step\] has no rendering or no definition in 'en'"):
        terms.terms.__wrapped__()


# Keras 2


@pytest.mark.filterwarnings("ignore")
def test_keras_3_does_what_the_page_on_moving_says() -> None:
    keras = pytest.importorskip("keras", reason="install the dev group: it brings Keras")
    stored = json.loads(keras_2.FILE.read_text(encoding="utf-8"))["keras"]
    assert keras_2.judge(keras) == stored["found"]


def test_each_line_was_run_in_both_and_stands_in_a_table() -> None:
    stored = json.loads(keras_2.FILE.read_text(encoding="utf-8"))
    shown = {name for group in moving.GROUPS.values() for name in group}
    assert set(stored["keras"]["found"]) == set(stored["tf_keras"]["found"]) == set(keras_2.LINES) == shown


@every_language
def test_the_tables_on_keras_2_name_every_line_and_what_to_do(language: str) -> None:
    for group, lines in moving.GROUPS.items():
        rows = [row for row in moving.lines(language, "keras-2.md", group).splitlines() if row.startswith("|")]
        assert len(rows) == 2 + len(lines)
        assert all(cell.strip() for row in rows for cell in row.strip("|").split(" | "))


@every_language
def test_each_clause_that_only_keras_2_breaks_is_listed(language: str) -> None:
    runs = {run["subject"]["package"]: run for run in results.read(DATA / "results")}
    expected = {
        name
        for name in contract.clauses()
        if results.status(runs["tf_keras"], name) in ("fail", "known") and results.status(runs["keras"], name) == "pass"
    }
    found = soup(moving.clauses(language, "keras-2.md")).select("details li a")
    assert {link.get_text() for link in found} == expected


# Surprises


@every_language
def test_each_contested_clause_stands_among_the_surprises(language: str) -> None:
    expected = [name for name, clause in contract.clauses().items() if clause.status == "contested"]
    found = soup(surprises.surprises(language, "surprises.md"))
    assert sorted(link.get_text() for link in found.select("details > p > a")) == sorted(expected)


def test_a_surprise_says_what_keras_does_and_shows_its_evidence_as_english() -> None:
    found = soup(surprises.surprises("ko", "surprises.md"))
    entry = next(box for box in found.select("details") if box.select_one("p > a").get_text() == "RL-36")
    keras, reference, evidence = entry.select("dd")
    assert "Keras swallows arguments that do not exist." in keras.select_one("[lang=en]").get_text()
    assert reference.get_text() == "✓ 통과"
    assert evidence.div["lang"] == "en"


@every_language
def test_the_links_of_the_long_tables_lead_to_anchors_that_exist(language: str) -> None:
    expected = {
        f"../{contract.page_of(one).removesuffix('.md')}/#{one.id.lower()}" for one in contract.clauses().values()
    }
    for text in (
        surprises.surprises(language, "x.md"),
        results.results(language, "x.md"),
        moving.clauses(language, "x.md"),
    ):
        links = {link["href"] for link in soup(text).select("a[href]")}
        assert links <= expected


# The results


@every_language
def test_each_clause_has_a_row_under_its_callback(language: str) -> None:
    found = soup(results.results(language, "results.md"))
    for box, kind in zip(found.select("details.matrix"), KINDS.values(), strict=True):
        assert box.h3["id"] == results.anchor(kind)
        assert [row["id"].upper() for row in box.select("tbody tr")] == [clause.id for clause in results.of_kind(kind)]


def test_a_known_difference_opens_to_its_reason_and_case() -> None:
    found = soup(results.results("it", "results.md"))
    cell = found.find(id="es-34-keras-3-15-1-tensorflow")
    assert cell["class"] == ["known"]
    assert cell.select_one("p[lang=en]").get_text().startswith("Keras checks the type of no argument but min_delta")
    assert cell.select("code")[-1].get_text() == "--case ES-34/be47"


@pytest.fixture(scope="module")
def wide() -> str:
    """The table of 23 runs, made from one."""
    run = next(run for run in results.read(DATA / "results") if run["subject"]["package"] == "keras")
    runs = [{**run, "subject": {**run["subject"], "version": f"3.{number}.0"}} for number in range(23)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(results, "read", lambda folder: runs)
        return results.results("en", "results.md")


def test_the_table_bears_23_runs(wide: str) -> None:
    rows = re.findall(r"<tr id=.*?</tr>", wide)
    assert len(rows) == WHOLE
    assert {row.count("<td") for row in rows} == {23}
    ids = re.findall(r' id="([^"]+)"', wide)
    assert len(ids) == len(set(ids))


@every_language
def test_the_results_stay_light(language: str) -> None:
    text = results.results(language, "results.md").encode()
    assert len(text) < 360_000
    assert len(gzip.compress(text, 6)) < 50_000


def test_each_verdict_has_a_glyph_in_the_style_sheet() -> None:
    styles = (DOCS / "assets" / "css" / "lookup.css").read_text(encoding="utf-8")
    assert dict(re.findall(r'td\.([a-z-]+)::before \{ content: "(.)" / ""', styles)) == results.GLYPHS


# The API


def test_each_public_class_is_described_with_every_argument() -> None:
    import callback_reference

    found = {one.name: one for one in api.described("callback_reference")}
    assert set(found) == set(callback_reference.__all__)
    for one in found.values():
        documented = {name.strip("*") for name, _ in one.sections.get("Args", [])}
        assert {name for name, _, _ in api._parameters(one.signature)} <= documented, one.name


def test_a_signature_reads_as_a_call() -> None:
    node = ast.parse("def f(self, a, b=1, *, c, d=None, **rest): ...").body[0]
    assert api._call("f", node.args) == "f(a, b=1, *, c, d=None, **rest)"


@every_language
def test_the_api_marks_english_as_english(language: str) -> None:
    text = api.classes(language, "api.md", "callback_reference")
    assert ('<div lang="en" markdown="1">' in text) == (language != "en")


def test_the_api_of_an_unknown_package_is_refused() -> None:
    with pytest.raises(LookupError, match="package 'keras' is not described; known are callback_reference, "):
        api.classes("en", "api.md", "keras")


def test_the_command_line_shows_every_option() -> None:
    shown = soup(api.command("en", "api.md")).get_text()
    for option in ("subject", "--as", "--clause", "--case", "--seed", "--examples", "--json", "--version"):
        assert option in shown


def test_the_report_shows_every_field_of_a_published_one() -> None:
    shown = soup(api.schema("en", "api.md"))
    report = json.loads((DATA / "results" / "keras-3.15.1-tensorflow.json").read_text(encoding="utf-8"))
    names = {cell.get_text() for cell in shown.select("td:first-child code")}
    assert names == {*report, *report["clauses"]["ES-01"]}


# The filter, in a browser


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page with the table, its script and its styles, and nothing else."""
    folder = tmp_path_factory.mktemp("results")
    head = "".join(
        f"<style>{path.read_text(encoding='utf-8')}</style>" for path in (DOCS / "assets/css").glob("lo*.css")
    )
    text = results.results("en", "results.md").replace("../assets/", "/")
    page = f"<!doctype html><html lang=en><meta charset=utf-8><title>x</title>{head}<body>{text}"
    (folder / "index.html").write_text(page, encoding="utf-8")
    (folder / "js").mkdir()
    (folder / "js" / "results.js").write_bytes((DOCS / "assets/js/results.js").read_bytes())
    with served(folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A browser without a window."""
    tools = pytest.importorskip("playwright.sync_api", reason="install the dev group: it brings Playwright")
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is absent: install Chromium, or set CHROMIUM to its path")
    with tools.sync_playwright() as started:
        window = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield window
        window.close()


def shown(page) -> list[str]:
    """Return the rows that are shown."""
    return page.evaluate("[...document.querySelectorAll('tbody tr')].filter(r => r.offsetParent).map(r => r.id)")


def test_the_filter_counts_and_keeps_its_state_in_the_address(browser, table: str) -> None:
    page = browser.new_page()
    page.goto(table)
    page.locator("select[name=callback]").select_option("early-stopping")
    page.locator("select[name=status]").select_option("known")
    page.wait_for_url("**/?callback=early-stopping&status=known")
    assert shown(page) == ["es-34", "es-35", "es-36"]
    assert page.locator("output").inner_text() == f"3 of {WHOLE} clauses"
    page.get_by_role("button", name="Show all").click()
    page.wait_for_url(table)
    assert len(shown(page)) == WHOLE
    page.close()


def test_a_link_shows_the_rows_that_its_address_asks_for(browser, table: str) -> None:
    page = browser.new_page()
    page.goto(table + "?q=nan+first&callback=early-stopping")
    assert "es-09" in shown(page)
    assert len(shown(page)) < 10
    page.goto(table + "?status=differ&run=callback-reference-0-1-0")
    assert 100 < len(shown(page)) < WHOLE
    page.goto(table + "?callback=no-such&status=nonsense")
    assert len(shown(page)) == WHOLE
    page.close()


def test_a_link_to_a_cell_shows_it_open_whatever_the_filter_says(browser, table: str) -> None:
    page = browser.new_page()
    page.goto(table + "?callback=history#es-34-keras-3-15-1-tensorflow")
    assert "es-34" in shown(page)
    assert page.locator("#es-34-keras-3-15-1-tensorflow details").get_attribute("open") is not None
    page.close()


def test_the_filter_works_by_keyboard(browser, table: str) -> None:
    page = browser.new_page()
    page.goto(table)
    page.get_by_label("Text or id").focus()
    page.keyboard.type("ES-09")
    page.wait_for_url("**/?q=ES-09")
    assert shown(page) == ["es-09"]
    page.close()


def test_without_javascript_every_row_is_shown_and_no_filter(browser, table: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(table)
    assert page.locator("tbody tr:visible").count() == WHOLE
    assert not page.locator(".matrix-form").is_visible()
    context.close()


def test_a_wide_table_scrolls_in_its_own_box_and_keeps_the_clause_in_sight(browser, wide: str) -> None:
    styles = (DOCS / "assets" / "css" / "lookup.css").read_text(encoding="utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.set_content(f"<style>{styles}</style>{wide}")
    box = page.locator(".matrix__scroll").first
    box.evaluate("box => { box.scrollIntoView(); box.scrollLeft = 900; }")
    left = page.locator("tbody th").first.evaluate("cell => cell.getBoundingClientRect().left")
    assert page.evaluate("document.querySelector('.matrix__scroll').scrollLeft") == 900
    assert 0 <= left < 30
    page.close()
