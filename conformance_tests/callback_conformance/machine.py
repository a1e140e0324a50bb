"""A rule-based machine whose rules are the hooks: they may come in any order."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from .checks import Bench
from .scenarios import Scenario

__all__ = ["run_machine"]

VALUES = st.sampled_from([0.0, 1.0, 2.0, float("nan"), float("inf"), None])


def run_machine(bench: Bench, same: Callable[[Bench, Scenario], None], arguments: dict[str, Any]) -> None:
    """Call hooks in any order, and compare the subject's state with the reference's after each sequence.

    Raises:
        Broken: the states differ; its scenario lists the hooks called.
    """
    arguments = {name: value for name, value in arguments.items() if bench.supports(name)}

    class Hooks(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.steps: list[list[Any]] = [["on_train_begin", {}]]

        @rule()
        def begin(self) -> None:
            self.steps.append(["on_train_begin", {}])

        @rule(epoch=st.integers(0, 3), value=VALUES)
        def epoch_end(self, epoch: int, value: float | None) -> None:
            self.steps.append(["on_epoch_end", epoch, {"loss": value}])

        @rule()
        def end(self) -> None:
            self.steps.append(["on_train_end", {}])

        def teardown(self) -> None:
            scenario = Scenario(arguments=arguments, steps=self.steps)
            if not bench.excluded(scenario):
                same(bench, scenario)

    run_state_machine_as_test(
        seed(bench.seed)(Hooks),
        settings=settings(
            max_examples=max(10, bench.examples // 5),
            stateful_step_count=12,
            database=None,
            deadline=None,
            phases=[Phase.generate, *([] if bench.hasty else [Phase.shrink])],
            suppress_health_check=list(HealthCheck),
        ),
    )
