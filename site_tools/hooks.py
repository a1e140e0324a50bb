"""What MkDocs calls while it builds the site."""

from __future__ import annotations

import logging
import posixpath
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from callback_conformance.clauses import stale
from mkdocs.exceptions import PluginError
from mkdocs.plugins import CombinedEvent, event_priority

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from site_tools import notebooks, playground, search, tags, traces, translation
from site_tools.places import DOCS, LANGUAGES
from site_tools.words import known, say

LOG = logging.getLogger("mkdocs.plugins.translation")
DEFAULT = LANGUAGES[0]
ALTERNATE = re.compile(r'\s*<link rel="alternate" href="[^"]*" hreflang="[^"]*">')
CHINESE_LINE_END = re.compile(r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])\n *")
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
LONG = 9000  # characters of a table that is laid out only when it comes into view
# Names, signs and spaces need no colour, and without a tag for each a page is laid out sooner.
UNCOLOURED = re.compile(r'<span class="(?:n|o|p|w)">([^<]*)</span>')
PRE = re.compile(r"(<pre.*?</pre>)", re.DOTALL)
TWICE = re.compile(r"<title>(.+) - \1</title>")  # on the home page, page and site have one name
BASE = re.compile(r'"base": "[^"]*"')
# The space after `alternate` is allowed; it keeps the theme's script from asking for a sitemap at each address.
HREFLANG = '<link rel="alternate " hreflang="{}" href="{}">'
LESSONS = "tutorials/*.md"
LOCALES = {"en": "en_GB", "it": "it_IT", "zh": "zh_CN", "ko": "ko_KR"}  # as link previews name them
MISSING: dict[str, str] = {}  # the page for wrong addresses, by language
BUTTON = '<label class="md-header__button md-icon" for="__{}"'  # the theme draws them as pictures without a word
DIALOG = 'role="dialog"'


def on_config(config: Any) -> Any:
    """Fail the build while a clause or a page lacks a translation, or has one made from another English text."""
    lines = stale()
    if lines:
        raise PluginError("clauses: " + "; ".join(lines[:5]))
    _with_lessons(config.nav)
    if Path(config.site_dir).name not in LANGUAGES:  # once, not again for each language
        for problem in translation.check():
            LOG.warning(str(problem))  # the build is strict: it ends with all of them
    return config


def _with_lessons(nav: list[Any]) -> None:
    """Put the pages of the lessons into the menu, where it says so."""
    for section in nav:
        for entries in section.values():
            if isinstance(entries, list) and LESSONS in entries:
                place = entries.index(LESSONS)
                entries[place : place + 1] = notebooks.pages()


def on_env(env: Any, config: Any, files: Any) -> Any:
    """Give the templates the words of this book, in the language of the page."""
    env.globals |= {"say": say, "theme_word": _theme_word, "locales": LOCALES}
    env.filters["path_of"] = lambda url: urlsplit(url).path
    return env


def _theme_word(key: str, language: str) -> str:
    """Return our own word for one of the theme's, or nothing."""
    return say(f"theme.{key}", language) if known(f"theme.{key}") else ""


def _place(page: Any) -> tuple[str, str]:
    """Return the language of a page and its path inside the language's folder."""
    language, *rest = Path(page.file.abs_src_path).relative_to(DOCS).parts
    return language, posixpath.join(*rest)


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Replace the tags; an error names the page, and stops the build."""
    language, path = _place(page)
    try:
        return tags.replace(markdown, language, path)
    except (LookupError, ValueError, OSError) as problem:
        raise PluginError(f"{language}/{path}: {problem}") from problem


def on_page_content(html: str, page: Any, config: Any, files: Any) -> str:
    """Let long tables wait, mark less in code, and join lines of Chinese prose, whose ends would show as spaces."""
    html = UNCOLOURED.sub(r"\1", html)
    html = TABLE.sub(lambda table: f'<div class="later">{table[0]}</div>' if len(table[0]) > LONG else table[0], html)
    if _place(page)[0] != "zh":
        return html
    return "".join(part if part.startswith("<pre") else CHINESE_LINE_END.sub("", part) for part in PRE.split(html))


@event_priority(100)
def _lean(context: Any, page: Any, config: Any, nav: Any) -> Any:
    """Show the search plugin, which comes next, only what is worth finding."""
    description = str(page.meta.get("description", ""))
    page.whole, page.content = page.content, search.lean(page.content, _place(page)[1], description)
    return context


@event_priority(-100)
def _whole(context: Any, page: Any, config: Any, nav: Any) -> Any:
    """Give the page back what the search plugin did not see."""
    page.content = page.whole
    return context


on_page_context = CombinedEvent(_lean, _whole)


def on_post_page(output: str, page: Any, config: Any) -> str:
    """Point to the same page in every language, and let search start from the root of the page's own language."""
    language, _ = _place(page)
    own = "" if language == DEFAULT else f"{language}/"
    rest = page.url.removeprefix(own)
    urls = {name: config.site_url + ("" if name == DEFAULT else f"{name}/") + rest for name in LANGUAGES}
    links = "".join(HREFLANG.format(name, url) for name, url in {**urls, "x-default": urls[DEFAULT]}.items())
    output = ALTERNATE.sub("", output).replace("</head>", f"{links}</head>", 1)
    root = posixpath.relpath(own or ".", page.url or ".")
    output = BASE.sub(f'"base": "{root}"', output, count=1)
    return _named(TWICE.sub(r"<title>\1</title>", output, count=1), language)


def on_post_template(output_content: str, template_name: str, config: Any) -> str:
    """Do for the page that answers wrong addresses what is done for every page."""
    if template_name != "404.html":
        return output_content
    language = str(config.theme["language"])
    MISSING[language] = _named(ALTERNATE.sub("", output_content), language)
    return MISSING[language]


def _named(output: str, language: str) -> str:
    """Give a name to each part of the theme that a screen reader meets and that has none."""
    for name in ("dark", "light"):
        output = output.replace(f"Switch to {name} mode", say(f"to-{name}", language))
    for name, words in (("drawer", "open-menu"), ("search", "theme.search")):
        button = BUTTON.format(name)
        output = output.replace(button, f'{button} tabindex="0" title="{say(words, language)}"', 1)
    return output.replace(DIALOG, f'{DIALOG} aria-label="{say("search", language)}"', 1)


@event_priority(-1000)  # after the i18n plugin has written the index of all languages
def on_post_build(config: Any) -> None:
    """Finish the site as a whole: search, the playground's files, what broke each clause, answers to wrong addresses.

    The i18n plugin leaves `site_dir` at the last language that it built.
    """
    folder = Path(config.site_dir)
    site = folder.parent if folder.name in LANGUAGES else folder
    search.split(site)
    search.mend(site)
    playground.copy_reference(site)
    traces.write(site)
    (site / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {config.site_url}sitemap.xml\n")
    for language, text in MISSING.items():  # the plugin writes all of them to one place, and the last stays
        (site / ("" if language == DEFAULT else language) / "404.html").write_text(text, encoding="utf-8")
