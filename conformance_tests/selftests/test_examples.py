"""The three downstream projects, each in an empty environment: green, red and green."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
SCRIPT = [sys.executable, str(EXAMPLES / "run.py")]


def test_each_project_says_what_is_expected_of_it() -> None:
    said = {
        path.parent.name: tomllib.loads(path.read_text())["tool"]["example"]["expected"]
        for path in EXAMPLES.glob("*/pyproject.toml")
    }
    assert said == {"correct_class": "green", "port_without_keras": "green", "wrong_class": "red"}


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("logs")
    done = subprocess.run([*SCRIPT, "--log", str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


def test_from_an_empty_environment_they_are_green_red_and_green(logs: tuple[Path, str]) -> None:
    rows = [line.split()[:3] for line in logs[1].splitlines()[1:]]
    assert rows == [
        ["correct_class", "green", "green"],
        ["port_without_keras", "green", "green"],
        ["wrong_class", "red", "red"],
    ]
    assert "plugins: callback-conformance-" in (logs[0] / "correct_class.txt").read_text()
    check_the_wrong_class((logs[0] / "wrong_class.txt").read_text())


def check_the_wrong_class(log: str) -> None:
    """Its failures are those of its one mistake, and the first text shows it."""
    assert set(re.findall(r"^FAILED .*\[(ES-\d+)\]", log, re.MULTILINE)) == {"ES-22", "ES-23"}
    assert "3 xfailed" in log
    shown = log[log.index("\nES-22 EarlyStopping: ") :]
    assert re.search(r"end +weights=2 +weights=3 +<- first difference", shown)


@pytest.mark.parametrize("name", ["correct_class", "port_without_keras", "wrong_class"])
def test_a_project_imports_nothing_beyond_python_and_itself(name: str) -> None:
    code = (
        "import sys; before = set(sys.modules); import importlib; [importlib.import_module(n) for n in sys.argv[1:]]; "
    )
    code += "print(*{m.partition('.')[0] for m in set(sys.modules) - before} - sys.stdlib_module_names)"
    modules = [f"{name}.{path.stem}" for path in (EXAMPLES / name / name).glob("*.py") if path.stem != "__init__"]
    environment = {**os.environ, "PYTHONPATH": str(EXAMPLES / name)}
    done = subprocess.run(
        [sys.executable, "-S", "-c", code, *modules], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [name]


def test_an_unknown_example_is_refused() -> None:
    done = subprocess.run([*SCRIPT, "nonsense"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no example is called nonsense; there are correct_class, port_without_keras, wrong_class" in done.stderr
