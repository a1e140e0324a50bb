"""Checks of the life cycle: laws over what the recorders of scripted loops saw.

Each law looks at one run and answers with what it expected and what it saw, or with None if it has nothing to say of
that run. A law that never had anything to say leaves its clause not run.
"""

import functools
from collections.abc import Callable
from itertools import groupby
from typing import Any

from .. import strategies
from ..hosts.stub import StubModel
from ..scenarios import Action, Run, Scenario
from ..subjects import Unsupported
from . import (
    Bench,
    Broken,
    callback_list,
    check,
    reference_subject,
    search,
)

__all__ = ["CORPUS"]

Shown = dict[str, Any]
Answer = tuple[Any, Any] | None
LOGGED = ["loss", "mae"]
VALIDATED = ["loss", "mae", "val_loss", "val_mae"]


def _stop(at: str, index: int | None = None, do: str = "stop", who: str = "a") -> Action:
    return Action(at=at, do=do, index=index, who=who)  # type: ignore[arg-type]


def _one(layout: list[Any] | None = None, **run: Any) -> Scenario:
    return Scenario(layout=layout or ["a"], runs=[Run(**run)])


CORPUS: list[Scenario] = [
    _one(epochs=1),
    _one(epochs=3, batches=2),
    _one(epochs=3, initial_epoch=1, batches=2, validation=1),
    _one(epochs=2, initial_epoch=2),
    _one(epochs=2, batches=2, validation=2),
    _one(epochs=4, batches=2, validation=1, validation_freq=2),
    _one(epochs=4, initial_epoch=1, validation=1, validation_freq=2),
    _one(epochs=3, validation=1, validation_freq=[1, 3]),
    _one(epochs=1, batches=4, validation=2, steps_per_execution=3),
    _one(epochs=2, batches=4, steps_per_execution=2),
    _one(["a", ["b", "history"]], epochs=2, batches=2, validation=1),
    _one([["b"], ["a", ["old"]]], epochs=2, batches=2, validation=1),
    _one([["b", ["c"]], "a"], epochs=1),
    _one(["a", "a"], epochs=2, batches=1),
    _one(["bare", "a"], epochs=1, batches=2, validation=1),
    _one(["old"], kind="evaluate", batches=2),
    _one(["old"], kind="predict", batches=2),
    _one(kind="evaluate", batches=3),
    _one(kind="predict", batches=3),
    _one(kind="predict", batches=1),
    _one(epochs=2, batches=2, known_steps=False),
    _one(epochs=3, batches=2, validation=2, actions=[_stop("on_train_begin")]),
    _one(epochs=3, batches=2, validation=2, actions=[_stop("on_epoch_begin", 1)]),
    _one(epochs=3, batches=3, validation=2, actions=[_stop("on_train_batch_begin", 1)]),
    _one(epochs=3, batches=3, validation=2, actions=[_stop("on_train_batch_end", 1)]),
    _one(epochs=3, batches=2, validation=2, actions=[_stop("on_test_begin")]),
    _one(epochs=3, batches=2, validation=2, actions=[_stop("on_test_batch_end", 0)]),
    _one(epochs=3, batches=2, validation=2, actions=[_stop("on_test_end")]),
    _one(epochs=3, batches=2, validation=2, actions=[_stop("on_epoch_end", 0)]),
    Scenario(layout=["a"], runs=[Run(epochs=3, actions=[_stop("on_epoch_end", 0)]), Run(epochs=2)]),
    *(
        _one(["a", "b"], epochs=2, batches=2, validation=1, actions=[_stop(hook, None, "raise")])
        for hook in ("on_train_begin", "on_epoch_begin", "on_train_batch_end", "on_test_begin", "on_epoch_end")
    ),
    _one(["b", "a", "c", "history"], epochs=2, batches=2, actions=[_stop("on_epoch_end", None, "write")]),
    _one(["b", "a", "c"], epochs=1, batches=2, validation=1, actions=[_stop("on_train_batch_end", 0, "write")]),
    *(
        _one(epochs=3, actions=[_stop("on_epoch_end", 0), _stop("on_epoch_end", 0, inner)])
        for inner in ("evaluate", "predict")
    ),
    Scenario(layout=["history", "a"], runs=[Run(epochs=2), Run(epochs=4, initial_epoch=2)]),
]
"""Loops that between them show every clause."""


@functools.lru_cache(maxsize=8)
def _recorded(bench: Bench) -> tuple[list[tuple[Scenario, list[Shown]]], str]:
    """Return what the loops showed, and why the subject could not play the last that it could not, if there is one."""
    found, why = [], ""
    for scenario in CORPUS:
        try:
            found.append((scenario, _looped(bench, scenario)))
        except Unsupported as error:
            why = str(error)
    return found, why


def _looped(bench: Bench, scenario: Scenario) -> list[Shown]:
    """Play a loop.

    Raises:
        Unsupported: it has a list in the list, which the subject does not take (LC-54), or the subject cannot play it.
    """
    from ..play import _classes_of

    if any(isinstance(member, list) for member in scenario.layout or []):
        base = _classes_of(bench.subject)[0]
        if not callback_list.takes_lists(bench.subject.make, base):
            raise Unsupported("it takes no list in the list of callbacks")
    return bench.play_loop(scenario)


def law(clause: str) -> Callable[[Callable[[Run, Shown, Scenario], Answer]], None]:
    """Register a law over runs: the clause breaks at the first run whose answer has two different sides."""

    def register(function: Callable[[Run, Shown, Scenario], Answer]) -> None:
        def over_corpus(bench: Bench) -> None:
            recorded, why = _recorded(bench)
            spoke = [_spoke(function, scenario, runs) for scenario, runs in recorded]
            if not any(spoke):
                raise Unsupported(why or "no scripted loop shows it")

        def over_generated(bench: Bench) -> None:
            spoke: list[bool] = []
            if bench.host != "fit":
                search(
                    bench,
                    strategies.loops(),
                    lambda scenario: spoke.append(_spoke(function, scenario, _looped(bench, scenario))),
                )
            if not any(spoke):
                raise Unsupported("no generated loop shows it")

        over_corpus.__doc__ = over_generated.__doc__ = function.__doc__
        check(clause, kind="vector", group="life_cycle")(over_corpus)
        check(clause, kind="law", group="life_cycle")(over_generated)

    return register


def _spoke(function: Callable[[Run, Shown, Scenario], Answer], scenario: Scenario, runs: list[Shown]) -> bool:
    answered = [_ask(function, run, shown, scenario) for run, shown in zip(scenario.runs, runs, strict=True)]
    return any(answered)


def _ask(function: Callable[[Run, Shown, Scenario], Answer], run: Run, shown: Shown, scenario: Scenario) -> bool:
    answer = function(run, shown, scenario)
    if answer is None:
        return False
    expected, got = answer
    if expected != got:
        why = (function.__doc__ or "").strip()
        raise Broken(f"not so: {why}", scenario, _listed(expected), _listed(got))
    return True


def _listed(side: Any) -> list[dict[str, Any]]:
    """Return a list a row for each member, and anything else as one row."""
    members = side if isinstance(side, list) else [side]
    return [{"at": f"#{index}", "seen": member} for index, member in enumerate(members)]


def _events(shown: Shown, who: str = "a") -> list[Shown]:
    return [event for event in shown["events"] if event["who"] == who and event["hook"].startswith("on_")]


def _calls(shown: Shown, *hooks: str, who: str = "a") -> list[str]:
    """Return the recorder's hooks as text, such as `on_epoch_end 0`; only the named ones if any are."""
    return [_name(event) for event in _events(shown, who) if not hooks or event["hook"] in hooks]


def _name(event: Shown) -> str:
    return event["hook"] if event["index"] is None else f"{event['hook']} {event['index']}"


def _whole(run: Run, shown: Shown, scenario: Scenario) -> bool:
    """Tell whether this is a `fit` that nothing stops or breaks, seen by one recorder `a`."""
    alone = str(scenario.layout).count("'a'") == 1
    return alone and run.kind == "fit" and shown["raised"] is None and not _does(run, "stop", "raise")


def _does(run: Run, *what: str) -> bool:
    return any(action.do in what for action in run.actions)


def _validated(run: Run, epoch: int) -> bool:
    if not run.validation:
        return False
    freq = run.validation_freq
    return epoch + 1 in freq if isinstance(freq, list) else (epoch + 1) % freq == 0


def _epochs(run: Run) -> range:
    return range(run.initial_epoch, run.last_epoch)


def _batches(kind: str, count: int, size: int = 1) -> list[str]:
    calls = []
    for first in range(0, count, size):
        calls += [f"on_{kind}_batch_begin {first}", f"on_{kind}_batch_end {first + size - 1}"]
    return calls


@law("LC-01")
def _train_begin_end(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """on_train_begin is the first hook and on_train_end the last, once each"""
    if not _whole(run, shown, scenario):
        return None
    calls = _calls(shown)
    edges = ("on_train_begin", "on_train_end")
    return (edges, 2), ((*calls[:1], *calls[-1:]), sum(call in edges for call in calls))


@law("LC-02")
def _epoch_numbers(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """epochs begin and end in turn, from initial_epoch to epochs - 1"""
    if not _whole(run, shown, scenario) or not _epochs(run):
        return None
    expected = [f"on_epoch_{edge} {epoch}" for epoch in _epochs(run) for edge in ("begin", "end")]
    return expected, _calls(shown, "on_epoch_begin", "on_epoch_end")


@law("LC-03")
def _train_batches(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """in each epoch the training batches begin and end in turn, from 0"""
    if not _whole(run, shown, scenario) or run.steps_per_execution > 1 or not run.known_steps or not _epochs(run):
        return None
    expected = _batches("train", run.batches) * len(_epochs(run))
    return expected, _calls(shown, "on_train_batch_begin", "on_train_batch_end")


@law("LC-04")
def _validation_place(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """validation runs between the last training batch and on_epoch_end"""
    if not _whole(run, shown, scenario) or run.validation_freq != 1 or not run.validation or not _epochs(run):
        return None
    size = run.steps_per_execution
    tests = ["on_test_begin", *_batches("test", run.validation, size), "on_test_end"]
    expected = [
        call
        for epoch in _epochs(run)
        for call in [f"on_epoch_begin {epoch}", *_batches("train", run.batches, size), *tests, f"on_epoch_end {epoch}"]
    ]
    return expected, _calls(shown)[1:-1]


def _validating(shown: Shown) -> list[int]:
    """Return the epochs in which a test began."""
    epochs, epoch = [], -1
    for event in _events(shown):
        if event["hook"] == "on_epoch_begin":
            epoch = event["index"]
        elif event["hook"] == "on_test_begin":
            epochs.append(epoch)
    return epochs


@law("LC-05")
def _validation_freq(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """with validation_freq=n, validation runs in each n-th epoch counted from 1"""
    if not _whole(run, shown, scenario) or isinstance(run.validation_freq, list) or run.validation_freq == 1:
        return None
    return [epoch for epoch in _epochs(run) if _validated(run, epoch)], _validating(shown)


@law("LC-06")
def _validation_freq_list(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """with a list, validation runs in the epochs that it names, counted from 1"""
    if not _whole(run, shown, scenario) or not isinstance(run.validation_freq, list):
        return None
    return [epoch for epoch in _epochs(run) if _validated(run, epoch)], _validating(shown)


@law("LC-07")
def _steps_per_execution(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """batch hooks run once for n batches, with the first and the n-th index"""
    if not _whole(run, shown, scenario) or run.steps_per_execution == 1:
        return None
    expected = _batches("train", run.batches, run.steps_per_execution) * len(_epochs(run))
    return expected, _calls(shown, "on_train_batch_begin", "on_train_batch_end")


@law("LC-08")
def _begin_logs(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """logs are empty at every hook that ends in _begin"""
    begins = [event for event in _events(shown) if event["hook"].endswith("_begin")]
    filled = [f"{_name(event)}: {event['keys']}" for event in begins if event["keys"] != []]
    return ([], filled) if begins else None


@law("LC-09")
def _batch_logs(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """batch ends and on_test_end log loss and the metrics without a prefix"""
    hooks = ("on_train_batch_end", "on_test_batch_end", "on_test_end")
    ends = [event for event in _events(shown) if event["hook"] in hooks]
    if not ends or _does(run, "write"):
        return None
    return [], [f"{_name(event)}: {event['keys']}" for event in ends if event["keys"] != LOGGED]


@law("LC-10")
def _epoch_logs(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """on_epoch_end logs the metrics, and the val_ ones if validation ran"""
    ends = [event for event in _events(shown) if event["hook"] == "on_epoch_end"]
    if not ends or _does(run, "write"):
        return None
    expected = [VALIDATED if _validated(run, event["index"]) else LOGGED for event in ends]
    return expected, [event["keys"] for event in ends]


def _letters(member: Any) -> list[str]:
    return [letter for inner in member for letter in _letters(inner)] if isinstance(member, list) else [member]


@law("LC-11")
def _order(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """at each hook the callbacks run in the order of the list"""
    everywhere = [letter for letter in _letters(scenario.layout) if letter not in ("old", "history")]
    if len(set(everywhere)) < 2 or shown["raised"]:
        return None
    seen = [event for event in shown["events"] if event["who"] in everywhere and event["hook"].startswith("on_")]
    orders = [[event["who"] for event in group] for _, group in groupby(seen, key=_name)]
    wrong = [order for order in orders if order != everywhere]
    return ([], wrong) if seen else None


@law("LC-12")
def _model_and_params(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """set_model, then set_params with verbose, epochs and steps, before the first hook"""
    first = [event for event in shown["events"] if event["who"] == "a"][:2]
    if str(scenario.layout).count("'a'") != 1:
        return None
    steps = run.batches if run.known_steps else None
    params = {"verbose": 0, "epochs": run.last_epoch if run.kind == "fit" else 1, "steps": steps}
    expected = [("set_model", None), ("set_params", params)]
    return expected, [(event["hook"], event.get("params")) for event in first]


def _stopped_at(run: Run, *hooks: str) -> Action | None:
    action = run.actions[0] if len(run.actions) == 1 else None
    return action if action and action.do == "stop" and action.at in hooks else None


def _epoch_of(shown: Shown, epoch: int) -> list[str]:
    """Return the calls of one epoch and all that follows."""
    calls = _calls(shown)
    begin = f"on_epoch_begin {epoch}"
    return calls[calls.index(begin) + 1 :] if begin in calls else calls


def _tests(run: Run, epoch: int) -> list[str]:
    if not _validated(run, epoch):
        return []
    return ["on_test_begin", *_batches("test", run.validation, run.steps_per_execution), "on_test_end"]


def _after_batch(run: Run, last: int, epoch: int) -> list[str]:
    size = run.steps_per_execution
    trained = _batches("train", last + 1 if size == 1 else (last // size + 1) * size, size)
    return [*trained, *_tests(run, epoch), f"on_epoch_end {epoch}", "on_train_end"]


def _alone(scenario: Scenario) -> bool:
    return str(scenario.layout).count("'a'") == 1


@law("LC-13")
def _stop_in_batch(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """after a stop in a batch, that batch finishes, and validation, on_epoch_end and on_train_end run"""
    action = _stopped_at(run, "on_train_batch_begin", "on_train_batch_end")
    if not action or not _alone(scenario) or run.steps_per_execution > 1 or not _epochs(run):
        return None
    last = action.index or 0
    if last >= run.batches:
        return None
    return _after_batch(run, last, run.initial_epoch), _epoch_of(shown, run.initial_epoch)


@law("LC-14")
def _stop_at_epoch_end(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """after a stop in on_epoch_end no epoch begins, and on_train_end runs"""
    action = _stopped_at(run, "on_epoch_end")
    epoch = run.initial_epoch if action is None or action.index is None else action.index
    if not action or not _alone(scenario) or epoch not in _epochs(run):
        return None
    expected = [
        f"on_epoch_{edge} {number}" for number in range(run.initial_epoch, epoch + 1) for edge in ("begin", "end")
    ]
    return [*expected, "on_train_end"], _calls(shown, "on_epoch_begin", "on_epoch_end", "on_train_end")


@law("LC-15")
def _stop_at_begin(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """after a stop in on_train_begin or on_epoch_begin one batch is trained and the epoch ends"""
    action = _stopped_at(run, "on_train_begin", "on_epoch_begin")
    if not action or not _alone(scenario):
        return None
    epoch = run.initial_epoch if action.index is None else action.index
    if epoch not in _epochs(run):
        return None
    return _after_batch(run, 0, epoch), _epoch_of(shown, epoch)


@law("LC-16")
def _stop_in_validation(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """after a stop during validation, it goes on to its end, and training ends with the epoch"""
    action = _stopped_at(run, "on_test_begin", "on_test_batch_end", "on_test_end")
    if not action or not _alone(scenario) or not run.validation or run.steps_per_execution > 1:
        return None
    if (action.index or 0) >= run.validation:
        return None
    epochs = [epoch for epoch in _epochs(run) if _validated(run, epoch)]
    if not epochs:
        return None
    return _after_batch(run, run.batches - 1, epochs[0]), _epoch_of(shown, epochs[0])


@law("LC-17")
def _stop_reset(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """the fit after a stopped one runs all its epochs"""
    stopped_before = run is not scenario.runs[0] and _does(scenario.runs[0], "stop")
    if not stopped_before or not _whole(run, shown, scenario):
        return None
    return list(_epochs(run)), shown["epoch"]


@law("LC-18")
def _exception(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """an exception in a hook reaches the caller, and no other hook runs after it"""
    raised = next((action for action in run.actions if action.do == "raise"), None)
    calls = [event for event in shown["events"] if event["who"] == "a" and raised and event["hook"] == raised.at]
    reached = [event for event in calls if raised and raised.index in (None, event["index"])]
    if not raised or not reached:
        return None
    last = shown["events"][-1]
    return (raised.at, "a", raised.at), (shown["raised"], last["who"], last["hook"])


@law("LC-19")
def _no_epochs(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """a fit without an epoch calls on_train_begin and on_train_end only"""
    if run.kind != "fit" or _epochs(run) or not _alone(scenario) or run.actions:
        return None
    return ["on_train_begin", "on_train_end"], _calls(shown)


def _writer(run: Run, at: str, scenario: Scenario) -> bool:
    return len(run.actions) == 1 and run.actions[0].do == "write" and run.actions[0].at == at and _alone(scenario)


@law("LC-20")
def _epoch_writes(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """what is written into the logs of on_epoch_end is seen by later callbacks and History, not by earlier ones"""
    if not _writer(run, "on_epoch_end", scenario) or scenario.layout[:3] != ["b", "a", "c"]:
        return None
    saw = {who: ["extra" in event["keys"] for event in _events(shown, who) if event["hook"] == "on_epoch_end"]
           for who in ("b", "c")}  # fmt: skip
    count = len(_epochs(run))
    return ([False] * count, [True] * count, count), (saw["b"], saw["c"], shown.get("history", {}).get("extra"))


@law("LC-21")
def _batch_writes(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """what is written into the logs of a batch's end is seen by later callbacks at that hook only"""
    if not _writer(run, "on_train_batch_end", scenario) or "c" not in scenario.layout:
        return None
    saw = [f"{who}: {_name(event)}" for who in ("b", "c") for event in _events(shown, who) if "extra" in event["keys"]]
    return ["c: on_train_batch_end 0"], saw


@law("LC-22")
def _history_again(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """a History in the list is returned by fit; its epoch list starts anew, its history goes on"""
    if scenario.layout != ["history", "a"] or len(scenario.runs) != 2:
        return None
    count = 2 if run is scenario.runs[0] else 4
    got = (shown.get("own_history"), shown.get("epoch"), shown.get("history", {}).get("loss"))
    return (True, list(_epochs(run)), count), got


@law("LC-23")
def _history_missing(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """History holds a value for each epoch that logged the key, and none for the others"""
    if not _whole(run, shown, scenario) or "history" in str(scenario.layout) or _does(run, "write"):
        return None
    every, some = len(_epochs(run)), sum(_validated(run, epoch) for epoch in _epochs(run))
    expected = {name: every for name in LOGGED if every} | {f"val_{name}": some for name in LOGGED if some}
    return expected, shown["history"]


@law("LC-24")
def _aliases(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """on_batch_begin and on_batch_end run for training batches only"""
    if "old" not in _letters(scenario.layout) or run.steps_per_execution > 1 or run.actions or not run.known_steps:
        return None
    calls = [call.replace("train_", "") for call in _batches("train", run.batches)] * len(_epochs(run))
    return (calls if run.kind == "fit" else []), _calls(shown, who="old")


@law("LC-25")
def _duck(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """an object that derives from nothing is called as the others are"""
    if "bare" not in _letters(scenario.layout) or _does(run, "raise"):
        return None
    calls, raised = _calls(shown), shown["raised"]
    return ((None, calls), (raised, _calls(shown, who="bare"))) if calls or raised else None


@law("LC-26")
def _keyword(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """batch hooks get logs by keyword, the others by position"""
    events = _events(shown)
    wrong = [_name(event) for event in events if (event["named"] == ["logs"]) != ("_batch_" in event["hook"])]
    return ([], wrong) if events else None


@law("LC-27")
def _inner(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """an evaluate or predict inside a hook leaves stop_training as it is"""
    if not _does(run, "evaluate", "predict"):
        return None
    return (True, [0]), (shown["stop"], shown.get("epoch"))


@law("LC-28")
def _floats(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """the values in logs are Python floats"""
    ends = [event for event in _events(shown) if event["keys"]]
    return ([], [_name(event) for event in ends if not event["floats"]]) if ends else None


@law("LC-29")
def _extra_begin(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """where the number of batches is unknown, each epoch ends with one on_train_batch_begin more"""
    if run.known_steps or run.kind != "fit":
        return None
    expected = [*_batches("train", run.batches), f"on_train_batch_begin {run.batches}"] * len(_epochs(run))
    return expected, _calls(shown, "on_train_batch_begin", "on_train_batch_end")


@law("LC-30")
def _evaluate(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """evaluate calls the test hooks only"""
    if run.kind != "evaluate" or not _alone(scenario):
        return None
    return ["on_test_begin", *_batches("test", run.batches, run.steps_per_execution), "on_test_end"], _calls(shown)


@law("LC-31")
def _predict(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """predict calls the predict hooks only, with outputs at a batch's end and nothing at the end"""
    if run.kind != "predict" or not _alone(scenario):
        return None
    calls = ["on_predict_begin", *_batches("predict", run.batches, run.steps_per_execution), "on_predict_end"]
    keys = [["outputs"] if "batch_end" in call else [] for call in calls]
    return (calls, keys), (_calls(shown), [event["keys"] for event in _events(shown)])


@law("LC-32")
def _train_end_logs(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """on_train_end logs the last epoch's metrics, without what callbacks wrote"""
    if not _whole(run, shown, scenario):
        return None
    last = run.last_epoch - 1
    keys = [] if not _epochs(run) else VALIDATED if _validated(run, last) else LOGGED
    return [keys], [event["keys"] for event in _events(shown) if event["hook"] == "on_train_end"]


@law("LC-33")
def _twice(run: Run, shown: Shown, scenario: Scenario) -> Answer:
    """an object that stands twice in the list is called twice at each hook"""
    if scenario.layout != ["a", "a"] or run.actions:
        return None
    calls = _calls(shown)
    return ([call for call in calls[::2] for _ in "12"], calls) if calls else None


def _loop_scenario(argument: str) -> Scenario:
    return Scenario(arguments={"callbacks": argument})


@check("LC-34", kind="law", group="life_cycle")
def a_list_without_a_model_can_be_stopped(bench: Bench) -> None:
    """A callback in a list without a model sets stop_training, and the loop reads it from the list's model."""
    listed = _custom_loop(bench)
    scenario = _loop_scenario("[a callback that stops]")
    try:
        listed.on_train_begin()
        listed.on_epoch_end(0, {"loss": 1.0})
        got = bool(listed.model.stop_training)
    except AttributeError as error:
        got = f"{type(error).__name__}: {error}"  # type: ignore[assignment]
    if got is not True:
        raise Broken("the loop could not be stopped", scenario, [{"stop_training": True}], [{"stop_training": got}])


@check("LC-35", kind="law", group="life_cycle")
def append_adds_a_callback(bench: Bench) -> None:
    """The appended callback has the list's model and parameters, and is called after the others."""
    called: list[Any] = []

    class Recorder(_base(bench)):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            called.append(self)

    bench.played += 1
    first, added = Recorder(), Recorder()
    listed = bench.subject.make([first], model=(model := StubModel([])), epochs=3)
    if not hasattr(listed, "append"):
        raise Unsupported("the list has no append")
    listed.append(added)
    listed.on_epoch_end(0, {"loss": 1.0})
    expected = {"its model": True, "its params": {"epochs": 3}, "called after the other": True}
    got = {"its model": added.model is model, "its params": getattr(added, "params", None),
           "called after the other": called == [first, added]}  # fmt: skip
    if got != expected:
        raise Broken("append left something out", _loop_scenario("append"), [expected], [got])


def _base(bench: Bench) -> Any:
    from ..play import _classes_of

    return _classes_of(bench.subject)[0]


def _custom_loop(bench: Bench) -> Any:
    class Stopper(_base(bench)):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.model.stop_training = True

    bench.played += 1
    return bench.subject.make([Stopper()])


@check("LC-36", kind="difference", group="life_cycle")
def every_loop_of_the_corpus_equals_the_stub_loop(bench: Bench) -> None:
    """All scripted loops show the same events as the reference in the stub host."""
    for scenario, shown in _recorded(bench)[0]:
        _equal(scenario, shown)


@check("LC-36", kind="difference", group="life_cycle")
def generated_loops_equal_the_stub_loop(bench: Bench) -> None:
    """Generated loops show the same events as the reference in the stub host."""
    fits = bench.host == "fit"
    loops = strategies.loops()
    with bench.drawing(max(3 if bench.quick else 8, bench.examples // 10) if fits else bench.examples):
        search(bench, loops.one if fits else loops, lambda scenario: _equal(scenario, _looped(bench, scenario)))


def _equal(scenario: Scenario, shown: list[Shown]) -> None:
    from ..play import play_loop

    expected = play_loop(reference_subject("CallbackList"), scenario, "stub")
    for left, right in zip(expected, shown, strict=True):
        if left != right:
            raise Broken("the events differ from the stub loop's", scenario, _told(left), _told(right))


def _told(shown: Shown) -> list[dict[str, Any]]:
    """Return a row for each event, and one for the rest."""
    rows = [
        {"at": f"#{index}", "seen": f"{event['who']}: {_name(event)} {' '.join(event['named'])} {event['keys']}"}
        for index, event in enumerate(shown["events"])
    ]
    return [*rows, {name: value for name, value in shown.items() if name != "events"}]
