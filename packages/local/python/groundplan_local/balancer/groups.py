"""Target groups of the emulator: whom an action forwards to, and what their health is."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from ministack.core.responses import (
    StreamingResponse,
    get_account_id,
    get_region,
    request_scope,
)
from ministack.services import alb

from groundplan_local.balancer.checks import Checker, PortOf
from groundplan_local.balancer.forward import Reply, Request, forward, problem
from groundplan_local.balancer.targets import Health, Target, Targets

# Of the load balancer that the request came through.
idle_timeout: ContextVar[float] = ContextVar("groundplan_idle_timeout", default=60.0)


class Groups:
    """The health of every target, and the forwarding to those that are well."""

    def __init__(self, port_of: PortOf, changed: Callable[[], None]) -> None:
        self._port_of = port_of
        self._changed = changed
        self.targets = Targets(self._watch)

    def sync(self, group: str) -> None:
        """Follow the emulator's store, in the account and region of this call."""
        record = alb._tgs.get(group)
        registered = [] if record is None else alb._targets.get(group, [])
        checked = record is not None and is_checked(record)
        self.targets.sync(
            group,
            registered if checked else [],
            int((record or {}).get("Port") or 80),
            get_account_id(),
            get_region(),
        )

    def _watch(self, target: Target) -> None:
        def group() -> Mapping[str, Any] | None:
            with request_scope(target.account, target.region):
                found: Mapping[str, Any] | None = alb._tgs.get(target.key.group)
                return found

        Checker(target, group, self._port_of, self._changed).start()

    def health(self, group: str, host: str, port: int) -> Target | None:
        return self.targets.get(group, host, port)

    def is_used(self, group: str) -> bool:
        """Whether a listener or a rule forwards to it; AWS checks no target of an unused group."""
        actions = [
            action
            for listener in alb._listeners.values()
            for action in listener.get("DefaultActions", [])
        ]
        actions += [action for rule in alb._rules.values() for action in rule.get("Actions", [])]
        return any(group in groups_of(action) for action in actions)

    async def forward(
        self,
        group: str,
        method: str,
        path: str,
        headers: Mapping[str, Any],
        body: Any,
        query_params: Mapping[str, Any],
        raw_query_string: str | None = None,
        raw_path: str | None = None,
    ) -> Reply:
        self.sync(group)
        data = body if isinstance(body, bytes) else (body or "").encode()
        target = raw_path or path
        if raw_query_string:
            target = f"{target}?{raw_query_string}"
        return await forward(
            self.targets,
            group,
            Request(method.upper(), target, headers, data),
            _attribute(group, "load_balancing.algorithm.type") == "least_outstanding_requests",
            idle_timeout.get(),
            StreamingResponse,
        )


def is_checked(group: Mapping[str, Any]) -> bool:
    """Only an address can be asked; functions and instances stay the emulator's business."""
    return bool(group.get("TargetType", "instance") == "ip")


def _attribute(group: str, key: str) -> str:
    return next((str(a["Value"]) for a in alb._tg_attrs.get(group, []) if a.get("Key") == key), "")


def deregistration_delay(group: str) -> float:
    return float(_attribute(group, "deregistration_delay.timeout_seconds") or 300)


def groups_of(action: Mapping[str, Any]) -> list[str]:
    """The target groups of an action, the first of them being the emulator's only one."""
    weighted = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
    named = [str(group["TargetGroupArn"]) for group in weighted]
    single = action.get("TargetGroupArn")
    return named or ([str(single)] if single else [])


def chosen_group(action: Mapping[str, Any]) -> str:
    """One of the groups of a forward action, by their weights."""
    weighted = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
    weights = [float(group.get("Weight", 1)) for group in weighted]
    if not weighted or sum(weights) == 0:
        return next(iter(groups_of(action)), "")
    return str(random.choices(weighted, weights)[0]["TargetGroupArn"])


def install(groups: Groups) -> None:
    native_execute = alb._execute_action
    native_forward = alb._forward_to_tg
    native_set = alb.set_targets_for_group

    async def execute(action: Mapping[str, Any], *arguments: Any, **named: Any) -> Reply:
        if str(action.get("Type", "")).lower() == "forward":
            action = {**action, "TargetGroupArn": chosen_group(action)}
        reply: Reply = await native_execute(action, *arguments, **named)
        return reply

    async def forward_to_group(group: str, *arguments: Any, **named: Any) -> Reply:
        record = alb._tgs.get(group)
        if record is None:
            return problem(503, f"target group {group} does not exist")
        if not is_checked(record):
            reply: Reply = await native_forward(group, *arguments, **named)
            return reply
        return await groups.forward(group, *arguments, **named)

    def set_targets(group: str, *arguments: Any, **named: Any) -> bool:
        published = bool(native_set(group, *arguments, **named))
        groups.sync(group)
        return published

    alb._execute_action = execute
    alb._forward_to_tg = forward_to_group
    alb.set_targets_for_group = set_targets
    for name in ("RegisterTargets", "DeregisterTargets", "DeleteTargetGroup"):
        alb._ACTION_MAP[name] = _synced(alb._ACTION_MAP[name], groups)
    alb._ACTION_MAP["DescribeTargetHealth"] = _described(groups)


def _synced(native: Callable[[Any], Any], groups: Groups) -> Callable[[Any], Any]:
    def run(params: Any) -> Any:
        reply = native(params)
        groups.sync(alb._p(params, "TargetGroupArn"))
        return reply

    return run


def _described(groups: Groups) -> Callable[[Any], Any]:
    native = alb._ACTION_MAP["DescribeTargetHealth"]

    def run(params: Any) -> Any:
        group = alb._p(params, "TargetGroupArn")
        record = alb._tgs.get(group)
        if record is None or not is_checked(record):
            return native(params)
        groups.sync(group)
        wanted = {target["Id"] for target in alb._parse_targets_param(params)}
        used = groups.is_used(group)
        described = [
            _health_xml(target, used)
            for target in sorted(groups.targets.of(group), key=lambda t: (t.key.host, t.key.port))
            if not wanted or target.key.host in wanted
        ]
        members = "".join(described)
        return alb._xml(
            200,
            "DescribeTargetHealth",
            f"<TargetHealthDescriptions>{members}</TargetHealthDescriptions>",
        )

    return run


def _health_xml(target: Target, used: bool) -> str:
    state, reason, description = target.health.value, target.reason, target.description
    if not used and target.health is not Health.DRAINING:
        state, reason = "unused", "Target.NotInUse"
        description = "Target group is not configured to receive traffic from the load balancer"
    why = f"<Reason>{reason}</Reason><Description>{description}</Description>" if reason else ""
    return (
        f"<member><Target><Id>{target.key.host}</Id><Port>{target.key.port}</Port></Target>"
        f"<HealthCheckPort>{target.key.port}</HealthCheckPort>"
        f"<TargetHealth><State>{state}</State>{why}</TargetHealth></member>"
    )
