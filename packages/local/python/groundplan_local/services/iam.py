"""``AWS::IAM::InstanceProfile``: the emulator's ``Ref`` is the ARN, AWS's is the name."""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType

_native: dict[str, Any] = dict(provisioners._RESOURCE_HANDLERS["AWS::IAM::InstanceProfile"])


def _arn(context: Context, name: str) -> str:
    found = context.api("iam").get_instance_profile(InstanceProfileName=name)
    return str(found["InstanceProfile"]["Arn"])


def _create(context: Context, props: Props) -> Resource:
    arn, attributes = _native["create"](context.logical_id, props, context.stack)
    return Resource(arn.rsplit("/", 1)[-1], attributes)


def _update(context: Context, name: str, old: Props, new: Props) -> Resource:
    arn = _arn(context, name)
    named = {**new, "InstanceProfileName": name}
    updated, attributes = _native["update"](arn, old, named, context.stack, context.logical_id)
    return Resource(updated.rsplit("/", 1)[-1], attributes)


def _delete(context: Context, name: str, props: Props) -> None:
    _native["delete"](_arn(context, name), props)


TYPES = (
    ResourceType(
        "AWS::IAM::InstanceProfile",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("InstanceProfileName", "Path"),
    ),
)
