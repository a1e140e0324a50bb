"""The contract as data: one TOML file for each kind of callback, and a lock that keeps translations honest."""

import functools
import hashlib
import tomllib
from pathlib import Path
from typing import Literal

import msgspec

__all__ = ["HERE", "LANGUAGES", "Clause", "ClauseError", "load", "stale", "stamp"]

LANGUAGES = ("en", "it", "zh", "ko")
HERE = Path(__file__).parent


class ClauseError(ValueError):
    """A clause file or the lock is malformed; the message names the file, the clause and what is accepted."""


class Clause(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One sentence of the contract, in four languages, with its evidence."""

    id: str
    group: str
    slug: str
    profile: Literal["decision", "files", "text", "network", "events"]
    status: Literal["agreed", "versioned", "contested", "extension", "withdrawn"]
    en: str
    it: str
    zh: str
    ko: str
    evidence: str
    evidence_it: str = ""
    evidence_zh: str = ""
    evidence_ko: str = ""
    since: str | None = None
    until: str | None = None

    def text(self, language: str) -> str:
        """Return the sentence in a language."""
        return str(getattr(self, language))

    def proof(self, language: str) -> str:
        """Return the evidence in a language."""
        return str(self.evidence if language == "en" else getattr(self, f"evidence_{language}"))

    def lacks(self, language: str) -> bool:
        """Tell whether the sentence or the evidence is not there in a language."""
        return not self.text(language) or bool(self.evidence) > bool(self.proof(language))


def load(folder: Path = HERE) -> dict[str, Clause]:
    """Return all clauses by id, in the order of the files.

    Raises:
        ClauseError: naming the file, the clause, and what is wrong with it.
    """
    files = sorted(folder.glob("*.toml"))
    return dict(_load(tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files)))


@functools.lru_cache(maxsize=4)
def _load(files: tuple[tuple[Path, int, int], ...]) -> dict[str, Clause]:
    """Read files that are named with when they were changed, and their size: the same ones are read once."""
    clauses: dict[str, Clause] = {}
    for path, _, _ in files:
        for clause in _read(path):
            if clause.id in clauses:
                raise ClauseError(f"{path.name}: [{clause.id}] is defined twice")
            clauses[clause.id] = clause
    return clauses


def _read(path: Path) -> list[Clause]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ClauseError(f"{path.name}: not TOML: {error}") from error
    read = []
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise ClauseError(f"{path.name}: {name}: expected a table [{name}]")
        try:
            read.append(msgspec.convert({**table, "id": name, "group": path.stem}, Clause))
        except msgspec.ValidationError as error:
            raise ClauseError(f"{path.name}: [{name}]: {error}") from error
    return read


def stamp(folder: Path = HERE) -> None:
    """Write the lock: say that every translation present was made from the English sentence and evidence of now."""
    lock = {
        clause.id: {language: _hash(clause) for language in LANGUAGES[1:] if not clause.lacks(language)}
        for clause in load(folder).values()
    }
    text = msgspec.json.format(msgspec.json.encode(lock), indent=1).decode()
    (folder / "lock.json").write_text(text + "\n", encoding="utf-8")


def stale(folder: Path = HERE) -> list[str]:
    """Return one line for each translation that is missing, or made from another English text."""
    path = folder / "lock.json"
    try:
        lock = msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, str]])
    except (OSError, msgspec.DecodeError) as error:
        raise ClauseError(f"{path.name}: {error}") from error
    lines = []
    for clause in load(folder).values():
        for language in LANGUAGES[1:]:
            if clause.lacks(language):
                lines.append(f"{clause.id}: no {language} translation of the sentence or of its evidence")
            elif lock.get(clause.id, {}).get(language) != _hash(clause):
                lines.append(f"{clause.id}: the {language} translation was made from another English text")
    return lines


def _hash(clause: Clause) -> str:
    return hashlib.sha256(f"{clause.en}\n{clause.evidence}".encode()).hexdigest()[:12]
