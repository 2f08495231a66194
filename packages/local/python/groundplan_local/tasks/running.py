"""A task that runs here: its place, its containers, and their health."""

from __future__ import annotations

import logging
import re
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from groundplan_local.containers.addresses import Place
from groundplan_local.containers.command import Command
from groundplan_local.containers.process import ContainerProcess
from groundplan_local.tasks import lifecycle

logger = logging.getLogger("groundplan.tasks")

_DEFAULT_STOP_TIMEOUT = 30.0
_EAGER = 0.5
_NO_SUCH_PROGRAM = (126, 127)


@dataclass
class RunningContainer:
    """One container of a task that was started."""

    definition: Mapping[str, Any]
    process: ContainerProcess
    command: Command
    health: str = "UNKNOWN"

    @property
    def name(self) -> str:
        return str(self.definition["name"])

    @property
    def essential(self) -> bool:
        return bool(self.definition.get("essential", True))

    @property
    def stop_timeout(self) -> float:
        return float(self.definition.get("stopTimeout") or _DEFAULT_STOP_TIMEOUT)

    @property
    def gates(self) -> bool:
        """Whether its health check decides about the task; one that cannot run does not."""
        return bool(self.definition.get("healthCheck")) and self.health != "UNAVAILABLE"


@dataclass
class RunningTask:
    """Everything of one task."""

    task: dict[str, Any]
    account: str
    region: str
    place: Place
    scratch: Path
    containers: dict[str, RunningContainer] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    stopping: bool = False
    stopped: threading.Event = field(default_factory=threading.Event)
    metadata_tokens: list[str] = field(default_factory=list)
    all_started: bool = False
    running_since: float | None = None

    def started(self) -> list[RunningContainer]:
        with self.lock:
            return list(self.containers.values())

    @property
    def health(self) -> str:
        """``HEALTHY`` when every check is, ``UNHEALTHY`` when an essential one is not."""
        gating = [c for c in self.started() if c.gates]
        if any(c.health == "UNHEALTHY" and c.essential for c in gating):
            return "UNHEALTHY"
        if gating and all(c.health == "HEALTHY" for c in gating):
            return "HEALTHY"
        return "UNKNOWN"


_HERE = re.compile(r"\b(localhost|127\.0\.0\.1|0\.0\.0\.0)\b(?::(\d+))?")


class HealthCheck:
    """The health check of a container definition, run in the container's own environment."""

    def __init__(
        self, running: RunningTask, container: RunningContainer, changed: Callable[[str], None]
    ) -> None:
        self._running = running
        self._container = container
        self._changed = changed
        check = container.definition["healthCheck"]
        self._words = self._localized(list(check.get("command") or []))
        self._interval = float(check.get("interval") or 30)
        self._timeout = float(check.get("timeout") or 5)
        self._retries = int(check.get("retries") or 3)
        self._start_period = float(check.get("startPeriod") or 0)

    def start(self) -> None:
        if not self._words or self._words[0] == "NONE":
            self._become("UNAVAILABLE")
            return
        name = f"groundplan-health-{self._container.name}"
        threading.Thread(target=self._run, daemon=True, name=name).start()

    def _localized(self, words: list[str]) -> list[str]:
        """A container asks itself by localhost; here it listens on an address of its own."""
        place = self._running.place

        def own(match: re.Match[str]) -> str:
            port = match.group(2)
            return place.host if port is None else f"{place.host}:{place.port(int(port))}"

        return [_HERE.sub(own, word) for word in words]

    def _run(self) -> None:
        begun = time.monotonic()
        failures = 0
        process = self._container.process
        while process.running:
            code = self._ask()
            if code in _NO_SUCH_PROGRAM:
                logger.warning(
                    "the health check of %s needs a program that this machine lacks: %s",
                    self._container.name,
                    self._words,
                )
                self._become("UNAVAILABLE")
                return
            if code == 0:
                failures = 0
                self._become("HEALTHY")
            elif time.monotonic() - begun >= self._start_period:
                failures += 1
                if failures >= self._retries:
                    self._become("UNHEALTHY")
            # AWS waits the interval before the first check; nothing is learned by that here.
            starting = self._container.health == "UNKNOWN" and failures == 0
            if process.wait(_EAGER if starting else self._interval):
                return

    def _ask(self) -> int:
        kind, *rest = self._words
        argv = ["/bin/sh", "-c", " ".join(rest)] if kind == "CMD-SHELL" else rest
        if kind not in ("CMD", "CMD-SHELL"):
            argv = self._words
        try:
            return subprocess.run(
                argv,
                cwd=self._container.command.directory,
                env=dict(self._container.command.environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=self._timeout,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            return 1
        except OSError:
            return _NO_SUCH_PROGRAM[1]

    def _become(self, health: str) -> None:
        if self._container.health != health:
            self._container.health = health
            self._changed(self._container.name)


def condition_met(container: RunningContainer, condition: str) -> bool | None:
    """Whether a dependency is there; None when it never will be."""
    process = container.process
    if condition == "START":
        return True
    if condition == "HEALTHY":
        if container.health == "UNHEALTHY" or not process.running:
            return None
        return container.health in ("HEALTHY", "UNAVAILABLE")
    if process.running:
        return False
    if condition == "SUCCESS" and process.exit_code != 0:
        return None
    return True


def end_processes(running: RunningTask) -> None:
    """All at once, each with its own patience."""
    containers = running.started()
    threads = [
        threading.Thread(target=c.process.stop, args=(c.stop_timeout,), daemon=True)
        for c in containers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for container in containers:
        record = lifecycle.container_record(running.task, container.name)
        if record.get("exitCode") is None:
            record["exitCode"] = container.process.exit_code
