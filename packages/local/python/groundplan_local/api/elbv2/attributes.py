"""What AWS answers for attributes that nobody changed, by the kind of load balancer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import alb as native

from groundplan_local.api.elbv2 import network

Reply = tuple[int, dict[str, str], bytes]
Attributes = Mapping[str, str]

# What AWS answers for an application load balancer that nobody changed.
_APPLICATION = {
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
_NETWORK = {
    "access_logs.s3.enabled": "false",
    "access_logs.s3.bucket": "",
    "access_logs.s3.prefix": "",
    "deletion_protection.enabled": "false",
    "dns_record.client_routing_policy": "any_availability_zone",
    "load_balancing.cross_zone.enabled": "false",
    "secondary_ips.auto_assigned.per_subnet": "0",
    "zonal_shift.config.enabled": "false",
}
_HEALTH_OF_GROUP = {
    "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
}
_GROUP_OF_APPLICATION = {
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
    **_HEALTH_OF_GROUP,
}
_GROUP_OF_NETWORK = {
    "deregistration_delay.connection_termination.enabled": "false",
    "deregistration_delay.timeout_seconds": "300",
    "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
    "preserve_client_ip.enabled": "true",
    "proxy_protocol_v2.enabled": "false",
    "stickiness.enabled": "false",
    "stickiness.type": "source_ip",
    "target_health_state.unhealthy.connection_termination.enabled": "true",
    "target_health_state.unhealthy.draining_interval_seconds": "0",
    **_HEALTH_OF_GROUP,
}
_LISTENER_OF_APPLICATION = {"routing.http.response.server.enabled": "true"}
_LISTENER_OF_TCP = {"tcp.idle_timeout.seconds": "350"}
_DATAGRAMS = ("UDP", "TCP_UDP")


def _of_balancer(arn: str) -> Attributes:
    balancer = native._lbs.get(arn)
    if balancer is None or not network.is_network(balancer):
        return _APPLICATION
    internal = str(balancer.get("Scheme") == "internal").lower()
    return {**_NETWORK, "ipv6.deny_all_igw_traffic": internal}


def _of_group(arn: str) -> Attributes:
    group = native._tgs.get(arn)
    if group is None or not network.is_of_network(group):
        return _GROUP_OF_APPLICATION
    changed = {}
    if group["Protocol"] in _DATAGRAMS:
        changed["deregistration_delay.connection_termination.enabled"] = "true"
        changed["target_health_state.unhealthy.connection_termination.enabled"] = "false"
    elif group["TargetType"] == "ip":
        changed["preserve_client_ip.enabled"] = "false"
    return {**_GROUP_OF_NETWORK, **changed}


def _of_listener(arn: str) -> Attributes:
    listener = native._listeners.get(arn) or {}
    balancer = native._lbs.get(listener.get("LoadBalancerArn", ""))
    if balancer is None or not network.is_network(balancer):
        return _LISTENER_OF_APPLICATION
    return _LISTENER_OF_TCP if listener["Protocol"] == "TCP" else {}


def _with_defaults(
    action: str, parameter: str, store: Any, defaults: Callable[[str], Attributes]
) -> None:
    describe = native._ACTION_MAP[action]

    def described(params: Mapping[str, Any]) -> Reply:
        reply: Reply = describe(params)
        if reply[0] >= 400:
            return reply
        arn = native._p(params, parameter)
        kept = {a["Key"]: a["Value"] for a in store.get(arn, [])}
        every = [{"Key": k, "Value": escape(str(v))} for k, v in {**defaults(arn), **kept}.items()]
        answered: Reply = native._xml(
            200, action, f"<Attributes>{native._attrs_xml(every)}</Attributes>"
        )
        return answered

    native._ACTION_MAP[action] = described


def install() -> None:
    for action, parameter, store, defaults in (
        ("DescribeLoadBalancerAttributes", "LoadBalancerArn", native._lb_attrs, _of_balancer),
        ("DescribeTargetGroupAttributes", "TargetGroupArn", native._tg_attrs, _of_group),
        ("DescribeListenerAttributes", "ListenerArn", native._listener_attrs, _of_listener),
    ):
        _with_defaults(action, parameter, store, defaults)
