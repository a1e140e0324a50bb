"""What checks are made of: a bench to play scenarios on, and a registry that names each check's clause."""

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from ..guard import Limit
from ..play import Row, Trace, play, play_loop
from ..scenarios import Scenario
from ..subjects import Subject, Unsupported, describe

__all__ = [
    "CHECKS",
    "Bench",
    "Broken",
    "Check",
    "check",
    "draw",
    "mentions",
    "reference_subject",
    "remembered",
    "search",
]


class Broken(Exception):
    """A subject broke a clause.

    Args:
        why: one sentence.
        scenario: what was played.
        expected: rows of the trace as they had to be; each needs to hold only what matters.
        got: rows of the subject's trace.
    """

    def __init__(
        self, why: str, scenario: Scenario, expected: list[Row] | None = None, got: list[Row] | None = None
    ) -> None:
        super().__init__(why)
        self.why, self.scenario = why, scenario
        self.expected, self.got = expected or [], got or []


class Check(msgspec.Struct, frozen=True):
    """Something that can break a clause."""

    clause: str
    kind: str
    title: str
    run: Callable[["Bench"], None]
    group: str


CHECKS: list[Check] = []


class Bench:
    """Plays scenarios to one subject, and counts them.

    Args:
        subject: what is judged.
        seed: chooses the generated scenarios; the same seed always gives the same ones.
        examples: how many scenarios each generating check may play.
        strict: hold the subject to the reference's reading of contested clauses, whoever wrote it.
        limit: of the time that a scenario may take.
        hasty: be content with the first scenario that breaks a clause, whether or not there is a simpler one.
        excluded: says of a scenario whether a clause already known to be broken touches it.
    """

    def __init__(
        self,
        subject: Subject,
        seed: int = 0,
        examples: int = 100,
        host: str = "stub",
        quick: bool = False,
        strict: bool = False,
        limit: Limit | None = None,
        hasty: bool = False,
    ) -> None:
        self.subject, self.seed, self.examples, self.host, self.quick = subject, seed, examples, host, quick
        self.strict, self.hasty = strict, hasty
        self.limit = limit or Limit()
        self.played = self.hung = 0
        self.scenario: Scenario | None = None
        self.ignored: frozenset[str] = frozenset()
        self.excluded: Callable[[Scenario], bool] = lambda scenario: False

    @property
    def is_ours(self) -> bool:
        """Tell whether the subject is held to one reading of contested clauses: Keras and the reference always are."""
        return self.strict or self.subject.is_keras or self.subject.package == "callback_reference"

    def play(self, scenario: Scenario, host: str | None = None) -> Trace:
        """Return the subject's trace."""
        self._begin(scenario)
        return play(self.subject, scenario, host or self.host)

    def reference(self, scenario: Scenario) -> Trace:
        """Return the reference's trace of the same scenario."""
        return play(reference_subject(self.subject.kind), scenario, "stub")

    def play_loop(self, scenario: Scenario, host: str | None = None) -> list[dict[str, Any]]:
        """Return what each run of a life-cycle scenario called."""
        self._begin(scenario)
        return play_loop(self.subject, scenario, host or self.host)

    def _begin(self, scenario: Scenario) -> None:
        self.played += 1
        self.scenario = scenario
        self.limit.renew()

    @contextlib.contextmanager
    def drawing(self, examples: int) -> Iterator[None]:
        """Draw so many examples for a while, where each costs more than others do."""
        usual, self.examples = self.examples, examples
        try:
            yield
        finally:
            self.examples = usual

    def supports(self, argument: str) -> bool:
        """Tell whether the subject's constructor takes an argument."""
        return not self.subject.not_taken([argument])


@functools.cache
def reference_subject(kind: str) -> Subject:
    """Return the reference implementation of a kind of callback."""
    import callback_reference

    return describe(getattr(callback_reference, kind), kind, f"callback_reference:{kind}")


def check(
    clause: str, kind: str, group: str, given: Any = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as a check of a clause.

    Args:
        clause: the clause's id.
        kind: "law", "difference", "enumeration", "stateful" or "vector".
        group: the stem of the clause file.
        given: a function of the bench that returns a Hypothesis strategy, from which the check then gets its scenarios,
            or None where generated scenarios would cost too much.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        def run(bench: Bench) -> None:
            strategy = given(bench) if given else None
            if strategy is not None:
                search(bench, strategy, functools.partial(function, bench))
            elif given is None:
                function(bench)

        title = (function.__doc__ or function.__name__).strip().splitlines()[0]
        CHECKS.append(Check(clause, kind, title, run, group))
        return function

    return register


def mentions(what: str, text: str, words: tuple[str, ...], scenario: Scenario) -> None:
    """Refuse a text that leaves out one of the words.

    Raises:
        Broken: naming the words that are missing.
    """
    missing = [word for word in words if word not in text]
    if missing:
        raise Broken(f"{what} does not mention {', '.join(missing)}", scenario, [{"mentions": words}], [{"text": text}])


def search(bench: Bench, strategy: Any, test: Callable[[Any], None]) -> None:
    """Run a test on scenarios drawn from a strategy, and raise the simplest `Broken`.

    Args:
        bench: says how many examples are drawn, and from which seed.
        strategy: one of Hypothesis's, or one of `strategies`, which may cut several scripts from one draw.
        test: raises `Broken` for a scenario in which the subject breaks the clause.

    Raises:
        Broken: the test broke; its scenario is shrunk.
        Unsupported: the subject could play none of the scenarios.
    """
    if getattr(strategy, "scripts", 1) == 1:
        one = getattr(strategy, "one", strategy)
        draw(bench, one, lambda scenario: _try(bench, [scenario], test), shrink=not bench.hasty)
        return
    last = [b""]

    def read_each(scripts: list[bytes]) -> Iterator[Any]:
        for last[0] in scripts:
            yield strategy.read(last[0])

    try:
        draw(bench, strategy.several, lambda scripts: _try(bench, read_each(scripts), test), shrink=False)
    except Broken:
        if not bench.hasty:
            draw(bench, strategy.one, lambda scenario: _try(bench, [scenario], test), first=last[0])
        raise


def _try(bench: Bench, scenarios: Iterable[Any], test: Callable[[Any], None]) -> None:
    """Run a test on each scenario that is not excluded.

    Raises:
        Unsupported: the subject can play none of them.
    """
    reason = Unsupported("no scenario is left to play")
    played = False
    for scenario in scenarios:
        if bench.excluded(scenario):
            continue
        try:
            test(scenario)
            played = True
        except Unsupported as error:
            reason = error
    if not played:
        raise reason


def draw(
    bench: Bench, strategy: Any, test: Callable[[Any], None], shrink: bool = True, first: bytes | None = None
) -> None:
    """Run a test on what Hypothesis draws, or begin with bytes that are known to break it.

    Raises:
        Broken: the test broke.
        Unsupported: each call of the test raised it.
    """
    from hypothesis import HealthCheck, Phase, assume, given, seed, settings
    from hypothesis.errors import Unsatisfiable

    unsupported: list[Unsupported] = []

    @settings(  # before the seed, which takes the database away
        max_examples=bench.examples,
        database=None if first is None else remembered(first),
        deadline=None,
        phases=[Phase.generate if first is None else Phase.reuse, *([Phase.shrink] if shrink else [])],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @seed(bench.seed)
    @given(strategy)
    def run(drawn: Any) -> None:
        try:
            test(drawn)
        except Unsupported as error:
            unsupported.append(error)
            assume(False)

    try:
        run()
    except Unsatisfiable:
        raise unsupported[0] if unsupported else Unsupported("no scenario is left to play") from None


def remembered(data: bytes) -> Any:
    """Return a database for Hypothesis that holds one example, not yet shrunk: these bytes, as all that was drawn."""
    from hypothesis.database import ExampleDatabase, choices_to_bytes

    class Remembered(ExampleDatabase):
        def fetch(self, key: bytes) -> Any:
            return [choices_to_bytes((data,))] if key.endswith(b".secondary") else []

        def save(self, key: bytes, value: bytes) -> None:
            """Keep nothing: what was shrunk is raised."""

        def delete(self, key: bytes, value: bytes) -> None:
            """Keep what is there: it is asked for once."""

    return Remembered()
