"""Write floats as CPython writes them: MicroPython rounds a tie up, and does not always find the shortest text."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["exact", "exactly", "shortest"]


def exact(value: float, places: int) -> str:
    """Return a finite number with so many decimals, rounded from its exact value, ties to even.

    >>> exact(0.125, 2), exact(0.145, 2), exact(-2.5, 0)
    ('0.12', '0.14', '-2')
    """
    text = str(_scaled(abs(value), places))
    if places:
        text = "0" * (places + 1 - len(text)) + text
        text = text[:-places] + "." + text[-places:]
    return "-" + text if value < 0 or str(value)[0] == "-" else text


def shortest(value: float) -> str:
    """Return the shortest text that stands for a finite number, with an exponent where CPython writes one.

    >>> shortest(9.39), shortest(1e-05), shortest(1e22), shortest(3.0)
    ('9.39', '1e-05', '1e+22', '3.0')
    """
    sign, value = ("-" if str(value)[0] == "-" else ""), abs(value)
    if not value:
        return sign + "0.0"
    for count in range(1, 18):
        digits, exponent = _digits(value, count)
        if float(f"{digits}e{exponent - count + 1}") == value:
            break
    return sign + _placed(_stripped(digits), exponent)


def exactly(fill: "Callable[[str, dict[str, Any]], str]") -> "Callable[[str, dict[str, Any]], str]":
    """Return `fill` for file names with the floats written by this module."""

    def filled(template: str, values: "dict[str, Any]") -> str:
        fill(template, values)  # what is wrong with the template, the reference says
        return fill(_written(template, values), values)

    return filled


def _written(template: str, values: "dict[str, Any]") -> str:
    """Return a template whose fields of floats are filled in, where this module knows the format."""
    parts = template.split("{")
    for index in range(1, len(parts)):
        field, closed, rest = parts[index].partition("}")
        name, _, form = field.partition(":")
        value = values.get(name)
        text = _text(value, form) if closed and isinstance(value, float) and value - value == 0 else None
        parts[index] = "{" + parts[index] if text is None else text + rest
    return "".join(parts)


def _text(value: float, form: str) -> "str | None":
    if not form:
        return shortest(value)
    if form[0] == "." and form[-1] == "f" and form[1:-1].isdigit():
        return exact(value, int(form[1:-1]))
    return None


def _scaled(value: float, places: int) -> int:
    """Return value * 10**places as a whole number, ties to even."""
    halvings = 0
    while value != int(value):  # exact: a float is a whole number of halves of halves
        value, halvings = value * 2, halvings + 1
    numerator, denominator = int(value), 2**halvings
    if places >= 0:
        numerator *= 10**places
    else:
        denominator *= 10**-places
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


def _digits(value: float, count: int) -> "tuple[str, int]":
    """Return so many digits of a positive number, and the exponent of the first."""
    exponent = int(f"{value:e}".split("e")[1])
    for guess in (exponent, exponent + 1, exponent - 1):
        digits = str(_scaled(value, count - 1 - guess))
        if len(digits) == count:
            return digits, guess
    return "1" + "0" * (count - 1), exponent + 1


def _stripped(digits: str) -> str:
    return digits.rstrip("0") or "0"


def _placed(digits: str, exponent: int) -> str:
    """Return digits with a point, or with an exponent where CPython writes one."""
    if -4 <= exponent < 16:
        if exponent < 0:
            return "0." + "0" * (-exponent - 1) + digits
        digits += "0" * (exponent + 2 - len(digits))
        return digits[: exponent + 1] + "." + digits[exponent + 1 :]
    fraction = "." + digits[1:] if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
