"""``AWS::RDS::GlobalCluster``: a record that clusters of several regions belong to."""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.rds import notes, tags
from groundplan_local.services.shapes import members, request
from groundplan_local.services.values import flag


def _create(context: Context, props: Props) -> Resource:
    rds = context.api("rds")
    name = props.get("GlobalClusterIdentifier") or provisioners._physical_name(
        context.stack, context.logical_id, lowercase=True, max_len=63
    )
    named = {**props, "GlobalClusterIdentifier": str(name).lower()}
    asked = request(rds, "CreateGlobalCluster", named)
    return _resource(rds.create_global_cluster(**asked)["GlobalCluster"])


def _resource(cluster: dict[str, Any]) -> Resource:
    attributes = {"GlobalEndpoint.Address": cluster.get("Endpoint", "")}
    return Resource(cluster["GlobalClusterIdentifier"], attributes, notes.GLOBAL)


def _update(context: Context, name: str, old: Props, new: Props) -> Resource:
    rds = context.api("rds")
    known = members(rds, "ModifyGlobalCluster")
    changed = {k: v for k, v in new.items() if k in known and old.get(k) != v}
    if "DeletionProtection" in old and "DeletionProtection" not in new:
        changed["DeletionProtection"] = False
    asked = request(rds, "ModifyGlobalCluster", {**changed, "GlobalClusterIdentifier": name})
    cluster = rds.modify_global_cluster(**asked)["GlobalCluster"]
    tags.update(context, cluster["GlobalClusterArn"], old, new)
    return _resource(cluster)


def _delete(context: Context, name: str, props: Props) -> None:
    rds = context.api("rds")
    found = rds.describe_global_clusters(GlobalClusterIdentifier=name)["GlobalClusters"][0]
    if not flag(found.get("DeletionProtection", False)):
        # The writer, which was there before the global cluster was made around it, stays.
        for member in found.get("GlobalClusterMembers") or []:
            if props.get("SourceDBClusterIdentifier"):
                rds.remove_from_global_cluster(
                    GlobalClusterIdentifier=name, DbClusterIdentifier=member["DBClusterArn"]
                )
    rds.delete_global_cluster(GlobalClusterIdentifier=name)


TYPES = (
    ResourceType(
        "AWS::RDS::GlobalCluster",
        Kind.BRIDGE,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=(
            "Engine",
            "GlobalClusterIdentifier",
            "SourceDBClusterIdentifier",
            "StorageEncrypted",
        ),
        tags="Tags",
    ),
)
