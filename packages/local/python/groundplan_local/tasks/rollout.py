"""How many tasks a service starts and stops next: arithmetic without any task."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Standing:
    """The tasks of a service, those of its newest deployment apart from all others."""

    desired: int
    new: int
    """Of the newest deployment, starting or running."""
    new_ready: int
    """Of those, running and healthy in every sense that the service knows."""
    old: int
    old_running: int


@dataclass(frozen=True)
class Plan:
    """What to do next; nothing when all three are 0."""

    start: int = 0
    stop_new: int = 0
    stop_old: int = 0


@dataclass(frozen=True)
class Limits:
    """``minimumHealthyPercent`` and ``maximumPercent``."""

    minimum: int = 100
    maximum: int = 200

    @staticmethod
    def of(service: Mapping[str, Any]) -> Limits:
        configuration = service.get("deploymentConfiguration") or {}
        return Limits(
            minimum=int(configuration.get("minimumHealthyPercent", 100)),
            maximum=int(configuration.get("maximumPercent", 200)),
        )


def plan(standing: Standing, limits: Limits) -> Plan:
    """The next step of a rolling deployment.

    Old tasks go as new ones become ready. Below the desired count it goes only when there is no
    room for a new task otherwise, and never below the minimum.
    """
    s = standing
    if s.desired == 0:
        return Plan(stop_new=s.new, stop_old=s.old)
    most = max(1, s.desired * limits.maximum // 100)
    least = math.ceil(s.desired * limits.minimum / 100)
    missing = max(0, s.desired - s.new)
    room = max(0, most - s.new - s.old)
    if s.new_ready >= s.desired:
        stop_old = s.old
    else:
        kept = least if missing and not room else s.desired
        stop_old = min(s.old, max(0, s.new_ready + s.old_running - kept))
        # A task of a deployment that was overtaken while it started serves nobody.
        stop_old = max(stop_old, s.old - s.old_running)
    return Plan(start=min(missing, room), stop_new=max(0, s.new - s.desired), stop_old=stop_old)


def is_steady(standing: Standing) -> bool:
    s = standing
    return s.old == 0 and s.new == s.desired and s.new_ready == s.desired


def breaker_threshold(service: Mapping[str, Any]) -> int:
    """After how many failed tasks the circuit breaker gives a deployment up."""
    breaker = (service.get("deploymentConfiguration") or {}).get("deploymentCircuitBreaker") or {}
    wanted = breaker.get("thresholdConfiguration") or {}
    kind, value = wanted.get("type", "BOUNDED_PERCENT"), float(wanted.get("value", 50))
    if kind == "COUNT":
        return max(1, int(value))
    share = math.ceil(value * int(service.get("desiredCount", 0)) / 100)
    return max(1, share) if kind == "UNBOUNDED_PERCENT" else min(200, max(3, share))


def pause_after(crashes: int) -> float:
    """How long to wait before the next task when one after the other dies."""
    return 0.0 if crashes < 2 else min(30.0, 0.25 * 2.0 ** (crashes - 2))
