"""What the emulator's ELBv2 forgets: defaults of attributes, zones, weights, certificates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import alb as native
from ministack.services import ec2

from groundplan_local.balancer.groups import groups_of

Reply = tuple[int, dict[str, str], bytes]

# What AWS answers for an application load balancer that nobody changed.
_BALANCER = {
    "access_logs.s3.enabled": "false",
    "access_logs.s3.bucket": "",
    "access_logs.s3.prefix": "",
    "client_keep_alive.seconds": "3600",
    "connection_logs.s3.enabled": "false",
    "connection_logs.s3.bucket": "",
    "connection_logs.s3.prefix": "",
    "deletion_protection.enabled": "false",
    "idle_timeout.timeout_seconds": "60",
    "load_balancing.cross_zone.enabled": "true",
    "routing.http.desync_mitigation_mode": "defensive",
    "routing.http.drop_invalid_header_fields.enabled": "false",
    "routing.http.preserve_host_header.enabled": "false",
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
    "routing.http.xff_client_port.enabled": "false",
    "routing.http.xff_header_processing.mode": "append",
    "routing.http2.enabled": "true",
    "waf.fail_open.enabled": "false",
    "zonal_shift.config.enabled": "false",
}
_GROUP = {
    "deregistration_delay.timeout_seconds": "300",
    "load_balancing.algorithm.anomaly_mitigation": "off",
    "load_balancing.algorithm.type": "round_robin",
    "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
    "slow_start.duration_seconds": "0",
    "stickiness.app_cookie.cookie_name": "",
    "stickiness.app_cookie.duration_seconds": "86400",
    "stickiness.enabled": "false",
    "stickiness.lb_cookie.duration_seconds": "86400",
    "stickiness.type": "lb_cookie",
    "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
}
_LISTENER = {"routing.http.response.server.enabled": "true"}


def _with_defaults(action: str, parameter: str, store: Any, defaults: Mapping[str, str]) -> None:
    describe = native._ACTION_MAP[action]

    def described(params: Mapping[str, Any]) -> Reply:
        reply: Reply = describe(params)
        if reply[0] >= 400:
            return reply
        kept = {a["Key"]: a["Value"] for a in store.get(native._p(params, parameter), [])}
        every = [{"Key": k, "Value": escape(str(v))} for k, v in {**defaults, **kept}.items()]
        answered: Reply = native._xml(
            200, action, f"<Attributes>{native._attrs_xml(every)}</Attributes>"
        )
        return answered

    native._ACTION_MAP[action] = described


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


def _listener(params: Mapping[str, Any]) -> dict[str, Any] | None:
    found: dict[str, Any] | None = native._listeners.get(native._p(params, "ListenerArn"))
    return found


def _missing(params: Mapping[str, Any]) -> Reply:
    arn = native._p(params, "ListenerArn")
    refused: Reply = native._error("ListenerNotFound", f"Listener '{arn}' not found.")
    return refused


def _certificates_xml(arns: list[str], default: list[str]) -> str:
    members = "".join(
        f"<member><CertificateArn>{escape(arn)}</CertificateArn>"
        f"<IsDefault>{str(arn in default).lower()}</IsDefault></member>"
        for arn in arns
    )
    return f"<Certificates>{members}</Certificates>"


def _add_certificates(params: Mapping[str, Any]) -> Reply:
    listener = _listener(params)
    if listener is None:
        return _missing(params)
    more = listener.setdefault("_MoreCertificates", [])
    given = native._parse_certificate_arns(params)
    more.extend(arn for arn in given if arn not in more)
    answered: Reply = native._xml(200, "AddListenerCertificates", _certificates_xml(given, []))
    return answered


def _remove_certificates(params: Mapping[str, Any]) -> Reply:
    listener = _listener(params)
    if listener is None:
        return _missing(params)
    given = native._parse_certificate_arns(params)
    kept = [arn for arn in listener.get("_MoreCertificates", []) if arn not in given]
    listener["_MoreCertificates"] = kept
    answered: Reply = native._empty("RemoveListenerCertificates")
    return answered


def _describe_certificates(params: Mapping[str, Any]) -> Reply:
    listener = _listener(params)
    if listener is None:
        return _missing(params)
    default = listener.get("Certificates", [])
    every = [*default, *listener.get("_MoreCertificates", [])]
    answered: Reply = native._xml(
        200, "DescribeListenerCertificates", _certificates_xml(every, default)
    )
    return answered


def install() -> None:
    for action, parameter, store, defaults in (
        ("DescribeLoadBalancerAttributes", "LoadBalancerArn", native._lb_attrs, _BALANCER),
        ("DescribeTargetGroupAttributes", "TargetGroupArn", native._tg_attrs, _GROUP),
        ("DescribeListenerAttributes", "ListenerArn", native._listener_attrs, _LISTENER),
    ):
        _with_defaults(action, parameter, store, defaults)
    native._lb_xml = _balancer_xml(native._lb_xml)
    native._tg_xml = _with_balancers(_inserted(native._tg_xml, _of_group))
    native._action_xml = _inserted(native._action_xml, _of_action)
    native._listener_xml = _inserted(native._listener_xml, _of_listener)
    native._ACTION_MAP["AddListenerCertificates"] = _add_certificates
    native._ACTION_MAP["RemoveListenerCertificates"] = _remove_certificates
    native._ACTION_MAP["DescribeListenerCertificates"] = _describe_certificates
