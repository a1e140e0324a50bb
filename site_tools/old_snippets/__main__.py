"""`python -m site_tools.old_snippets record` runs every entry on the installed Keras and writes the results.

With `TF_USE_LEGACY_KERAS=1`, in an environment that has `tf-keras`, it writes those of Keras 2.
"""

from __future__ import annotations

import argparse
import json
import os

from site_tools.old_snippets.entries import FOLDER, entries

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Write the results for the installed Keras."""
    parser = argparse.ArgumentParser(prog="python -m site_tools.old_snippets", description=__doc__)
    parser.add_argument("command", choices=["record"])
    parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    from site_tools.old_snippets import run  # TensorFlow reads the variables when it is imported

    path = FOLDER / f"{run.installed()}.json"
    found = {entry.id: run.run(entry) for entry in entries()}
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{path.name}: {len(found)} entries")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
