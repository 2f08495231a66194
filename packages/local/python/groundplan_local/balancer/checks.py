"""Health checks as the target group says: path, port, codes, thresholds.

Two things differ from AWS, and only in time: a new target is asked every tenth of a second until it
first answers well, and then at least every two seconds, whatever the interval says.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from groundplan_local.balancer.targets import Health, Target

_EAGER = 0.1
_SLOWEST = 2.0

PortOf = Callable[[str, int], int]


@dataclass(frozen=True)
class Check:
    """One health check of a target group."""

    protocol: str
    path: str
    port: str
    codes: str
    interval: float
    timeout: float
    healthy: int
    unhealthy: int
    enabled: bool

    @staticmethod
    def of(group: Mapping[str, Any]) -> Check:
        return Check(
            protocol=str(group.get("HealthCheckProtocol") or "HTTP"),
            path=str(group.get("HealthCheckPath") or "/"),
            port=str(group.get("HealthCheckPort") or "traffic-port"),
            codes=str((group.get("Matcher") or {}).get("HttpCode") or "200"),
            interval=float(group.get("HealthCheckIntervalSeconds") or 30),
            timeout=float(group.get("HealthCheckTimeoutSeconds") or 5),
            healthy=int(group.get("HealthyThresholdCount") or 5),
            unhealthy=int(group.get("UnhealthyThresholdCount") or 2),
            enabled=bool(group.get("HealthCheckEnabled", True)),
        )


def matches(code: int, codes: str) -> bool:
    """``200``, ``200,301`` and ``200-399``."""
    for part in codes.split(","):
        low, _, high = part.strip().partition("-")
        if low.isdigit() and int(low) <= code <= int(high or low):
            return True
    return False


def ask(check: Check, host: str, port: int) -> tuple[str, str] | None:
    """None when the target is well, else the reason and its description."""
    try:
        if check.protocol not in ("HTTP", "HTTPS"):
            with socket.create_connection((host, port), check.timeout):
                return None
        code = _status(check, host, port)
    except TimeoutError:
        return "Target.Timeout", "Request timed out"
    except (OSError, http.client.HTTPException):
        return "Target.FailedHealthChecks", "Health checks failed"
    if matches(code, check.codes):
        return None
    return "Target.ResponseCodeMismatch", f"Health checks failed with these codes: [{code}]"


def _status(check: Check, host: str, port: int) -> int:
    connection: http.client.HTTPConnection
    if check.protocol == "HTTPS":
        # A load balancer does not look at the certificate of a target.
        unverified = ssl.create_default_context()
        unverified.check_hostname = False
        unverified.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection(
            host, port, timeout=check.timeout, context=unverified
        )
    else:
        connection = http.client.HTTPConnection(host, port, timeout=check.timeout)
    with contextlib.closing(connection):
        headers = {"User-Agent": "ELB-HealthChecker/2.0", "Connection": "close"}
        connection.request("GET", check.path, headers=headers)
        return connection.getresponse().status


class Checker:
    """Asks one target for as long as it is registered."""

    def __init__(
        self,
        target: Target,
        group: Callable[[], Mapping[str, Any] | None],
        port_of: PortOf,
        changed: Callable[[], None],
    ) -> None:
        self._target = target
        self._group = group
        self._port_of = port_of
        self._changed = changed

    def start(self) -> None:
        name = f"groundplan-check-{self._target.key.host}"
        threading.Thread(target=self._run, daemon=True, name=name).start()

    def _run(self) -> None:
        target = self._target
        well = ill = 0
        while not target.ended.is_set():
            group = self._group()
            if group is None:
                return
            check = Check.of(group)
            problem = ask(check, target.key.host, self._port(check)) if check.enabled else None
            if target.ended.is_set():
                return
            if problem is None:
                well, ill = well + 1, 0
                target.refused = False
                # A new target needs one good answer, one that was ill as many as the group says.
                if target.health is Health.INITIAL or well >= check.healthy:
                    self._become(Health.HEALTHY, "", "")
            else:
                well, ill = 0, ill + 1
                if self._is_ill(check, ill):
                    self._become(Health.UNHEALTHY, *problem)
            eager = target.health is not Health.HEALTHY or target.refused or ill > 0
            target.ended.wait(_EAGER if eager else min(check.interval, _SLOWEST))

    def _is_ill(self, check: Check, ill: int) -> bool:
        if self._target.health is Health.INITIAL:
            # It may still be starting: as long as AWS would take to give up on it.
            waited = time.monotonic() - self._target.registered_at
            return waited >= check.unhealthy * check.interval
        return ill >= check.unhealthy

    def _port(self, check: Check) -> int:
        key = self._target.key
        if check.port == "traffic-port":
            return key.port
        return self._port_of(key.host, int(check.port))

    def _become(self, health: Health, reason: str, description: str) -> None:
        if self._target.health is not health or self._target.reason != reason:
            self._target.health = health
            self._target.reason = reason
            self._target.description = description
            self._changed()
