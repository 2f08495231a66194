"""``AWS::EC2::FlowLog``: everything but its tags is create-only, so a change replaces it."""

from __future__ import annotations

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.ec2 import tags
from groundplan_local.services.values import flag, pick, pick_numbers

_COPIED = (
    "DeliverCrossAccountRole",
    "DeliverLogsPermissionArn",
    "LogDestination",
    "LogDestinationType",
    "LogFormat",
    "LogGroupName",
    "ResourceType",
    "TrafficType",
)


def _create(context: Context, props: Props) -> Resource:
    request = {**pick(props, *_COPIED), **pick_numbers(props, "MaxAggregationInterval")}
    options = props.get("DestinationOptions")
    if options:
        request["DestinationOptions"] = _destination_options(options)
    made = context.ec2.create_flow_logs(
        ResourceIds=[props["ResourceId"]], **request, **tags.on_create("vpc-flow-log", props)
    )
    identifier = made["FlowLogIds"][0]
    return Resource(identifier, {"Id": identifier})


def _destination_options(options: Props) -> dict[str, object]:
    """The one property of EC2 whose members CDK writes with a small first letter."""
    named = {key[:1].upper() + key[1:]: value for key, value in options.items()}
    return {key: value if key == "FileFormat" else flag(value) for key, value in named.items()}


def _update(context: Context, identifier: str, old: Props, new: Props) -> Resource:
    tags.on_update(context, identifier, old, new)
    return Resource(identifier, {"Id": identifier})


def _delete(context: Context, identifier: str, props: Props) -> None:
    context.ec2.delete_flow_logs(FlowLogIds=[identifier])


TYPES = (
    ResourceType(
        "AWS::EC2::FlowLog",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=(*_COPIED, "DestinationOptions", "MaxAggregationInterval", "ResourceId"),
        tags="Tags",
    ),
)
