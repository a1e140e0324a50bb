"""The site in a real browser: no error, no other host, search, languages, dark mode, a phone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"{CHROMIUM} is absent: install Chromium, or set CHROMIUM to its path"
)
playwright = pytest.importorskip("playwright.sync_api", reason="install the dev group: it brings Playwright")
pytest.importorskip("material")

from site_tools.places import LANGUAGES  # noqa: E402
from site_tools.testing import addresses, built, served  # noqa: E402

PAGES = [address for language in LANGUAGES for address in addresses(language)]
QUERIES = [
    ("", "patience"),
    ("", "training"),
    ("it/", "arresto"),
    ("it/", "addestramento"),
    ("zh/", "早停"),
    ("zh/", "权重"),
    ("ko/", "가중치"),
    ("ko/", "조기 종료"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
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
def phone(browser) -> Iterator[object]:
    """A narrow page."""
    page = browser.new_page(viewport={"width": 360, "height": 740})
    yield page
    page.close()


@pytest.fixture
def desktop(browser) -> Iterator[object]:
    """A wide page."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_quiet_stays_home_and_fits_a_phone(phone, root: str, address: str) -> None:
    """No console error, no request elsewhere, no sideways scrolling at 360 pixels."""
    errors: list[str] = []
    requests: list[str] = []
    phone.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    phone.on("pageerror", lambda error: errors.append(str(error)))
    phone.on("request", lambda request: requests.append(request.url))
    phone.goto(root + address, wait_until="networkidle")
    assert errors == []
    assert [url for url in requests if not url.startswith((root, "data:"))] == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize(("home", "words"), QUERIES)
def test_search_finds_a_word_in_the_language_of_the_page(desktop, root: str, home: str, words: str) -> None:
    """The first result lies below the language's own root, and its page exists."""
    desktop.goto(root + home + "results/", wait_until="networkidle")
    field = desktop.locator(".md-search__input")
    field.click()
    field.fill(words)
    field.press("End")  # the theme listens to keys, and a filled-in Chinese word makes none
    first = desktop.locator(".md-search-result__link").first
    first.wait_for(timeout=15000)
    target = first.evaluate("link => link.href")
    assert target.startswith(root + home)
    if not home:
        assert target.removeprefix(root).split("/")[0] not in LANGUAGES
    assert desktop.request.get(target).ok


def test_the_language_switch_leads_to_the_same_page(desktop, root: str) -> None:
    """From the Korean page of a callback to the Italian one."""
    desktop.goto(root + "ko/callbacks/early-stopping/")
    desktop.locator(".md-select").hover()
    desktop.locator(".md-select__link[hreflang=it]").click()
    desktop.wait_for_url(root + "it/callbacks/early-stopping/")
    assert desktop.locator("html").get_attribute("lang") == "it"


def test_the_switch_of_the_scheme_darkens_page_and_picture(desktop, root: str) -> None:
    """One picture serves both schemes."""
    read = "getComputedStyle(document.querySelector('.picture text')).fill"
    desktop.goto(root)
    light = desktop.evaluate(read)
    desktop.locator("label[title='Switch to dark mode']").click()
    assert desktop.locator("body").get_attribute("data-md-color-scheme") == "slate"
    assert desktop.evaluate(read) != light
