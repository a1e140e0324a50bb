"""The pages on which callback to take and on what is left when training ends: nothing in them is written by hand."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

bs4 = pytest.importorskip("bs4", reason="install the dev group: it brings Beautiful Soup")

import callback_reference  # noqa: E402

from site_tools.pictures import PICTURES  # noqa: E402
from site_tools.pictures.drawing import trace  # noqa: E402
from site_tools.pictures.which_callback import which_callback  # noqa: E402
from site_tools.places import DATA, DOCS, LANGUAGES  # noqa: E402
from site_tools.tags import replace  # noqa: E402
from site_tools.testing import CHROMIUM, FLAGS  # noqa: E402
from site_tools.words import say  # noqa: E402

in_every_language = pytest.mark.parametrize("language", LANGUAGES)
PUBLIC = sorted(set(callback_reference.__all__) - {"LoopState"})
PAGES = ("which-callback", "logs", "which-weights", "crash", "how-to/transfer-learning")


def drawing(language: str, page: str = "which-callback.md") -> Any:
    """Return the decision picture as a tree."""
    return bs4.BeautifulSoup(which_callback(language, page), "html.parser").svg


def rows(tag: str, language: str = "en") -> list[list[str]]:
    """Return the cells of a table that a tag becomes, without its head."""
    lines = replace(f"{{{{ {tag} }}}}", language, "crash.md").splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@in_every_language
def test_every_public_callback_is_a_leaf_of_the_decision_picture(language: str) -> None:
    """A reader who does not find a callback there would think that there is none."""
    assert sorted(name.get_text() for name in drawing(language).select("a .leaf-name")) == PUBLIC


@in_every_language
def test_every_public_callback_has_a_row_in_the_table_of_wishes(language: str) -> None:
    """The table says the same as the picture, and links to the same pages."""
    text = (DOCS / language / "which-callback.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| [^|]+ \| \[(\w+)\]\((callbacks/[\w-]+)\.md\) \|", text, re.MULTILINE)
    pictured = {link.select_one(".leaf-name").get_text(): link["href"] for link in drawing(language).select("a")}
    assert pictured == {name: f"../{page}/" for name, page in table}
    assert sorted(pictured) == PUBLIC


@pytest.mark.parametrize("page", ["index.md", "which-callback.md", "how-to/resume.md"])
def test_a_link_of_the_picture_leads_to_a_page_from_wherever_it_stands(page: str) -> None:
    """The addresses are relative to the page that shows the picture."""
    here = "." if page == "index.md" else page.removesuffix(".md")
    targets = [os.path.normpath(f"{here}/{link['href']}") for link in drawing("en", page).select("a")]
    assert [target for target in targets if not (DOCS / "en" / f"{target}.md").exists()] == []


@in_every_language
def test_the_picture_with_links_is_a_group_with_names(language: str) -> None:
    """An image would hide its links from a screen reader; each group and each link has a name."""
    svg = drawing(language)
    assert svg["role"] == "group"
    assert svg.title.get_text()
    assert svg.desc.get_text()
    labels = [group["aria-labelledby"] for group in svg.select("g[role=group]")]
    assert all(svg.find(id=label).get_text() for label in labels)
    assert all(link.get_text().strip() for link in svg.select("a"))


def test_the_two_rows_without_a_stopping_callback_agree_in_every_ending() -> None:
    """`EarlyStopping` without `restore_best_weights` leaves what a run without callbacks leaves."""
    cases = {(case["callback"], case["ending"]): case for case in trace("which_weights")}
    endings = {ending for _, ending in cases}
    places = ("model", "updates", "file", "memory")
    assert [e for e in endings if any(cases["none", e][p] != cases["stopper", e][p] for p in places)] == []


def test_an_exception_and_ctrl_c_leave_the_same() -> None:
    """The page shows one table for both."""
    cases = trace("which_weights")
    exception = [{**case, "ending": ""} for case in cases if case["ending"] == "exception"]
    interrupt = [{**case, "ending": ""} for case in cases if case["ending"] == "interrupt"]
    assert exception == interrupt


def test_a_tag_with_an_unknown_ending_names_those_that_are_recorded() -> None:
    """The author of a page sees what to write."""
    with pytest.raises(ValueError, match=r"ending 'fire' is not recorded; known are end, exception, interrupt"):
        replace('{{ which_weights("fire") }}', "en", "which-weights.md")


@in_every_language
def test_the_figures_of_the_killed_processes_are_those_of_the_experiments(language: str) -> None:
    """Whoever repeats an experiment changes the page."""
    saving = json.loads((DATA / "kill_while_saving.json").read_text(encoding="utf-8"))["found"]
    resumed = json.loads((DATA / "crash_and_resume.json").read_text(encoding="utf-8"))
    (keras,) = (found for name, found in saving.items() if name != "reference")
    expected = [[keras[field], saving["reference"][field]] for field in ("kills", "unreadable")]
    for field in ("killed", "not_resumed", "different"):
        expected.append([resumed["tf.keras"][field], resumed["reference"][field]])
    table = rows("crash_figures()", language)
    assert [[int(cell) for cell in row[1:]] for row in table[:-1]] == expected
    assert int(table[-1][1]) == resumed["tf.keras without Dropout"]["different"]


def test_what_the_page_says_of_the_resumed_runs_is_in_the_data() -> None:
    """tf.keras fails within the save alone, and without Dropout what it resumes ends bit for bit the same."""
    resumed = json.loads((DATA / "crash_and_resume.json").read_text(encoding="utf-8"))
    failed = {point["place"] for point in resumed["tf.keras"]["points"] if not point["resumed"]}
    assert failed == {"within the save"}
    assert all(not p["differs"] for p in resumed["tf.keras without Dropout"]["points"] if p["resumed"])
    assert resumed["reference"]["different"] == 0


@in_every_language
def test_the_table_of_accidents_tells_tf_keras_and_the_reference_apart(language: str) -> None:
    """A full disk spoils a file of the one and not of the other."""
    spoilt = say("unreadable", language)
    checkpoint, backup, csv, events = (row[-1] for row in rows("crash_table()", language)[:4])
    assert all(
        cell.startswith("tf.keras") and cell.index(spoilt) < 12 and cell.count(spoilt) == 1
        for cell in (checkpoint, backup)
    )
    assert spoilt not in csv + events


@in_every_language
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_says_no_placeholder(name: str, language: str) -> None:
    """The alternative text is filled in."""
    soup = bs4.BeautifulSoup(PICTURES[name](language), "html.parser")
    assert not re.search(r"\{[a-z_]+\}", soup.title.get_text() + soup.desc.get_text())


@in_every_language
@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_a_description_of_a_sentence(page: str, language: str) -> None:
    """Search engines show it: long enough to say something, short enough to be shown whole."""
    text = (DOCS / language / f"{page}.md").read_text(encoding="utf-8")
    found = re.search(r'^description: "(.*)"$', text, re.MULTILINE)
    assert found
    assert (60 if language in ("en", "it") else 20) <= len(found[1]) <= 160


@pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"{CHROMIUM} is absent: install Chromium, or set CHROMIUM to its path"
)
def test_the_keyboard_reaches_every_callback_and_shows_where_it_is() -> None:
    """Tab goes from link to link in the order of the picture, and the focus is visible."""
    playwright = pytest.importorskip("playwright.sync_api", reason="install the dev group: it brings Playwright")
    styles = (DOCS / "assets" / "css" / "pictures.css").read_text("utf-8")
    page_source = f'<style>{styles}</style><body data-md-color-scheme="default">{which_callback("en", "index.md")}'
    expected = [link.select_one(".leaf-name").get_text() for link in drawing("en").select("a")]
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_page()
        page.set_content(page_source)
        named = page.get_by_role("link").all_inner_texts() or page.get_by_role("link").all_text_contents()
        reached, widths = [], set()
        for _ in expected:
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.querySelector('.leaf-name').textContent"))
            widths.add(page.evaluate("getComputedStyle(document.activeElement.querySelector('rect')).strokeWidth"))
        browser.close()
    assert len(named) == len(expected)
    assert reached == expected
    assert widths == {"3px"}
