"""What a scripted run of training consists of, as data that can be written to JSON and read back.

A scenario holds everything that may influence a callback: the arguments of its constructor, the metrics that the model
was compiled with, and one or more runs.
Numbers that JSON lacks are written as `"nan"`, `"inf"`, `"-inf"`, or as `{"float32": 0.5}` for a NumPy scalar; a
function of `functions.py` is written as `{"function": "halve"}`.
"""

import hashlib
import math
from typing import Any, Literal

import msgspec

from . import functions

__all__ = ["Action", "Run", "Scenario", "case_id", "decode", "encode", "from_json", "plain", "to_json"]

Logs = dict[str, Any]
Hook = str


class Action(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that a scripted callback does at one hook.

    `who` is the letter of a recorder in the layout, "script" for one that stands before the subject, or "after" for one
    that stands after a subject whose kind sees averages.
    """

    at: Hook
    do: Literal["stop", "raise", "write", "evaluate", "predict"]
    index: int | None = None
    who: str = "script"
    key: str = "extra"


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One call of `fit`, `evaluate` or `predict`.

    Args:
        logs: what each epoch reports to the subject; empty leaves the model's own logs alone.
        batch_logs: for each epoch, what each of its training batches reports; empty leaves the model's own logs alone.
        epochs: the `epochs` of `fit`; 0 means one for each member of `logs`.
        batches: training batches in an epoch (or batches of `evaluate` and `predict`).
        validation: validation batches after an epoch; 0 is no validation.
        verbose: what the callbacks find as `params["verbose"]`; the run itself is silent.
        seconds: how long each batch takes on the scripted clock of those kinds whose progress is watched.
        fresh_model: start on another, untrained model.
        metrics: compiled metrics of that fresh model, if other than the scenario's.
    """

    kind: Literal["fit", "evaluate", "predict"] = "fit"
    logs: list[Logs] = []
    batch_logs: list[list[Logs]] = []
    epochs: int = 0
    initial_epoch: int = 0
    batches: int = 1
    validation: int = 0
    validation_freq: int | list[int] = 1
    steps_per_execution: int = 1
    known_steps: bool = True
    verbose: int | str | None = 0
    seconds: float = 1.0
    fresh_model: bool = False
    metrics: dict[str, str] | None = None
    actions: list[Action] = []

    @property
    def last_epoch(self) -> int:
        """The `epochs` argument that `fit` gets: the number of the epoch after the last."""
        return self.epochs or self.initial_epoch + max(len(self.logs), len(self.batch_logs))


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Arguments of the subject, compiled metrics, and the runs that it sees.

    Args:
        arguments: keyword arguments of the constructor.
        metrics: name of a compiled metric to which way is better: "up", "down" or "unknown".
        runs: one after the other, with the same instance.
        copies: how often the same instance stands in the list.
        layout: recorders of a life-cycle scenario, by letter, nested as in the list; "bare" derives from nothing.
        steps: for a scenario without runs: hooks called one by one, as `[name, argument, …]`; `["reload"]` puts a new
            instance in the callback's place and loads the old one's state into it.
        optimizer: arguments of the model's optimizer, for a kind that sees averages; `scaled` wraps it in one that
            scales the loss, `start` builds it beforehand, with a weight and its average.
        files: text of files that exist in the working directory before the constructor runs, by relative path; a path
            that ends in "/" is an empty folder.
        answers: what a server on loopback answers to one request after the other, in the words of `hosts.http`; it
            answers 200 where none is left.
    """

    arguments: dict[str, Any] = {}
    metrics: dict[str, str] = {}
    runs: list[Run] = []
    copies: int = 1
    layout: list[Any] = []
    steps: list[list[Any]] = []
    files: dict[str, str] = {}
    answers: list[str] = []
    optimizer: dict[str, Any] = {}


def plain(value: Any) -> Any:
    """Return the value as JSON can hold it; equal values give equal results, NaN included."""
    kind = type(value)
    if kind is float or kind is int:
        return _finite(float(value))
    if value is None or kind is bool or isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    if callable(value):
        return "callable"
    if getattr(value, "shape", ()):
        return plain([float(member) for member in value])
    try:
        number = float(value)
    except (TypeError, ValueError):
        return type(value).__name__
    return _finite(number)


def _finite(number: float) -> float | str:
    if math.isfinite(number):
        return number
    return "nan" if math.isnan(number) else "inf" if number > 0 else "-inf"


def encode(value: Any) -> Any:
    """Return a scripted value as JSON can hold it, so that `decode` gives it back with its type."""
    if isinstance(value, msgspec.Struct):
        fields = ((field, getattr(value, field.name)) for field in msgspec.structs.fields(value))
        return {field.name: encode(member) for field, member in fields if member != _default(field)}
    if isinstance(value, dict):
        return {key: encode(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(member) for member in value]
    if type(value) is float and not math.isfinite(value):
        return plain(value)
    if functions.name_of(value):
        return {"function": functions.name_of(value)}
    if hasattr(value, "dtype"):
        return {str(value.dtype): [plain(member) for member in value] if value.shape else plain(value)}
    return value


def _default(field: Any) -> Any:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


def decode(value: Any) -> Any:
    """Return the scripted value that `encode` wrote."""
    if isinstance(value, dict):
        if list(value) == ["function"]:
            return functions.find(value["function"])
        if len(value) == 1 and next(iter(value)).rstrip("0123456789") in ("float", "int", "array"):
            return _numpy(*next(iter(value.items())))
        return {key: decode(member) for key, member in value.items()}
    if isinstance(value, list):
        return [decode(member) for member in value]
    return float(value) if value in ("nan", "inf", "-inf") else value


def _numpy(dtype: str, value: Any) -> Any:
    import numpy

    if dtype == "array":
        return numpy.array(decode(value))
    scalar = getattr(numpy, dtype)
    return numpy.array(decode(value), dtype) if isinstance(value, list) else scalar(decode(value))


def to_json(scenario: Scenario) -> Any:
    """Return the scenario as plain JSON data."""
    return encode(scenario)


def from_json(data: Any) -> Scenario:
    """Return the scenario that `to_json` wrote.

    Raises:
        msgspec.ValidationError: naming the member that is wrong.
    """
    scenario = msgspec.convert(data, Scenario)
    runs = [
        msgspec.structs.replace(run, logs=decode(run.logs), batch_logs=decode(run.batch_logs)) for run in scenario.runs
    ]
    return msgspec.structs.replace(
        scenario,
        arguments=decode(scenario.arguments),
        runs=runs,
        steps=decode(scenario.steps),
        optimizer=decode(scenario.optimizer),
    )


def case_id(scenario: Scenario) -> str:
    """Return four hexadecimal digits that name the scenario."""
    text = msgspec.json.encode(to_json(scenario), order="sorted")
    return hashlib.sha256(text).hexdigest()[:4]
