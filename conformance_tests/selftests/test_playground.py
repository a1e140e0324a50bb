"""The playground in a real browser: its answers are Python's, it works by keyboard, and bad input gets a sentence."""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from site_tools.testing import CHROMIUM, FLAGS, built, served  # noqa: E402

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"{CHROMIUM} is absent: install Chromium, or set CHROMIUM to its path"
)
playwright = pytest.importorskip("playwright.sync_api", reason="install the dev group: it brings Playwright")
pytest.importorskip("material")

import callback_reference  # noqa: E402
from callback_conformance.hosts.stub import StubDriver  # noqa: E402
from callback_conformance.scenarios import Run  # noqa: E402

from site_tools.places import LANGUAGES, REFERENCE  # noqa: E402
from site_tools.playground import ASSETS, EXAMPLES, MODULES, arguments  # noqa: E402
from site_tools.words import say  # noqa: E402

SHRINKS = "&cb=LearningRateScheduler&schedule=lr*0.9"
LONG_NAME = "a-very-long-name-for-a-file-{epoch:02d}-{val_loss:.2f}-and-more.keras"
ANSWERED = "document.querySelector('.play').dataset.answer"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser without a window."""
    with playwright.sync_playwright() as tools:
        started = tools.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def root() -> Iterator[str]:
    """The address of the built site."""
    with served(built()) as address:
        yield address


@pytest.fixture
def page(browser, root: str) -> Iterator[Any]:
    """A page that must stay quiet and at home."""
    errors: list[str] = []
    requests: list[str] = []
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("request", lambda request: requests.append(request.url))
    opened.requested = requests
    yield opened
    opened.close()
    assert errors == []
    assert [url for url in requests if not url.startswith((root, "data:"))] == []


def home(language: str) -> str:
    """Return the folder of a language."""
    return "" if language == "en" else f"{language}/"


def opened(page: Any, address: str) -> None:
    """Go to a page, and wait for Python's first answer."""
    page.goto(address)
    page.wait_for_selector(".play[data-answer]", timeout=30000)


def after(page: Any, action: Any) -> None:
    """Do something, and wait for Python's next answer."""
    before = page.evaluate(ANSWERED)
    action()
    page.wait_for_function(f"{ANSWERED} !== '{before}'", timeout=30000)


def fragment(state: list[tuple[str, Any]]) -> str:
    """Return the address of a state."""
    return "#play&" + urlencode(state)


def status(page: Any) -> str:
    """Return what the live sentence says."""
    return str(page.locator(".play-status").inner_text())


def problem(page: Any) -> str:
    """Return what is said to be wrong."""
    return str(page.locator(".play-problem").inner_text())


def picture(page: Any) -> str:
    """Return the picture as it is drawn."""
    return str(page.locator(".play-picture").evaluate("svg => svg.innerHTML.replace(/tabindex=\"-?\\d\"/g, '')"))


def pattern(key: str, language: str) -> re.Pattern[str]:
    """Return what a sentence looks like, whatever stands in its braces."""
    words = say(f"play-{key}", language, **dict.fromkeys(re.findall(r"\{(\w+)\}", raw(key, language)), "\0"))
    return re.compile(re.escape(words).replace("\0", ".*"), re.DOTALL)


def raw(key: str, language: str) -> str:
    """Return a sentence with its braces."""

    class Keep(dict):  # type: ignore[type-arg]
        def __missing__(self, name: str) -> str:
            return "{" + name + "}"

    from site_tools import words

    return words._table()[f"play-{key}"][language]


# What Python says


class Script(callback_reference.Callback):
    """Puts a scripted value into the logs, and reads what the others did."""

    def __init__(self, name: str, values: list[float]) -> None:
        super().__init__()
        self.name, self.values = name, values

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        logs.clear()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        logs.clear()
        logs[self.name] = self.values[epoch]


class Recorder(callback_reference.Callback):
    """Stands last."""

    def __init__(self) -> None:
        super().__init__()
        self.rates: list[float] = []
        self.files: list[list[str]] = []
        self.seen: dict[str, int] = {}

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.rates.append(self.model.optimizer.learning_rate)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        now = {path.name: path.stat().st_mtime_ns for path in Path().iterdir()}
        self.files.append(sorted(name for name, written in now.items() if self.seen.get(name) != written))
        self.seen = now


def in_python(values: list[float], callbacks: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """Train in CPython, with the host of the suite and a real disk."""
    made = [getattr(callback_reference, kind)(**given) for kind, given in callbacks]
    recorder, driver = Recorder(), StubDriver()
    driver.model.optimizer.learning_rate = 0.01
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        driver.play([Script("val_loss", values), *made, recorder], Run(epochs=len(values)))
    stopper = next(callback for callback in made if hasattr(callback, "best_epoch"))
    return {
        "rates": [f"{rate:.6g}" for rate in recorder.rates],
        "files": recorder.files,
        "best": stopper.best_epoch,
        "stopped": driver.model.stop_training,
    }


def in_the_page(page: Any) -> dict[str, Any]:
    """Read the same from the table, and from the sentence."""
    cells = "[...row.cells].map(cell => cell.textContent)"
    rows = page.evaluate(f"[...document.querySelectorAll('.play-table tbody tr')].map(row => {cells})")
    names = page.evaluate("[...document.querySelectorAll('.play-table th[scope=col]')].map(cell => cell.textContent)")
    rate, files, event = (names.index(say(f"play-col-{name}", "en")) for name in ("rate", "files", "event"))
    trained = [row for row in rows if row[event] != say("play-event-not-trained", "en")]
    best = re.search(r"Best epoch: (\d+),", status(page))
    return {
        "rates": [f"{float(row[rate]):.6g}" for row in trained],
        "files": [sorted(filter(None, row[files].split(", "))) for row in trained],
        "best": int(best[1]) if best else 0,
        "stopped": any(say("play-event-stop", "en") in row[event] for row in trained),
    }


def drawn(seed: int) -> tuple[list[float], list[tuple[str, dict[str, Any]]]]:
    """Draw a curve that falls, levels out and trembles, and arguments."""
    draw = random.Random(seed)
    values = [round(0.9 * 0.8**epoch + draw.choice([0, 0.125, 0.05]) * draw.random(), 3) for epoch in range(15)]
    if seed % 5 == 0:
        values[draw.randrange(15)] = 0.625
    stopper = {"patience": draw.randint(1, 5), "min_delta": draw.choice([0, 0.01]), "restore_best_weights": True}
    plateau = {"patience": draw.randint(1, 3), "factor": draw.choice([0.5, 0.1]), "cooldown": draw.randint(0, 2)}
    name = draw.choice(["{epoch:02d}-{val_loss:.2f}.keras", "{epoch}-{val_loss}.keras", "{val_loss:.1f}.keras"])
    saver = {"filepath": name, "save_best_only": draw.random() < 0.7}
    chosen = [("EarlyStopping", stopper), ("ReduceLROnPlateau", plateau), ("ModelCheckpoint", saver)]
    draw.shuffle(chosen)
    return values, chosen


def test_the_answers_are_those_of_python(page, root: str) -> None:
    """Twenty drawn curves: stop, best epoch, learning rates and files are equal."""
    opened(page, root + "playground/")
    for seed in range(20):
        values, chosen = drawn(seed)
        state: list[tuple[str, Any]] = [("curve", "val_loss"), ("values", ",".join(map(str, values))), ("rate", 0.01)]
        for kind, given in chosen:
            state += [("cb", kind), *given.items()]
        after(page, lambda state=state: page.evaluate("hash => { location.hash = hash }", fragment(state)))
        assert in_the_page(page) == in_python(values, chosen), (seed, values, chosen)


# How it is used


def test_a_point_moves_by_keyboard_and_says_where_it_is(page, root: str) -> None:
    """Arrows choose and move, N makes a NaN; the screen reader hears the value and what it means."""
    opened(page, root + "callbacks/early-stopping/#play&cb=EarlyStopping&patience=3")
    point = page.locator(".play-point")
    point.first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.epoch") == "1"
    assert point.nth(1).get_attribute("role") == "slider"
    assert point.nth(1).get_attribute("aria-valuetext") == f"0.68, {say('play-event-improves', 'en')}"
    after(page, lambda: page.keyboard.press("ArrowDown"))
    assert float(point.nth(1).get_attribute("aria-valuenow")) < 0.68
    after(page, lambda: page.keyboard.press("n"))
    assert point.nth(1).get_attribute("aria-valuetext").startswith("nan")
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.dataset.epoch") == "9"
    assert page.locator(".play-point[tabindex='0']").count() == 1


def test_a_point_moves_by_mouse(page, root: str) -> None:
    """Dragging the last point below all others makes it the best."""
    opened(page, root + "callbacks/early-stopping/#play&cb=EarlyStopping&patience=9")
    box = page.locator(".play-point").last.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    after(page, lambda: page.mouse.move(x, y + 120, steps=4))
    page.mouse.up()
    page.wait_for_function("document.querySelector('.play-status').textContent.includes('Best epoch: 9')")


def test_a_link_keeps_what_the_reader_sees(page, root: str) -> None:
    """After a change, the address alone brings back curve, arguments and answer."""
    opened(page, root + "it/playground/")
    after(page, lambda: page.locator("[name='EarlyStopping.patience']").fill("2"))
    after(page, lambda: page.locator("[data-act=add]").click())
    page.locator("[data-act=copy]").click()
    page.wait_for_function("document.querySelector('.play-problem').textContent !== ''")
    assert problem(page) in (say("play-copied", "it"), say("play-not-copied", "it"))
    address, seen, drawing = page.url, status(page), picture(page)
    page.goto("about:blank")
    opened(page, address)
    assert status(page) == seen
    assert picture(page) == drawing
    assert page.locator("[name='EarlyStopping.patience']").input_value() == "2"


def test_every_example_and_every_experiment_works(page, root: str) -> None:
    """No link of the page shows a problem."""
    opened(page, root + "playground/")
    links = page.locator(".play-link")
    assert links.count() == 6
    for index in range(6):
        after(page, links.nth(index).click)
        assert problem(page) == ""
    for kind in filter(None, EXAMPLES):
        slug = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=LR)(?=On)", "-", kind).lower().replace("on-na-n", "on-nan")
        page.goto(root + f"callbacks/{slug}/")
        page.locator(".play").scroll_into_view_if_needed()
        page.wait_for_selector(".play[data-answer]", timeout=30000)
        assert problem(page) == ""


def test_nothing_is_loaded_before_it_is_needed(page, root: str) -> None:
    """A page that is read from its top does not fetch MicroPython, and shows a sentence where it will be."""
    page.goto(root + "callbacks/model-checkpoint/", wait_until="networkidle")
    assert [url for url in page.requested if "micropython" in url or "worker.js" in url] == []
    assert page.locator(".play-wait").inner_text() == say("play-needs-script", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_input_gets_a_sentence_and_leaves_the_picture(page, root: str, language: str) -> None:
    """In the language of the page."""
    opened(
        page,
        root + home(language) + "playground/#play&cb=EarlyStopping&patience=2&cb=LearningRateScheduler&schedule=lr*0.9",
    )
    good = picture(page)

    def fails(key: str, action: Any) -> None:
        action()
        page.wait_for_function("document.querySelector('.play-problem').textContent !== ''")
        assert pattern(f"problem-{key}", language).fullmatch(problem(page)), (key, problem(page))
        assert picture(page) == good, key

    def typed(name: str, text: str, back: str) -> Any:
        def act() -> None:
            page.locator(f"[name='{name}']").fill(back)
            page.locator(f"[name='{name}']").fill(text)

        return act

    def pasted(text: str) -> Any:
        def act() -> None:
            page.evaluate("text => { document.querySelector('[name=csv]').value = text }", text)
            page.locator("[data-act=csv]").evaluate("button => button.click()")

        return act

    def entered(name: str, text: str) -> Any:
        def act() -> None:
            page.locator(f".play-tools [name={name}]").fill(text)
            page.keyboard.press("Enter")

        return act

    fails("csv-empty", pasted(""))
    fails("csv-empty", pasted("  \n \n"))
    fails("csv-no-names", pasted("1,2,3\n4,5,6"))
    fails("csv-no-rows", pasted("Dear reader"))
    fails("csv-no-columns", pasted("epoch\n0\n1"))
    fails("csv-cell", pasted("date,place\nMonday,here\nTuesday,there"))
    fails("csv-huge", pasted("epoch,loss\n" + "0,1\n" * 100001))
    fails("value", entered("value", "abc"))
    fails("epoch", entered("epoch", "99"))
    fails("refused", typed("EarlyStopping.patience", "two", "2"))
    after(page, lambda: page.locator("[name='EarlyStopping.patience']").fill("2"))
    fails("raised", typed("EarlyStopping.monitor", "happiness", "val_loss"))
    after(page, lambda: page.locator("[name='EarlyStopping.monitor']").fill("val_loss"))
    fails("rate", typed("rate", "nan", "0.01"))
    fails("rate", typed("rate", "", "0.01"))
    after(page, lambda: page.locator("[name=rate]").fill("0.01"))
    fails("batches", typed("batches", "1e9", "1"))
    after(page, lambda: page.locator("[name=batches]").fill("1"))
    fails("word", typed("LearningRateScheduler.schedule", "__import__('os')", "lr*0.9"))
    fails("syntax", typed("LearningRateScheduler.schedule", "lr * (", "lr*0.9"))
    fails("raised", typed("LearningRateScheduler.schedule", "1", "lr*0.9"))
    fails("raised", typed("LearningRateScheduler.schedule", "lr / epoch", "lr*0.9"))
    after(page, lambda: page.locator("[name='LearningRateScheduler.schedule']").fill("lr*0.9"))
    assert problem(page) == ""
    assert picture(page) == good


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_damaged_link_shows_the_example_and_says_so(page, root: str, language: str) -> None:
    """Whatever a link holds, the reader gets a working playground."""
    opened(page, root + home(language) + "playground/#play&cb=EarlyStopping&values=1,two")
    assert pattern("problem-link", language).fullmatch(problem(page))
    assert page.locator(".play-point").count() == len(EXAMPLES[""][1])


def test_a_run_of_the_readers_own_is_shown(page, root: str) -> None:
    """A file of CSVLogger: another column, a missing value, and a curve of another name that is still watched."""
    opened(page, root + "callbacks/early-stopping/#play&cb=EarlyStopping&patience=1")
    text = "epoch,loss,val_mae\n0,0.5,0.9\n1,0.4,NA\n2,0.3,0.7\n3,0.35,0.8\n"
    page.locator(".play-csv summary").click()
    page.locator("[name=csv]").fill(text)
    after(page, page.locator("[data-act=csv]").click)
    assert page.locator("[name=curve]").input_value() == "loss"
    assert status(page).startswith(say("play-result-stop", "en", name="EarlyStopping", epoch=3))
    after(page, lambda: page.locator("[name=column]").select_option("val_mae"))
    assert page.locator("[name='EarlyStopping.monitor']").input_value() == "val_mae"
    assert page.locator(".play-point").nth(1).get_attribute("aria-valuetext") == "na"
    assert "Best epoch: 2, with 0.7." in status(page)


def test_a_hundred_thousand_epochs_do_not_freeze_the_page(page, root: str) -> None:
    """Python works on them in the background, and whoever does not want to wait starts over."""
    opened(page, root + "callbacks/early-stopping/#play&cb=EarlyStopping")
    page.evaluate(
        "document.querySelector('[name=csv]').value = 'epoch,val_loss\\n' +"
        " [...Array(100000)].map((_, epoch) => `${epoch},${200000 - epoch}`).join('\\n')"
    )
    page.locator("[data-act=csv]").evaluate("button => button.click()")
    page.wait_for_function("document.querySelector('.play-status').textContent.includes('of 100,000 epochs so far')")
    assert page.locator(".play-picture polyline").evaluate("line => line.points.numberOfItems") <= 400
    assert page.locator(".play-point").count() == 0
    after(page, page.locator("[data-act=reset]").click)
    assert page.locator(".play-point").count() == 10


def test_a_long_curve_is_run_whole_and_drawn_in_part(page, root: str) -> None:
    """And says so, and does not fit into a link."""
    opened(page, root + "callbacks/early-stopping/#play&cb=EarlyStopping&patience=3")
    page.evaluate(
        "document.querySelector('[name=csv]').value = 'epoch,val_loss\\n' +"
        " [...Array(4000)].map((_, epoch) => `${epoch},${Math.abs(2000 - epoch)}`).join('\\n')"
    )
    after(page, lambda: page.locator("[data-act=csv]").evaluate("button => button.click()"))
    assert status(page).startswith(say("play-result-stop", "en", name="EarlyStopping", epoch=2003))
    assert pattern("note-sampled", "en").search(page.locator(".play-notes").inner_text())
    assert page.locator(".play-table tbody tr").count() <= 200
    page.locator("[data-act=copy]").click()
    assert problem(page) == say("play-problem-long", "en", count="4,000")


def test_an_endless_expression_is_stopped(page, root: str) -> None:
    """Python is started anew, and the next expression works."""
    opened(page, root + "callbacks/learning-rate-scheduler/#play&cb=LearningRateScheduler&schedule=lr*0.9")
    good = picture(page)
    page.locator("[name='LearningRateScheduler.schedule']").fill("lr * sum(a for a in range(10**9))")
    page.wait_for_function("document.querySelector('.play-problem').textContent !== ''", timeout=30000)
    assert pattern("problem-hangs", "en").fullmatch(problem(page))
    assert picture(page) == good
    after(page, lambda: page.locator("[name='LearningRateScheduler.schedule']").fill("lr * 0.5"))
    assert problem(page) == ""


def test_a_run_that_ends_by_an_exception_is_shown(page, root: str) -> None:
    """`raise_error` is no bad input: the picture shows how far training came."""
    opened(page, root + "callbacks/terminate-on-nan/#play&cb=TerminateOnNaN&raise_error=True")
    assert pattern("result-raised", "en").fullmatch(status(page))
    assert problem(page) == ""


def test_without_javascript_a_sentence_says_what_is_missing(browser, root: str) -> None:
    """In the language of the page."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(root + "ko/callbacks/early-stopping/")
    assert page.locator(".play-wait").inner_text() == say("play-needs-script", "ko")
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits_a_phone_with_everything_open(browser, root: str, language: str) -> None:
    """No sideways scrolling at 360 pixels; the table scrolls by itself."""
    page = browser.new_page(viewport={"width": 360, "height": 740})
    several = f"#play&cb=EarlyStopping&cb=ReduceLROnPlateau&cb=ModelCheckpoint&filepath={LONG_NAME}{SHRINKS}"
    opened(page, root + home(language) + "playground/" + several)
    page.evaluate("document.querySelectorAll('.play details').forEach(part => { part.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


# What it is built of


def test_the_browser_gets_the_files_of_the_reference_as_they_are() -> None:
    """No rewritten copy."""
    for name in MODULES:
        assert (built() / ASSETS / "reference" / name).read_bytes() == (REFERENCE / name).read_bytes()


def test_every_argument_has_its_words_and_the_default_of_the_reference() -> None:
    """An argument that is added to a callback needs words in four languages."""
    for kind in filter(None, EXAMPLES):
        for argument in arguments(kind):
            assert {language: say(f"play-arg-{argument['name']}", language, epoch=1) for language in LANGUAGES}
    assert [a["default"] for a in arguments("EarlyStopping")] == ["val_loss", "0", "0", "auto", "None", "False", "0"]


def test_an_unknown_kind_stops_the_build() -> None:
    """With the kinds that there are."""
    from site_tools.playground import playground

    with pytest.raises(LookupError, match="there is no playground for 'History'; there is one for EarlyStopping"):
        playground("en", "playground.md", "History")


def test_the_words_in_the_page_do_not_end_its_script() -> None:
    """What is embedded is JSON, whatever the words hold."""
    html = (built() / "zh" / "playground" / "index.html").read_text(encoding="utf-8")
    data = re.search(r'<script type="application/json" class="play-data">(.*?)</script>', html, re.DOTALL)
    assert data
    assert json.loads(data[1])["language"] == "zh"
