"""The reference has the public classes of Keras, all of them and no other."""

import callback_reference
import pytest
from callback_reference import Callback, CallbackList, History, LambdaCallback

PUBLIC = [
    "BackupAndRestore", "CSVLogger", "Callback", "CallbackList", "EarlyStopping", "History", "LambdaCallback",
    "LearningRateScheduler", "ModelCheckpoint", "OrbaxCheckpoint", "ProgbarLogger", "ReduceLROnPlateau",
    "RemoteMonitor", "SwapEMAWeights", "TensorBoard", "TerminateOnNaN",
]  # fmt: skip
OURS = ["LoopState"]
"""What the reference exports beyond Keras."""


def _classes(module: object) -> list[str]:
    return sorted(name for name, member in vars(module).items() if isinstance(member, type) and name[0].isupper())


def test_keras_has_sixteen_callbacks_and_a_seventeenth_is_noticed() -> None:
    import keras

    assert _classes(keras.callbacks) == PUBLIC


def test_the_reference_has_them_all() -> None:
    assert sorted(callback_reference.__all__) == sorted(PUBLIC + OURS)
    assert [
        name for name in callback_reference.__all__ if not isinstance(getattr(callback_reference, name), type)
    ] == []
    assert _classes(callback_reference) == sorted(PUBLIC + OURS)
    assert set(callback_reference.__all__) <= set(dir(callback_reference))


def test_a_name_that_the_reference_lacks_is_named() -> None:
    with pytest.raises(AttributeError, match="module 'callback_reference' has no attribute 'EarlyStoping'"):
        _ = callback_reference.EarlyStoping


def test_a_list_with_a_progress_bar_brings_both_that_it_is_asked_for() -> None:
    listed = CallbackList([Callback()], add_history=True, add_progbar=True)
    assert [type(member).__name__ for member in listed.callbacks] == ["Callback", "History", "ProgbarLogger"]


def test_a_list_drives_its_members_inside_a_real_fit_as_keras_would() -> None:
    import keras
    import numpy as np

    x = np.ones((4, 1))
    seen: dict[str, list[object]] = {"flat": [], "listed": []}

    def noting(name: str) -> LambdaCallback:
        def note(*positional: object, **named: object) -> None:
            seen[name].append([positional[:-1] if named == {} else positional, sorted(named)])

        hooks = [hook for hook in dir(Callback) if hook.startswith("on_")]
        return LambdaCallback(**dict.fromkeys(hooks, note))

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    record = History()
    members = [noting("flat"), CallbackList([noting("listed"), record])]
    model.fit(x, x, validation_data=(x, x), epochs=2, batch_size=2, callbacks=members, verbose=0)
    assert seen["flat"] == seen["listed"]
    assert record.epoch == [0, 1]
    assert sorted(record.history) == ["loss", "val_loss"]


@pytest.mark.parametrize(("name", "meant"), [("on_epoc_end", "on_epoch_end"), ("on_batch_finish", "on_batch_begin")])
def test_a_misspelt_hook_is_refused_with_what_was_meant(name: str, meant: str) -> None:
    with pytest.raises(TypeError, match=f"there is no hook '{name}'; did you mean '{meant}'"):
        LambdaCallback(**{name: print})


def test_what_ends_without_a_beginning_is_named() -> None:
    with pytest.raises(ValueError, match="on_test_end was called without on_test_begin before it"):
        CallbackList([]).on_test_end()
