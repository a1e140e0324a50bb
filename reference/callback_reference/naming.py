"""File names with fields in braces, such as `model-{epoch:02d}-{val_loss:.2f}.keras`."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["fields_of", "fill"]

MALFORMED = "filepath {template!r}: {what}; write a field as {{epoch}} or {{val_loss:.2f}}, and a brace itself as {{{{"
MISSING = "filepath {template!r}: there is no value for {{{name}}}; there are values for {names}"
NOT_A_KEY = "{{{field}}} does not start with the name of one value"


def fields_of(template: str) -> "list[str]":
    """Return the names of the fields, each the key of one value: no attribute, no index, no field inside a field.

    Raises:
        ValueError: quoting the template, and saying what is wrong.

    >>> fields_of("{{a}}-{epoch:02d}-{val_loss:.2f}.keras")
    ['epoch', 'val_loss']
    >>> fields_of("{loss.__class__}.keras")
    Traceback (most recent call last):
        ...
    ValueError: filepath '{loss.__class__}.keras': {loss.__class__} does not start with the name of one value; ...
    """
    names, index = [], 0
    while index < len(template):
        if template[index : index + 2] in ("{{", "}}"):
            index += 2
            continue
        if template[index] == "}":
            raise ValueError(MALFORMED.format(template=template, what="a } has no {"))
        if template[index] == "{":
            end = template.find("}", index)
            names.append(_name_of(template[index + 1 : end], template, end))
            index = end
        index += 1
    return names


def fill(template: str, values: "dict[str, Any]") -> str:
    """Return the template with each field replaced by its value.

    Raises:
        KeyError: a field has no value.

    >>> fill("{epoch:02d}-{val_loss:.2f}.keras", {"epoch": 3, "val_loss": 0.5})
    '03-0.50.keras'
    """
    for name in fields_of(template):
        if name not in values:
            raise KeyError(MISSING.format(template=template, name=name, names=", ".join(values)))  # MC-22
    return template.format(**values)


def _name_of(field: str, template: str, end: int) -> str:
    if end < 0:
        raise ValueError(MALFORMED.format(template=template, what="a { has no }"))
    name = field.split(":")[0].split("!")[0]
    if not name or name.isdigit() or any(sign in name for sign in ".[") or "{" in field:
        raise ValueError(MALFORMED.format(template=template, what=NOT_A_KEY.format(field=field)))  # MC-21
    return name
