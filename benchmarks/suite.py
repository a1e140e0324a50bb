"""Print how many scenarios a second the suite plays, for each kind of callback: `python -m benchmarks.suite`.

In one run, in CPU seconds of this process: scenarios that the kind's strategy generates alone; that it generates and
the stub host plays to the reference, and to tf.keras; and, with the same scripts for both hosts, how much longer a real
`model.fit` takes than the stub host.

The first two ratios are the host's: its callback does nothing, so what is measured is the loops around it and how the
suite looks at them. The last two are of callbacks at work, in both hosts: one that saves files, sends requests or
writes event files does so in the stub host too, and is bound by that. The last rows are all kinds together: for as many
scenarios of each, and for as many as the default run draws from strategies; those that it enumerates or reads from
vectors were not generated, so there is no bare generation to compare them with.
"""

import argparse
import contextlib
import gc
import json
import logging
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any
from unittest import mock

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from callback_conformance import checks, strategies
from callback_conformance.checks import Bench, reference_subject, search
from callback_conformance.kinds import KINDS
from callback_conformance.options import EXAMPLES
from callback_conformance.runner import judge
from callback_conformance.subjects import Subject, Unsupported, describe, find
from callback_reference import Callback
from rich.console import Console
from rich.table import Table

AIMS = {"fit": 100.0, "bare": 0.5}
"""At least so many times what a real fit plays, and such a part of what bare generation allows."""

SCRIPTS = 10
"""So many are played through a real fit."""

COLUMNS = {
    "callback": "callback", "bare": "bare /s", "host": "host /s", "host_of_bare": "host of bare",
    "host_to_fit": "host : fit", "reference": "reference /s", "of_bare": "of bare", "keras": "tf.keras /s",
    "fit": "fit /s", "stub_to_fit": "stub : fit",
}  # fmt: skip


class Idle(Callback):
    """A callback of any kind: takes every argument, and does nothing."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__()


def cpu(action: Callable[[], Any]) -> float:
    """Return the CPU seconds of one call."""
    gc.collect()
    start = time.process_time()
    action()
    return time.process_time() - start


def player(bench: Bench, host: str) -> Callable[[Any], None]:
    """Return what plays a scenario to a subject; all of it, where the subject is idle."""
    loops = bench.subject.kind == "CallbackList"
    skipped = () if bench.subject.make is Idle else (Unsupported,)

    def play(scenario: Any) -> None:
        with contextlib.suppress(*skipped):
            bench.play_loop(scenario, host) if loops else bench.play(scenario, host)

    return play


def strategy_of(bench: Bench) -> Any:
    """Return the strategy of whole scenarios of a kind, None if there is none."""
    if bench.subject.kind == "CallbackList":
        return strategies.loops()
    made = getattr(strategies, KINDS[bench.subject.kind].group, None)
    return made(bench.supports) if made else None


def generated(subject: Subject, examples: int, host: str | None, seed: int) -> float:
    """Return generated scenarios a CPU second, played in a host or not at all."""
    bench = Bench(subject, seed=seed, examples=examples)
    play = player(bench, host) if host else None
    drawn = 0

    def test(scenario: Any) -> None:
        nonlocal drawn
        drawn += 1
        if play:
            play(scenario)

    seconds = cpu(lambda: search(bench, strategy_of(bench), test))
    return drawn / seconds


def beside(ours: Subject, subjects: list[Subject], turns: int) -> dict[str, Any]:
    """Return the rates of generation alone and of each subject, and how much of bare generation is left with each.

    Each turn has its own ratios, so that what slows the machine for some seconds slows both parts of one; the middle
    one of the turns counts.
    """
    examples = EXAMPLES["default"]
    bare, played = [], []
    for turn in range(turns):
        bare.append(generated(ours, examples, None, turn))
        played.append([generated(subject, examples, "stub", turn) for subject in subjects])
    return {
        "bare": median(bare),
        "rates": [median(rates) for rates in zip(*played, strict=True)],
        "of_bare": [
            median(rate / alone for rate, alone in zip(rates, bare, strict=True)) for rates in zip(*played, strict=True)
        ],
    }


def against_fit(ours: Subject, theirs: Subject, scripts: int) -> tuple[float, float]:
    """Return how many of the same scripts a CPU second plays through a real fit, and through the stub host."""
    bench = Bench(theirs, examples=scripts)
    drawn: list[Any] = []
    search(bench, strategy_of(bench).one, drawn.append)
    stub = player(Bench(ours if theirs.kind == "CallbackList" else theirs), "stub")
    fit = player(bench, "fit")
    fit(drawn[0])  # which compiles the model
    stub(drawn[0])
    in_fit = cpu(lambda: [fit(scenario) for scenario in drawn])
    in_stub = min(cpu(lambda: [stub(scenario) for scenario in drawn * 5]) for _ in range(3)) / 5
    return len(drawn) / in_fit, len(drawn) / in_stub


def measure(kind: str, turns: int) -> dict[str, Any] | None:
    """Return the figures of a kind; None where no strategy generates whole scenarios for it."""
    ours, theirs = reference_subject(kind), find(f"keras.callbacks:{kind}", kind)
    if strategy_of(Bench(ours)) is None:
        return None
    idle = None if kind == "CallbackList" else describe(Idle, kind)  # a list is itself part of the host
    if idle:
        generated(idle, 1, "stub", 0)
    host = beside(ours, [idle] if idle else [], 3 * turns)  # before others leave threads behind; takes little time
    work = beside(ours, [ours] if kind == "CallbackList" else [ours, theirs], turns)  # a list of Keras needs its `fit`
    fit, stub = against_fit(ours, theirs, SCRIPTS)
    found = {
        "callback": kind, "bare": round(work["bare"]), "host": None, "host_of_bare": None, "host_to_fit": None,
        "reference": round(work["rates"][0]), "of_bare": round(work["of_bare"][0], 3),
        "keras": round(work["rates"][1]) if work["rates"][1:] else None,
        "fit": round(fit, 2), "stub_to_fit": round(stub / fit, 1),
    }  # fmt: skip
    if idle:
        idle_fit, idle_stub = against_fit(idle, idle, SCRIPTS)
        ratios = {"host_of_bare": round(host["of_bare"][0], 3), "host_to_fit": round(idle_stub / idle_fit, 1)}
        found |= {"host": round(host["rates"][0]), **ratios, "idle_fit": round(idle_fit, 2)}
    return found


def main() -> None:
    """Measure, and print a table."""
    import keras

    parser = argparse.ArgumentParser(prog="python -m benchmarks.suite", description=__doc__)
    parser.add_argument("--only", default="", help="the callbacks whose names begin so")
    parser.add_argument("--turns", type=int, default=5, help="of which the middle one counts (default 5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file too")
    options = parser.parse_args()
    logging.getLogger("absl").setLevel(logging.CRITICAL)  # Orbax remarks on every save
    versions = {"keras": keras.__version__, "backend": keras.backend.backend(), "python": platform.python_version()}
    title = f"Keras {versions['keras']} on {versions['backend']}, Python {versions['python']}"
    table = Table(*COLUMNS.values(), title=title, caption=f"aims: {AIMS['bare']} of bare, {AIMS['fit']:g} times a fit")
    for column in table.columns[1:]:
        column.justify = "right"
    found = []
    for kind in KINDS:
        row = measure(kind, options.turns) if kind.startswith(options.only) else None
        if row:
            found.append(row)
            _keep(options.json, {**versions, "aims": AIMS, "kinds": found})
            table.add_row(*("·" if row[name] is None else str(row[name]) for name in COLUMNS))
    for row in found:
        row["drawn"] = drawn_by_default(row["callback"])
    whole = together(found)
    _keep(options.json, {**versions, "aims": AIMS, "kinds": found, "together": whole})
    table.add_section()
    for name, row in whole.items():
        table.add_row(name, *(str(row.get(column, "·")) for column in list(COLUMNS)[1:]))
    Console(width=132).print(table)


def together(rows: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Return the ratios of all kinds together: with as many scenarios of each, and with those of the default run."""
    return {
        "each as often": _ratios(rows, dict.fromkeys([row["callback"] for row in rows], 1)),
        "the default run": _ratios(rows, {row["callback"]: row["drawn"] for row in rows}),
    }


def _ratios(rows: list[dict[str, Any]], often: dict[str, int]) -> dict[str, float]:
    def seconds(rate: Callable[[dict[str, Any]], float], kinds: list[dict[str, Any]]) -> float:
        return sum(often[row["callback"]] / rate(row) for row in kinds)

    idle = [row for row in rows if row["host"]]
    alone = seconds(lambda row: row["bare"], rows)
    found = {"of_bare": alone / seconds(lambda row: row["bare"] * row["of_bare"], rows)}
    found["stub_to_fit"] = seconds(lambda row: row["fit"], rows) / seconds(
        lambda row: row["fit"] * row["stub_to_fit"], rows
    )
    if idle:
        alone = seconds(lambda row: row["bare"], idle)
        found["host_of_bare"] = alone / seconds(lambda row: row["bare"] * row["host_of_bare"], idle)
        in_stub = seconds(lambda row: row["idle_fit"] * row["host_to_fit"], idle)
        found["host_to_fit"] = seconds(lambda row: row["idle_fit"], idle) / in_stub
    return {name: round(value, 3 if "bare" in name else 1) for name, value in found.items()}


def drawn_by_default(kind: str) -> int:
    """Return how many scenarios the default run of tf.keras draws for a kind, and plays through the stub host."""
    drawn = 0
    drawing = False
    attempt = checks._try

    def noticed(bench: Bench, scenarios: Any, test: Any) -> None:
        nonlocal drawing
        before, drawing = drawing, True
        try:
            attempt(bench, scenarios, test)
        finally:
            drawing = before

    def counted(method: Any) -> Any:
        def play(bench: Bench, scenario: Any, host: str | None = None) -> Any:
            nonlocal drawn
            drawn += drawing and (host or bench.host) == "stub"
            return method(bench, scenario, host)

        return play

    with (
        mock.patch.object(checks, "_try", noticed),
        mock.patch.object(Bench, "play", counted(Bench.play)),
        mock.patch.object(Bench, "play_loop", counted(Bench.play_loop)),
    ):
        judge(find(f"keras.callbacks:{kind}", kind), examples=EXAMPLES["default"])
    return drawn


def _keep(path: Path | None, figures: dict[str, Any]) -> None:
    """Write what there is so far."""
    if path:
        path.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
