"""How load balancers, groups and listeners are written: what the emulator's answers leave out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import alb as native
from ministack.services import ec2

from groundplan_local.api.elbv2 import network
from groundplan_local.balancer.groups import groups_of


def _with_balancers(render: Callable[[Any], str]) -> Callable[[Any], str]:
    """The load balancers that forward to a group, by their listeners and by their rules."""

    def tg_xml(group: Mapping[str, Any]) -> str:
        arn = group["TargetGroupArn"]
        listeners = {
            rule["ListenerArn"]
            for rule in native._rules.values()
            if any(arn in groups_of(action) for action in rule.get("Actions", []))
        }
        balancers = {
            listener["LoadBalancerArn"]: None
            for listener in native._listeners.values()
            if listener["ListenerArn"] in listeners
        }
        return render({**group, "LoadBalancerArns": list(balancers)})

    return tg_xml


def _balancer_xml(render: Callable[[Any], str]) -> Callable[[Any], str]:
    def lb_xml(balancer: Mapping[str, Any]) -> str:
        zones = "".join(
            f"<member><ZoneName>{_zone(subnet)}</ZoneName><SubnetId>{subnet}</SubnetId>"
            "<LoadBalancerAddresses/></member>"
            for subnet in balancer.get("Subnets", [])
        )
        before, rest = render(balancer).split("<AvailabilityZones>", 1)
        after = rest.split("</AvailabilityZones>", 1)[1]
        return f"{before}<AvailabilityZones>{zones}</AvailabilityZones>{after}"

    return lb_xml


def _zone(subnet: str) -> str:
    found = ec2._subnets.get(subnet) or {}
    return str(found.get("AvailabilityZone") or f"{native.get_region()}a")


def _of_balancer(balancer: Mapping[str, Any]) -> str:
    enforced = balancer.get(network.ENFORCED)
    return f"<{network.ENFORCED}>{enforced}</{network.ENFORCED}>" if enforced else ""


_OF_HTTP = re.compile(r"<(HealthCheckPath|Matcher)>.*?</\1>")


def _checked_as_asked(render: Callable[[Any], str]) -> Callable[[Any], str]:
    """A check that only connects asks for no path and expects no code."""

    def tg_xml(group: Mapping[str, Any]) -> str:
        text = render(group)
        return _OF_HTTP.sub("", text) if group.get("HealthCheckProtocol") == "TCP" else text

    return tg_xml


def _inserted(render: Callable[[Any], str], more: Callable[[Any], str]) -> Callable[[Any], str]:
    def with_more(record: Any) -> str:
        return render(record).removesuffix("</member>") + more(record) + "</member>"

    return with_more


def _of_group(group: Mapping[str, Any]) -> str:
    version = group.get("ProtocolVersion") or (
        "HTTP1" if group.get("Protocol", "HTTP") in ("HTTP", "HTTPS") else ""
    )
    return "".join(
        f"<{name}>{value}</{name}>"
        for name, value in (
            ("ProtocolVersion", version),
            ("IpAddressType", group.get("IpAddressType") or "ipv4"),
        )
        if value
    )


def _of_action(action: Mapping[str, Any]) -> str:
    groups = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
    if not groups and action.get("TargetGroupArn"):
        groups = [{"TargetGroupArn": action["TargetGroupArn"], "Weight": 1}]
    if not groups:
        return ""
    sticky = (action.get("ForwardConfig") or {}).get("TargetGroupStickinessConfig") or {}
    members = "".join(
        f"<member><TargetGroupArn>{group['TargetGroupArn']}</TargetGroupArn>"
        f"<Weight>{group.get('Weight', 1)}</Weight></member>"
        for group in groups
    )
    duration = sticky.get("DurationSeconds")
    seconds = f"<DurationSeconds>{duration}</DurationSeconds>" if duration else ""
    enabled = str(sticky.get("Enabled", False)).lower()
    return (
        f"<ForwardConfig><TargetGroups>{members}</TargetGroups><TargetGroupStickinessConfig>"
        f"<Enabled>{enabled}</Enabled>{seconds}</TargetGroupStickinessConfig></ForwardConfig>"
    )


def _of_listener(listener: Mapping[str, Any]) -> str:
    alpn = listener.get("AlpnPolicy") or []
    mutual = listener.get("MutualAuthentication") or {}
    text = "".join(f"<member>{escape(str(policy))}</member>" for policy in alpn)
    members = "".join(f"<{k}>{escape(str(v))}</{k}>" for k, v in mutual.items())
    return (f"<AlpnPolicy>{text}</AlpnPolicy>" if alpn else "") + (
        f"<MutualAuthentication>{members}</MutualAuthentication>" if mutual else ""
    )


def install() -> None:
    native._lb_xml = _inserted(_balancer_xml(native._lb_xml), _of_balancer)
    native._tg_xml = _with_balancers(_inserted(_checked_as_asked(native._tg_xml), _of_group))
    native._action_xml = _inserted(native._action_xml, _of_action)
    native._listener_xml = _inserted(native._listener_xml, _of_listener)
