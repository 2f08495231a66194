"""``Listener``, ``ListenerRule`` and ``ListenerCertificate`` of a load balancer."""

from __future__ import annotations

import errno
from dataclasses import replace
from typing import Any

from ministack.services import alb
from ministack.services.cloudformation import provisioners

from groundplan_local.api.elbv2 import network
from groundplan_local.balancer.groups import groups_of, is_checked
from groundplan_local.balancer.network import balancers
from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.native import Native

_PREFIX = "AWS::ElasticLoadBalancingV2::"
_listener = Native(f"{_PREFIX}Listener")
_rule = Native(f"{_PREFIX}ListenerRule")

# Configurations of an action that the emulator's handler drops.
_ACTION_CONFIGURATIONS = (
    "AuthenticateCognitoConfig",
    "AuthenticateOidcConfig",
    "ForwardConfig",
    "JwtValidationConfig",
)


def _complete_actions() -> None:
    native = provisioners._elbv2_listener_actions

    def actions(props: Props, balancer: str | None, prop: str = "DefaultActions") -> Any:
        made = native(props, balancer, prop)
        given = [action for action in props.get(prop) or [] if isinstance(action, dict)]
        for entry, action in zip(made, given, strict=True):
            entry.update({k: action[k] for k in _ACTION_CONFIGURATIONS if k in action})
        return made

    provisioners._elbv2_listener_actions = actions


_complete_actions()


def _attributes(context: Context, arn: str, props: Props) -> None:
    given = [
        {"Key": attribute["Key"], "Value": str(attribute.get("Value", ""))}
        for attribute in props.get("ListenerAttributes") or []
    ]
    if given:
        context.api("elbv2").modify_listener_attributes(ListenerArn=arn, Attributes=given)
    record = alb._listeners[arn]
    for name in ("AlpnPolicy", "MutualAuthentication"):
        record.pop(name, None)
        if props.get(name):
            record[name] = props[name]


def _create_listener(context: Context, props: Props) -> Resource:
    made = _listener.create(context, props)
    arn = network.made_listener(made.physical_id)
    context.undo(lambda: _delete_listener(context, arn, props))
    _attributes(context, arn, props)
    return _listening(Resource(arn, {**made.attributes, "Arn": arn, "ListenerArn": arn}))


def _update_listener(context: Context, arn: str, old: Props, new: Props) -> Resource:
    made = _listener.update(context, arn, old, new)
    _attributes(context, made.physical_id, new)
    return _listening(made)


def _delete_listener(context: Context, arn: str, props: Props) -> None:
    _listener.delete(arn, props)
    balancers().sync(props["LoadBalancerArn"])


def _listening(made: Resource) -> Resource:
    """Opens the port of a listener of a network load balancer, with a note when it is no use."""
    listener = alb._listeners[made.physical_id]
    balancer = alb._lbs[listener["LoadBalancerArn"]]
    if not network.is_network(balancer):
        return made
    host, port = balancer["DNSName"], listener["Port"]
    failed = balancers().sync(listener["LoadBalancerArn"]).get(port)
    if failed is not None and failed.errno != errno.EACCES:
        # Without addresses of their own, load balancers and whatever else runs share one.
        raise ValueError(
            f"port {port} of {host} is taken by another program; end it, or give the listener "
            "another port"
        )
    if failed is not None:
        note = f"nothing listens: port {port} of {host} may not be listened on by this user"
    elif listener["Protocol"] != "TCP":
        note = f"only recorded: nothing listens, the local AWS passes no {listener['Protocol']} on"
    elif not _reaches_addresses(listener):
        note = "connections are closed at once: only targets of the type ip are reached"
    else:
        return made
    return replace(made, note=note)


def _reaches_addresses(listener: Props) -> bool:
    groups = [alb._tgs.get(g) for action in listener["DefaultActions"] for g in groups_of(action)]
    return any(group is not None and is_checked(group) for group in groups)


def _create_rule(context: Context, props: Props) -> Resource:
    made = _rule.create(context, props)
    return Resource(made.physical_id, {**made.attributes, "IsDefault": "false"})


def _update_rule(context: Context, arn: str, old: Props, new: Props) -> Resource:
    return _rule.update(context, arn, old, new)


def _delete_rule(context: Context, arn: str, props: Props) -> None:
    _rule.delete(arn, props)


def _certificates(props: Props) -> list[dict[str, str]]:
    return [{"CertificateArn": c["CertificateArn"]} for c in props.get("Certificates") or []]


def _add_certificates(context: Context, props: Props) -> Resource:
    context.api("elbv2").add_listener_certificates(
        ListenerArn=props["ListenerArn"], Certificates=_certificates(props)
    )
    return Resource(f"{props['ListenerArn']}/{context.logical_id}")


def _update_certificates(context: Context, name: str, old: Props, new: Props) -> Resource:
    elb = context.api("elbv2")
    arn = new["ListenerArn"]
    dropped = [c for c in _certificates(old) if c not in _certificates(new)]
    elb.add_listener_certificates(ListenerArn=arn, Certificates=_certificates(new))
    if dropped:
        elb.remove_listener_certificates(ListenerArn=arn, Certificates=dropped)
    return Resource(name)


def _remove_certificates(context: Context, name: str, props: Props) -> None:
    context.api("elbv2").remove_listener_certificates(
        ListenerArn=props["ListenerArn"], Certificates=_certificates(props)
    )


TYPES = (
    ResourceType(
        f"{_PREFIX}Listener",
        Kind.WRAP,
        create=_create_listener,
        update=_update_listener,
        delete=_delete_listener,
        create_only=("LoadBalancerArn",),
        tags="Tags",
    ),
    ResourceType(
        f"{_PREFIX}ListenerRule",
        Kind.WRAP,
        create=_create_rule,
        update=_update_rule,
        delete=_delete_rule,
        create_only=("ListenerArn",),
    ),
    ResourceType(
        f"{_PREFIX}ListenerCertificate",
        Kind.BRIDGE,
        create=_add_certificates,
        update=_update_certificates,
        delete=_remove_certificates,
        create_only=("ListenerArn",),
    ),
)
