"""``AWS::SecretsManager::SecretTargetAttachment``: a database tells a secret where it is.

The emulator writes the connection and forgets the name of the database, which AWS's functions for
rotation, and ours, go by.
"""

from __future__ import annotations

from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.native import Native

_attachment = Native("AWS::SecretsManager::SecretTargetAttachment")
_IDENTIFIERS = {
    "AWS::DocDB::DBCluster": "dbClusterIdentifier",
    "AWS::DocDB::DBInstance": "dbInstanceIdentifier",
    "AWS::RDS::DBCluster": "dbClusterIdentifier",
    "AWS::RDS::DBInstance": "dbInstanceIdentifier",
}


def _create(context: Context, props: Props) -> Resource:
    made = _attachment.create(context, props)
    return Resource(made.physical_id, {"Id": made.physical_id})


def _update(context: Context, arn: str, old: Props, new: Props) -> Resource:
    made = _attachment.update(context, arn, old, new)
    return Resource(made.physical_id, {"Id": made.physical_id})


def _delete(context: Context, arn: str, props: Props) -> None:
    _attachment.delete(arn, props)


def _name_the_database() -> None:
    native = provisioners._sm_target_connection

    def connection(target_type: str, target_id: str) -> dict[str, object]:
        found: dict[str, object] = native(target_type, target_id)
        return {**found, _IDENTIFIERS[target_type]: target_id}

    provisioners._sm_target_connection = connection
    # What goes again when the attachment does.
    provisioners._SM_TARGET_KEYS = (*provisioners._SM_TARGET_KEYS, *set(_IDENTIFIERS.values()))


_name_the_database()

TYPES = (
    ResourceType(
        "AWS::SecretsManager::SecretTargetAttachment",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("SecretId",),
    ),
)
