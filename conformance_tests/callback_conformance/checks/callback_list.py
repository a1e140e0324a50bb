"""Checks of CallbackList: the list itself, made and called by hand."""

import functools
from typing import Any

from ..scenarios import Run, Scenario
from ..subjects import Unsupported
from . import Bench, Broken, by_hand, mentions
from .by_hand import outcome, require

__all__: list[str] = []

law = functools.partial(by_hand.law, group="life_cycle")


class _Model:
    """A model that can be stopped, and no more."""

    stop_training = False


def _classes(bench: Bench) -> tuple[Any, Any]:
    """Return the base class and the History that belong to the list."""
    from ..play import _classes_of

    return _classes_of(bench.subject)


def _progress_bar(bench: Bench) -> Any:
    """Return the ProgbarLogger that the list adds.

    Raises:
        Unsupported: there is none to tell it by.
    """
    if not bench.subject.is_keras:
        import callback_reference

        found = getattr(callback_reference, "ProgbarLogger", None)
        if found is None:
            raise Unsupported("there is no ProgbarLogger")
        return found
    import importlib

    return importlib.import_module(f"{bench.subject.keras}.callbacks").ProgbarLogger


def _noting(bench: Bench) -> type[Any]:
    """Return a callback that notes what it is called with."""

    class Noting(_classes(bench)[0]):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.calls: list[Any] = []

        def set_params(self, params: Any) -> None:
            super().set_params(params)
            self.calls.append("set_params")

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.calls.append(("on_epoch_end", epoch, logs))

        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            self.calls.append(("on_train_batch_begin", batch, logs))

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.calls.append(("on_train_batch_end", batch, logs))

        def on_batch_begin(self, batch: int, logs: Any = None) -> None:
            self.calls.append(("on_batch_begin", batch, logs))

        def on_batch_end(self, batch: int, logs: Any = None) -> None:
            self.calls.append(("on_batch_end", batch, logs))

    return Noting


@functools.cache
def takes_lists(make: Any, member: type[Any]) -> bool:
    """Tell whether a list of callbacks takes one that holds a list (LC-54)."""
    try:
        return len(make([[member()]]).callbacks) == 1
    except Exception:
        return False


def _inside(bench: Bench, *members: Any) -> list[Any]:
    """Return members in a list of their own, or as they are where the subject takes no list in the list."""
    return [list(members)] if takes_lists(bench.subject.make, _classes(bench)[0]) else list(members)


def _make(bench: Bench, *arguments: Any, **named: Any) -> Any:
    bench.played += 1
    return bench.subject.make(*arguments, **named)


@law("LC-37")
def the_model_gets_the_last_history(bench: Bench) -> None:
    """Two histories and two models, one after the other; and a list without a history."""
    history = _classes(bench)[1]
    members, models = [history(), history()], [_Model(), _Model(), _Model()]
    listed = _make(bench, members, model=models[0])
    listed.set_model(models[1])
    _make(bench, [_noting(bench)()], model=models[2])
    got = [getattr(model, "history", None) is members[1] for model in models]
    require("another history, or none", [True, True, False], got)


def _kinds(listed: Any, known: dict[str, Any]) -> list[str]:
    return [next((name for name, kind in known.items() if isinstance(member, kind)), "other")
            for member in listed.callbacks]  # fmt: skip


@law("LC-38")
def a_history_is_added_once(bench: Bench) -> None:
    """To a list without one; not beside one, a nested one, or one of a subclass; and not unasked."""
    noting, history = _noting(bench), _classes(bench)[1]
    derived = type("Derived", (history,), {})
    lists = [[noting()], [history(), noting()], _inside(bench, noting(), *_inside(bench, history())), [derived()], []]
    got = [_kinds(_make(bench, members, add_history=True), {"history": history}) for members in lists]
    got.append(_kinds(_make(bench, [noting()]), {"history": history}))
    expected = [["other", "history"], ["history", "other"], ["other", "history"], ["history"], ["history"], ["other"]]
    require("other members", expected, got)


@law("LC-39")
def a_progress_bar_is_added_once(bench: Bench) -> None:
    """Behind the History; not beside one, or one of a subclass; and not unasked."""
    noting, (_, history), bar = _noting(bench), _classes(bench), _progress_bar(bench)
    known = {"history": history, "bar": bar}
    got = [
        _kinds(_make(bench, [noting()], add_history=True, add_progbar=True), known),
        _kinds(_make(bench, [*_inside(bench, bar()), noting()], add_history=True, add_progbar=True), known),
        _kinds(_make(bench, [type("Derived", (bar,), {})()], add_progbar=True), known),
        _kinds(_make(bench, [noting()], add_history=True), known),
    ]
    require("other members", [["other", "history", "bar"], ["bar", "other", "history"], ["bar"], ["other", "history"]],
            got)  # fmt: skip


@law("LC-40")
def new_parameters_replace_the_old(bench: Bench) -> None:
    """The list and its callback hold the very dictionary."""
    member, params = _noting(bench)(), {"verbose": 1}
    listed = _make(bench, [member], model=_Model(), epochs=3, steps=2)
    got: list[Any] = [dict(listed.params), dict(member.params)]
    listed.set_params(params)
    got += [listed.params is params, member.params is params]
    require("other parameters", [{"epochs": 3, "steps": 2}, {"epochs": 3, "steps": 2}, True, True], got)


@law("LC-41")
def without_parameters_none_are_set(bench: Bench) -> None:
    """A callback that has parameters already keeps them."""
    member = _noting(bench)()
    member.set_params({"epochs": 7})
    listed = _make(bench, [member], model=_Model())
    require("they were set", [{}, ["set_params"], {"epochs": 7}], [listed.params, member.calls, member.params])


@law("LC-42")
def the_old_names_of_a_list_call_the_old_hooks(bench: Bench) -> None:
    """A callback with all four batch hooks."""
    member = _noting(bench)()
    listed = _make(bench, [member])
    listed.on_batch_begin(3, {"loss": 1.0})
    listed.on_batch_end(4, {"loss": 2.0})
    expected = [("on_batch_begin", 3, {"loss": 1.0}), ("on_batch_end", 4, {"loss": 2.0})]
    require("other hooks", expected, member.calls)


def _received(bench: Bench, logs: Any) -> list[Any]:
    """Return the logs that a callback gets at an epoch's end and at a batch's end, as lists of pairs."""
    member = _noting(bench)()
    listed = _make(bench, [member])
    listed.on_epoch_end(0, logs)
    listed.on_train_batch_end(0, logs)
    return [list(call[2].items()) for call in member.calls]


@law("LC-43")
def keys_arrive_sorted(bench: Bench) -> None:
    """At an epoch's end and at a batch's end, capitals before small letters; likewise inside a dictionary."""
    got = _received(bench, {"z": 1.0, "loss": 2.0, "acc": 3.0, "Dice": 4.0})
    require("another order", [[("Dice", 4.0), ("acc", 3.0), ("loss", 2.0), ("z", 1.0)]] * 2, got)
    inside = _received(bench, {"b": {"z": 1.0, "acc": 2.0}, "a": 3.0})
    require("another order inside", [[("a", 3.0), ("acc", 2.0), ("z", 1.0)]] * 2, inside)


@law("LC-44")
def dictionaries_arrive_as_their_members(bench: Bench) -> None:
    """One level, two levels, an empty one."""
    got = _received(bench, {"b": 1.0, "a": {"y": 2.0, "x": {"z": 3.0}}, "c": {}})
    require("other logs", [[("z", 3.0), ("y", 2.0), ("b", 1.0)]] * 2, got)


@law("LC-45")
def what_is_no_number_arrives_as_it_is(bench: Bench) -> None:
    """None, a word, a list, a number beyond floats, and something with a dimension; then numbers of other types."""
    values: dict[str, Any] = {"a": None, "b": "word", "c": [1.0], "d": 10**400}
    got = [[value is values[name] for name, value in pairs] for pairs in _received(bench, values)]
    require("a value was changed", [[True] * len(values)] * 2, got)
    array = _array()
    kept = [getattr(dict(pairs)["a"], "shape", ()) for pairs in _received(bench, {"a": array})]
    require("an array was changed", [(1,)] * 2, [tuple(shape) for shape in kept])
    numbers = [[(type(value).__name__, value) for _, value in pairs] for pairs in _received(bench, {"a": True, "b": 7})]
    require("a number is no float", [[("float", 1.0), ("float", 7.0)]] * 2, numbers)


class _Vector:
    """Has one dimension of length 1, as an array without NumPy."""

    shape = (1,)

    def __float__(self) -> float:
        return 1.0


def _array() -> Any:
    try:
        import numpy
    except ModuleNotFoundError:
        return _Vector()
    return numpy.ones(1)


@law("LC-46")
def the_members_are_a_list_of_its_own(bench: Bench) -> None:
    """The list that was passed grows; then the list's own does."""
    first, second, third = (_noting(bench)() for _ in range(3))
    passed: list[Any] = _inside(bench, first)
    listed = _make(bench, passed)
    passed.append(second)
    listed.on_epoch_end(0, {})
    listed.callbacks.append(third)
    listed.on_epoch_end(1, {})
    got = [[call[1] for call in member.calls] for member in (first, second, third)]
    require("others were called", [[0, 1], [], [1], [first, third]], [*got, listed.callbacks])


@law("LC-47")
def a_list_in_a_list_is_one_callback(bench: Bench) -> None:
    """Between two callbacks; it hands on model, parameters and hooks."""
    before, inside, after = (_noting(bench)() for _ in range(3))
    model = _Model()
    listed = _make(bench, [before, inner := _make(bench, [inside]), after], model=model, epochs=3)
    order: list[Any] = []
    for member in (before, inside, after):
        member.calls = order
    listed.on_epoch_end(4, {"loss": 1.0})
    got = [listed.callbacks[1] is inner, inside.model is model, inside.params, order]
    expected = [True, True, {"epochs": 3}, [("on_epoch_end", 4, {"loss": 1.0})] * 3]
    require("it was not called as one", expected, got)


@law("LC-48")
def what_is_no_callback_is_refused_at_once(bench: Bench) -> None:
    """A number, a word, None, and a class; alone in a list, and nested."""
    base = _classes(bench)[0]
    for wrong, shown in ((3, "3"), ("word", "word"), (None, "None"), (base, base.__name__)):
        for members in ([wrong], [*_inside(bench, base()), *_inside(bench, wrong)]):
            _refused(bench, members, shown)


def _refused(bench: Bench, members: Any, shown: str) -> None:
    scenario = Scenario(arguments={"callbacks": f"[{shown}]"})
    try:
        _make(bench, members)
    except TypeError as error:
        return mentions("the error", str(error), (shown,), scenario)
    except Exception as error:
        raise Broken("another error", scenario, [{"raise": "TypeError"}], [{"raise": type(error).__name__}]) from error
    raise Broken("it was taken", scenario, [{"raise": "TypeError"}], [{"raise": None}])


@law("LC-49")
def nothing_ends_that_has_not_begun(bench: Bench) -> None:
    """The three `end` hooks without a `begin`, after one, and after the end; other hooks at any time."""
    got = {}
    for what in ("train", "test", "predict"):
        seen = [outcome(getattr(_make(bench, []), f"on_{what}_end"))]
        listed = _make(bench, [])
        seen.append(outcome(listed.on_epoch_end, 0, {}))
        end = getattr(listed, f"on_{what}_end")
        getattr(listed, f"on_{what}_begin")()
        got[what] = [*seen, outcome(listed.on_train_batch_end, 0, {}), outcome(end), outcome(end)]
    require("it answered otherwise", {what: ["ValueError", None, None, None, "ValueError"] for what in got}, got)


@law("LC-50")
def hooks_are_looked_up_when_called(bench: Bench) -> None:
    """Functions assigned to a batch hook and to an epoch hook after the list was made."""
    member, called = _classes(bench)[0](), []
    listed = _make(bench, [member])
    member.on_train_batch_end = lambda batch, logs: called.append("batch")
    member.on_epoch_end = lambda epoch, logs: called.append("epoch")
    listed.on_train_begin()
    listed.on_train_batch_end(0, {})
    listed.on_epoch_end(0, {})
    listed.on_train_end()
    require("others ran", ["batch", "epoch"], called)


@law("LC-51")
def one_callback_or_none_will_do(bench: Bench) -> None:
    """One callback, a tuple, an empty list, None, and no argument."""
    member = _noting(bench)()
    ways: tuple[tuple[Any, ...], ...] = ((member,), ((member,),), ([],), (None,), ())
    got = [_make(bench, *given).callbacks for given in ways]
    require("other members", [[member], [member], [], [], []], got)


def _stateful(bench: Bench) -> tuple[Any, list[Any]]:
    from callback_reference import Callback, History

    class Counter(Callback):
        """Counts epochs."""

        _state = ("count",)

        def __init__(self) -> None:
            super().__init__()
            self.count = 0

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.count += 1

    members = [Counter(), History(), Counter()]
    listed = _make(bench, [*_inside(bench, *members[:2]), members[2]])
    if not hasattr(listed, "state_dict"):
        raise Unsupported(f"{bench.subject.name} has no method state_dict")
    return listed, members


@law("LC-52")
def a_list_saves_the_states_of_its_members(bench: Bench) -> None:
    """Two counters with a History between them; a second list goes on."""
    listed, members = _stateful(bench)
    members[2].count = 5
    listed.on_epoch_end(0, {"loss": 1.0})
    state = listed.state_dict()
    expected = [{"count": 1}, {"epoch": [0], "history": {"loss": [1.0]}}, {"count": 6}]
    require("another state", expected, state)
    again, others = _stateful(bench)
    again.load_state_dict(state)
    again.on_epoch_end(1, {"loss": 2.0})
    got = [others[0].count, others[1].epoch, others[1].history, others[2].count]
    require("it went on otherwise", [2, [0, 1], {"loss": [1.0, 2.0]}, 7], got)


@law("LC-53")
def a_state_of_another_length_is_refused(bench: Bench) -> None:
    """One member less, one more, none."""
    listed, members = _stateful(bench)
    state = listed.state_dict()
    state[0] = {"count": 9}
    got = [outcome(listed.load_state_dict, wrong) for wrong in (state[:2], [*state, {}], [])]
    require("it was taken", ["ValueError"] * 3 + [0, 0], [*got, members[0].count, members[2].count])


@law("LC-54")
def a_list_in_the_list_stands_for_its_members(bench: Bench) -> None:
    """One callback in a list and one in a list of a list: in the list itself, and in the three loops."""
    first, second = (_noting(bench)() for _ in range(2))
    require("other members", [first, second], _make(bench, [[first], [[second]]]).callbacks)
    for kind in ("fit", "evaluate", "predict"):
        scenario = Scenario(layout=[["a"], [["b"]]], runs=[Run(kind=kind)])
        [shown] = bench.play_loop(scenario)
        called = list(dict.fromkeys(event["who"] for event in shown["events"]))
        require("others were called", [["a", "b"], None], [called, shown["raised"]], scenario)
