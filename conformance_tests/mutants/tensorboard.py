"""Wrong TensorBoards: what people get wrong when they write one themselves."""

import contextlib
import os
import warnings
from collections.abc import Iterator
from typing import Any
from unittest import mock

from callback_reference import TensorBoard, event_file, model_summaries, projector, tensorboard
from callback_reference.event_file import EventFile, scalar
from callback_reference.profiling import Profiler

from . import caught_by

__all__: list[str] = []

Logs = dict[str, Any] | None


@contextlib.contextmanager
def _instead(module: Any, **functions: Any) -> Iterator[None]:
    with mock.patch.multiple(module, **functions):
        yield


class _ReadsWeights(TensorBoard):
    """Changes how weights are turned into summaries."""

    def _weights(self) -> list[Any]:
        return model_summaries.weight_summaries(self.model, self.write_images)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        with _instead(tensorboard, weight_summaries=lambda model, pictures: self._weights()):
            super().on_epoch_end(epoch, logs)


class _Rewrites(TensorBoard):
    """Changes what is to be written: run, step and summaries."""

    def _change(self, run: str, step: int, values: list[Any]) -> tuple[str, int, list[Any]]:
        return run, step, values

    def _write(self, run: str, step: int, values: list[Any]) -> None:
        super()._write(*self._change(run, step, values))


def _renamed(values: list[Any], old: str, new: str) -> list[Any]:
    for value in values:
        value.tag = value.tag.replace(old, new)
    return values


# Epochs


@caught_by("TB-01")
class WritesToLogDirItself(_Rewrites):
    """Makes no folder for each run."""

    def _change(self, run: str, step: int, values: list[Any]) -> tuple[str, int, list[Any]]:
        return ".", step, values


@caught_by("TB-01", "TB-05")
class CallsTheRunVal(_Rewrites):
    """Shortens the name of a run."""

    def _change(self, run: str, step: int, values: list[Any]) -> tuple[str, int, list[Any]]:
        return run.replace("validation", "val"), step, values


@caught_by("TB-04", "TB-13")
class CallsEpochsBatches(_Rewrites):
    """Writes epochs under the tags of batches."""

    def _change(self, run: str, step: int, values: list[Any]) -> tuple[str, int, list[Any]]:
        return run, step, _renamed(values, "epoch_", "batch_")


@caught_by("TB-04")
class WritesOnlyTheLoss(TensorBoard):
    """Knows one metric."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, {name: value for name, value in (logs or {}).items() if name.endswith("loss")})


@caught_by("TB-05")
class StripsEveryPrefix(_Rewrites):
    """Takes `val_` out wherever it stands."""

    def _change(self, run: str, step: int, values: list[Any]) -> tuple[str, int, list[Any]]:
        return run, step, _renamed(values, "val_", "")


@caught_by("TB-05")
class WritesValidationToTheTrainingRun(_Rewrites):
    """Keeps everything in one run."""

    def _change(self, run: str, step: int, values: list[Any]) -> tuple[str, int, list[Any]]:
        return "train", step, values


@caught_by("TB-06")
class CountsEpochsFromOne(TensorBoard):
    """Writes the number that is printed."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch + 1, logs)


@caught_by("TB-06")
class CountsEpochsItself(TensorBoard):
    """Goes on counting in a second fit."""

    counted = 0

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(self.counted, logs)
        self.counted += 1


@caught_by("TB-07")
class LeavesOutWhatIsNotFinite(TensorBoard):
    """Writes no NaN."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, {name: value for name, value in (logs or {}).items() if value == value})


@caught_by("TB-07")
class RoundsToHalfPrecision(TensorBoard):
    """Saves space."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        import numpy

        with numpy.errstate(over="ignore"):
            halves = {name: float(numpy.float16(value)) for name, value in (logs or {}).items()}
        super().on_epoch_end(epoch, halves)


@caught_by("TB-08")
class RefusesLargeNumbers(TensorBoard):
    """Fails on what 32 bits cannot hold."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        import struct

        for value in (logs or {}).values():
            struct.pack("<f", value)
        super().on_epoch_end(epoch, logs)


@caught_by("TB-09")
class WritesTheLoggedRate(TensorBoard):
    """Believes the logs."""

    def _facts_of_the_epoch(self) -> dict[str, Any]:
        return {}


@caught_by("TB-09")
class WritesTheRateOnlyBesideMetrics(TensorBoard):
    """Writes no rate in an epoch whose logs hold validation alone."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.bare = all(name.startswith("val_") for name in logs or {})
        super().on_epoch_end(epoch, logs)

    def _facts_of_the_epoch(self) -> dict[str, Any]:
        return {} if self.bare else super()._facts_of_the_epoch()


@caught_by("TB-10")
class WritesTheRateOfEveryEpoch(TensorBoard):
    """Does not look whether the logs are empty."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs or {"nothing": 0.0})


@caught_by("TB-11")
class AddsTheRateToTheLogs(TensorBoard):
    """Changes the logs for those that follow."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        (logs or {}).update(self._facts_of_the_epoch())


@caught_by("TB-12")
class SkipsWhatIsNoNumber(TensorBoard):
    """Drops other values in silence."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, {name: value for name, value in (logs or {}).items() if hasattr(value, "real")})


# Batches


@caught_by("TB-13")
class WritesEachBatchByDefault(TensorBoard):
    """Has another default."""

    def __init__(self, log_dir: Any = "logs", update_freq: Any = "batch", **more: Any) -> None:
        super().__init__(log_dir, update_freq=1 if update_freq == "epoch" else update_freq, **more)


@caught_by("TB-14", "TB-16")
class CountsBatchesFromZero(_Rewrites):
    """Writes the index of the hook."""

    def _change(self, run: str, step: int, values: list[Any]) -> tuple[str, int, list[Any]]:
        batches = bool(values) and values[0].tag.startswith("batch_")
        return run, step - batches, values


@caught_by("TB-14", "TB-16")
class CountsBatchesOfTheEpoch(TensorBoard):
    """Begins anew in each epoch."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_begin(epoch, logs)
        self.batches_seen = 0


@caught_by("TB-15")
class CountsBatchesThroughFits(TensorBoard):
    """Goes on counting in a second fit."""

    def _begins_anew(self) -> bool:
        return False


@caught_by("TB-16")
class WritesTheFirstOfNBatches(TensorBoard):
    """Writes batches 1, N + 1, and so on."""

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        if isinstance(self.update_freq, int):
            self.batches_seen -= 1
            super().on_train_batch_end(batch, logs)
            self.batches_seen += 1


@caught_by("TB-17")
class DropsEpochsBetweenBatches(TensorBoard):
    """Writes an epoch only when a batch would be due, as Keras 3 does."""

    def _write(self, run: str, step: int, values: list[Any]) -> None:
        due = self.update_freq == "epoch" or self.batches_seen % int(self.update_freq) == 0
        super()._write(run, step, values if due else [])


@caught_by("TB-18", "TB-19")
class WritesSecondsPerBatch(TensorBoard):
    """Turns the fraction over, and gives it another name."""

    def _write(self, run: str, step: int, values: list[Any]) -> None:
        super()._write(run, step, _renamed(values, "steps_per_second", "seconds_per_step"))


@caught_by("TB-18")
class AlwaysMeasuresTheSpeed(TensorBoard):
    """Ignores the argument."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.write_steps_per_second, asked = True, self.write_steps_per_second
        super().on_epoch_end(epoch, logs)
        self.write_steps_per_second = asked


@caught_by("TB-19")
class CountsAllSteps(TensorBoard):
    """Divides the optimizer's whole count by the time of one epoch."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_begin(epoch, logs)
        self._iterations_before = -1


# Evaluations


@caught_by("TB-20", "TB-21")
class CallsEvaluationsByTheirName(_Rewrites):
    """Leaves `_vs_iterations` out."""

    def _change(self, run: str, step: int, values: list[Any]) -> tuple[str, int, list[Any]]:
        return run, step, _renamed(values, "_vs_iterations", "")


@caught_by("TB-20")
class CountsEvaluations(TensorBoard):
    """Writes the how manieth evaluation it is."""

    evaluations = 0

    def on_test_end(self, logs: Logs = None) -> None:
        with mock.patch.object(self, "_iterations", return_value=self.evaluations):
            super().on_test_end(logs)
        self.evaluations += 1


@caught_by("TB-21")
class WritesEvaluationsAsEpochs(TensorBoard):
    """Adds an epoch for each evaluation."""

    def on_test_end(self, logs: Logs = None) -> None:
        super().on_test_end(logs)
        self._write("validation", 0, [scalar("epoch_loss", 0.5)])


@caught_by("TB-22")
class WritesPredictions(TensorBoard):
    """Logs how many predictions there were."""

    def on_predict_end(self, logs: Logs = None) -> None:
        self._write("train", 0, [scalar("predictions", 1.0)])


# Weights


@caught_by("TB-23")
class WritesHistogramsAfterNEpochs(TensorBoard):
    """Counts from 1 to know which epoch is due."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        kept = self.histogram_freq
        self.histogram_freq = kept if kept and (epoch + 1) % kept == 0 else 0
        if self.histogram_freq:
            self.histogram_freq = 1
        super().on_epoch_end(epoch, logs)
        self.histogram_freq = kept


@caught_by("TB-23")
class ForgetsAllButTheFirstWeight(_ReadsWeights):
    """Writes kernels and no biases."""

    def _weights(self) -> list[Any]:
        return super()._weights()[:1]


@caught_by("TB-24")
class HasTenBuckets(_ReadsWeights):
    """Saves space."""

    def _weights(self) -> list[Any]:
        with _instead(event_file, BUCKETS=10):
            return super()._weights()


@caught_by("TB-24")
class CountsEqualValuesInTheFirstBucket(_ReadsWeights):
    """Divides by the width of a bucket, whatever it is."""

    def _weights(self) -> list[Any]:
        import numpy

        def full(shape: Any, place: int) -> Any:
            return numpy.zeros(shape, int)

        with mock.patch.object(numpy, "full", full):
            return super()._weights()


@caught_by("TB-25")
class LetsANanIntoTheHistogram(_ReadsWeights):
    """Has NaN edges, or fails."""

    def _weights(self) -> list[Any]:
        import numpy

        def all_of_them(values: Any) -> Any:
            return numpy.ones(values.shape, bool)

        with mock.patch.object(numpy, "isfinite", all_of_them), numpy.errstate(all="ignore"):
            return super()._weights()


@caught_by("TB-26")
class DrawsWithoutBeingAsked(_ReadsWeights):
    """Ignores `write_images`."""

    def _weights(self) -> list[Any]:
        self.write_images, asked = True, self.write_images
        values = super()._weights()
        self.write_images = asked
        return values


@caught_by("TB-26", "TB-27")
class DrawsNothing(_ReadsWeights):
    """Cannot draw."""

    def _weights(self) -> list[Any]:
        return [value for value in super()._weights() if not value.tag.endswith("image")]


@caught_by("TB-27", "TB-28")
class DrawsMatricesAsTheyAre(_ReadsWeights):
    """Does not lay them on their longer side."""

    def _weights(self) -> list[Any]:
        pictures = event_file._as_pictures

        def upright(weight: Any) -> Any:
            return weight[None, :, :, None] if weight.ndim == 2 else pictures(weight)

        with _instead(event_file, _as_pictures=upright):
            return super()._weights()


@caught_by("TB-27")
class DrawsEveryPicture(_ReadsWeights):
    """Has no limit."""

    def _weights(self) -> list[Any]:
        with _instead(event_file, PICTURES=1000):
            return super()._weights()


@caught_by("TB-28")
class StretchesTheShades(_ReadsWeights):
    """Draws the smallest value black and the largest white."""

    def _weights(self) -> list[Any]:
        draw = event_file.images

        def stretched(tag: str, weight: Any) -> Any:
            import numpy

            return draw(
                tag, (weight - numpy.nanmin(weight)) / max(float(numpy.nanmax(weight) - numpy.nanmin(weight)), 1)
            )

        with _instead(model_summaries, images=stretched):
            return super()._weights()


# The model


@caught_by("TB-29", "TB-31")
class WritesTheGraphOfAnything(TensorBoard):
    """Writes whatever has `to_json`, asked or not."""

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        self._write("train", 0, [event_file.model_graph("keras", getattr(model, "to_json", lambda: "{}")())])


@caught_by("TB-29")
class WritesNoGraph(TensorBoard):
    """Takes 'not supported' at its word."""

    def set_model(self, model: Any) -> None:
        self.write_graph = False
        super().set_model(model)


@caught_by("TB-30")
class DiesOfAModelWithoutJson(TensorBoard):
    """Lets the exception out."""

    def set_model(self, model: Any) -> None:
        if type(model).__name__ in ("Sequential", "Functional"):
            model.to_json()
        super().set_model(model)


@caught_by("TB-30")
class HidesWhyThereIsNoGraph(TensorBoard):
    """Says nothing."""

    def set_model(self, model: Any) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            super().set_model(model)


# Files


@caught_by("TB-02")
class ImportsLate(TensorBoard):
    """Needs the package at the first number only."""

    def __init__(self, **arguments: Any) -> None:
        with _instead(tensorboard, require_tensorboard=lambda: None):
            super().__init__(**arguments)


@caught_by("TB-03")
class MakesBothRunsAtOnce(TensorBoard):
    """Makes an empty file for a validation that may never be."""

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self._files["validation"] = EventFile(os.path.join(self.log_dir, "validation"))


@caught_by("TB-32")
class EmptiesTheFolder(TensorBoard):
    """Removes what is there when training begins."""

    def on_train_begin(self, logs: Logs = None) -> None:
        import shutil

        shutil.rmtree(self.log_dir, ignore_errors=True)
        super().on_train_begin(logs)


@caught_by("TB-33")
class KeepsThingsBack(TensorBoard):
    """Writes when the next thing is due, or training ends."""

    held: tuple[Any, ...] | None = None

    def _write(self, run: str, step: int, values: list[Any]) -> None:
        if self.held:
            super()._write(*self.held)
        self.held = (run, step, values)

    def _close(self) -> None:
        if self.held:
            super()._write(*self.held)
        self.held = None
        super()._close()


# Arguments


@caught_by("TB-34")
class TakesAnyUpdateFreq(TensorBoard):
    """Does not look at it."""

    def __init__(self, update_freq: Any = "epoch", **more: Any) -> None:
        super().__init__(**more)
        self.update_freq = update_freq


@caught_by("TB-35")
class TakesAnyFrequency(TensorBoard):
    """Does not look at the others."""

    def __init__(self, histogram_freq: Any = 0, embeddings_freq: Any = 0, **more: Any) -> None:
        super().__init__(**more)
        self.histogram_freq, self.embeddings_freq = histogram_freq, embeddings_freq


@caught_by("TB-36")
class TakesAnyBatchToProfile(TensorBoard):
    """Ignores what it does not understand."""

    def __init__(self, profile_batch: Any = 0, **more: Any) -> None:
        try:
            super().__init__(profile_batch=profile_batch, **more)
        except ValueError:
            super().__init__(**more)


@caught_by("TB-42")
class KeepsThePathAsItIs(TensorBoard):
    """Does not turn a path into text, nor "batch" into 1."""

    def __init__(self, log_dir: Any = "logs", update_freq: Any = "epoch", **more: Any) -> None:
        super().__init__(log_dir, update_freq=update_freq, **more)
        self.log_dir = log_dir


# Embeddings


@caught_by("TB-37")
class IgnoresUnknownLayers(TensorBoard):
    """Takes labels for layers that are not there."""

    def set_model(self, model: Any) -> None:
        names = {layer.name for layer in getattr(model, "layers", ())}
        if isinstance(self.embeddings_metadata, dict):
            self.embeddings_metadata = {name: path for name, path in self.embeddings_metadata.items() if name in names}
        super().set_model(model)


@caught_by("TB-38")
class WritesNoTable(TensorBoard):
    """Names a table that is not there."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self._projector, kept = None, self._projector
        super().on_epoch_end(epoch, logs)
        self._projector = kept


@caught_by("TB-38")
class ForgetsTheLabels(TensorBoard):
    """Writes no metadata into the config."""

    def set_model(self, model: Any) -> None:
        self.embeddings_metadata, kept = None, self.embeddings_metadata
        super().set_model(model)
        self.embeddings_metadata = kept


@caught_by("TB-39")
class EmptiesTheMetadata(TensorBoard):
    """Takes each name out once it is found."""

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        if isinstance(self.embeddings_metadata, dict):
            self.embeddings_metadata.clear()


@caught_by("TB-40")
class NeedsAFolderForTheConfig(TensorBoard):
    """Opens the config in a folder that somebody else must make."""

    def set_model(self, model: Any) -> None:
        def write(folder: str, name: str, text: str) -> None:
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)

        with _instead(projector, write_file=write):
            super().set_model(model)


# Profiling


@caught_by("TB-41")
class ProfilesFromZero(TensorBoard):
    """Counts batches to profile from 0."""

    def __init__(self, profile_batch: Any = 0, **more: Any) -> None:
        super().__init__(profile_batch=profile_batch, **more)
        if self._profiler.first:
            self._profiler.first += 1
            self._profiler.last += 1


@caught_by("TB-41")
class NeverStopsToProfile(TensorBoard):
    """Leaves the profiler running when training ends before the last batch."""

    def on_train_end(self, logs: Logs = None) -> None:
        self._profiler = Profiler(0)
        super().on_train_end(logs)


@caught_by("TB-44")
class BecomesTheDefaultWriter(TensorBoard):
    """Takes what the model writes with `tf.summary`."""

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        if self.update_freq != "epoch":
            import tensorflow

            tensorflow.summary.create_file_writer(self.log_dir).set_as_default()


# State


@caught_by("TB-43")
class ForgetsWhatItLoaded(TensorBoard):
    """Counts anew although a state was loaded."""

    def _begins_anew(self) -> bool:
        super()._begins_anew()
        return True


@caught_by("TB-45")
class WritesTheClock(TensorBoard):
    """Adds a tag of its own now and then."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        if epoch == 5 and "loss" in (logs or {}):
            self._write("train", epoch, [scalar("surprise", 1.0)])
