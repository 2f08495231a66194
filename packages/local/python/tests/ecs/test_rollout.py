"""The arithmetic of a rolling deployment."""

from __future__ import annotations

import itertools

import pytest

from groundplan_local.tasks.rollout import (
    Limits,
    Plan,
    Standing,
    breaker_threshold,
    is_steady,
    pause_after,
    plan,
)


def roll(desired: int, limits: Limits) -> list[Standing]:
    """Every step of an update, with tasks that become ready at once."""
    new = ready = 0
    old = desired
    seen = []
    for _ in range(50):
        standing = Standing(desired, new, ready, old, old)
        seen.append(standing)
        if is_steady(standing):
            return seen
        step = plan(standing, limits)
        assert step != Plan() or ready < new
        old -= step.stop_old
        ready = new
        new += step.start
    raise AssertionError(f"it never became steady: {seen[-3:]}")


@pytest.mark.parametrize(
    ("desired", "minimum", "maximum"),
    [
        (desired, minimum, maximum)
        for desired, minimum, maximum in itertools.product(
            (1, 2, 3, 5, 10), (0, 50, 100), (100, 150, 200)
        )
        # AWS refuses what leaves no room to move.
        if desired * maximum // 100 > desired or -(-desired * minimum // 100) < desired
    ],
)
def test_every_update_ends_and_stays_within_its_limits(
    desired: int, minimum: int, maximum: int
) -> None:
    for standing in roll(desired, Limits(minimum, maximum)):
        assert standing.new + standing.old <= max(1, desired * maximum // 100)
        assert standing.new_ready + standing.old_running >= -(-desired * minimum // 100)


def test_it_scales_without_touching_more_than_it_must() -> None:
    assert plan(Standing(3, 2, 2, 0, 0), Limits()) == Plan(start=1)
    assert plan(Standing(1, 3, 3, 0, 0), Limits()) == Plan(stop_new=2)
    assert plan(Standing(0, 2, 2, 1, 1), Limits()) == Plan(stop_new=2, stop_old=1)
    assert plan(Standing(2, 2, 2, 0, 0), Limits()) == Plan()


def test_a_deployment_that_was_overtaken_while_it_started_goes_at_once() -> None:
    assert plan(Standing(2, 0, 0, 4, 2), Limits()).stop_old == 2


@pytest.mark.parametrize(
    ("desired", "configuration", "expected"),
    [
        (1, {}, 3),
        (100, {}, 50),
        (1000, {}, 200),
        (4, {"type": "COUNT", "value": 2}, 2),
        (10, {"type": "UNBOUNDED_PERCENT", "value": 10}, 1),
    ],
)
def test_the_circuit_breaker_counts_as_on_aws(
    desired: int, configuration: dict[str, object], expected: int
) -> None:
    breaker = {"enable": True, "thresholdConfiguration": configuration} if configuration else {}
    service = {
        "desiredCount": desired,
        "deploymentConfiguration": {"deploymentCircuitBreaker": breaker},
    }
    assert breaker_threshold(service) == expected


def test_crashes_in_a_row_are_paused_longer_and_longer() -> None:
    pauses = [pause_after(n) for n in range(1, 12)]
    assert pauses[:4] == [0.0, 0.25, 0.5, 1.0]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 30.0
