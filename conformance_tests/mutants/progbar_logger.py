"""Wrong progress bars."""

import sys
import time
from typing import Any

from callback_reference import ProgbarLogger, progress
from callback_reference.callback import Callback
from callback_reference.progress import Progress, write

from . import caught_by

__all__: list[str] = []

Logs = dict[str, Any] | None


class Drawn(ProgbarLogger):
    """A bar whose lines are made by the class's own `Line`."""

    Line: type[Progress] = Progress

    def _begin(self) -> None:
        self.seen, self.progbar = 0, self.Line(self.target, self.verbose)

    def _line(self) -> Progress:
        if self.progbar is None:
            self.progbar = self.Line(self.target, self.verbose)
        return self.progbar


@caught_by("PB-01", "PB-06")
class CountsFromZero(ProgbarLogger):
    """Shows the index of the batch instead of its number."""

    def _show(self, batch: int, logs: Logs) -> None:
        super()._show(batch - 1, logs)


@caught_by("PB-01", "PB-22")
class DrawsOnlyTheEnd(ProgbarLogger):
    """Draws nothing before the end."""

    def _show(self, batch: int, logs: Logs) -> None:
        self.seen = batch + 1


@caught_by("PB-02")
class TakesAutoForAWord(ProgbarLogger):
    """Does not know what "auto" stands for."""

    def set_params(self, params: dict[str, Any]) -> None:
        super().set_params(params)
        self.verbose = params.get("verbose", 1)


@caught_by("PB-03")
class DrawsOverTheLineInFiles(ProgbarLogger):
    """Takes 2 for 1."""

    def set_params(self, params: dict[str, Any]) -> None:
        super().set_params(params)
        self.verbose = 1 if self.verbose == 2 else self.verbose


@caught_by("PB-03")
class ShowsBatchValuesAtTheEnd(ProgbarLogger):
    """With 2, shows values that only the batches had."""

    def _show(self, batch: int, logs: Logs) -> None:
        super()._show(batch, logs)
        self._line().values.update(logs or {})


@caught_by("PB-04")
class NeverSilent(ProgbarLogger):
    """Writes the headings whatever `verbose` is."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        before, self.verbose = self.verbose, self.verbose or 3
        super().on_epoch_begin(epoch, logs)
        self.verbose = before


@caught_by("PB-05")
class NumbersEpochsFromZero(ProgbarLogger):
    """Writes the index of the epoch."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_begin(epoch - 1, logs)


@caught_by("PB-05")
class HeadsOneEpoch(ProgbarLogger):
    """Writes a heading over a single epoch too."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        if self.verbose and self.epochs == 1:
            write("Epoch 1/1\n")
        super().on_epoch_begin(epoch, logs)


@caught_by("PB-06")
class GoesOnCounting(ProgbarLogger):
    """Counts on over the epochs."""

    def _begin(self) -> None:
        before = self.seen
        super()._begin()
        self.seen = before


@caught_by("PB-07")
class CountsEpochsAsSteps(ProgbarLogger):
    """Takes the number of epochs for that of steps."""

    def set_params(self, params: dict[str, Any]) -> None:
        super().set_params(params)
        self.target = params.get("epochs")


class Always(Progress):
    """Draws whenever it is told something."""

    def update(self, step: int, values: dict[Any, Any]) -> None:
        self._drawn_at = 0.0
        super().update(step, values)


@caught_by("PB-08")
class DrawsEveryBatch(Drawn):
    """Draws a thousand times a second, if need be."""

    Line = Always


class Lazy(Progress):
    """Draws the end as it draws a step."""

    def finish(self, step: int, values: dict[Any, Any]) -> None:
        if self.verbose == 1 and time.time() - self._drawn_at < 0.05:
            write("\n")
        else:
            super().finish(step, values)


@caught_by("PB-09")
class LosesTheEnd(Drawn):
    """Leaves the last line out if one was just drawn."""

    Line = Lazy


class Open(Progress):
    """Leaves the line open."""

    def _draw(self, step: int, now: float, last: bool) -> None:
        super()._draw(step, now, last=False)


@caught_by("PB-09")
class LeavesTheLineOpen(Drawn):
    """Ends no line."""

    Line = Open


class Averages(Progress):
    """Averages the values of the steps."""

    def update(self, step: int, values: dict[Any, Any]) -> None:
        known = {name: (self.values.get(name, value) * (step - 1) + value) / step for name, value in values.items()}
        super().update(step, known)

    def finish(self, step: int, values: dict[Any, Any]) -> None:
        super().finish(step, {name: (self.values.get(name, value) + value) / 2 for name, value in values.items()})


@caught_by("PB-10")
class AveragesAnew(Drawn):
    """Averages what is an average already."""

    Line = Averages


class Forgets(Progress):
    """Shows only the values of this moment."""

    def update(self, step: int, values: dict[Any, Any]) -> None:
        self.values.clear()
        super().update(step, values)


@caught_by("PB-11")
class DropsWhatIsMissing(Drawn):
    """Drops a value that is not reported again."""

    Line = Forgets


@caught_by("PB-11")
class KeepsValuesOverEpochs(ProgbarLogger):
    """Goes on showing the values of the epoch before."""

    def _begin(self) -> None:
        before = self.progbar.values if self.progbar else {}
        super()._begin()
        if self.progbar:
            self.progbar.values.update(before)


class Sorted(Progress):
    """Sorts the values by name."""

    def _values(self) -> str:
        self.values = dict(sorted(self.values.items()))
        return super()._values()


@caught_by("PB-12")
class SortsTheNames(Drawn):
    """Shows the values in another order than that of their first appearance."""

    Line = Sorted


class Fixed(Progress):
    """Shows the names that the first step had."""

    def update(self, step: int, values: dict[Any, Any]) -> None:
        super().update(step, {name: value for name, value in values.items() if not self.values or name in self.values})


@caught_by("PB-12")
class LeavesLateNamesOut(Drawn):
    """Decides at the first step which values are shown."""

    Line = Fixed


class Short(Progress):
    """Rounds every value to two digits."""

    def _values(self) -> str:
        return "".join(f" - {name}: {value:.2f}" for name, value in self.values.items())


@caught_by("PB-13", "PB-14", "PB-21")
class RoundsToNothing(Drawn):
    """Shows 0.00 for a small loss, and takes nothing but numbers."""

    Line = Short


@caught_by("PB-15")
class SaysNothingOfUnknownSteps(ProgbarLogger):
    """Draws nothing until it knows the number of steps."""

    def _show(self, batch: int, logs: Logs) -> None:
        self.seen = batch + 1
        if self.target:
            super()._show(batch, logs)


@caught_by("PB-16")
class NeverLearns(ProgbarLogger):
    """Forgets the number of steps again."""

    def _begin(self) -> None:
        self.target = (self.params or {}).get("steps")
        super()._begin()


@caught_by("PB-16", "PB-36")
class RemembersTheOldTotal(ProgbarLogger):
    """Keeps the number of steps of an earlier fit."""

    def set_params(self, params: dict[str, Any]) -> None:
        before = self.target
        super().set_params(params)
        self.target = self.target or before


@caught_by("PB-17")
class LeavesValidationOut(ProgbarLogger):
    """Shows no value of validation."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        shown = {name: value for name, value in (logs or {}).items() if not name.startswith("val_")}
        super().on_epoch_end(epoch, shown)


@caught_by("PB-18")
class DrawsValidation(ProgbarLogger):
    """Draws the batches of validation over those of training."""

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        self._show(batch, logs)


@caught_by("PB-19")
class EndsWhereItStopped(ProgbarLogger):
    """Ends a line that was cut short with the steps that it saw."""

    def _end(self, logs: Logs) -> None:
        line = self._line()
        line.total = self.target = self.target or self.seen
        line.finish(self.seen, logs or {})


@caught_by("PB-20")
class ShowsOutputs(ProgbarLogger):
    """Shows the predictions."""

    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None:
        self._show(batch, logs)


class Texts(Progress):
    """Shows what is no number as its text, lists too."""

    def _values(self) -> str:
        self.values = {n: f"{v}".replace(" ", "") if hasattr(v, "__len__") else v for n, v in self.values.items()}
        return super()._values()


@caught_by("PB-21")
class ShowsLists(Drawn):
    """Shows all numbers of a list."""

    Line = Texts


@caught_by("PB-22")
class IgnoresEvaluation(ProgbarLogger):
    """Knows of training only."""

    def on_test_end(self, logs: Logs = None) -> None:
        pass


@caught_by("PB-23")
class StopsAtTheTotal(ProgbarLogger):
    """Shows no step beyond the total."""

    def _show(self, batch: int, logs: Logs) -> None:
        super()._show(min(batch, (self.target or batch + 1) - 1), logs)


class Plain(Progress):
    """Divides the whole time by all steps."""

    def _remember_the_first(self, step: int, now: float) -> None:
        pass


@caught_by("PB-24")
class CountsTheSlowFirstStep(Drawn):
    """Lets the first step, in which a model is compiled, spoil the estimate."""

    Line = Plain


class FirstTotal(Progress):
    """Estimates the whole time, where the time left is asked for."""

    def _draw(self, step: int, now: float, last: bool) -> None:
        self.began, before = self.began, self.began
        if not last and self.total:
            total, self.total = self.total, self.total + step
            self._draw_as(step, now, total)
            self.total, self.began = total, before
        else:
            super()._draw(step, now, last)

    def _draw_as(self, step: int, now: float, total: int) -> None:
        left = progress.seconds_left(self._step_seconds(step, now) * total)
        text, width = progress.line(step, total, left, self._rate(step, now) + self._values())
        write("\x08" * self._drawn_width + "\r" + text + " " * (self._drawn_width - width))
        self._drawn_at, self._drawn_width = now, width


@caught_by("PB-25")
class ShowsTheWholeTime(Drawn):
    """Shows the whole time instead of what is left of it."""

    Line = FirstTotal


class WithoutValidation(Progress):
    """Stops its watch at the last step."""

    stopped: float | None = None

    def update(self, step: int, values: dict[Any, Any]) -> None:
        self.stopped = time.time()
        super().update(step, values)

    def finish(self, step: int, values: dict[Any, Any]) -> None:
        self.began += time.time() - (self.stopped or self.began)
        super().finish(step, values)


@caught_by("PB-26")
class ForgetsValidation(Drawn):
    """Leaves the time of validation out."""

    Line = WithoutValidation


class Milliseconds(Progress):
    """Shows every time per step in milliseconds."""

    def _rate(self, step: int, now: float) -> str:
        return f"{int(self._step_seconds(step, now) * 1000)}ms/step"


@caught_by("PB-27")
class KnowsOneUnit(Drawn):
    """Shows 0ms for whatever is fast."""

    Line = Milliseconds


@caught_by("PB-28")
class ForgetsThatItTrained(ProgbarLogger):
    """Draws the evaluation after a fit."""

    def on_train_end(self, logs: Logs = None) -> None:
        self._trains = False


@caught_by("PB-28")
class SilentAfterAFit(ProgbarLogger):
    """Draws no prediction after a fit either."""

    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None:
        if not self._trains:
            super().on_predict_batch_end(batch, logs)

    def on_predict_end(self, logs: Logs = None) -> None:
        if not self._trains:
            super().on_predict_end(logs)


class Bare(Progress):
    """Writes without a thought for who reads."""

    def _draw(self, step: int, now: float, last: bool) -> None:
        text, self._drawn_width = f"{step}/{self.total} ━━━━ 1s {self._rate(step, now)}{self._values()}", 0
        sys.stdout.write("\r" + text + ("\n" if last else ""))
        self._drawn_at = now


@caught_by("PB-29", "PB-30", "PB-38")
class WritesWithoutAThought(Drawn):
    """Writes whatever it likes, over whatever was there."""

    Line = Bare


@caught_by("PB-31")
class DrawsOnTerminalsOnly(ProgbarLogger):
    """Is silent where there is no terminal."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        if not sys.stdout.isatty():
            self.verbose = 0
        super().on_epoch_begin(epoch, logs)


@caught_by("PB-31")
class KeepsTheFirstStdout(ProgbarLogger):
    """Writes to what stdout was when it was built."""

    def __init__(self) -> None:
        super().__init__()
        self.out = sys.stdout

    def _show(self, batch: int, logs: Logs) -> None:
        now, sys.stdout = sys.stdout, self.out
        super()._show(batch, logs)
        sys.stdout = now

    def _end(self, logs: Logs) -> None:
        now, sys.stdout = sys.stdout, self.out
        super()._end(logs)
        sys.stdout = now


@caught_by("PB-32")
class KeepsTheParametersToItself(ProgbarLogger):
    """Does not hand the parameters on to its parent."""

    def set_params(self, params: dict[str, Any]) -> None:
        super().set_params(params)
        Callback.set_params(self, None)  # type: ignore[arg-type]


@caught_by("PB-33")
class NeedsAllParameters(ProgbarLogger):
    """Fails without `verbose`, `epochs` or `steps`."""

    def set_params(self, params: dict[str, Any]) -> None:
        super().set_params({name: params[name] for name in ("verbose", "epochs", "steps")})


@caught_by("PB-34")
class CountsSamples(ProgbarLogger):
    """Takes the documented argument, and does nothing with it."""

    def __init__(self, count_mode: str = "steps") -> None:
        super().__init__()
        self.count_mode = count_mode


@caught_by("PB-35")
class RefusesOtherVerbosity(ProgbarLogger):
    """Takes any true `verbose` for 1."""

    def set_params(self, params: dict[str, Any]) -> None:
        super().set_params(params)
        self.verbose = self.verbose if self.verbose in (0, 1, 2, None) else 1


@caught_by("PB-36")
class GoesOnWithTheOldLine(ProgbarLogger):
    """Begins no new line for a prediction or an evaluation."""

    def on_test_begin(self, logs: Logs = None) -> None:
        self.seen = 0

    on_predict_begin = on_test_begin


@caught_by("PB-37")
class RoundsTheLogs(ProgbarLogger):
    """Rounds the values in place, and lowers the flag that ends training."""

    def _show(self, batch: int, logs: Logs) -> None:
        super()._show(batch, logs)
        if logs:
            logs.update({name: f"{value:.1f}" for name, value in logs.items()})

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        super().on_train_batch_end(batch, logs)
        self.model.stop_training = False


@caught_by("PB-39")
class ForgetsTheLateValueAtTwo(Drawn):
    """Leaves a value out of the line of a second epoch that ends before its third step."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if epoch == 1 and self.seen == 3 and self.progbar:
            self.progbar.values.clear()
        super().on_epoch_end(epoch, logs)
