"""The results page: the matrix of versions, its filter, the pages of what broke a clause, and the badges."""

from __future__ import annotations

import copy
import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

bs4 = pytest.importorskip("bs4", reason="install the dev group: it brings Beautiful Soup")
pytest.importorskip("mkdocs", reason="install the dev group: it brings MkDocs")

from callback_conformance import report  # noqa: E402
from callback_conformance.kinds import KINDS  # noqa: E402
from callback_conformance.messages import Words  # noqa: E402
from callback_conformance.runner import Report  # noqa: E402

from site_tools import columns, contract, results, traces  # noqa: E402
from site_tools.places import DATA, DOCS, LANGUAGES  # noqa: E402
from site_tools.testing import CHROMIUM, FLAGS, served  # noqa: E402
from site_tools.words import say  # noqa: E402

WHOLE = sum(len(results.of_kind(kind)) for kind in KINDS.values())
PATCHES = (5, 1, 1, 3, 1, 0, 0, 0, 0, 2, 0, 3, 4, 2, 1, 1)  # the last of each minor version
TENTH = list(contract.clauses())[::10]
every_language = pytest.mark.parametrize("language", LANGUAGES)


def soup(text: str):
    return bs4.BeautifulSoup(text, "html.parser")


def published(package: str) -> dict[str, object]:
    """Return the published run of a package."""
    return copy.deepcopy(results.newest(columns.read(DATA / "results"))[package])


def named(run: dict[str, object], package: str, version: str, backend: str = "tensorflow") -> dict[str, object]:
    """Return a copy of a run under another name."""
    run = copy.deepcopy(run)
    run["subject"] |= {"package": package, "version": version, "backend": backend}
    return run


def breaks(run: dict[str, object], clause: str, like: dict[str, object]) -> None:
    """Let a run break a clause as another one broke a clause of the same callback, or of any."""
    entries = sorted(like["clauses"].values(), key=lambda one: one["callback"] != run["clauses"][clause]["callback"])
    failure = next(one["failure"] for one in entries if one["failure"])
    case = f"{clause}/{failure['case']}"
    run["clauses"][clause] |= {"status": "fail", "case": case, "failure": {**failure, "clause": clause}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The matrix as it will be, made from the published runs: 23 columns.

    ES-09 fails from Keras 3.7 to 3.9; ES-02 holds from 3.7 on; a tenth of all clauses fails up to 3.4; ES-03 differs
    on the NumPy backend alone; Keras 3.3 did not finish.
    """
    keras, old = published("keras"), published("tf_keras")
    runs = [named(keras, "keras", f"3.{minor}.{patch}") for minor, patch in enumerate(PATCHES)]
    for place, run in enumerate(runs):
        for clause in TENTH if place < 5 else ():
            breaks(run, clause, old)
        if place < 7:
            breaks(run, "ES-02", old)
        if 7 <= place <= 9:
            breaks(run, "ES-09", old)
    runs[3]["finished"] = False
    runs += [named(keras, "keras", "3.15.1", backend) for backend in ("jax", "torch", "numpy")]
    breaks(runs[-1], "ES-03", old)
    runs += [named(old, "tensorflow", "2.12.0"), named(old, "keras", "2.15.0"), old, published("callback_reference")]
    where = tmp_path_factory.mktemp("matrix")
    for run in runs:
        (where / f"{columns.slug(run)}.json").write_text(json.dumps(run), encoding="utf-8")
    return where


@pytest.fixture(scope="module")
def matrix(folder: Path) -> str:
    """The page's table of that matrix."""
    return results.results("en", "results.md", folder)


@pytest.fixture(scope="module")
def page(matrix: str):
    """The same, to be asked."""
    return soup(matrix)


# The columns


def test_versions_stand_in_the_order_of_their_numbers_and_families_side_by_side(folder: Path) -> None:
    read = columns.read(folder)
    assert [columns.named(column) for column in read[:2]] == ["Keras 3.0.5", "Keras 3.1.1"]
    assert [columns.named(column) for column in read[14:]] == [
        *("Keras 3.14.1", "Keras 3.15.1", "Keras 3.15.1 (JAX)", "Keras 3.15.1 (NumPy)", "Keras 3.15.1 (torch)"),
        *("tf.keras 2.12.0", "tf.keras 2.15.0", "tf-keras 2.21.0", "callback_reference 0.1.0"),
    ]
    assert list(columns.families(read)) == ["keras-3", "backends", "keras-2", "reference"]


def test_the_newest_of_a_package_is_its_highest_version_on_tensorflow(folder: Path) -> None:
    found = columns.newest(columns.read(folder))
    assert found["keras"]["subject"]["version"] == "3.15.1"
    assert found["keras"]["subject"]["backend"] == "tensorflow"


def test_a_backend_is_compared_with_tensorflow_and_the_first_version_with_none(folder: Path) -> None:
    read = columns.read(folder)
    compared = [(one := columns.before(column, read)) and columns.slug(one) for column in read]
    assert compared[0] is None
    assert compared[15] == "keras-3-14-1-tensorflow"
    assert compared[16:19] == ["keras-3-15-1-tensorflow"] * 3
    assert compared[19:] == [None, "tensorflow-2-12-0-tensorflow", "keras-2-15-0-tensorflow", None]


def test_two_files_of_one_column_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_text(json.dumps(published("keras")), encoding="utf-8")
    with pytest.raises(ValueError, match="more than one file holds the column keras-3-15-1-tensorflow; keep one"):
        columns.read(tmp_path)


def test_a_stranger_has_a_column_of_its_own(tmp_path: Path) -> None:
    run = named(published("keras"), "mypkg", "1.2", "none")
    (tmp_path / "a.json").write_text(json.dumps(run), encoding="utf-8")
    found = soup(results.results("ko", "results.md", tmp_path))
    assert found.select_one(".counts__table tbody th").get_text() == "mypkg 1.2"
    assert found.select_one(".matrix__table thead").get_text("|") == "조항|그 밖"


# The tables


@every_language
def test_each_clause_has_a_row_under_its_callback(language: str, folder: Path) -> None:
    found = soup(results.results(language, "results.md", folder))
    for box, kind in zip(found.select("details.matrix"), KINDS.values(), strict=True):
        assert box.h3["id"] == results.anchor(kind)
        assert [row["id"].upper() for row in box.select("tbody tr")] == [clause.id for clause in results.of_kind(kind)]
        assert {len(row.select("td")) for row in box.select("tbody tr")} == {4}


def test_neighbouring_versions_of_one_verdict_share_a_cell(page) -> None:
    cells = page.find(id="es-09").select("td")
    assert [part.get_text() for part in cells[0].select("p")] == ["pass 3.0–3.6", "fail 3.7–3.9", "pass 3.10–3.15"]
    assert [cell.get_text() for cell in cells[1:]] == ["pass", "fail", "pass"]
    backends = page.find(id="es-03").select("td")[1]
    assert [part.get_text() for part in backends.select("p")] == ["pass JAX, torch", "fail NumPy"]


def test_a_row_holds_the_verdict_of_every_run_as_a_letter(page, folder: Path) -> None:
    read = columns.read(folder)
    for row in page.select(".matrix tbody tr"):
        statuses = [columns.status(column, row["id"].upper()) for column in read]
        assert row["data-v"] == "".join(status[0] for status in statuses)
    assert len({name[0] for name in results.GLYPHS}) == len(results.GLYPHS)


def test_no_id_comes_twice(matrix: str) -> None:
    ids = re.findall(r' id="([^"]+)"', matrix)
    assert len(ids) == len(set(ids))


def test_the_first_table_counts_by_profile_and_says_what_changed(page) -> None:
    row = page.find(id="keras-3-7-0-tensorflow")
    assert row.select_one("td").get_text() == "1 clause began to hold, 1 no longer holds"
    links = [link["href"] for link in row.select("a")]
    run = "?run=keras-3-7-0-tensorflow"
    assert links == [f"{run}&status=began#filter", f"{run}&status=ended#filter"]
    assert page.find(id="keras-3-9-2-tensorflow").select_one("td").get_text() == "no change"
    assert (
        page.find(id="keras-3-15-1-numpy").select_one("td").get_text().startswith("against Keras 3.15.1: 1 no longer")
    )
    assert "did not finish" in page.find(id="keras-3-3-3-tensorflow").th.get_text()
    counted = sum(int(number) for number in re.findall(r"\d+", row.select("td")[1].get_text()))
    profiles = [clause.profile for clause in contract.clauses().values()]
    assert counted == profiles.count(profiles[0])
    assert '--unsupported:"unsupported";' in page.select_one(".counts__table")["style"]


def test_what_was_not_judged_counts_as_no_change(folder: Path) -> None:
    read = columns.read(folder)
    del read[6]["clauses"]["ES-02"]
    assert columns.status(read[6], "ES-02") == "not-run"
    assert results.changes(read[7], read) == ([], ["ES-09"])


@every_language
def test_the_results_stay_light(language: str, folder: Path) -> None:
    """All 23 columns; a tenth of the clauses differs between versions."""
    text = results.results(language, "results.md", folder).encode()
    assert len(text) < 450_000
    assert len(gzip.compress(text, 6)) < 60_000


def test_each_verdict_has_a_glyph_in_the_style_sheet() -> None:
    styles = (DOCS / "assets" / "css" / "lookup.css").read_text(encoding="utf-8")
    cells = re.findall(r'td\.([a-z-]+)::before, \.matrix__table p\.\1::before \{ content: "(.)" / ""', styles)
    counts = re.findall(r'\.counts__table \.([a-z-]+)::before \{ content: "(.)" / var\(--\1\)', styles)
    assert dict(cells) == dict(counts) == results.GLYPHS


@every_language
def test_the_words_of_the_page_have_the_same_glyphs(language: str) -> None:
    text = (DOCS / language / "results.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (\S) ([^|]+) \|", text, re.MULTILINE) == [
        (glyph, say(name, language)) for name, glyph in results.GLYPHS.items()
    ]


@pytest.mark.parametrize(
    ("since", "until", "said"), [("3.7", None, "since Keras 3.7"), (None, "3.9", "until Keras 3.9")]
)
def test_a_clause_says_in_which_versions_it_holds(
    since: str | None, until: str | None, said: str, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """In its row, and at the clause on the callback's page, which leads to that row."""
    clause = msgspec.structs.replace(contract.clauses()["ES-09"], since=since, until=until)
    whole = {**contract.clauses(), "ES-09": clause}
    monkeypatch.setattr(contract, "clauses", lambda: whole)
    row = soup(results.results("en", "results.md", folder)).find(id="es-09")
    assert row.th.small.get_text() == said
    assert f"[{said}](../results.md#es-09)" in contract.clause_list("early_stopping", "en")
    assert f"[{said}]" not in contract.clause_list("history", "en")
    assert [line for line in contract.version_table("early_stopping", "en", "x.md").splitlines() if said in line]


# What broke a clause


@pytest.fixture(scope="module")
def stopping(folder: Path):
    """The page on EarlyStopping."""
    return soup(traces.document(KINDS["EarlyStopping"], columns.read(folder), "en"))


def test_every_cell_with_a_link_leads_to_its_entry(matrix: str, folder: Path) -> None:
    """And every entry back to its row."""
    read = columns.read(folder)
    for kind in KINDS.values():
        text = traces.document(kind, read, "en")
        ids = re.findall(r' id="([^"]+)"', text)
        links = set(re.findall(rf'href="{results.anchor(kind)}/#([^"]+)"', matrix))
        assert links <= set(ids)
        assert len(ids) == len(set(ids))
        assert re.findall(r'class="case-row" href="\.\./#([^"]+)"', text) == [one for one in ids if one.count("-") == 1]


def test_every_version_has_its_anchor_although_versions_share_an_entry(stopping) -> None:
    entry = stopping.find(id="es-09-keras-3-8-0-tensorflow").parent
    assert entry is stopping.find(id="es-09-keras-3-7-0-tensorflow").parent
    assert entry.h3.get_text() == "✗ fail Keras 3.7–3.9"
    others = [link["href"] for link in entry.select(".case__others a")]
    assert others == ["#es-09-tensorflow-2-12-0-tensorflow"]


def test_an_entry_shows_the_case_as_a_call_and_both_traces_with_the_first_difference(stopping) -> None:
    entry = stopping.find(id="es-09-tf-keras-2-21-0-tensorflow").parent
    assert entry.pre.get_text() == "EarlyStopping(mode='min', patience=2)\nfit(val_loss=[nan, 5, 4, 5, 5, 5])"
    rows = [[cell.get_text("|") for cell in row.select("th, td")] for row in entry.select("tr")]
    assert rows[0] == ["When", "Value", "Expected", "Seen (tf.keras 2.12.0)"]
    assert rows[1] == ["epoch 0", "nan", "goes on|best='nan'".replace("'", ""), "goes on|best=inf| |first difference"]
    assert rows[3] == ["epoch 2", "4", "STOP|best=nan", "goes on|best=4"]
    assert rows[4] == ["epoch 3", "5", "training is over", "goes on|best=4"]
    assert len(entry.select("mark")) == 1
    replay = "callback-conformance tf_keras.callbacks:EarlyStopping --as EarlyStopping --case ES-09/274b"
    assert entry.select("p code")[-1].get_text() == replay


def test_an_entry_in_another_language_tells_its_reason_in_it(folder: Path) -> None:
    found = soup(traces.document(KINDS["EarlyStopping"], columns.read(folder), "ko"))
    entry = found.find(id="es-34-keras-3-15-1-tensorflow").parent
    reason = published("keras")["clauses"]["ES-34"]["reason"]
    assert reason.startswith("Keras checks the type of no argument but min_delta")
    assert Words("ko").known(reason) in entry.p.get_text()
    assert entry.select("p [lang=en]") == []
    assert entry.select_one("mark").get_text() == "처음 달라진 곳"
    assert found.html["lang"] == "ko"


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ({}, ["X()"]),
        ({"arguments": {"a": "inf", "b": {"function": "halve"}}}, ["X(a=inf, b=halve)"]),
        ({"runs": [{"logs": [{"loss": {"float64": 1.0}}]}]}, ["X()", "fit(loss=[float64(1)])"]),
        ({"runs": [{"logs": [{"a": 1}, {"b": 2}]}]}, ["X()", "fit(logs=[{'a': 1}, {'b': 2}])"]),
        ({"runs": [{"kind": "predict", "batches": 3}]}, ["X()", "predict(batches=3)"]),
        (
            {"files": {"a": "b"}, "steps": [["on_epoch_end", 0, {}]]},
            ["files = {'a': 'b'}", "X()", "on_epoch_end(0, {})"],
        ),
    ],
)
def test_a_scenario_reads_as_code(scenario: dict[str, object], expected: list[str]) -> None:
    assert traces.script(scenario, "X") == expected


def test_the_build_writes_the_pages_of_four_languages_and_a_badge_for_each_column(folder: Path, tmp_path: Path) -> None:
    few = tmp_path / "few"
    few.mkdir()
    for name in ("keras-3-15-1-jax", "callback-reference-0-1-0"):
        (few / f"{name}.json").write_bytes((folder / f"{name}.json").read_bytes())
    traces.write(tmp_path, few)
    pages = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("index.html")}
    homes = ["" if language == "en" else f"{language}/" for language in LANGUAGES]
    assert pages == {f"{home}results/{results.anchor(kind)}/index.html" for home in homes for kind in KINDS.values()}
    badges = {path.stem for path in (tmp_path / "results" / "badge").glob("*.json")}
    assert badges == {"keras-3-15-1-jax", "callback-reference-0-1-0"}
    for page in tmp_path.glob("ko/results/*/index.html"):
        for link in soup(page.read_text(encoding="utf-8")).select("link"):
            assert (page.parent / link["href"]).resolve() == (tmp_path / "assets" / link["href"].split("assets/")[1])


# Badges


def badge(*statuses: str, finished: bool = True) -> tuple[str, str]:
    """Return the message and the colour of a run with these verdicts."""
    entries = {f"X-{n}": {"callback": "X", "profile": "text", "status": one} for n, one in enumerate(statuses)}
    subject = {"name": "keras.callbacks", "package": "keras", "version": "3.15.1", "backend": "jax"}
    drawn = report.badge(msgspec.convert({"subject": subject, "finished": finished, "clauses": entries}, Report))
    assert set(drawn) == {"schemaVersion", "label", "message", "color"}
    assert (drawn["schemaVersion"], drawn["label"]) == (1, "keras 3.15.1 jax")
    return drawn["message"], drawn["color"]


def test_a_badge_counts_and_takes_the_colour_of_the_worst() -> None:
    assert badge("pass", "pass") == ("2 pass", "brightgreen")
    assert badge("pass", "known", "unsupported") == ("1 pass, 1 known, 1 unsupported", "yellowgreen")
    assert badge("pass", "fail", "known") == ("1 pass, 1 fail, 1 known", "red")
    assert badge("pass", "error") == ("1 pass, 1 error", "red")
    assert badge("not-run") == ("1 not-run", "lightgrey")
    assert badge("pass", finished=False) == ("1 pass, not finished", "lightgrey")
    assert badge() == ("no clauses", "lightgrey")


# In a browser


@pytest.fixture(scope="module")
def table(folder: Path, matrix: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page with the matrix, its script and its styles, and nothing else."""
    site = tmp_path_factory.mktemp("site")
    for kind in (KINDS["EarlyStopping"], KINDS["TerminateOnNaN"]):
        (site / "results" / results.anchor(kind)).mkdir(parents=True)
        text = traces.document(kind, columns.read(folder), "en")
        (site / "results" / results.anchor(kind) / "index.html").write_text(text, encoding="utf-8")
    for name in ("css/lookup.css", "css/traces.css", "js/results.js"):
        (site / "assets" / name).parent.mkdir(parents=True, exist_ok=True)
        (site / "assets" / name).write_bytes((DOCS / "assets" / name).read_bytes())
    head = '<link rel="stylesheet" href="../assets/css/lookup.css"><link rel="icon" href="data:,">'
    page = f"<!doctype html><html lang=en><meta charset=utf-8><title>x</title>{head}<body>{matrix}"
    (site / "results" / "index.html").write_text(page, encoding="utf-8")
    with served(site) as address:
        yield f"{address}results/"


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    """A browser without a window."""
    tools = pytest.importorskip("playwright.sync_api", reason="install the dev group: it brings Playwright")
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is absent: install Chromium, or set CHROMIUM to its path")
    with tools.sync_playwright() as started:
        window = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield window
        window.close()


@pytest.fixture
def tab(chromium) -> Iterator[object]:
    """A page; a script that fails, fails the test."""
    opened = chromium.new_page(viewport={"width": 1000, "height": 800})
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    opened.close()
    assert problems == []


def shown(tab) -> list[str]:
    """Return the rows that are shown."""
    return tab.evaluate("[...document.querySelectorAll('.matrix tbody tr')].filter(r => r.offsetParent).map(r => r.id)")


def test_the_filter_counts_and_keeps_its_state_in_the_address(tab, table: str) -> None:
    tab.goto(table)
    tab.locator("select[name=callback]").select_option("early-stopping")
    tab.locator("select[name=status]").select_option("known")
    tab.wait_for_url("**/?callback=early-stopping&status=known")
    assert shown(tab) == ["es-34", "es-35", "es-36"]
    assert tab.locator("output").inner_text() == f"3 of {WHOLE} clauses"
    tab.get_by_role("button", name="Show all").click()
    tab.wait_for_url(table)
    assert len(shown(tab)) == WHOLE


def test_a_link_shows_the_rows_that_its_address_asks_for(tab, table: str) -> None:
    tab.goto(table + "?q=nan+first&callback=early-stopping")
    assert "es-09" in shown(tab)
    assert len(shown(tab)) < 10
    tab.goto(table + "?status=versions&callback=early-stopping")
    assert "es-09" in shown(tab)
    assert "es-03" not in shown(tab)
    tab.goto(table + "?status=differ&run=callback-reference-0-1-0")
    assert 100 < len(shown(tab)) < WHOLE
    tab.goto(table + "?callback=no-such&status=nonsense")
    assert len(shown(tab)) == WHOLE


def test_the_numbers_of_what_changed_lead_to_the_rows_that_they_count(tab, table: str, folder: Path) -> None:
    read = columns.read(folder)
    for place in (7, 10):
        for name, counted in zip(("began", "ended"), results.changes(read[place], read), strict=True):
            tab.goto(f"{table}?run={columns.slug(read[place])}&status={name}")
            expected = {one.lower() for one in counted if contract.clauses()[one].status != "withdrawn"}
            assert set(shown(tab)) == expected


def test_a_cell_opens_its_case_and_the_address_says_so(tab, table: str) -> None:
    tab.goto(table)
    tab.locator("#es-09 td >> nth=0").get_by_role("link", name="fail").click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_text("first difference").wait_for()
    assert tab.url == f"{table}#es-09-keras-3-7-0-tensorflow"
    assert dialog.locator("article").count() == 1
    dialog.locator(".case__others a").click()
    dialog.get_by_role("heading", name="tf.keras 2.12").wait_for()
    tab.keyboard.press("Escape")
    tab.wait_for_url(f"{table}#es-09")
    assert not dialog.is_visible()


def test_a_link_to_a_shared_cell_opens_it_whatever_the_filter_says(tab, table: str) -> None:
    tab.goto(table + "?callback=history#es-09-keras-3-8-0-tensorflow")
    tab.get_by_role("dialog").get_by_text("Keras 3.7–3.9").wait_for()
    assert "es-09" in shown(tab)
    assert tab.locator("#es-09 td.meant").count() == 1


def test_a_link_to_a_cell_that_passes_shows_the_row_and_no_dialog(tab, table: str) -> None:
    tab.goto(table + "#es-03-keras-3-8-0-tensorflow")
    tab.locator("#es-03 td.meant").wait_for()
    assert tab.locator("dialog[open]").count() == 0
    assert tab.locator("#es-03").evaluate("row => row.getBoundingClientRect().top < innerHeight")


def test_a_case_that_cannot_be_loaded_says_so(tab, table: str) -> None:
    tab.route("**/early-stopping/", lambda route: route.abort())
    tab.goto(table + "#es-09-keras-3-8-0-tensorflow")
    tab.get_by_role("dialog").get_by_text("The case could not be loaded.").wait_for()


def test_the_filter_and_the_cells_work_by_keyboard(tab, table: str) -> None:
    tab.goto(table)
    tab.get_by_label("Text or id").focus()
    tab.keyboard.type("ES-09")
    tab.wait_for_url("**/?q=ES-09")
    assert shown(tab) == ["es-09"]
    tab.locator("#es-09 td a").first.focus()
    tab.keyboard.press("Enter")
    tab.get_by_role("dialog").get_by_text("first difference").wait_for()
    tab.keyboard.press("Enter")  # the button that closes it has the focus
    assert tab.evaluate("document.activeElement.closest('tr').id") == "es-09"


def test_without_javascript_every_row_is_shown_and_a_cell_leads_to_its_case(chromium, table: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(table)
    assert page.locator(".matrix tbody tr:visible").count() == WHOLE
    assert not page.locator(".matrix-form").is_visible()
    page.locator("#es-09 td a").first.click()
    page.wait_for_url("**/results/early-stopping/#es-09-keras-3-7-0-tensorflow")
    assert page.locator("article:has(> span:target) mark").inner_text() == "first difference"
    context.close()


def test_on_a_phone_each_clause_is_a_card_that_names_its_columns(chromium, table: str) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.goto(table)
    box = page.locator(".matrix__scroll").first
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    label = "getComputedStyle(document.querySelector('#es-09 td'), '::after').content"
    assert "Keras 3.0–3.15 on TensorFlow" in page.evaluate(label)
    page.close()


AXE = ROOT / "conformance_tests" / "vendor" / "axe-core" / "axe.min.js"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_page_of_cases(chromium, table: str, scheme: str) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
    page.goto(table + "terminate-on-nan/")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)")
    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found] == []
    assert width <= 390


def test_axe_finds_nothing_in_an_open_case(tab, table: str) -> None:
    tab.goto(table + "#es-09-keras-3-8-0-tensorflow")
    tab.get_by_role("dialog").get_by_text("first difference").wait_for()
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    found = tab.evaluate("axe.run('dialog', {resultTypes: ['violations']}).then(found => found.violations)")
    assert [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found] == []
