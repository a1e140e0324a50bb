"""The engine that uses a Ray cluster: jobs are tasks, and environments are Ray's own runtime environments."""

import contextlib
import importlib
import logging
import os
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from .columns import HERE, Column
from .environments import PACKAGES, SHOWN, Cache, Unbuildable, cache_folder
from .parts import Part
from .words import MatrixError
from .work import Job, Place, work

__all__ = ["OnRay"]

PATIENCE = 5.0
"""Seconds within which a cluster must answer."""

MEMORY = int(1.5 * 2**30)
"""Bytes that a task is given: a process that judges a Keras takes no more."""


class OnRay:
    """Runs jobs as tasks of a Ray cluster; one is started here if there is no address.

    The suite travels to the nodes as Ray's `py_modules`, packages as its `pip`, variables as its `env_vars`. An overlay
    is installed by the task itself, since pip would refuse it together with its environment; the user's own files are
    an argument of the task.

    Args:
        keep: called with each part that is whole.
        cache: the environments as data, and a copy of the suite.
        address: of the cluster, such as "ray://head:10001", "head:6379" or "auto"; None to start one.
        workers: how many jobs run at a time; None for as many as there are CPUs.

    Raises:
        MatrixError: Ray is not installed, or no cluster answers at the address.
    """

    def __init__(
        self, keep: Callable[[Part], None], cache: Cache, address: str | None = None, workers: int | None = None
    ) -> None:
        suite = cache.suite()
        self._ray = _connected(address, workers, [str(suite / name) for name in PACKAGES])
        self._keep, self._cache = keep, cache
        self._running: dict[Any, str] = {}
        self._task = self._ray.remote(num_cpus=1, memory=MEMORY, max_retries=2)(_do)
        self.workers = workers or max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def start(self, job: Job, column: Column) -> None:
        """Do a job as soon as the cluster has room for it.

        Raises:
            Unbuildable: the cluster's Python is none of the versions that the environment can be made with.
        """
        task = self._task.options(runtime_env=self._runtime_env(column), name=f"{job.column} {job.seed}")
        files = [_packed(Path(folder)) for folder in column.path]
        self._running[task.remote(msgspec.json.encode(job), msgspec.json.encode(column), files)] = job.column

    def finish(self) -> dict[str, str]:
        """Wait for all jobs, keep their parts as they come, and return for each column that failed the reason."""
        errors: dict[str, str] = {}
        left = list(self._running)
        try:
            while left:
                [done], left = self._ray.wait(left, num_returns=1)
                try:
                    for part in self._ray.get(done):
                        self._keep(msgspec.json.decode(part, type=Part))
                except self._ray.exceptions.RayError as error:
                    errors[self._running[done]] = "\n".join(str(error).strip().splitlines()[-SHOWN:])
        finally:
            self._ray.shutdown()
        return errors

    def _runtime_env(self, column: Column) -> dict[str, Any]:
        wanted: dict[str, Any] = {"env_vars": column.variables}
        if column.environment != HERE:
            environment = self._cache.environments[column.environment]
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            if version not in environment.pythons:
                raise Unbuildable([f"Python {version}: {column.environment} needs {', '.join(environment.pythons)}"])
            wanted["pip"] = {"packages": [*environment.packages, *environment.constraints], "pip_check": False}
        return wanted


def _do(job: bytes, column: bytes, files: list[dict[str, bytes]]) -> list[bytes]:
    """Do a job on a node, in the interpreter of its runtime environment; return the parts."""
    parts: list[bytes] = []
    asked = msgspec.json.decode(column, type=Column)
    cache = Cache(cache_folder() / "ray", {})
    with _unpacked(files) as folders:
        here = msgspec.structs.replace(asked, environment=HERE, path=folders)
        home = cache.folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        place = Place(sys.executable, [str(folder) for folder in cache.folders(here)], asked.variables, str(home))
        work(msgspec.json.decode(job, type=Job), place, lambda part: parts.append(msgspec.json.encode(part)))
    return parts


def _connected(address: str | None, workers: int | None, modules: list[str]) -> Any:
    # Below `uv run`, Ray would put uv's environment in place of ours; it reads this when it is imported.
    os.environ["RAY_ENABLE_UV_RUN_RUNTIME_ENV"] = "0"
    try:
        ray = importlib.import_module("ray")
    except ModuleNotFoundError as error:
        raise MatrixError("no-ray") from error
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    _require_an_answer(address)
    try:
        ray.init(
            address=address, num_cpus=None if address else workers, logging_level=logging.ERROR, log_to_driver=False,
            include_dashboard=None if address else False, runtime_env={"py_modules": modules},
        )  # fmt: skip
    except (ConnectionError, ValueError, RuntimeError, TimeoutError) as error:
        raise MatrixError("no-cluster", address=address, why=str(error).splitlines()[0]) from error
    return ray


def _require_an_answer(address: str | None) -> None:
    """Look whether anybody listens, since Ray itself would try for half a minute."""
    if address in (None, "auto", "local"):
        return
    host, _, port = str(address).rpartition("://")[2].rpartition(":")
    if not host or not port.isdecimal():
        raise MatrixError("bad-option", option="--address", value=address, accepted="ray://host:port, host:port, auto")
    try:
        socket.create_connection((host, int(port)), PATIENCE).close()
    except (OSError, OverflowError) as error:
        raise MatrixError("no-cluster", address=address, why=error) from error


def _packed(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@contextlib.contextmanager
def _unpacked(folders: list[dict[str, bytes]]) -> Iterator[list[str]]:
    with tempfile.TemporaryDirectory(prefix="callback-conformance-columns-") as base:
        for number, files in enumerate(folders):
            for name, data in files.items():
                path = Path(base, str(number), name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        yield [str(Path(base, str(number))) for number in range(len(folders))]
