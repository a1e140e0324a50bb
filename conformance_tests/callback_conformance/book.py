"""Name and mark of the book, as the command line, the site and the README show them; and the reader's language."""

import locale
import os
import sys

__all__ = ["MARK", "NAMES", "language_of_the_locale", "shows", "title"]

MARK = "╲●┄"
"""A falling curve, the point where it stops, and the dotted way on: the mark of the site, in text."""

NAMES = {
    "en": "Keras callbacks, proven",
    "it": "I callback di Keras, alla prova",
    "zh": "Keras 回调函数：读懂与验证",
    "ko": "테스트로 증명하는 케라스 콜백",
}
LETTERS = {"en": "", "it": "àèéìòù", "zh": "读懂验证：", "ko": "테스트로증명하는"}
"""Some of the letters that a language cannot do without."""


def title(language: str | None = None) -> str:
    """Return mark and name in a language, by default that of the locale; in English where they cannot be shown."""
    wanted = f"{MARK} {NAMES[language or language_of_the_locale()]}"
    try:
        wanted.encode(_encoding())
    except UnicodeEncodeError:
        return NAMES["en"]
    return wanted


def shows(language: str) -> bool:
    """Tell whether the letters of a language can be printed."""
    try:
        LETTERS[language].encode(_encoding())
    except UnicodeEncodeError:
        return False
    return True


def _encoding() -> str:
    return sys.stdout.encoding or "ascii"


def language_of_the_locale() -> str:
    """Return the language that the environment asks for, or English if it is none of the four."""
    asked = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    name = (asked or locale.getlocale()[0] or "").lower()
    code = "zh" if name.startswith("chinese") else name[:2]  # Windows spells the names of languages out
    return code if code in NAMES else "en"
