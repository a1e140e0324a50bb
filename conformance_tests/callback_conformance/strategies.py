"""Hypothesis strategies for scenarios, each a handful of bytes: generation is what limits the suite's speed.

A byte of zero always stands for the simplest choice, so that shrinking leads to short scripts of plain numbers.
"""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from .scenarios import Action, Run, Scenario

__all__ = ["early_stopping", "loops", "orbax_checkpoint", "reduce_lr_on_plateau", "series", "swap_ema_weights"]

VALUES: list[Any] = [
    0.0, 1.0, 2.0, 3.0, -1.0, 0.5, 1 - 1e-9, 1 - 1e-7, "missing", None, float("nan"), float("inf"), float("-inf"),
    1, "float32", "float64",
]  # fmt: skip
MIN_DELTAS = [0, 0, 0.5, 1, -0.5, 1e-9]
BASELINES = [None, None, None, 1.0, 0.0, -0.5]
MODES = ["min", "max", "auto", "auto"]
FREQUENCIES: list[int | list[int]] = [1, 2, [1, 3], [2]]
FACTORS = [0.5, 0.1, 0.25, 0, -0.5]
MIN_LRS = [0.0, 0.3, 0.25, 0.1, 2.0]
MONITORS = ["val_loss", "loss", "score", "val_score"]


def early_stopping(supports: Callable[[str], bool], numpy: bool = True) -> st.SearchStrategy[Scenario]:
    """Whole scenarios for EarlyStopping: arguments, one or two runs, every kind of value.

    Args:
        supports: says whether the subject takes an argument; others are left at their defaults.
        numpy: draw NumPy scalars too.
    """
    sizes = st.binary(min_size=5, max_size=17)
    return sizes.map(lambda data: _early_stopping(data, supports, numpy))


def reduce_lr_on_plateau(supports: Callable[[str], bool], numpy: bool = True) -> st.SearchStrategy[Scenario]:
    """Whole scenarios for ReduceLROnPlateau: arguments, one or two runs, every kind of value.

    Args:
        supports: says whether the subject takes an argument; others are left at their defaults.
        numpy: draw NumPy scalars too.
    """
    sizes = st.binary(min_size=5, max_size=17)
    return sizes.map(lambda data: _reduce_lr_on_plateau(data, supports, numpy))


def series(longest: int = 10, smallest: int = 1) -> st.SearchStrategy[tuple[int, list[float]]]:
    """A patience from 1 to 4, and finite values from a small set: for laws."""
    return st.binary(min_size=smallest + 1, max_size=longest + 1).map(
        lambda data: (1 + data[0] % 4, [float(byte % 7) for byte in data[1:]])
    )


def loops() -> st.SearchStrategy[Scenario]:
    """Whole life-cycle scenarios: one or two fits, or an evaluate or predict, with something happening at a hook."""
    return st.binary(min_size=8, max_size=8).map(_loop)


def swap_ema_weights(supports: Callable[[str], bool], numpy: bool = True) -> st.SearchStrategy[Scenario]:
    """Whole scenarios for SwapEMAWeights: optimizers, one to three runs of any kind, stops and exceptions.

    Args:
        supports: says whether the subject takes an argument; others are left at their defaults.
        numpy: not used; the callback sees no value.
    """
    return st.binary(min_size=6, max_size=6).map(lambda data: _swap_ema_weights(data, supports))


def orbax_checkpoint(supports: Callable[[str], bool], numpy: bool = True) -> st.SearchStrategy[Scenario]:
    """Short scenarios for OrbaxCheckpoint that save weights only: arguments, one or two runs, every kind of value.

    Args:
        supports: says whether the subject takes an argument; others are left at their defaults.
        numpy: draw NumPy scalars too.
    """
    return st.binary(min_size=5, max_size=9).map(lambda data: _orbax_checkpoint(data, supports, numpy))


def _orbax_checkpoint(data: bytes, supports: Callable[[str], bool], numpy: bool) -> Scenario:
    kept, modes, limits, shape, split, *values = data
    arguments: dict[str, Any] = {
        "directory": "@/ckpt",
        "save_weights_only": True,
        "monitor": MONITORS[shape % 4],
        "mode": MODES[modes % 4],
        "verbose": modes // 4 % 2,
        "save_best_only": modes // 8 % 4 != 3,
        "max_to_keep": (None, 1, 2)[kept % 3],
        "save_on_background": bool(kept // 3 % 2),
        "initial_value_threshold": BASELINES[limits % 6],
        "save_freq": 1 if limits // 6 % 5 == 4 else "epoch",
    }
    return _scripted({name: value for name, value in arguments.items() if supports(name)}, shape, split, values, numpy)


def _swap_ema_weights(data: bytes, supports: Callable[[str], bool]) -> Scenario:
    swap, averaging, shape, act, where, more = data
    actions = [
        Action(at="on_epoch_end", do="stop", index=where % 3, who="after" if where // 3 % 2 else "script"),
        Action(at="on_train_batch_end", do="stop", index=where % 3),
        Action(at="on_epoch_end", do="raise", index=where % 3, who="after" if where // 3 % 2 else "script"),
        Action(at="on_test_batch_end", do="raise", index=where % 2),
        Action(at="on_epoch_end", do="evaluate", index=where % 3, who="after"),
    ]
    run = Run(
        epochs=1 + shape % 3,
        batches=1 + shape // 3 % 3,
        validation=shape // 9 % 3,
        initial_epoch=0 if shape // 27 % 3 else shape % 2,
        actions=[actions[act % 8]] if act % 8 < 5 and act else [],
    )
    later: list[Run] = [
        Run(kind="evaluate"),
        Run(epochs=2, validation=more // 8 % 2),
        Run(kind="predict"),
        Run(epochs=1, fresh_model=True),
    ]
    optimizer = {
        "ema_momentum": (0.5, 0.25, 0.75)[averaging % 3],
        "ema_overwrite_frequency": (None, None, 2, 3)[averaging // 3 % 4],
        "use_ema": averaging // 12 % 16 != 7,
    }
    defaults = {"ema_momentum": 0.5, "ema_overwrite_frequency": None, "use_ema": True}
    return Scenario(
        arguments={"swap_on_epoch": bool(swap % 2)} if supports("swap_on_epoch") else {},
        optimizer={name: value for name, value in optimizer.items() if value != defaults[name]},
        runs=[run, *[later[index] for index in range(4) if more % 16 & 1 << index]],
        copies=2 if swap // 2 % 8 == 7 else 1,
    )


def _early_stopping(data: bytes, supports: Callable[[str], bool], numpy: bool) -> Scenario:
    patience, modes, limits, shape, split, *values = data
    monitor = MONITORS[shape % 4]
    mode = MODES[modes % 4]
    arguments: dict[str, Any] = {
        "monitor": monitor,
        "patience": patience % 5,
        "mode": mode,
        "verbose": modes // 4 % 2,
        "restore_best_weights": bool(modes // 8 % 2),
        "min_delta": MIN_DELTAS[limits % 6],
        "baseline": BASELINES[limits // 6 % 6],
        "start_from_epoch": (limits // 36) % 4,
    }
    defaults = {
        "monitor": "val_loss", "mode": "auto", "verbose": 0, "restore_best_weights": False, "min_delta": 0,
        "baseline": None, "start_from_epoch": 0,
    }  # fmt: skip
    kept = {
        name: value for name, value in arguments.items() if supports(name) and (name, value) not in defaults.items()
    }
    return _scripted(kept, shape, split, values, numpy)


def _reduce_lr_on_plateau(data: bytes, supports: Callable[[str], bool], numpy: bool) -> Scenario:
    patience, modes, limits, shape, split, *values = data
    monitor = MONITORS[shape % 4]
    arguments: dict[str, Any] = {
        "monitor": monitor,
        "patience": patience % 4,
        "cooldown": patience // 4 % 5,
        "mode": MODES[modes % 4],
        "verbose": modes // 4 % 2,
        "factor": FACTORS[limits % 5],
        "min_lr": MIN_LRS[limits // 5 % 5],
        "min_delta": MIN_DELTAS[modes // 8 % 6],
    }
    kept = {name: value for name, value in arguments.items() if supports(name) and (name, value) != ("mode", "auto")}
    return _scripted(kept, shape, split, values, numpy)


def _scripted(arguments: dict[str, Any], shape: int, split: int, values: list[int], numpy: bool) -> Scenario:
    """Return one or two runs over the values, on a model with a metric where one is monitored."""
    key = arguments.get("monitor", "val_loss")
    logs = [_logs(key, value, numpy) for value in values]
    metrics = {"score": "up" if shape // 16 % 2 else "down"} if key.endswith("score") else {}
    runs = [Run(logs=logs)] if not split % 8 else _two_runs(logs, split)
    return Scenario(arguments=arguments, metrics=metrics, runs=runs, copies=2 if shape // 32 == 7 else 1)


def _two_runs(logs: list[Any], split: int) -> list[Run]:
    cut = split % 8
    if not logs[:cut] or not logs[cut:]:
        return [Run(logs=logs, initial_epoch=split // 8 % 3)]
    second = Run(logs=logs[cut:], fresh_model=bool(split // 64 % 2), initial_epoch=split // 8 % 3)
    return [Run(logs=logs[:cut]), second]


def _logs(monitor: str, byte: int, numpy: bool) -> dict[str, Any]:
    value = VALUES[byte % 16]
    if value == "missing":
        return {"other": 1.0}
    if value in ("float32", "float64"):
        value = _scalar(value, byte) if numpy else 0.25
    return {monitor: value}


def _scalar(kind: str, byte: int) -> Any:
    import numpy

    return numpy.float32(byte // 16) if kind == "float32" else numpy.float64(1 - (byte // 16) * 1e-9)


def _loop(data: bytes) -> Scenario:
    kinds, epochs, batches, validation, freq, act, where, layout = data
    kind = ("fit", "fit", "fit", "fit", "fit", "fit", "evaluate", "predict")[kinds % 8]
    run = Run(
        kind=kind,  # type: ignore[arg-type]
        epochs=epochs % 4,
        initial_epoch=min(epochs // 4 % 2, epochs % 4),
        batches=1 + batches % 4,
        validation=validation % 3,
        validation_freq=FREQUENCIES[freq % 4],
        steps_per_execution=(1, 1, 2, 3)[batches // 4 % 4],
        actions=[_action(act, where)] if act % 8 and kind == "fit" else [],
    )
    layouts: list[list[Any]] = [["a"], ["a", "b"], ["a", ["b", "history"]], ["a", "a"], ["old", "a"], ["bare", "a"]]
    second = [Run(epochs=2)] if kinds // 8 % 2 else []
    return Scenario(layout=layouts[layout % 6], runs=[run, *second])


def _action(act: int, where: int) -> Action:
    hooks = ["on_epoch_end", "on_train_begin", "on_epoch_begin", "on_train_batch_begin", "on_train_batch_end"]
    hooks += ["on_test_begin", "on_test_batch_end", "on_test_end"]
    do = ["stop", "stop", "raise", "write", "stop", "raise", "write", "stop"][act % 8]
    hook = hooks[where % (8 if do != "write" else 1)]
    index = where // 8 % 2 if hook not in ("on_train_begin", "on_test_begin", "on_test_end") else None
    return Action(at=hook, do=do, index=index, who="a")  # type: ignore[arg-type]
