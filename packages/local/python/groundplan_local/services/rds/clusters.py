"""``AWS::RDS::DBCluster``: Aurora and Multi-AZ DB clusters, each with a server that runs."""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.rds import changes, notes, tags

# What a cluster that comes out of a snapshot is told by a modification.
_AFTER_RESTORE = ("ManageMasterUserPassword", "MasterUserPassword", "MasterUserSecret")
_CREATE_ONLY = (
    "AvailabilityZones",
    "ClusterScalabilityType",
    "DBClusterIdentifier",
    "DBSubnetGroupName",
    "DBSystemId",
    "DatabaseName",
    "Engine",
    "EngineMode",
    "KmsKeyId",
    "PubliclyAccessible",
    "RestoreToTime",
    "RestoreType",
    "SnapshotIdentifier",
    "SourceDBClusterIdentifier",
    "SourceDbClusterResourceId",
    "SourceRegion",
    "StorageEncrypted",
    "UseLatestRestorableTime",
)


def _create(context: Context, props: Props) -> Resource:
    rds = context.api("rds")
    name = str(
        props.get("DBClusterIdentifier")
        or provisioners._physical_name(
            context.stack, context.logical_id, lowercase=True, max_len=63
        )
    ).lower()
    named = {**props, "DBClusterIdentifier": name}
    if props.get("SnapshotIdentifier"):
        asked = changes.create_request(context, "RestoreDBClusterFromSnapshot", named)
        cluster = rds.restore_db_cluster_from_snapshot(**asked)["DBCluster"]
    else:
        asked = changes.create_request(context, "CreateDBCluster", named)
        cluster = rds.create_db_cluster(**asked)["DBCluster"]
    context.undo(lambda: _delete(context, name, props))
    if props.get("SnapshotIdentifier"):
        late = {key: props[key] for key in _AFTER_RESTORE if key in props}
        cluster = _modify(context, name, {}, late) or cluster
    changes.update_roles(context, "cluster", name, {}, props)
    return _resource(cluster, props)


def _modify(context: Context, name: str, old: Props, new: Props) -> dict[str, Any] | None:
    asked = changes.modify_request(context, "ModifyDBCluster", old, new)
    if not asked:
        return None
    rds = context.api("rds")
    modified: dict[str, Any] = rds.modify_db_cluster(
        DBClusterIdentifier=name, ApplyImmediately=True, **asked
    )["DBCluster"]
    return modified


def _update(context: Context, name: str, old: Props, new: Props) -> Resource:
    _modify(context, name, old, new)
    rds = context.api("rds")
    cluster = rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]
    tags.update(context, cluster["DBClusterArn"], old, new)
    changes.update_roles(context, "cluster", name, old, new)
    return _resource(cluster, new)


def _delete(context: Context, name: str, props: Props) -> None:
    rds = context.api("rds")
    cluster = rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]
    if cluster.get("GlobalClusterIdentifier") and not cluster["DeletionProtection"]:
        rds.remove_from_global_cluster(
            GlobalClusterIdentifier=cluster["GlobalClusterIdentifier"],
            DbClusterIdentifier=cluster["DBClusterArn"],
        )
    # A snapshot that the deletion policy asks for is there already.
    rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)


def _resource(cluster: dict[str, Any], props: Props) -> Resource:
    attributes = {
        "DBClusterArn": cluster["DBClusterArn"],
        "DBClusterResourceId": cluster["DbClusterResourceId"],
        "Endpoint.Address": cluster["Endpoint"],
        "Endpoint.Port": str(cluster["Port"]),
        "ReadEndpoint.Address": cluster["ReaderEndpoint"],
    }
    secret = cluster.get("MasterUserSecret")
    if secret:
        attributes["MasterUserSecret.SecretArn"] = secret["SecretArn"]
    note = notes.of_database(
        cluster["DBClusterArn"], cluster["Engine"], cluster["EngineVersion"], props
    )
    return Resource(cluster["DBClusterIdentifier"], attributes, note)


TYPES = (
    ResourceType(
        "AWS::RDS::DBCluster",
        Kind.BRIDGE,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=_CREATE_ONLY,
        tags="Tags",
    ),
)
