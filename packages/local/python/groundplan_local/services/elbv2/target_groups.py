"""``AWS::ElasticLoadBalancingV2::TargetGroup``: registered targets, and what is only kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ministack.services import alb

from groundplan_local.api.elbv2 import network
from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.native import Native
from groundplan_local.services.values import number

_native = Native("AWS::ElasticLoadBalancingV2::TargetGroup")
# Members of the record that the emulator's handler does not copy.
_KEPT = ("IpAddressType", "ProtocolVersion")


def _targets(props: Props) -> list[dict[str, Any]]:
    return [
        {"Id": target["Id"], **({"Port": number(target["Port"])} if "Port" in target else {})}
        for target in props.get("Targets") or []
    ]


def _create(context: Context, props: Props) -> Resource:
    made = _native.create(context, props)
    record = alb._tgs[made.physical_id]
    record.update({name: props[name] for name in _KEPT if name in props})
    _matcher(record, props)
    network.made_group(made.physical_id, props)
    if props.get("Targets"):
        context.undo(lambda: _native.delete(made.physical_id, props))
        context.api("elbv2").register_targets(
            TargetGroupArn=made.physical_id, Targets=_targets(props)
        )
    return _noted(made, props)


def _noted(made: Resource, props: Props) -> Resource:
    """With what a network load balancer does not do to the targets of the group."""
    given = {a["Key"]: str(a["Value"]) for a in props.get("TargetGroupAttributes") or []}
    on = [words for key, words in _NOT_DONE.items() if given.get(key) == "true"]
    if not on or not network.is_of_network(alb._tgs[made.physical_id]):
        return made
    return replace(made, note=f"only kept and not acted on: {', '.join(on)}")


_NOT_DONE = {
    "preserve_client_ip.enabled": "the client's address (targets see 127.0.0.1)",
    "proxy_protocol_v2.enabled": "the header of the proxy protocol",
    "stickiness.enabled": "stickiness",
}


def _matcher(record: dict[str, Any], props: Props) -> None:
    code = (props.get("Matcher") or {}).get("GrpcCode")
    if code:
        record["Matcher"] = {"HttpCode": code, "GrpcCode": code}


def _update(context: Context, arn: str, old: Props, new: Props) -> Resource:
    made = _native.update(context, arn, old, new)
    _matcher(alb._tgs[arn], new)
    network.made_group(arn, new)
    elb = context.api("elbv2")
    dropped = [target for target in _targets(old) if target not in _targets(new)]
    if dropped:
        elb.deregister_targets(TargetGroupArn=arn, Targets=dropped)
    if _targets(new):
        elb.register_targets(TargetGroupArn=arn, Targets=_targets(new))
    return _noted(made, new)


def _delete(context: Context, arn: str, props: Props) -> None:
    context.api("elbv2").delete_target_group(TargetGroupArn=arn)


TYPES = (
    ResourceType(
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=(
            "IpAddressType",
            "Name",
            "Port",
            "Protocol",
            "ProtocolVersion",
            "TargetType",
            "VpcId",
        ),
        tags="Tags",
    ),
)
