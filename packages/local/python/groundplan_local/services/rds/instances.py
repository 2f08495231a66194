"""``AWS::RDS::DBInstance``: a server of its own, a member of a cluster, or a read replica."""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.rds import changes, notes, tags

# What an instance that comes out of a snapshot, or follows another, is told by a modification.
_AFTER_RESTORE = (
    "AllocatedStorage",
    "BackupRetentionPeriod",
    "EngineVersion",
    "MasterUserPassword",
    "MaxAllocatedStorage",
    "MonitoringInterval",
    "MonitoringRoleArn",
    "PreferredBackupWindow",
    "PreferredMaintenanceWindow",
)
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
_CREATE_ONLY = (
    "BackupTarget",
    "CharacterSetName",
    "CustomIAMInstanceProfile",
    "DBClusterIdentifier",
    "DBInstanceIdentifier",
    "DBName",
    "DBSnapshotIdentifier",
    "DBSubnetGroupName",
    "DBSystemId",
    "Engine",
    "KmsKeyId",
    "MasterUsername",
    "NcharCharacterSetName",
    "Port",
    "SourceDBClusterIdentifier",
    "SourceDBInstanceIdentifier",
    "SourceRegion",
    "StorageEncrypted",
    "Timezone",
)


def _create(context: Context, props: Props) -> Resource:
    rds = context.api("rds")
    name = str(
        props.get("DBInstanceIdentifier")
        or provisioners._physical_name(
            context.stack, context.logical_id, lowercase=True, max_len=63
        )
    ).lower()
    named = {**props, "DBInstanceIdentifier": name}
    if props.get("SourceDBInstanceIdentifier"):
        operation, act = "CreateDBInstanceReadReplica", rds.create_db_instance_read_replica
    elif props.get("DBSnapshotIdentifier") or props.get("DBClusterSnapshotIdentifier"):
        operation = "RestoreDBInstanceFromDBSnapshot"
        act = rds.restore_db_instance_from_db_snapshot
    else:
        operation, act = "CreateDBInstance", rds.create_db_instance
    asked = changes.create_request(context, operation, named)
    instance = act(**asked)["DBInstance"]
    context.undo(lambda: _delete(context, name, props))
    late = {k: v for k, v in props.items() if k in _AFTER_RESTORE and k not in asked}
    if operation != "CreateDBInstance" and late:
        instance = _modify(context, name, {}, late) or instance
    changes.update_roles(context, "instance", name, {}, props)
    return _resource(context, instance, props)


def _modify(context: Context, name: str, old: Props, new: Props) -> dict[str, Any] | None:
    asked = changes.modify_request(context, "ModifyDBInstance", old, new)
    if not asked:
        return None
    rds = context.api("rds")
    modified: dict[str, Any] = rds.modify_db_instance(
        DBInstanceIdentifier=name, **{"ApplyImmediately": True, **asked}
    )["DBInstance"]
    return modified


def _update(context: Context, name: str, old: Props, new: Props) -> Resource:
    _modify(context, name, old, new)
    rds = context.api("rds")
    instance = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
    tags.update(context, instance["DBInstanceArn"], old, new)
    changes.update_roles(context, "instance", name, old, new)
    return _resource(context, instance, new)


def _delete(context: Context, name: str, props: Props) -> None:
    # A snapshot that the deletion policy asks for is there already.
    context.api("rds").delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)


def _resource(context: Context, instance: dict[str, Any], props: Props) -> Resource:
    endpoint, certificate = instance["Endpoint"], instance.get("CertificateDetails") or {}
    attributes: dict[str, Any] = {
        "CertificateDetails.CAIdentifier": certificate.get("CAIdentifier", ""),
        "DBInstanceArn": instance["DBInstanceArn"],
        "DBInstanceStatus": instance["DBInstanceStatus"],
        "DbiResourceId": instance["DbiResourceId"],
        "Endpoint.Address": endpoint["Address"],
        "Endpoint.HostedZoneId": endpoint["HostedZoneId"],
        "Endpoint.Port": str(endpoint["Port"]),
    }
    if instance.get("DBSystemId"):
        attributes["DBSystemId"] = instance["DBSystemId"]
    if certificate.get("ValidTill"):
        attributes["CertificateDetails.ValidTill"] = certificate["ValidTill"].isoformat()
    secret = instance.get("MasterUserSecret")
    if secret:
        attributes["MasterUserSecret.SecretArn"] = secret["SecretArn"]
    note = _note(context, instance, props)
    return Resource(instance["DBInstanceIdentifier"], attributes, note)


def _note(context: Context, instance: dict[str, Any], props: Props) -> str | None:
    if instance.get("ReadReplicaSourceDBInstanceIdentifier"):
        return notes.REPLICA
    cluster = instance.get("DBClusterIdentifier")
    if not cluster:
        arn, engine = instance["DBInstanceArn"], instance["Engine"]
        return notes.of_database(arn, engine, instance["EngineVersion"], props)
    found = context.api("rds").describe_db_clusters(DBClusterIdentifier=cluster)["DBClusters"][0]
    name = instance["DBInstanceIdentifier"]
    reads = any(
        member["DBInstanceIdentifier"] == name and not member["IsClusterWriter"]
        for member in found["DBClusterMembers"]
    )
    return notes.READER if reads else None


TYPES = (
    ResourceType(
        "AWS::RDS::DBInstance",
        Kind.BRIDGE,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=_CREATE_ONLY,
        tags="Tags",
    ),
)
