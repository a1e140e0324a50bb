"""Record what Keras really does, for the pictures and tables of the site.

`python -m site_tools.record` writes `docs/data/traces/*.json` again; with names it writes only those.
The runs are seeded and store names, counters and scripted values only, so every recording is the same.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from site_tools import recordings
from site_tools.places import DATA

__all__ = ["RECORDINGS", "main", "record", "write"]

RECORDINGS: dict[str, Callable[[], Any]] = {}
for _module in pkgutil.iter_modules(recordings.__path__):
    RECORDINGS |= getattr(importlib.import_module(f"{recordings.__name__}.{_module.name}"), "RECORDINGS", {})


def record(name: str) -> str:
    """Return one recording as the text of its file: one event a line, so that a difference reads well."""
    found = RECORDINGS[name]()
    if isinstance(found, list):
        return "[\n" + ",\n".join("  " + json.dumps(event) for event in found) + "\n]\n"
    epochs = ",\n".join("    " + json.dumps(epoch) for epoch in found.pop("epochs"))
    rest = json.dumps(found, indent=2)[2:-2].rstrip()
    return '{\n  "epochs": [\n' + epochs + "\n  ],\n" + rest + "\n}\n"


def write(folder: Path, names: Iterable[str] = ()) -> None:
    """Write the named recordings into `folder`, or every one if none is named."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or RECORDINGS:
        (folder / f"{name}.json").write_text(record(name), encoding="utf-8")


def main() -> None:
    """Write the committed recordings again."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    write(DATA / "traces", sys.argv[1:])


if __name__ == "__main__":
    main()
