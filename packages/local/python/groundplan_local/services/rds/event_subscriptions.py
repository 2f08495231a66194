"""``AWS::RDS::EventSubscription``: kept by an API of ours; no event is sent."""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.rds import notes, tags
from groundplan_local.services.shapes import members, request


def _create(context: Context, props: Props) -> Resource:
    rds = context.api("rds")
    name = props.get("SubscriptionName") or provisioners._physical_name(
        context.stack, context.logical_id, lowercase=True, max_len=255
    )
    asked = request(rds, "CreateEventSubscription", {**props, "SubscriptionName": name})
    rds.create_event_subscription(**asked)
    return Resource(str(name), {}, notes.EVENTS)


def _update(context: Context, name: str, old: Props, new: Props) -> Resource:
    rds = context.api("rds")
    known = members(rds, "ModifyEventSubscription")
    wanted: dict[str, Any] = {"Enabled": True, **{k: v for k, v in new.items() if k in known}}
    wanted["SubscriptionName"] = name
    asked = request(rds, "ModifyEventSubscription", wanted)
    subscription = rds.modify_event_subscription(**asked)["EventSubscription"]
    tags.update(context, subscription["EventSubscriptionArn"], old, new)
    return Resource(name, {}, notes.EVENTS)


def _delete(context: Context, name: str, props: Props) -> None:
    context.api("rds").delete_event_subscription(SubscriptionName=name)


TYPES = (
    ResourceType(
        "AWS::RDS::EventSubscription",
        Kind.BRIDGE,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("SnsTopicArn", "SubscriptionName"),
        tags="Tags",
    ),
)
