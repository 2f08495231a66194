"""``AWS::Lambda::EventSourceMapping``: to a function that is there (fault 7)."""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType

_native: dict[str, Any] = dict(provisioners._RESOURCE_HANDLERS["AWS::Lambda::EventSourceMapping"])


def _create(context: Context, props: Props) -> Resource:
    # Answers ResourceNotFoundException for a function that does not exist, as on AWS.
    context.api("lambda").get_function(FunctionName=props["FunctionName"])
    identifier, attributes = _native["create"](context.logical_id, props, context.stack)
    return Resource(identifier, attributes)


def _update(context: Context, identifier: str, old: Props, new: Props) -> Resource:
    update = _native.get("update")
    if update is None:
        raise ValueError(
            "AWS::Lambda::EventSourceMapping: a change in place is not supported by the local AWS "
            "yet; delete the mapping and create it again"
        )
    arguments = [identifier, old, new, context.stack]
    if _native.get("update_with_logical_id"):
        arguments.append(context.logical_id)
    updated, attributes = update(*arguments)
    return Resource(updated, attributes)


def _delete(context: Context, identifier: str, props: Props) -> None:
    _native["delete"](identifier, props)


TYPES = (
    ResourceType(
        "AWS::Lambda::EventSourceMapping",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("EventSourceArn", "StartingPosition", "StartingPositionTimestamp"),
    ),
)
