"""``AWS::SNS::Subscription``: to a topic that is there (fault 7: the emulator takes any)."""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType

_native: dict[str, Any] = dict(provisioners._RESOURCE_HANDLERS["AWS::SNS::Subscription"])


def _create(context: Context, props: Props) -> Resource:
    # Answers NotFound for a topic that does not exist, which fails the resource as on AWS.
    context.api("sns").get_topic_attributes(TopicArn=props["TopicArn"])
    arn, attributes = _native["create"](context.logical_id, props, context.stack)
    return Resource(arn, attributes)


def _update(context: Context, arn: str, old: Props, new: Props) -> Resource:
    updated, attributes = _native["update"](arn, old, new, context.stack, context.logical_id)
    return Resource(updated, attributes)


def _delete(context: Context, arn: str, props: Props) -> None:
    _native["delete"](arn, props)


TYPES = (
    ResourceType(
        "AWS::SNS::Subscription",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("Endpoint", "Protocol", "TopicArn"),
    ),
)
