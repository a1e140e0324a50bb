"""The site in a real browser: no error, no other host, no barrier, search, languages, keyboard, paper, a phone."""

from __future__ import annotations

import gzip
import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

pytest.importorskip("playwright.sync_api", reason="install the dev group: it brings Playwright")
pytest.importorskip("material", reason="install the dev group: it brings the site's theme")

from site_tools.places import LANGUAGES  # noqa: E402
from site_tools.testing import CHROMIUM, addresses, browser, built, served  # noqa: E402
from site_tools.words import say  # noqa: E402

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"{CHROMIUM} is absent: install Chromium, or set CHROMIUM to its path"
)

AXE = ROOT / "conformance_tests" / "vendor" / "axe-core" / "axe.min.js"
AXE_SUM = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
JUDGE = """async only => {
    const options = { resultTypes: ["violations"], preload: false };
    if (only) options.runOnly = { type: "rule", values: only };
    const told = (rule, node) => `${rule.id}: ${node.target} ${node.html.slice(0, 120)} ${node.failureSummary}`;
    const { violations } = await axe.run(document, options);
    return violations.flatMap(rule => rule.nodes.slice(0, 3).map(node => told(rule, node)));
}"""
COLOURS = ["color-contrast", "link-in-text-block"]  # the rules whose answer depends on the scheme
DARKEN = "document.body.setAttribute('data-md-color-scheme', 'slate')"
HOMES = {language: "" if language == "en" else f"{language}/" for language in LANGUAGES}
PAGES = [address for language in LANGUAGES for address in addresses(language)]
FRAMES = [home + rest for home in HOMES.values() for rest in ("", "callbacks/early-stopping/", "results/")]
FIRST_LOAD = 270_000  # bytes; 300,000 are promised, the rest is for the playground's script

# What a reader types, and the pages of which one has to be among the first five.
QUERIES = {
    "en": {
        "patience": "callbacks/early-stopping",
        "training": "tutorials/see-your-training who-runs-when tutorials/stop-at-the-right-time how-to/custom-loop",
        "overfitting": "tutorials/stop-at-the-right-time callbacks/early-stopping",
        "learning rates": "tutorials/learning-rates how-to/schedule-the-rate callbacks/learning-rate-scheduler",
        "best weights": "which-weights callbacks/early-stopping callbacks/model-checkpoint",
        "early stopping": "callbacks/early-stopping",
        "save every epoch": "how-to/save-every-n-epochs",
        "logs": "logs tutorials/what-a-callback-is",
        "val_loss": "callbacks/early-stopping callbacks/terminate-on-nan callbacks/reduce-lr-on-plateau logs",
        "ES-09": "callbacks/early-stopping",
    },
    "it": {
        "arresto": "callbacks/early-stopping",
        "addestramento": "who-runs-when tutorials/stop-at-the-right-time which-weights how-to/resume",
        "pesi": "which-weights callbacks/early-stopping",
        "tasso di apprendimento": "tutorials/learning-rates how-to/schedule-the-rate callbacks/learning-rate-scheduler",
        "ripristinare": "which-weights callbacks/early-stopping callbacks/model-checkpoint",
        "sovradattamento": "tutorials/stop-at-the-right-time",
        "metriche": "how-to/several-metrics logs callbacks/csv-logger",
        "arresto anticipato": "callbacks/early-stopping",
        "checkpoint": "callbacks/model-checkpoint callbacks/orbax-checkpoint callbacks/backup-and-restore",
    },
    "zh": {
        "早停": "callbacks/early-stopping tutorials/stop-at-the-right-time",
        "权重": "which-weights",
        "学习率": "tutorials/learning-rates how-to/schedule-the-rate callbacks/learning-rate-scheduler",
        "过拟合": "tutorials/stop-at-the-right-time",
        "监控": "callbacks/remote-monitor callbacks/early-stopping",
        "回调函数": "tutorials/what-a-callback-is which-callback callbacks/callback index",
        "训练": "which-weights how-to/resume tutorials/stop-at-the-right-time who-runs-when",
        "轮次": "how-to/save-every-n-epochs",
        "损失": "logs callbacks/terminate-on-nan callbacks/early-stopping tutorials/stop-at-the-right-time",
    },
    "ko": {
        "가중치": "which-weights",
        "조기 종료": "callbacks/early-stopping tutorials/stop-at-the-right-time",
        "훈련": "tutorials/see-your-training how-to/resume crash which-weights how-to/custom-loop",
        "훈련을": "tutorials/see-your-training how-to/resume crash which-weights how-to/custom-loop",
        "학습률": "tutorials/learning-rates how-to/schedule-the-rate callbacks/learning-rate-scheduler",
        "에포크": "how-to/save-every-n-epochs",
        "과적합": "tutorials/stop-at-the-right-time",
        "지표": "how-to/several-metrics",
        "콜백": "tutorials/what-a-callback-is which-callback callbacks/combinations how-to/write-your-own index",
    },
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    """A browser without a window."""
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def root() -> Iterator[str]:
    """The address of the built site."""
    with served(built()) as address:
        yield address


@pytest.fixture(scope="module")
def narrow(chromium) -> Iterator[object]:
    """A narrow page without motion, for all: style and script are fetched and compiled once, which halves the time."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(narrow) -> object:
    """The narrow page, with nothing on it."""
    narrow.goto("about:blank")
    return narrow


@pytest.fixture(scope="module")
def wide(chromium) -> Iterator[object]:
    """A wide page without motion, for all."""
    page = chromium.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield page
    page.close()


@contextmanager
def listening(page) -> Iterator[tuple[list[str], list[str]]]:
    """Collect what goes wrong on a page, and what it asks for."""
    errors: list[str] = []
    requests: list[str] = []
    listeners = {
        "console": lambda message: errors.append(message.text) if message.type == "error" else None,
        "pageerror": lambda error: errors.append(str(error)),
        "request": lambda request: requests.append(request.url),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    yield errors, requests
    for event, listener in listeners.items():
        page.remove_listener(event, listener)


@pytest.fixture
def desktop(chromium) -> Iterator[object]:
    """A wide page."""
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()


def judged(page) -> list[str]:
    """Return what axe finds on a page, in the light and in the dark."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    light = page.evaluate(JUDGE, None)
    page.evaluate(DARKEN)
    return light + [f"dark {found}" for found in page.evaluate(JUDGE, COLOURS)]


def test_axe_is_the_file_that_we_know() -> None:
    """A check by a changed checker would be worth nothing."""
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == AXE_SUM


@pytest.mark.parametrize("address", [*PAGES, "404.html"])
def test_a_page_is_quiet_stays_home_fits_a_phone_and_axe_finds_nothing(phone, root: str, address: str) -> None:
    """No console error, no request elsewhere, no sideways scrolling at 360 pixels, no barrier in light and dark."""
    with listening(phone) as (errors, requests):
        phone.goto(root + address)
        width = phone.evaluate("document.documentElement.scrollWidth")
        found = judged(phone)
    assert errors == []
    assert [url for url in requests if not url.startswith((root, "data:"))] == []
    assert width <= 360
    assert found == []


@pytest.mark.parametrize("address", FRAMES)
def test_axe_finds_nothing_on_a_wide_screen(wide, root: str, address: str) -> None:
    """The parts of the book, the list of pages and the table of contents show only there."""
    wide.goto(root + address)
    assert judged(wide) == []


@pytest.mark.parametrize("home", HOMES.values(), ids=HOMES)
def test_the_first_load_of_a_callback_page_is_light(chromium, root: str, home: str) -> None:
    """The heaviest of these pages, cold, with all that it asks for, in compressed bytes; the search index waits."""
    folder = built() / home / "callbacks"
    heaviest = max(folder.glob("*/index.html"), key=lambda path: len(gzip.compress(path.read_bytes())))
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    answers: list[object] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{root}{home}callbacks/{heaviest.parent.name}/", wait_until="networkidle")
    weights = {answer.url.removeprefix(root): len(gzip.compress(answer.body(), 9)) for answer in answers}
    page.close()
    assert not [url for url in weights if url.endswith("search_index.json")]
    assert sum(weights.values()) <= FIRST_LOAD, weights


def found_pages(page, root: str, words: str) -> list[str]:
    """Type words into the search field and return the pages of the results, best first."""
    field = page.locator(".md-search__input")
    for typed, expected in (("", "=== 0"), (words, "> 0")):
        field.fill(typed)
        field.press("End")  # the theme listens to keys, and a filled-in Chinese word makes none
        page.wait_for_function(f"document.querySelectorAll('.md-search-result__item').length {expected}")
    links = "all => all.map(link => link.href.split(/[?#]/)[0])"
    return [url.removeprefix(root) for url in page.eval_on_selector_all(".md-search-result__item > a", links)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_finds_words_in_the_language_of_the_page(desktop, root: str, language: str) -> None:
    """A page that answers is among the first five, and no result leaves the language."""
    others = tuple(home for home in HOMES.values() if home and home != HOMES[language])
    desktop.goto(root + HOMES[language] + "results/", wait_until="networkidle")
    desktop.keyboard.press("/")
    missed = {}
    for words, wanted in QUERIES[language].items():
        got = found_pages(desktop, root, words)
        assert all(page.startswith(HOMES[language]) and not page.startswith(others) for page in got)
        answers = {HOMES[language] + ("" if name == "index" else f"{name}/") for name in wanted.split()}
        if answers.isdisjoint(list(dict.fromkeys(got))[:5]):
            missed[words] = got[:10]
    assert missed == {}
    assert min(len(queries) for queries in QUERIES.values()) >= 8


def test_a_link_with_a_query_opens_the_search(desktop, root: str) -> None:
    """The index is fetched at once for who comes with a question."""
    desktop.goto(root + "ko/?q=가중치")
    first = desktop.locator(".md-search-result__link").first
    first.wait_for(timeout=15000)
    assert desktop.request.get(first.evaluate("link => link.href")).ok


@pytest.mark.parametrize("rest", ["", "callbacks/early-stopping/", "results/", "how-to/resume/"])
def test_the_language_switch_leads_to_the_same_page(desktop, root: str, rest: str) -> None:
    """Around the four languages by clicks, and back."""
    desktop.goto(root + rest)
    for language in [*LANGUAGES[1:], LANGUAGES[0]]:
        desktop.locator(".md-select").hover()
        desktop.locator(f".md-select__link[hreflang={language}]").click()
        desktop.wait_for_url(root + HOMES[language] + rest)
        assert desktop.locator("html").get_attribute("lang") == language


def test_the_switch_of_the_scheme_darkens_page_and_picture(desktop, root: str) -> None:
    """One picture serves both schemes."""
    read = "getComputedStyle(document.querySelector('.picture text')).fill"
    desktop.goto(root)
    light = desktop.evaluate(read)
    desktop.locator(f"label[title='{say('to-dark', 'en')}']").click()
    assert desktop.locator("body").get_attribute("data-md-color-scheme") == "slate"
    assert desktop.evaluate(read) != light


def test_a_reader_who_likes_it_dark_gets_it_dark(chromium, root: str) -> None:
    """The system's setting holds until the reader says otherwise."""
    page = chromium.new_page(color_scheme="dark")
    page.goto(root + "zh/")
    scheme = page.locator("body").get_attribute("data-md-color-scheme")
    page.close()
    assert scheme == "slate"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_tab_leads_to_the_text(desktop, root: str, language: str) -> None:
    """The skip link shows, speaks the reader's language, and moves to the title."""
    desktop.goto(root + HOMES[language] + "callbacks/early-stopping/")
    desktop.keyboard.press("Tab")
    link = desktop.locator(".md-skip")
    assert link.evaluate("link => link === document.activeElement")
    assert link.inner_text().strip() == say("theme.action.skip", language)
    desktop.keyboard.press("Enter")
    desktop.wait_for_function("location.hash === '#top'")


WALK = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const style = getComputedStyle(at), beside = at.nextElementSibling && getComputedStyle(at.nextElementSibling);
    const shows = style.outlineStyle !== "none" || (at.matches(".md-option") && beside.outlineStyle !== "none");
    at.dataset.walked = "yes";
    return [at.tagName + "." + at.className, shows];
}"""
UNREACHED = """() => [...document.querySelectorAll("a[href], button, input, summary")]
    .filter(one => one.checkVisibility({ visibilityProperty: true }) && one.offsetWidth && !one.dataset.walked)
    .filter(one => !one.closest("[hidden], .md-search__options, .md-select__inner, svg") && one.tabIndex >= 0)
    .filter(one => !one.matches(".md-toggle, .md-option"))
    .map(one => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_keyboard_reaches_everything_and_is_seen(chromium, root: str, language: str) -> None:
    """Tab walks through the page to its end, no part keeps it, and the part that has the focus shows it."""
    page = chromium.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page.goto(root + HOMES[language])
    walked = []
    for _ in range(200):
        page.keyboard.press("Tab")
        step = page.evaluate(WALK)
        if step is None:
            break
        walked.append(step)
    unreached = page.evaluate(UNREACHED)
    page.close()
    assert len(walked) < 200
    assert [name for name, shows in walked if not shows] == []
    assert unreached == []


def test_the_menu_of_a_phone_opens_by_the_keyboard(phone, root: str) -> None:
    """A reader with a keyboard and a magnified page has only this menu."""
    phone.goto(root + "callbacks/early-stopping/")
    phone.locator("label.md-header__button[for=__drawer]").focus()
    phone.keyboard.press("Enter")
    assert phone.locator("#__drawer").is_checked()
    phone.keyboard.press("Enter")
    assert not phone.locator("#__drawer").is_checked()


def test_nothing_moves_for_who_does_not_want_it(phone, root: str) -> None:
    """The reader's system says so."""
    phone.goto(root)
    assert phone.evaluate("getComputedStyle(document.querySelector('.md-header')).transitionDuration") == "0s"


def test_paper_shows_the_text_alone_and_all_of_it(desktop, root: str) -> None:
    """Navigation is gone, and what was folded is open."""
    desktop.goto(root + "callbacks/early-stopping/")
    desktop.emulate_media(media="print")
    for part in (".md-header", ".md-tabs", ".md-sidebar", ".md-footer"):
        assert not desktop.locator(part).first.is_visible(), part
    assert desktop.locator("details.evidence > p").first.is_visible()
    assert desktop.evaluate("getComputedStyle(document.querySelector('.md-content')).display") == "block"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_address_is_answered_in_four_languages(desktop, root: str, language: str) -> None:
    """The language of the address comes first, each part says its own, and search stays in the language."""
    answer = desktop.goto(root + HOMES[language] + "callbacks/no-such-page/")
    assert answer.status == 404
    parts = desktop.locator("#missing section")
    assert parts.evaluate_all("all => all.map(one => one.lang)")[0] == language
    assert set(parts.evaluate_all("all => all.map(one => one.lang)")) == set(LANGUAGES)
    assert desktop.locator("#missing h1").all_inner_texts() == [say("missing-title", language)]
    homes = parts.locator("a").evaluate_all("all => all.map(one => one.href)")
    assert sorted(homes) == sorted(root + home for home in HOMES.values())
    desktop.keyboard.press("/")
    got = found_pages(desktop, root, "EarlyStopping")
    assert all(page.startswith(HOMES[language]) for page in got)
