"""The targets of all target groups: their health, and the requests under way to each.

Registered is what the emulator's store says. Whatever leaves that store is drained: it gets no new
request and is kept until the last one has been answered.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Health(str, Enum):
    """The states of ``DescribeTargetHealth`` that occur here."""

    INITIAL = "initial"
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    DRAINING = "draining"


@dataclass(frozen=True)
class Key:
    """A target is an address and a port in a group."""

    group: str
    host: str
    port: int


@dataclass
class Target:
    """What is known about one target."""

    key: Key
    account: str
    region: str
    health: Health = Health.INITIAL
    reason: str = "Elb.RegistrationInProgress"
    description: str = "Target registration is in progress"
    refused: bool = False
    """It refused a connection since its last check: others are asked first."""
    under_way: int = 0
    registered_at: float = field(default_factory=time.monotonic)
    ended: threading.Event = field(default_factory=threading.Event)


Watch = Callable[[Target], None]


class Targets:
    """Follows the emulator's store of targets; ``watch`` is called for each new one."""

    def __init__(self, watch: Watch = lambda _target: None) -> None:
        self._watch = watch
        self._targets: dict[Key, Target] = {}
        self._turns: dict[str, int] = {}
        self._condition = threading.Condition()

    def sync(
        self, group: str, registered: list[Mapping[str, Any]], port: int, account: str, region: str
    ) -> None:
        """Bring one group in line with what is registered in it."""
        wanted = {Key(group, str(t["Id"]), int(t.get("Port") or port)) for t in registered}
        new: list[Target] = []
        with self._condition:
            for key in [key for key in self._targets if key.group == group and key not in wanted]:
                self._leave(self._targets[key])
            for key in wanted:
                present = self._targets.get(key)
                if present is None or present.health is Health.DRAINING:
                    self._targets[key] = Target(key, account, region)
                    new.append(self._targets[key])
        for target in new:
            self._watch(target)

    def _leave(self, target: Target) -> None:
        target.health = Health.DRAINING
        target.reason = "Target.DeregistrationInProgress"
        target.description = "Target deregistration is in progress"
        target.ended.set()
        if target.under_way == 0:
            self._targets.pop(target.key, None)

    def of(self, group: str) -> list[Target]:
        with self._condition:
            return [target for key, target in self._targets.items() if key.group == group]

    def get(self, group: str, host: str, port: int) -> Target | None:
        with self._condition:
            return self._targets.get(Key(group, host, port))

    def take(self, group: str, but: set[Key], least_outstanding: bool = False) -> Target | None:
        """The next target for a request, which counts as under way until :meth:`give_back`."""
        with self._condition:
            live = [
                t
                for key, t in self._targets.items()
                if key.group == group and t.health is not Health.DRAINING and key not in but
            ]
            healthy = [t for t in live if t.health is Health.HEALTHY]
            # Without a healthy target all are asked, as AWS does ("fail open").
            candidates = [t for t in healthy if not t.refused] or healthy or live
            if not candidates:
                return None
            candidates.sort(key=lambda t: (t.key.host, t.key.port))
            turn = self._turns[group] = self._turns.get(group, -1) + 1
            chosen = candidates[turn % len(candidates)]
            if least_outstanding:
                chosen = min(candidates, key=lambda t: t.under_way)
            chosen.under_way += 1
            return chosen

    def give_back(self, target: Target) -> None:
        with self._condition:
            target.under_way -= 1
            gone = target.under_way == 0 and target.health is Health.DRAINING
            if gone and self._targets.get(target.key) is target:
                del self._targets[target.key]
            self._condition.notify_all()

    def drain(self, host: str, ports: set[int], timeout: float) -> bool:
        """Wait for the requests under way to a target that was deregistered."""
        deadline = time.monotonic() + timeout

        def idle() -> bool:
            return not any(
                target.under_way
                for key, target in self._targets.items()
                if key.host == host and key.port in ports
            )

        with self._condition:
            return self._condition.wait_for(idle, max(0.0, deadline - time.monotonic()))
