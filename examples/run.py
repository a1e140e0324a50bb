"""Run each example as a stranger would: in an empty environment, by the commands of its README.

    python examples/run.py

It prints a table of what was expected and what came. The exit code is 0 if they agree everywhere, 1 if they do not, and
2 if an environment could not be made. With `--log FOLDER` all that the commands print is kept there.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Outcome", "examples", "main", "run"]

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SCRIPTS, SUFFIX = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
ABSENT = ("keras", "tensorflow", "tf_keras", "numpy")
COLOURS = ("green", "red")


class CannotRun(Exception):
    """An example cannot be run; the message says which, and why."""


@dataclass(frozen=True)
class Outcome:
    """What an example's commands came to."""

    name: str
    expected: str
    got: str
    seconds: float
    log: str

    @property
    def agrees(self) -> bool:
        """Tell whether the example is as it says of itself."""
        return self.got == self.expected


def main(arguments: list[str] | None = None) -> int:
    """Run all examples, or those that are named, and return the exit code."""
    parser = argparse.ArgumentParser(prog="examples/run.py", description="Run the examples in empty environments.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(examples())}; default: all")
    parser.add_argument("--log", type=Path, metavar="FOLDER", help="keep there what the commands print")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - set(examples()))
    if unknown:
        parser.error(f"no example is called {', '.join(unknown)}; there are {', '.join(examples())}")
    try:
        outcomes = run(options.names or examples())
    except CannotRun as error:
        print(f"examples/run.py: {error}", file=sys.stderr)
        return 2
    _show(outcomes, options.log)
    return 0 if all(outcome.agrees for outcome in outcomes) else 1


def examples() -> list[str]:
    """Return the names of all examples."""
    return sorted(path.parent.name for path in HERE.glob("*/pyproject.toml"))


def run(names: list[str]) -> list[Outcome]:
    """Run examples, as many at a time as there are cores.

    Raises:
        CannotRun: a wheel or an environment could not be made, or an example says nothing of what is expected.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        wheel = _wheel(ROOT, place / "suite")
        _write_constraints(place / "constraints.txt")
        with ThreadPoolExecutor(min(len(names), os.cpu_count() or 1)) as pool:
            return list(pool.map(lambda name: _run_one(name, wheel, place), names))


def _run_one(name: str, wheel: Path, place: Path) -> Outcome:
    start = time.perf_counter()
    project = place / name
    shutil.copytree(HERE / name, project)  # where the repository's own settings are out of sight
    expected = _expected(project)
    python = _environment(place / f"{name}-environment", [wheel, _wheel(project, place / f"{name}-wheel")], place)
    codes, log = [], ""
    for command in _commands(project / "README.md"):
        done = _call([_script(python, command[0]), *command[1:]], project)
        codes.append(done.returncode)
        log += f"$ {' '.join(command)}\n{done.stdout}{done.stderr}exit code {done.returncode}\n\n"
    return Outcome(name, expected, _colour(codes), time.perf_counter() - start, log)


def _expected(project: Path) -> str:
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    expected = settings.get("tool", {}).get("example", {}).get("expected")
    if expected not in COLOURS:
        raise CannotRun(f"{project.name}/pyproject.toml: [tool.example] expected = {expected!r}: green or red, please")
    return str(expected)


def _colour(codes: list[int]) -> str:
    """Return green if every command succeeded, red if every one found something broken; anything else is neither."""
    if not codes:
        return "no commands"
    return {(0,): "green", (1,): "red"}.get(tuple(sorted(set(codes))), f"exit codes {codes}")


def _commands(readme: Path) -> Iterator[list[str]]:
    """Return the lines of a README that judge: each begins with `pytest` or `callback-conformance`."""
    for line in re.findall(r"^(?:pytest|callback-conformance)\b.*$", readme.read_text(encoding="utf-8"), re.MULTILINE):
        yield line.split()


def _wheel(project: Path, folder: Path) -> Path:
    """Build the wheel of a project into a folder; the tree stays as it is."""
    _require([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], project, "build a wheel")
    (wheel,) = folder.glob("*.whl")
    return wheel


def _write_constraints(path: Path) -> None:
    """Write down the versions that this repository pins."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    path.write_text("\n".join(settings["tool"]["uv"]["constraint-dependencies"]) + "\n", encoding="utf-8")


def _environment(folder: Path, wheels: list[Path], place: Path) -> Path:
    """Make an environment that holds the wheels and what they need, and no Keras; return its Python."""
    suite, example = wheels
    wanted = ["-c", str(place / "constraints.txt"), str(suite), f"{example}[test]"]
    python = folder / SCRIPTS / f"python{SUFFIX}"
    uv = _uv()
    if uv:
        _require([uv, "venv", "-q", "-p", sys.executable, str(folder)], place, "make an environment")
        _require([uv, "pip", "install", "-q", "-p", str(python), *wanted], place, "install")
    else:
        _require([sys.executable, "-m", "venv", str(folder)], place, "make an environment")
        _require([str(python), "-m", "pip", "install", "-q", *wanted], place, "install")
    look = f"import importlib.util as u; print(*[name for name in {ABSENT} if u.find_spec(name)])"
    there = _require([str(python), "-c", look], place, "look for what must be absent").stdout.split()
    if there:
        raise CannotRun(f"{folder.name} is not empty: it holds {', '.join(there)}")
    return python


def _uv() -> str | None:
    """Return the uv of this repository's README, or another one; without any, pip does."""
    own = ROOT / ".tools" / SCRIPTS / f"uv{SUFFIX}"
    return str(own) if own.exists() else shutil.which("uv")


def _script(python: Path, name: str) -> str:
    return str(python.with_name(name + SUFFIX))


def _require(command: list[str], folder: Path, what: str) -> subprocess.CompletedProcess[str]:
    done = _call(command, folder)
    if done.returncode:
        raise CannotRun(f"cannot {what}: {' '.join(command)}\n{done.stdout}{done.stderr}")
    return done


def _call(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    hidden = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTEST_ADDOPTS")
    kept = {name: value for name, value in os.environ.items() if name not in hidden and "PYTEST_" not in name}
    environment = kept | {"PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def _show(outcomes: list[Outcome], folder: Path | None) -> None:
    width = max(len(outcome.name) for outcome in outcomes)
    print(f"{'project':{width}}  expected  got    seconds")
    for outcome in outcomes:
        print(f"{outcome.name:{width}}  {outcome.expected:8}  {outcome.got:5}  {outcome.seconds:7.1f}")
        if not outcome.agrees:
            print(outcome.log)
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{outcome.name}.txt").write_text(outcome.log, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
