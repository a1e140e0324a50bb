"""The kinds of callback that the suite judges: everything that must be known of a kind before its checks are read."""

from typing import Any

import msgspec

__all__ = ["KINDS", "Kind", "kind_of"]


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of callback.

    Args:
        name: the public class of Keras.
        group: the stem of its files of clauses, checks and vectors.
        more: the stems of other such files by which it is judged too.
        attributes: public attributes that the trace holds where the subject has them, each with the clause that owns
            it; when that clause fails, the attribute is not compared again.
        effects: other columns of the trace with an owner.
        sees_lr: the trace holds the learning rate: the optimizer's as `lr`, and the one in the logs as `logged`.
        sees_files: scenarios are played in a folder of their own, and the trace holds it as `files`: relative path to
            text, or to a digest of what is no text.
        sees_batches: the trace has a row after each training batch too.
        sees_events: likewise for TensorBoard's event files: the trace holds what they say as `events`.
        sees_requests: scenarios are played beside a server on loopback, and the trace holds what reached it as
            `requests`, and as `outwaited` whether a server that kept a client waiting gave up first.
        sees_progress: the trace holds what is printed as `progress` and `times` (see the module `progress`), the clock
            is scripted, and there is a row when an evaluation or a prediction ends.
        sees_averages: the optimizer averages the weights, and the trace holds the average as `average`; it has a row
            after each hook but those of batches.
        sees_checkpoints: scenarios are played in a folder of their own, and when training has ended or failed the trace
            holds as `saved` the steps that Orbax has finished in its subfolders: path to list of steps.
        everywhere: column of the trace to the clause whose breaking shows in it in any scenario: enough to explain that
            two versions differ there, while the checks go on comparing the column.
        needs: a module without which none can be judged.
        required: arguments without which none can be built, written as in a scenario.
    """

    name: str
    group: str
    more: tuple[str, ...] = ()
    attributes: dict[str, str] = {}
    effects: dict[str, str] = {}
    everywhere: dict[str, str] = {}
    sees_lr: bool = False
    sees_files: bool = False
    sees_batches: bool = False
    sees_events: bool = False
    sees_requests: bool = False
    sees_progress: bool = False
    sees_averages: bool = False
    sees_checkpoints: bool = False
    needs: str | None = None
    required: dict[str, Any] = {}

    @property
    def in_a_folder(self) -> bool:
        """Tell whether scenarios are played in a folder of their own."""
        return self.sees_files or self.sees_events or self.sees_checkpoints

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the stems of all its files."""
        return (self.group, *self.more)

    @property
    def owners(self) -> dict[str, str]:
        """Return the clause that each column of the trace belongs to."""
        return {name: clause for name, clause in {**self.attributes, **self.effects}.items() if clause}


KINDS = {
    kind.name: kind
    for kind in (
        Kind(name="Callback", group="callback"),
        Kind(name="CallbackList", group="life_cycle", more=("combinations",)),
        Kind(name="History", group="history", attributes={"epoch": "HI-03", "history": "HI-04"}),
        Kind(name="LambdaCallback", group="lambda_callback"),
        Kind(
            name="ProgbarLogger",
            group="progbar_logger",
            attributes={"seen": "PB-06", "target": "PB-16", "verbose": "PB-02", "epochs": "PB-05"},
            effects={"times": "PB-24"},
            sees_batches=True,
            sees_progress=True,
        ),
        Kind(
            name="EarlyStopping",
            group="early_stopping",
            attributes={
                "wait": "ES-41",
                "best": "ES-53",
                "best_epoch": "ES-39",
                "stopped_epoch": "ES-38",
                "best_weights": "ES-21",
                "min_delta": "ES-12",
                "mode": "ES-29",
                "monitor_op": "ES-54",
            },
            effects={"numbers": "ES-26", "warns": "ES-17"},
        ),
        Kind(
            name="ReduceLROnPlateau",
            group="reduce_lr_on_plateau",
            attributes={
                "wait": "RL-15",
                "best": "RL-08",
                "cooldown_counter": "RL-21",
                "min_delta": "RL-12",
                "mode": "RL-29",
                "monitor_op": "RL-40",
            },
            effects={"numbers": "RL-27", "warns": "RL-23", "logged": "RL-25"},
            everywhere={"lr": "RL-04", "numbers": "RL-04"},
            sees_lr=True,
        ),
        Kind(
            name="LearningRateScheduler",
            group="learning_rate_scheduler",
            effects={"numbers": "LS-08", "logged": "LS-15"},
            sees_lr=True,
            required={"schedule": {"function": "halve"}},
        ),
        Kind(
            name="ModelCheckpoint",
            group="model_checkpoint",
            attributes={"best": "MC-08", "mode": "MC-35"},
            effects={"numbers": "MC-24", "warns": "MC-07"},
            sees_files=True,
            sees_batches=True,
            required={"filepath": "model.keras"},
        ),
        Kind(
            name="BackupAndRestore",
            group="backup_and_restore",
            sees_files=True,
            sees_batches=True,
            required={"backup_dir": "backup"},
        ),
        Kind(
            name="CSVLogger",
            group="csv_logger",
            attributes={"keys": "CS-26"},
            effects={"warns": "CS-08"},
            everywhere={"files": "CS-09"},
            sees_files=True,
            required={"filename": "log.csv"},
        ),
        Kind(name="RemoteMonitor", group="remote_monitor", effects={"warns": "RM-14"}, sees_requests=True),
        Kind(name="TensorBoard", group="tensorboard", sees_events=True),
        Kind(
            name="TerminateOnNaN",
            group="terminate_on_nan",
            attributes={"raise_error": "TN-14"},
            effects={"numbers": "TN-07"},
            sees_batches=True,
        ),
        Kind(
            name="SwapEMAWeights",
            group="swap_ema_weights",
            attributes={"swap_on_epoch": "SE-19"},
            sees_averages=True,
        ),
        Kind(
            name="OrbaxCheckpoint",
            group="orbax_checkpoint",
            attributes={
                "best": "OC-11",
                "mode": "OC-29",
                "max_to_keep": "",
                "save_freq": "",
                "save_best_only": "",
                "save_on_background": "",
                "save_weights_only": "",
            },
            effects={"warns": "OC-13", "numbers": "OC-21"},
            sees_checkpoints=True,
            needs="orbax.checkpoint",
            required={"directory": "orbax"},
        ),
    )
}
"""By name; `CallbackList` is judged by the life cycle and by callbacks together."""


def kind_of(group: str) -> str:
    """Return the name of the kind that a file of clauses is about."""
    return next(kind.name for kind in KINDS.values() if group in kind.groups)
