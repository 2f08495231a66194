"""``AWS::ECS::Cluster`` and the association of its capacity providers."""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.ecs import tags
from groundplan_local.services.shapes import part, request

# What CreateCluster calls otherwise than the template.
_RENAMED = {"ClusterSettings": "settings"}
_UPDATED = {
    "ClusterSettings": "settings",
    "Configuration": "configuration",
    "ServiceConnectDefaults": "serviceConnectDefaults",
}


def _resource(cluster: Props) -> Resource:
    return Resource(cluster["clusterName"], {"Arn": cluster["clusterArn"]})


def _create(context: Context, props: Props) -> Resource:
    ecs = context.api("ecs")
    name = props.get("ClusterName") or provisioners._physical_name(
        context.stack, context.logical_id, max_len=255
    )
    given = {_RENAMED.get(key, key): value for key, value in props.items()}
    given["ClusterName"] = name
    cluster = ecs.create_cluster(**request(ecs, "CreateCluster", given))["cluster"]
    return _resource(cluster)


def _update(context: Context, name: str, old: Props, new: Props) -> Resource:
    ecs = context.api("ecs")
    changed = {
        member: part(ecs, "UpdateCluster", member, new[prop])
        for prop, member in _UPDATED.items()
        if new.get(prop) and new.get(prop) != old.get(prop)
    }
    cluster = ecs.update_cluster(cluster=name, **changed)["cluster"]
    providers = ("CapacityProviders", "DefaultCapacityProviderStrategy")
    if any(old.get(prop) != new.get(prop) for prop in providers):
        _put_providers(context, name, new)
    tags.update(context, cluster["clusterArn"], old, new)
    return _resource(cluster)


def _delete(context: Context, name: str, props: Props) -> None:
    context.api("ecs").delete_cluster(cluster=name)


def _put_providers(context: Context, cluster: str, props: Props) -> None:
    ecs: Any = context.api("ecs")
    operation = "PutClusterCapacityProviders"
    ecs.put_cluster_capacity_providers(
        cluster=cluster,
        capacityProviders=part(
            ecs, operation, "capacityProviders", props.get("CapacityProviders") or []
        ),
        defaultCapacityProviderStrategy=part(
            ecs,
            operation,
            "defaultCapacityProviderStrategy",
            props.get("DefaultCapacityProviderStrategy") or [],
        ),
    )


def _associate(context: Context, props: Props) -> Resource:
    _put_providers(context, props["Cluster"], props)
    return Resource(props["Cluster"], {"Id": props["Cluster"]})


def _reassociate(context: Context, cluster: str, old: Props, new: Props) -> Resource:
    return _associate(context, new)


def _disassociate(context: Context, cluster: str, props: Props) -> None:
    _put_providers(context, cluster, {})


TYPES = (
    ResourceType(
        "AWS::ECS::Cluster",
        Kind.BRIDGE,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("ClusterName",),
        tags="Tags",
    ),
    ResourceType(
        "AWS::ECS::ClusterCapacityProviderAssociations",
        Kind.BRIDGE,
        create=_associate,
        update=_reassociate,
        delete=_disassociate,
        create_only=("Cluster",),
    ),
)
