"""The distribution: what the wheel holds."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_wheel_holds_exactly_the_two_import_packages(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(line, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    top = {name.partition("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == {"callback_conformance", "callback_reference"}
    for wanted in ("clauses/early_stopping.toml", "clauses/lock.json", "py.typed",
                   "vectors/early_stopping.json", "expectations/keras-3.15.1-tensorflow.toml", "page.html",
                   "words/command.toml", "words/said/reasons.toml"):  # fmt: skip
        assert f"callback_conformance/{wanted}" in names
    assert not [name for name in names if "mutants" in name or "selftests" in name]
