"""The pages to look things up in: results, surprises, Keras 2, glossary, API, and the words that they share."""

from __future__ import annotations

import ast
import json
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

bs4 = pytest.importorskip("bs4", reason="install the dev group: it brings Beautiful Soup")
pytest.importorskip("mkdocs", reason="install the dev group: it brings MkDocs")

from callback_conformance import clauses as contract_clauses  # noqa: E402
from callback_conformance.kinds import KINDS  # noqa: E402
from callback_conformance.messages import Words  # noqa: E402

from site_tools import api, contract, inline, keras_2, moving, results, surprises, terms, words  # noqa: E402
from site_tools.places import DATA, LANGUAGES  # noqa: E402

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
    runs = results.newest(results.read(DATA / "results"))
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


def test_a_surprise_says_what_keras_does_and_shows_its_evidence_in_the_readers_language() -> None:
    found = soup(surprises.surprises("ko", "surprises.md"))
    entry = next(box for box in found.select("details") if box.select_one("p > a").get_text() == "RL-36")
    keras, reference, evidence = entry.select("dd")
    assert Words("ko").known("Keras swallows arguments that do not exist") + "." in keras.get_text()
    assert reference.get_text() == "✓ 통과"
    assert evidence.get_text() == contract.clauses()["RL-36"].evidence_ko.replace("`", "")
    assert found.select("[lang=en]") == []


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
        links = {link["href"] for link in soup(text).select("a[href^='../']:not([href*='/badge/'])")}
        assert links
        assert links <= expected


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
