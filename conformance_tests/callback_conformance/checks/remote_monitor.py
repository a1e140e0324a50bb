"""Checks of RemoteMonitor, beside a server on loopback; and the difference to the reference as a net."""

import functools
import importlib.util
import math
import sys
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any
from unittest import mock

from .. import strategies
from ..difference import net, touches
from ..hosts.http import serving
from ..hosts.stub import StubModel
from ..play import Row
from ..scenarios import Run, Scenario, plain
from ..subjects import Unsupported
from . import Bench, Broken, check, mentions

__all__ = ["TOUCHES"]

law = functools.partial(check, kind="law", group="remote_monitor")
SECRETS = ("hunter2", "tr0ub4dor")
PRIVATE: dict[str, Any] = {"headers": {"Authorization": "Bearer hunter2", "X-Key": "tr0ub4dor"}}


def _answers(test: Callable[[str], bool]) -> Callable[[Scenario], bool]:
    return lambda scenario: any(test(answer) for answer in scenario.answers)


def _values(test: Callable[[Any], bool]) -> Callable[[Scenario], bool]:
    return lambda scenario: any(test(v) for run in scenario.runs for logs in run.logs for v in logs.values())


def _is_refusal(answer: str) -> bool:
    return answer[:1] in ("3", "4", "5")


def _not_finite(value: Any) -> bool:
    return hasattr(value, "__float__") and not math.isfinite(value)


TOUCHES: dict[str, Callable[[Scenario], bool]] = {
    "RM-03": touches("field", "data"),
    "RM-04": touches("send_as_json", False),
    "RM-07": _values(lambda value: hasattr(value, "dtype")),
    "RM-10": _values(_not_finite),
    "RM-11": lambda scenario: bool(scenario.arguments.get("send_as_json")) and _values(_not_finite)(scenario),
    "RM-14": _answers(lambda answer: answer in ("reset", "close", "garbage")),
    "RM-15": _answers(lambda answer: answer in ("reset", "close", "garbage")),
    "RM-17": _answers(_is_refusal),
    "RM-20": _answers(lambda answer: answer == "short"),
    "RM-21": _answers(lambda answer: answer.startswith("307")),
    "RM-22": _answers(lambda answer: answer.startswith("302")),
    "RM-23": _answers(lambda answer: "{other}" in answer),
}
"""Says of a scenario whether a clause may show in it; a broken clause's scenarios are kept out of the difference."""


def _script(arguments: dict[str, Any], answers: list[str], epochs: int = 1) -> Scenario:
    return Scenario(arguments=arguments, answers=answers, runs=[Run(logs=[{"loss": 0.5}] * epochs)])


def _ends(bench: Bench, scenario: Scenario) -> list[Row]:
    return [row for row in bench.play(scenario) if row["hook"] == "on_epoch_end"]


def _require(why: str, scenario: Scenario, expected: Any, got: Any) -> None:
    if expected != got:
        raise Broken(why, scenario, [{"answers": expected}], [{"answers": got}])


DEFAULTS = {
    "root": "http://localhost:9000", "path": "/publish/epoch/end/", "field": "data", "headers": None,
    "send_as_json": False,
}  # fmt: skip


@law("RM-01")
def the_defaults_read_back(bench: Bench) -> None:
    """An instance without arguments."""
    _reads_back(bench, {}, DEFAULTS)


@law("RM-28")
def every_argument_is_an_attribute(bench: Bench) -> None:
    """What was passed reads back under the same name."""
    given = {"root": "https://a.example", "path": "/b", "field": "c", "headers": {"X-D": "e"}, "send_as_json": True}
    _reads_back(bench, given, given)


@law("RM-19")
def the_usual_timeout_is_ten_seconds(bench: Bench) -> None:
    """It reads back, and so does another one."""
    if not bench.supports("timeout"):
        raise Unsupported("it takes no argument timeout")
    _reads_back(bench, {}, {"timeout": 10.0})
    _reads_back(bench, {"timeout": 0.5}, {"timeout": 0.5})


def _reads_back(bench: Bench, arguments: dict[str, Any], expected: dict[str, Any]) -> None:
    callback = bench.subject.build(**arguments)
    bench.played += 1
    got = {name: plain(getattr(callback, name, "nothing")) for name in expected}
    _require("an attribute differs", Scenario(arguments=arguments), plain(expected), got)


@law("RM-08")
def other_hooks_send_nothing(bench: Bench) -> None:
    """Every hook but on_epoch_end is called."""
    with serving(True, []) as server:
        assert server is not None
        callback = bench.subject.build(**server.addressed({}))
        callback.set_model(StubModel([]))
        bench.played += 1
        for kind in ("train", "test", "predict"):
            getattr(callback, f"on_{kind}_begin")({})
            getattr(callback, f"on_{kind}_batch_begin")(0, {})
            getattr(callback, f"on_{kind}_batch_end")(0, {"loss": 0.5})
            getattr(callback, f"on_{kind}_end")({"loss": 0.5})
        callback.on_epoch_begin(0, {})
        _require("a hook sent something", Scenario(), [], server.take()[0])


@law("RM-12")
def what_is_not_json_costs_a_warning_and_nothing_else(bench: Bench) -> None:
    """A set, a complex number and an object: no request, a warning, and the next epoch is sent."""
    for value, as_json in product(({1, 2}, 1j, object()), (False, True)):
        arguments = {"send_as_json": True} if as_json else {}
        scenario = Scenario(arguments=arguments, runs=[Run(logs=[{"loss": value}, {"loss": 0.5}])])
        got = [[row["raise"], row["warns"], len(row["requests"])] for row in _ends(bench, scenario)]
        expected = [[None, True, 0], [None, False, 1]]
        if got != expected:
            shown = Scenario(arguments={**arguments, "value": type(value).__name__})
            raise Broken("it went otherwise", shown, [{"answers": expected}], [{"answers": got}])


@law("RM-15")
def the_warning_names_the_root(bench: Bench) -> None:
    """For a connection that is refused, and for one that is reset."""
    for root, answers in (("http://{closed}", []), ("http://{server}", ["reset"])):
        scenario = _script({"root": root}, answers)
        with serving(True, []) as server:
            assert server is not None
            address = server.fill(root)
        warned = " ".join(text for row in bench.play(scenario) for text in row["warned"])
        mentions("the warning", warned, (address,), scenario)


@law("RM-17")
def the_warning_names_the_status(bench: Bench) -> None:
    """404 and 503."""
    for status in ("404", "503"):
        scenario = _script({}, [status])
        warned = " ".join(text for row in bench.play(scenario) for text in row["warned"])
        mentions("the warning", warned, (status,), scenario)


def _secret_scenarios() -> Iterator[Scenario]:
    inside = {**PRIVATE, "root": "http://someone:hunter2@{server}"}
    for answer in ("reset", "404", "302 /b", "307 http://{other}/b", "garbage"):
        yield _script(inside, [answer])
    yield _script({**PRIVATE, "root": "http://someone:hunter2@{closed}"}, [])
    yield _script({"root": "someone:hunter2@localhost"}, [])
    yield _script({"root": "ftp://someone:hunter2@localhost"}, [])
    for wrong in ("hunter2\n", "hunter2\r\nX-Other: tr0ub4dor", ["hunter2"]):
        yield _script({"headers": {"X-Key": wrong}}, [])
    yield _script({"headers": [["X-Key", "hunter2"]]}, [])
    yield _script({"headers": "X-Key: hunter2"}, [])


@law("RM-16")
def no_secret_is_shown(bench: Bench) -> None:
    """Whatever goes wrong, no warning, error or printed line holds a header's value or a password."""
    for scenario in _secret_scenarios():
        rows = bench.play(scenario)
        said = " ".join([str(row["message"]) + row["printed"] + " ".join(row["warned"]) for row in rows])
        shown = [secret for secret in SECRETS if secret in said]
        _require("a secret was shown", scenario, [], shown)


def _impatient(bench: Bench) -> dict[str, Any]:
    return {"timeout": 0.2} if bench.supports("timeout") else {}


@law("RM-18")
def a_silent_server_does_not_hold_training_up(bench: Bench) -> None:
    """It keeps silent for a second, or sends a head byte by byte: the hook returns before that, and warns."""
    for answer in ("silent", "trickle"):
        scenario = _script(_impatient(bench), [answer], epochs=2)
        got = [[row["outwaited"], row["warns"], row["raise"]] for row in _ends(bench, scenario)]
        _require("the hook waited for the server", scenario, [[False, True, None], [False, False, None]], got)


@law("RM-20")
def a_body_without_an_end_is_not_waited_for(bench: Bench) -> None:
    """The head of a 200 comes at once, its body byte by byte, or cut short: no waiting, no warning."""
    for answer in ("drip", "short"):
        scenario = _script(_impatient(bench), [answer])
        got = [[row["outwaited"], row["warns"]] for row in _ends(bench, scenario)]
        _require("the hook waited for the body", scenario, [[False, False]], got)


@law("RM-23")
def nothing_reaches_another_server(bench: Bench) -> None:
    """One request is seen, on the first server."""
    for status in ("301", "302", "307", "308"):
        scenario = _script(PRIVATE, [f"{status} http://{{other}}/b"])
        got = [request.get("host", "the first") for row in _ends(bench, scenario) for request in row["requests"]]
        _require("another server got a request", scenario, ["the first"], got)


@law("RM-24")
def a_missing_package_is_told_at_once(bench: Bench) -> None:
    """With `requests` hidden, the constructor raises ImportError, and names the package."""
    bench.played += 1
    seen, message = "nothing", ""
    with mock.patch.dict(sys.modules, {"requests": None}):
        try:
            bench.subject.build()
        except Exception as error:
            seen, message = type(error).__name__, str(error)
    scenario = Scenario(arguments={"requests": "not installed"})
    if seen not in ("ImportError", "ModuleNotFoundError"):
        raise Broken("it was built", scenario, [{"raise": "ImportError"}], [{"raise": seen}])
    mentions("the error", message, ("requests",), scenario)


@law("RM-25")
def the_type_error_names_the_argument(bench: Bench) -> None:
    """root, path, field and headers."""
    for name in ("root", "path", "field", "headers"):
        _says(bench, {name: 5}, (name,))


@law("RM-26")
def the_value_error_names_the_argument(bench: Bench) -> None:
    """root and path."""
    _says(bench, {"root": "localhost:9000"}, ("root",))
    _says(bench, {"root": "http://localhost", "path": "@example.org/"}, ("path",))


@law("RM-27")
def the_error_names_the_header(bench: Bench) -> None:
    """Its name, not its value."""
    _says(bench, {"headers": {"X-Good": "1", "X-Run": "7\n"}}, ("X-Run",))


def _says(bench: Bench, arguments: dict[str, Any], words: tuple[str, ...]) -> None:
    scenario = Scenario(arguments=arguments)
    mentions("the error", bench.play(scenario)[0]["message"], words, scenario)


@law("RM-29")
def the_logs_stay_as_they_are(bench: Bench) -> None:
    """They hold the same keys and values after the hook, whether the server took them or not."""
    for answers in ([], ["404"]):
        with serving(True, answers) as server:
            assert server is not None
            callback = bench.subject.build(**server.addressed({}))
            callback.set_model(StubModel([]))
            logs = {"loss": 0.5, "several": [1, 2]}
            bench.played += 1
            _quietly(functools.partial(callback.on_epoch_end, 3, logs))
        _require("the logs were changed", Scenario(), {"loss": 0.5, "several": [1, 2]}, logs)


def _quietly(action: Callable[[], Any]) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        action()


def _require_requests() -> None:
    if importlib.util.find_spec("requests") is None:
        raise Unsupported("the reference needs the package requests")


def _generated(supports: Callable[[str], bool], numpy: bool = True) -> Any:
    _require_requests()
    return strategies.remote_monitor(supports, numpy)


def _short_scripts(longest: int) -> Iterator[Scenario]:
    _require_requests()
    answers = ["200", "404", "reset", "307 /b"]
    for length in range(1, longest):
        for answered, as_json in product(product(answers, repeat=length), (False, True)):
            scenario = _script({"send_as_json": True} if as_json else {}, list(answered), epochs=length)
            if length < 3 or not as_json:
                yield scenario


net("RM-30", "remote_monitor", _generated, _short_scripts, None)
