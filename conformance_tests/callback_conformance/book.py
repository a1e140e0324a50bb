"""The name and the mark of the book, as the command line, the site and the README show them."""

import locale
import os
import sys

__all__ = ["MARK", "NAMES", "title"]

MARK = "╲●┄"
"""A falling curve, the point where it stops, and the dotted way on: the mark of the site, in text."""

NAMES = {
    "en": "Keras callbacks, proven",
    "it": "I callback di Keras, alla prova",
    "zh": "Keras 回调函数：读懂与验证",
    "ko": "테스트로 증명하는 케라스 콜백",
}


def title() -> str:
    """Return mark and name in the language of the locale; in English where the terminal cannot show them."""
    wanted = f"{MARK} {NAMES[_language()]}"
    try:
        wanted.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return NAMES["en"]
    return wanted


def _language() -> str:
    """Return the language that the environment asks for, or English if it is none of the four."""
    asked = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    code = (asked or locale.getlocale()[0] or "")[:2].lower()
    return code if code in NAMES else "en"
