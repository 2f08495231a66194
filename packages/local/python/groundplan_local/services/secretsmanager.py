"""``AWS::SecretsManager::Secret``: the emulator's ``Ref`` is the name, AWS's the ARN (fault 14).

A task definition names the field of a secret behind its ``Ref`` (``<arn>:password::``), which is
not to be understood behind a name.
"""

from __future__ import annotations

from ministack.services import secretsmanager as native
from ministack.services.cloudformation import drift

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.native import Native

_secret = Native("AWS::SecretsManager::Secret")


def _named(made: Resource) -> Resource:
    return Resource(made.attributes["Arn"], made.attributes)


def _name(arn: str) -> str:
    name, _record = native._resolve(arn)
    return str(name)


def _create(context: Context, props: Props) -> Resource:
    return _named(_secret.create(context, props))


def _update(context: Context, arn: str, old: Props, new: Props) -> Resource:
    # Without a name the emulator would take the ARN for one that was given and changed.
    name = _name(arn)
    return _named(_secret.update(context, name, old, {**new, "Name": name}))


def _delete(context: Context, arn: str, props: Props) -> None:
    _secret.delete(_name(arn), props)


def _keep_drift() -> None:
    """The engine looks for drift by the physical id, which is the ARN now."""
    readers = drift._DRIFT_READERS
    read, compared = readers["AWS::SecretsManager::Secret"]
    readers["AWS::SecretsManager::Secret"] = (lambda arn, props: read(_name(arn), props), compared)


_keep_drift()

TYPES = (
    ResourceType(
        "AWS::SecretsManager::Secret",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("Name",),
        tags="Tags",
    ),
)
