"""``AWS::SecretsManager::RotationSchedule``: the rules of a rotation, kept with the secret.

A rotation that AWS hosts is done when somebody asks for it, as the function of AWS would do it for
the database that the secret is attached to. One's own function is not called, and no clock runs.
"""

from __future__ import annotations

from typing import Any

from ministack.services import secretsmanager as native

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.shapes import request

_NO_CLOCK = "no clock rotates locally, `aws secretsmanager rotate-secret` does"
_HOSTED = f"hosted by AWS: {_NO_CLOCK}, as the single-user function would"
_OWN = f"its function is not called; {_NO_CLOCK}: the value stays, the event is sent"


def _put(context: Context, arn: str, props: Props) -> Resource:
    secrets = context.api("secretsmanager")
    asked: dict[str, Any] = {"SecretId": arn, "RotateImmediately": False}
    for name in ("RotationLambdaARN", "RotationRules"):
        if props.get(name):
            asked[name] = props[name]
    found = secrets.rotate_secret(**request(secrets, "RotateSecret", asked))["ARN"]
    _name, secret = native._resolve(found)
    secret["_HostedRotation"] = props.get("HostedRotationLambda")
    return Resource(found, {"Id": found}, _HOSTED if props.get("HostedRotationLambda") else _OWN)


def _create(context: Context, props: Props) -> Resource:
    return _put(context, props["SecretId"], props)


def _update(context: Context, arn: str, old: Props, new: Props) -> Resource:
    # What the template drops is not to be kept.
    context.api("secretsmanager").cancel_rotate_secret(SecretId=arn)
    return _put(context, arn, new)


def _delete(context: Context, arn: str, props: Props) -> None:
    context.api("secretsmanager").cancel_rotate_secret(SecretId=arn)


TYPES = (
    ResourceType(
        "AWS::SecretsManager::RotationSchedule",
        Kind.BRIDGE,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("SecretId",),
    ),
)
