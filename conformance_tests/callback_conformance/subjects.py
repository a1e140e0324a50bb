"""The implementation under judgement: found by name, built from arguments, and named in every result."""

import contextlib
import difflib
import functools
import importlib
import importlib.metadata
import inspect
import sys
import tempfile
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from .kinds import KINDS
from .scenarios import decode

__all__ = ["CALLBACKS", "Subject", "SubjectError", "Unsupported", "asked_once", "find"]

CALLBACKS = tuple(KINDS)
"""The kinds of callback that the suite has clauses for."""


HOOKS = (
    "set_model", "set_params", "on_train_begin", "on_train_end", "on_epoch_begin", "on_epoch_end",
    "on_train_batch_begin", "on_train_batch_end", "on_test_begin", "on_test_end", "on_test_batch_begin",
    "on_test_batch_end",
)  # fmt: skip
KERAS = ("keras", "tf_keras", "tensorflow")
KERAS_HINT = "; pip install 'callback-conformance[tensorflow]' brings tf.keras"


BEYOND = {"TensorBoard": "Keras 2 logs real models of its own only, and no host has one"}
"""What the suite cannot play of Keras 2, by kind, and why."""


SAVING: list[Any] = []
"""Callbacks that may still save in the background: whoever removes their folder waits for them first."""


class SubjectError(Exception):
    """The subject cannot be imported, or is no callback; the message says what was tried."""


class Unsupported(Exception):
    """The subject's constructor does not take an argument that the scenario needs."""


def asked_once(question: Any, about: Any) -> Any:
    """Return the answer to a question that remembers its answers, and one asked anew of what no dictionary can hold."""
    try:
        return question(about)
    except TypeError:
        return question.__wrapped__(about)


@functools.lru_cache(maxsize=64)
def _derived_from(make: Any) -> str | None:
    """Return the module of the Keras that a class is derived from; None if there is none."""
    roots = {base.__module__.partition(".")[0] for base in inspect.getmro(make)} if inspect.isclass(make) else ()
    return next((package for package in ("tf_keras", "keras") if package in roots), None)


class Subject(msgspec.Struct, frozen=True):
    """A class, where it came from, and what it stands for."""

    name: str
    kind: str
    make: Callable[..., Any]
    package: str
    version: str
    backend: str

    @property
    def described(self) -> dict[str, str]:
        """Return what results say of the subject."""
        return {
            "name": self.name, "kind": self.kind, "package": self.package, "version": self.version,
            "backend": self.backend,
        }  # fmt: skip

    @property
    def is_keras(self) -> bool:
        """Tell whether this is a Keras of its own, whose `fit` belongs to the judgement."""
        return self.package in KERAS

    @property
    def keras(self) -> str:
        """Return the module of the Keras that the subject belongs to; of one that belongs to none, that of Keras 3."""
        return {"tf_keras": "tf_keras", "tensorflow": "tensorflow.keras"}.get(self.package, "keras")

    @property
    def built_on(self) -> str | None:
        """Return the module of the Keras that the class is part of, or derived from; None if there is none."""
        derived: str | None = asked_once(_derived_from, self.make)
        return self.keras if self.is_keras else derived

    @property
    def is_keras_2(self) -> bool:
        """Tell whether this is a Keras 2, by its own name or as `tensorflow.keras`."""
        if not self.is_keras:
            return False
        own = str(getattr(self.make, "__module__", "")).partition(".")[0]
        return own == "tf_keras" or _version(own).startswith("2.")

    def build(self, **arguments: Any) -> Any:
        """Return a new instance.

        Raises:
            Unsupported: the constructor has no such argument.
        """
        missing = self.not_taken(arguments)
        if missing:
            raise Unsupported(f"{self.name} takes no argument {', '.join(missing)}")
        if self.is_keras_2 and self.kind == "ProgbarLogger":  # as its `fit` builds it
            arguments = {"count_mode": "steps", **arguments}
        made = self.make(**arguments)
        if KINDS[self.kind].sees_checkpoints:
            SAVING.append(made)
        return made

    def try_out(self) -> None:
        """Build one, and look for the hooks that `model.fit` calls on every callback.

        Raises:
            SubjectError: it cannot be built from the arguments that it must take, or lacks a hook.
        """
        if self.kind == "CallbackList":
            return
        if self.is_keras_2 and self.kind in BEYOND:
            raise SubjectError(f"{self.name}: {BEYOND[self.kind]}")
        arguments = decode(KINDS[self.kind].required)
        try:
            with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
                callback = self.make(**arguments)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            raise SubjectError(f"{self.name}({', '.join(arguments)}) cannot be built: {_words(error)}") from error
        missing = [hook for hook in HOOKS if not hasattr(callback, hook)]
        if len(missing) == len(HOOKS):
            raise SubjectError(
                f"{self.name}({', '.join(arguments)}) gave {type(callback).__name__}, which is no callback: "
                "it has none of the hooks that fit calls"
            )
        if missing:
            raise SubjectError(
                f"{self.name} lacks {', '.join(missing)}, which fit calls on every callback; "
                "derive the class from callback_reference.Callback, or from that of Keras"
            )

    def not_taken(self, arguments: Iterable[str]) -> list[str]:
        """Return those of the arguments that the constructor does not have."""
        taken = asked_once(_taken, self.make)
        return [] if taken is None else sorted(set(arguments) - taken)


@functools.lru_cache(maxsize=64)
def _taken(make: Callable[..., Any]) -> frozenset[str] | None:
    """Return the names of the arguments that a constructor has; None if it takes any, or does not say."""
    try:
        parameters = inspect.signature(make).parameters
    except (TypeError, ValueError):
        return None
    anything = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    return None if anything else frozenset(parameters)


def find(name: str, kind: str | None = None) -> Subject:
    """Return the subject called `package.module:Class`.

    Args:
        name: where to import the class from.
        kind: the Keras callback that it stands for; by default the class's own name.

    Raises:
        SubjectError: naming what could not be found, and what is accepted.
    """
    module_name, _, class_name = name.partition(":")
    if not class_name:
        raise SubjectError(f"{name!r} names no class; expected module:Class, such as mypkg.stop:MyStop")
    sys.path.insert(0, "")
    try:
        module = importlib.import_module(module_name)
    except (Exception, SystemExit) as error:
        hint = KERAS_HINT if module_name.partition(".")[0] in KERAS else ""
        raise SubjectError(f"cannot import {module_name!r}: {_words(error)}{hint}") from error
    finally:
        sys.path.remove("")
    found = getattr(module, class_name, None)
    if found is not None and not callable(found):
        raise SubjectError(f"{name} is an instance of {type(found).__name__}, and no class; name the class")
    if found is None:
        known = _classes(module)
        near = difflib.get_close_matches(class_name, known, n=1)
        question = f"; did you mean {near[0]}?" if near else ""
        raise SubjectError(f"{module_name} has no class {class_name}; it has {', '.join(known) or 'none'}{question}")
    return describe(found, kind or class_name, name)


def describe(make: Callable[..., Any], kind: str, name: str | None = None) -> Subject:
    """Return the subject for a class at hand.

    Raises:
        SubjectError: there are no clauses for `kind`.
    """
    if kind not in CALLBACKS:
        raise SubjectError(f"no clauses for {kind!r}; choose one of {', '.join(CALLBACKS)} with --as")
    module = getattr(make, "__module__", "") or ""
    package = (name or module).partition(".")[0].partition(":")[0]
    return Subject(
        name=name or f"{module}:{getattr(make, '__qualname__', make)}",
        kind=kind,
        make=make,
        package=package,
        version=_version(package),
        backend=_backend(package),
    )


def _words(error: BaseException) -> str:
    """Return an exception's type and text, whatever its author made of the text."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return type(error).__name__


def _classes(module: Any) -> list[str]:
    return [name for name in dir(module) if inspect.isclass(getattr(module, name, None))]


def _version(package: str) -> str:
    version = getattr(sys.modules.get(package), "__version__", None)
    if version is None:
        try:
            version = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            version = "unknown"
    return str(version)


def _backend(package: str) -> str:
    keras = sys.modules.get("keras")
    if keras is None or package == "callback_reference":
        return "none"
    return str(keras.backend.backend())
