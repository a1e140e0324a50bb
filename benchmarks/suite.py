"""Print how many scenarios a second the suite plays, for each kind of callback: `python -m benchmarks.suite`.

In one run, in CPU seconds of this process: scenarios that the kind's strategy generates alone; that it generates and
the stub host plays to the reference, and to tf.keras; and, with the same scripts for both hosts, how much longer a real
`model.fit` takes than the stub host.
A kind whose callback does real work (files, requests, event files, Keras's own operations) is bound by that.
"""

import argparse
import contextlib
import gc
import json
import logging
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from callback_conformance import strategies
from callback_conformance.checks import Bench, reference_subject, search
from callback_conformance.kinds import KINDS
from callback_conformance.subjects import Subject, Unsupported, find
from rich.console import Console
from rich.table import Table

AIMS = {"fit": 100.0, "bare": 0.5}
"""At least so many times what a real fit plays, and such a part of what bare generation allows."""

COLUMNS = ("callback", "bare /s", "reference /s", "of bare", "tf.keras /s", "fit /s", "stub : fit")


def cpu(action: Callable[[], Any]) -> float:
    """Return the CPU seconds of one call."""
    gc.collect()
    start = time.process_time()
    action()
    return time.process_time() - start


def player(bench: Bench, host: str) -> Callable[[Any], None]:
    """Return what plays a scenario to a subject."""
    loops = bench.subject.kind == "CallbackList"

    def play(scenario: Any) -> None:
        with contextlib.suppress(Unsupported):
            bench.play_loop(scenario, host) if loops else bench.play(scenario, host)

    return play


def strategy_of(bench: Bench) -> Any:
    """Return the strategy of whole scenarios of a kind, None if there is none."""
    if bench.subject.kind == "CallbackList":
        return strategies.loops()
    made = getattr(strategies, KINDS[bench.subject.kind].group, None)
    return made(bench.supports) if made else None


def generated(subject: Subject, examples: int, host: str | None, turns: int) -> float:
    """Return generated scenarios a CPU second, played in a host or not at all: the best of several turns."""
    speeds = []
    for turn in range(turns):
        bench = Bench(subject, seed=turn, examples=examples)
        play = player(bench, host) if host else None
        drawn: list[Any] = []

        def test(scenario: Any, drawn: list[Any] = drawn, play: Any = play) -> None:
            drawn.append(None)
            if play:
                play(scenario)

        seconds = cpu(lambda bench=bench, test=test: search(bench, strategy_of(bench), test))  # type: ignore[misc]
        speeds.append(len(drawn) / seconds)
    return max(speeds)


def against_fit(ours: Subject, theirs: Subject, scripts: int) -> tuple[float, float]:
    """Return how many of the same scripts a CPU second plays through a real fit, and through the stub host."""
    bench = Bench(theirs, examples=scripts)
    drawn: list[Any] = []
    search(bench, strategy_of(bench).one, drawn.append)
    stub = player(Bench(ours if theirs.kind == "CallbackList" else theirs), "stub")
    fit = player(bench, "fit")
    fit(drawn[0])  # which compiles the model
    in_fit = min(cpu(lambda: [fit(scenario) for scenario in drawn]) for _ in range(2))
    stub(drawn[0])
    in_stub = min(cpu(lambda: [stub(scenario) for scenario in drawn * 5]) for _ in range(3)) / 5
    return len(drawn) / in_fit, len(drawn) / in_stub


def measure(kind: str, turns: int) -> dict[str, Any] | None:
    """Return the figures of a kind; None where no strategy generates whole scenarios for it."""
    ours, theirs = reference_subject(kind), find(f"keras.callbacks:{kind}", kind)
    if strategy_of(Bench(ours)) is None:
        return None
    slow = KINDS[kind].in_a_folder or KINDS[kind].sees_requests
    examples = 40 if slow else 300
    bare = generated(ours, 300, None, turns)
    reference = generated(ours, examples, "stub", turns)
    keras = None if kind == "CallbackList" else generated(theirs, examples, "stub", turns)
    fit, stub = against_fit(ours, theirs, 8)
    return {
        "callback": kind, "bare": round(bare), "reference": round(reference), "of_bare": round(reference / bare, 3),
        "keras": keras and round(keras), "fit": round(fit, 2), "stub_to_fit": round(stub / fit, 1),
    }  # fmt: skip


def main() -> None:
    """Measure, and print a table."""
    import keras

    parser = argparse.ArgumentParser(prog="python -m benchmarks.suite", description=__doc__)
    parser.add_argument("--only", default="", help="the callbacks whose names begin so")
    parser.add_argument("--turns", type=int, default=2, help="of which the best counts (default 2)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file too")
    options = parser.parse_args()
    logging.getLogger("absl").setLevel(logging.CRITICAL)  # Orbax remarks on every save
    versions = {"keras": keras.__version__, "backend": keras.backend.backend(), "python": platform.python_version()}
    title = f"Keras {versions['keras']} on {versions['backend']}, Python {versions['python']}"
    table = Table(*COLUMNS, title=title, caption=f"aims: {AIMS['bare']} of bare, {AIMS['fit']:g} times a fit")
    for column in table.columns[1:]:
        column.justify = "right"
    found = []
    for kind in KINDS:
        row = measure(kind, options.turns) if kind.startswith(options.only) else None
        if row:
            found.append(row)
            print(row, file=sys.stderr, flush=True)
            table.add_row(*("·" if value is None else str(value) for value in row.values()))
    Console(width=120).print(table)
    if options.json:
        options.json.write_text(json.dumps({**versions, "aims": AIMS, "kinds": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
