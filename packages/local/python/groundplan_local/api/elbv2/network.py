"""Network load balancers in the emulator's stores: their names, their address, their defaults.

The emulator makes them as it makes application load balancers, in its API and in its handlers of
CloudFormation alike; what is different is put right here behind both.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import alb as native

from groundplan_local.balancer import network as standing

logger = logging.getLogger("groundplan.balancer")

Reply = tuple[int, dict[str, str], bytes]
Action = Callable[[Mapping[str, Any]], Reply]
Record = dict[str, Any]

ENFORCED = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"
_PROTOCOLS = frozenset({"QUIC", "TCP", "TCP_QUIC", "TCP_UDP", "TLS", "UDP"})
_STORES_OF_BALANCER = (native._lbs, native._lb_attrs, native._tags)
_STORES_OF_LISTENER = (native._listeners, native._listener_attrs, native._tags)


def is_network(balancer: Mapping[str, Any]) -> bool:
    return balancer.get("Type") == "network"


def is_of_network(group: Mapping[str, Any]) -> bool:
    """Whether only a network load balancer can forward to a target group."""
    return group.get("Protocol") in _PROTOCOLS


def full_name(arn: str) -> str:
    """``net/name/id``, by which metrics and CloudFormation call a load balancer."""
    return arn.split(":loadbalancer/", 1)[1]


def made_balancer(arn: str, given: Mapping[str, Any]) -> str:
    """Completes a load balancer that was made just now; answers the ARN, another for a network's.

    ``given`` is what was asked for: its attributes, and what the emulator does not keep of it.
    """
    balancer = native._lbs[arn]
    if not is_network(balancer):
        return arn
    own = _moved(arn, _STORES_OF_BALANCER)
    balancer["LoadBalancerArn"] = own
    attributes = given.get("LoadBalancerAttributes") or []
    native._lb_attrs[own] = [{"Key": a["Key"], "Value": str(a["Value"])} for a in attributes]
    if balancer["SecurityGroups"]:
        balancer[ENFORCED] = given.get(ENFORCED) or "on"
    try:
        balancer["DNSName"] = standing.balancers().open(own)
    except BaseException:
        native._lbs.pop(own, None)
        raise
    return own


def made_listener(arn: str) -> str:
    """Completes a listener that was made just now, and answers its ARN."""
    listener = native._listeners[arn]
    balancer = native._lbs[listener["LoadBalancerArn"]]
    if not is_network(balancer):
        return arn
    own = _moved(arn, _STORES_OF_LISTENER)
    listener["ListenerArn"] = own
    native._listener_attrs.pop(own, None)
    for rule_arn, rule in list(native._rules.items()):
        if rule["ListenerArn"] == arn:
            rule["ListenerArn"] = own
            rule["RuleArn"] = _moved(rule_arn, (native._rules, native._tags))
    return own


def made_group(arn: str, given: Mapping[str, Any]) -> None:
    """Completes a target group, with what was asked for."""
    group = native._tgs[arn]
    if not is_of_network(group):
        return
    group["HealthCheckProtocol"] = given.get("HealthCheckProtocol") or "TCP"
    if not given.get("HealthCheckTimeoutSeconds"):
        group["HealthCheckTimeoutSeconds"] = 6 if group["HealthCheckProtocol"] == "HTTP" else 10
    if not (given.get("Matcher") or {}).get("HttpCode"):
        group["Matcher"] = {"HttpCode": "200-399"}
    attributes = given.get("TargetGroupAttributes") or []
    native._tg_attrs[arn] = [{"Key": a["Key"], "Value": str(a["Value"])} for a in attributes]


def _moved(arn: str, stores: tuple[Any, ...]) -> str:
    """An ARN of a network load balancer, under which the stores have what they had before."""
    own = arn.replace("/app/", "/net/", 1)
    for store in stores:
        kept = store.pop(arn, None)
        if kept is not None:
            store[own] = kept
    return own


def _create_balancer(action: Action) -> Action:
    def create(params: Mapping[str, Any]) -> Reply:
        reply = action(params)
        if reply[0] >= 400 or native._p(params, "Type") != "network":
            return reply
        name = native._p(params, "Name")
        arn = next(k for k, lb in native._lbs.items() if lb["LoadBalancerName"] == name)
        written = native._lb_xml(native._lbs[made_balancer(arn, {})])
        answered: Reply = native._xml(
            200, "CreateLoadBalancer", f"<LoadBalancers>{written}</LoadBalancers>"
        )
        return answered

    return create


def _delete_balancer(action: Action) -> Action:
    """With its listeners, which the emulator leaves behind."""

    def delete(params: Mapping[str, Any]) -> Reply:
        arn = native._p(params, "LoadBalancerArn")
        reply = action(params)
        for listener in [k for k, v in native._listeners.items() if v["LoadBalancerArn"] == arn]:
            native._delete_listener({"ListenerArn": [listener]})
        standing.balancers().close(arn)
        return reply

    return delete


def _create_listener(action: Action) -> Action:
    def create(params: Mapping[str, Any]) -> Reply:
        before = set(native._listeners.keys())
        reply = action(params)
        if reply[0] >= 400:
            return reply
        arn = next(k for k, _ in native._listeners.items() if k not in before)
        listener = native._listeners[made_listener(arn)]
        _listen(listener["LoadBalancerArn"])
        answered: Reply = native._xml(
            200, "CreateListener", f"<Listeners>{native._listener_xml(listener)}</Listeners>"
        )
        return answered

    return create


def _change_listener(action: Action) -> Action:
    def change(params: Mapping[str, Any]) -> Reply:
        listener = native._listeners.get(native._p(params, "ListenerArn"))
        reply = action(params)
        if listener is not None:
            _listen(listener["LoadBalancerArn"])
        return reply

    return change


def _listen(balancer: str) -> None:
    for port, error in standing.balancers().sync(balancer).items():
        logger.warning("nothing listens on port %s of %s: %s", port, balancer, error)


def _create_group(action: Action) -> Action:
    def create(params: Mapping[str, Any]) -> Reply:
        reply = action(params)
        if reply[0] >= 400:
            return reply
        name = native._p(params, "Name")
        group = next(tg for tg in native._tgs.values() if tg["TargetGroupName"] == name)
        if not is_of_network(group):
            return reply
        given = {k: native._p(params, k) for k in ("HealthCheckProtocol", _TIMEOUT)}
        code = native._p(params, "Matcher.HttpCode")
        made_group(group["TargetGroupArn"], {**given, "Matcher": {"HttpCode": code}})
        answered: Reply = native._xml(
            200, "CreateTargetGroup", f"<TargetGroups>{native._tg_xml(group)}</TargetGroups>"
        )
        return answered

    return create


_TIMEOUT = "HealthCheckTimeoutSeconds"


def _reset(native_reset: Callable[[], None]) -> Callable[[], None]:
    def reset() -> None:
        standing.balancers().close_all()
        native_reset()

    return reset


def install() -> None:
    table: dict[str, Action] = native._ACTION_MAP
    for name, around in {
        "CreateLoadBalancer": _create_balancer,
        "DeleteLoadBalancer": _delete_balancer,
        "CreateListener": _create_listener,
        "ModifyListener": _change_listener,
        "DeleteListener": _change_listener,
        "CreateTargetGroup": _create_group,
    }.items():
        table[name] = around(table[name])
    native.reset = _reset(native.reset)
