"""``AWS::ApplicationAutoScaling::*``: kept by an API of ours; only limits are acted on."""

from __future__ import annotations

from typing import Any

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.shapes import request

_NAMED = ("ServiceNamespace", "ResourceId", "ScalableDimension")
NOTE = "accepted and kept; nothing scales by it locally"
LIMITS_NOTE = "the service runs within the limits; beyond that nothing scales locally"


def _identity(props: Props) -> dict[str, str]:
    return {name: str(props[name]) for name in _NAMED}


def _register(context: Context, props: Props) -> Resource:
    identity = _identity(props)
    context.undo(lambda: _deregister(context, "", props))
    return _put_target(context, props, identity)


def _put_target(context: Context, props: Props, identity: dict[str, str]) -> Resource:
    scaling = context.api("application-autoscaling")
    given = {key: props[key] for key in props if key not in ("ScheduledActions", "Tags")}
    wanted = request(scaling, "RegisterScalableTarget", given)
    arn = scaling.register_scalable_target(**wanted)["ScalableTargetARN"]
    _put_tags(scaling, arn, _tags(props))
    for action in props.get("ScheduledActions") or []:
        wanted = request(scaling, "PutScheduledAction", {**identity, **action})
        scaling.put_scheduled_action(**wanted)
    physical = f"{props['ResourceId']}|{props['ScalableDimension']}|{props['ServiceNamespace']}"
    return Resource(physical, {"Id": physical}, LIMITS_NOTE)


def _update_target(context: Context, physical: str, old: Props, new: Props) -> Resource:
    scaling = context.api("application-autoscaling")
    kept = {action["ScheduledActionName"] for action in new.get("ScheduledActions") or []}
    for action in old.get("ScheduledActions") or []:
        if action["ScheduledActionName"] not in kept:
            scaling.delete_scheduled_action(
                **_identity(old), ScheduledActionName=action["ScheduledActionName"]
            )
    return _put_target(context, new, _identity(new))


def _tags(props: Props) -> dict[str, str]:
    """CloudFormation writes a list, the API a map."""
    return {str(tag["Key"]): str(tag["Value"]) for tag in props.get("Tags") or []}


def _put_tags(scaling: Any, arn: str, wanted: dict[str, str]) -> None:
    present = scaling.list_tags_for_resource(ResourceARN=arn)["Tags"]
    if gone := sorted(present.keys() - wanted.keys()):
        scaling.untag_resource(ResourceARN=arn, TagKeys=gone)
    if wanted:
        scaling.tag_resource(ResourceARN=arn, Tags=wanted)


def _deregister(context: Context, physical: str, props: Props) -> None:
    context.api("application-autoscaling").deregister_scalable_target(**_identity(props))


def _of_policy(props: Props) -> dict[str, Any]:
    given = {key: value for key, value in props.items() if key != "ScalingTargetId"}
    if "ScalingTargetId" in props:
        resource, dimension, namespace = str(props["ScalingTargetId"]).split("|")
        given.update(zip(_NAMED, (namespace, resource, dimension), strict=True))
    return given


def _put_policy(context: Context, props: Props) -> Resource:
    scaling = context.api("application-autoscaling")
    wanted = request(scaling, "PutScalingPolicy", _of_policy(props))
    arn = scaling.put_scaling_policy(**wanted)["PolicyARN"]
    return Resource(arn, {"Arn": arn}, NOTE)


def _update_policy(context: Context, arn: str, old: Props, new: Props) -> Resource:
    return _put_policy(context, new)


def _delete_policy(context: Context, arn: str, props: Props) -> None:
    given = _of_policy(props)
    context.api("application-autoscaling").delete_scaling_policy(
        PolicyName=given["PolicyName"], **_identity(given)
    )


TYPES = (
    ResourceType(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        Kind.BRIDGE,
        create=_register,
        update=_update_target,
        delete=_deregister,
        create_only=_NAMED,
    ),
    ResourceType(
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        Kind.BRIDGE,
        create=_put_policy,
        update=_update_policy,
        delete=_delete_policy,
        create_only=("PolicyName", "ScalingTargetId", *_NAMED),
    ),
)
