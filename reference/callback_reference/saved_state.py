"""States of callbacks as JSON and arrays: nothing that runs code when it is read, and every number with its type."""

from typing import Any

__all__ = ["pack", "unpack"]

PLAIN = (bool, int, float, str, type(None))
UNKNOWN = "{where}: a backup cannot hold a {kind}; it holds numbers, text, lists, dictionaries and arrays"


def pack(value: Any, arrays: dict[str, Any], where: str) -> Any:
    """Return a value as JSON can hold it, and put the arrays in it into `arrays`.

    Raises:
        TypeError: naming where, and the type that cannot be held.

    >>> pack({"best": 0.5, "wait": [1, None]}, {}, "EarlyStopping")
    {'dict': [['best', 0.5], ['wait', [1, None]]]}
    """
    if type(value) in PLAIN:
        return value
    if isinstance(value, dict):
        return {"dict": [[pack(key, arrays, where), pack(member, arrays, where)] for key, member in value.items()]}
    if isinstance(value, (list, tuple)):
        return [pack(member, arrays, where) for member in value]
    if not hasattr(value, "__array__"):
        raise TypeError(UNKNOWN.format(where=where, kind=type(value).__name__))
    return _pack_array(value, arrays, where)


def _pack_array(value: Any, arrays: dict[str, Any], where: str) -> dict[str, Any]:
    import numpy

    array = numpy.asarray(value)
    if array.dtype.hasobject:
        raise TypeError(UNKNOWN.format(where=where, kind="array of objects"))
    name = f"a{len(arrays)}"
    foreign = array.dtype.kind == "V"  # such as bfloat16, which a file of arrays would forget
    arrays[name] = array.view(f"u{array.dtype.itemsize}") if foreign else array
    return {"scalar" if isinstance(value, numpy.generic) else "array": name, "dtype": array.dtype.name}


def unpack(value: Any, arrays: Any) -> Any:
    """Return what `pack` was given; a tuple comes back as a list.

    >>> unpack({"dict": [["best", 0.5], ["wait", [1, None]]]}, {})
    {'best': 0.5, 'wait': [1, None]}
    """
    if isinstance(value, list):
        return [unpack(member, arrays) for member in value]
    if not isinstance(value, dict):
        return value
    if "dict" in value:
        return {unpack(key, arrays): unpack(member, arrays) for key, member in value["dict"]}
    array = arrays[value.get("scalar", value.get("array"))]
    if array.dtype.name != value["dtype"]:
        array = array.view(value["dtype"])
    return array[()] if "scalar" in value else array
