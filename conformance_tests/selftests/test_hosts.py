"""The short cuts of the stub host: what they pass over is nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from callback_conformance import play as playing
from callback_conformance import strategies
from callback_conformance.checks import Bench, reference_subject, search
from callback_conformance.events import Events, seen_events
from callback_conformance.hosts.stub import Attendant, Listed
from callback_conformance.kinds import KINDS
from callback_reference import Callback, CallbackList, History, TensorBoard

GENERATED = [name for name, kind in KINDS.items() if hasattr(strategies, kind.group)]


def drawn(kind: str, examples: int) -> list[Any]:
    bench = Bench(reference_subject(kind), examples=examples)
    scenarios: list[Any] = []
    search(bench, getattr(strategies, KINDS[kind].group)(bench.supports).one, scenarios.append)
    return scenarios


@pytest.mark.parametrize("kind", GENERATED)
def test_the_list_of_the_host_shows_what_that_of_the_reference_shows(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = KINDS[kind].sees_checkpoints or KINDS[kind].sees_events or KINDS[kind].sees_requests
    scenarios = drawn(kind, 5 if slow else 50)
    quick = [playing.play(reference_subject(kind), scenario) for scenario in scenarios]
    monkeypatch.setattr(playing, "Listed", CallbackList)
    assert [playing.play(reference_subject(kind), scenario) for scenario in scenarios] == quick
    assert sum(map(len, quick)) > len(scenarios)


def recorder(base: type, called: list[str], *hooks: str) -> Callback:
    def told(hook: str) -> Callable[..., None]:
        return lambda self, *arguments, **named: called.append(hook)

    made: Callback = type("Recorder", (base,), {hook: told(hook) for hook in hooks})()
    return made


def test_only_the_suites_own_callbacks_are_passed_over_and_only_where_they_have_no_hook() -> None:
    called: list[str] = []
    own, other = recorder(Attendant, called, "on_epoch_end"), recorder(Callback, called, "on_batch_end")
    listed = Listed([own, other, History()])
    assert listed._places is Listed([own, other, History()])._places  # found once for lists of the same classes
    for hook in ("on_train_begin", "on_epoch_end", "on_train_batch_end"):
        getattr(listed, hook)(*(() if hook == "on_train_begin" else (0,)), {"loss": 1.0})
    assert called == ["on_epoch_end", "on_batch_end"]
    assert listed._places == {"on_train_begin": [1, 2], "on_epoch_end": [0, 1, 2], "on_train_batch_end": [1]}
    listed.append(recorder(Attendant, called, "on_train_batch_end"))
    listed.on_train_batch_end(1)
    assert called == ["on_epoch_end", "on_batch_end", "on_batch_end", "on_train_batch_end"]


def test_a_class_that_no_dictionary_can_hold_is_called_too() -> None:
    class Unhashable(type):
        def __eq__(cls, other: object) -> bool:
            return cls is other

    called: list[str] = []
    hooks = {"on_epoch_end": lambda self, epoch, logs=None: called.append("on_epoch_end")}
    listed = Listed([Unhashable("Mine", (Callback,), hooks)(), History()])
    listed.on_epoch_end(0, {"loss": 1.0})
    assert called == ["on_epoch_end"]


def test_event_files_that_are_read_on_hold_what_they_hold_when_read_anew(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="the extra tensorboard brings the reader of event files")
    events = Events(str(tmp_path))
    assert events.seen() == {}
    sizes = []
    for fit in range(2):
        callbacks = CallbackList([TensorBoard(str(tmp_path), write_graph=False)])
        callbacks.on_train_begin()
        for epoch in range(3):
            callbacks.on_epoch_end(epoch, {"loss": 1.0 / (epoch + 1), "val_loss": float(fit)})
            assert events.seen() == seen_events(str(tmp_path))
            sizes.append(sum(map(len, events.seen().values())))
        callbacks.on_train_end()
    assert sizes == sorted(set(sizes))
    assert events.seen() == seen_events(str(tmp_path))


def test_an_event_file_that_is_another_by_now_is_read_anew(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="the extra tensorboard brings the reader of event files")
    for folder, loss in (("old", 1.0), ("new", 2.0)):
        callbacks = CallbackList([TensorBoard(str(tmp_path / folder), write_graph=False)])
        callbacks.on_train_begin()
        callbacks.on_epoch_end(0, {"loss": loss})
        callbacks.on_train_end()
    events = Events(str(tmp_path / "old"))
    assert events.seen() == {"train/epoch_loss": [[0, 1.0]]}
    (old,), (new,) = (tmp_path.glob(f"{folder}/train/*") for folder in ("old", "new"))
    new.replace(old)
    assert events.seen() == {"train/epoch_loss": [[0, 2.0]]}
    old.write_bytes(b"")
    assert events.seen() == {}
