"""``AWS::RDS::DBProxy``, its target group and its endpoints: addresses that lead to a server."""

from __future__ import annotations

from typing import Any

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.rds import notes, tags
from groundplan_local.services.shapes import request

_GROUP = "default"


def _create(context: Context, props: Props) -> Resource:
    rds = context.api("rds")
    proxy = rds.create_db_proxy(**request(rds, "CreateDBProxy", props))["DBProxy"]
    return _resource(proxy)


def _resource(proxy: dict[str, Any]) -> Resource:
    attributes = {name: proxy[name] for name in ("DBProxyArn", "Endpoint", "VpcId")}
    return Resource(proxy["DBProxyName"], attributes, notes.PROXY)


def _update(context: Context, name: str, old: Props, new: Props) -> Resource:
    rds = context.api("rds")
    asked: dict[str, Any] = {
        "RequireTLS": False,
        "DebugLogging": False,
        "IdleClientTimeout": 1800,
        **{key: value for key, value in new.items() if key in _MODIFIED},
    }
    groups = new.get("VpcSecurityGroupIds")
    if groups:
        asked["SecurityGroups"] = groups
    asked["DBProxyName"] = name
    proxy = rds.modify_db_proxy(**request(rds, "ModifyDBProxy", asked))["DBProxy"]
    tags.update(context, proxy["DBProxyArn"], old, new)
    return _resource(proxy)


_MODIFIED = (
    "Auth",
    "DebugLogging",
    "DefaultAuthScheme",
    "IdleClientTimeout",
    "RequireTLS",
    "RoleArn",
)


def _delete(context: Context, name: str, props: Props) -> None:
    context.api("rds").delete_db_proxy(DBProxyName=name)


def _targets(props: Props) -> dict[str, list[str]]:
    names = ("DBClusterIdentifiers", "DBInstanceIdentifiers")
    return {name: list(props[name]) for name in names if props.get(name)}


def _create_group(context: Context, props: Props) -> Resource:
    """The group comes with the proxy; what a template makes are its settings and its targets."""
    return _put_group(context, {}, props)


def _put_group(context: Context, old: Props, new: Props) -> Resource:
    rds = context.api("rds")
    which = {"DBProxyName": new["DBProxyName"], "TargetGroupName": _GROUP}
    before, after = _targets(old), _targets(new)
    if before != after:
        if before:
            rds.deregister_db_proxy_targets(**which, **before)
        if after:
            rds.register_db_proxy_targets(**which, **after)
    pool = new.get("ConnectionPoolConfigurationInfo")
    if pool or old.get("ConnectionPoolConfigurationInfo"):
        asked = {**which, "ConnectionPoolConfig": pool or _POOL}
        rds.modify_db_proxy_target_group(**request(rds, "ModifyDBProxyTargetGroup", asked))
    group = rds.describe_db_proxy_target_groups(**which)["TargetGroups"][0]
    arn = group["TargetGroupArn"]
    return Resource(arn, {"TargetGroupArn": arn})


_POOL = {"MaxConnectionsPercent": 100, "ConnectionBorrowTimeout": 120, "SessionPinningFilters": []}


def _update_group(context: Context, arn: str, old: Props, new: Props) -> Resource:
    return _put_group(context, old, new)


def _delete_group(context: Context, arn: str, props: Props) -> None:
    targets = _targets(props)
    if targets:
        which = {"DBProxyName": props["DBProxyName"], "TargetGroupName": _GROUP}
        context.api("rds").deregister_db_proxy_targets(**which, **targets)


def _create_endpoint(context: Context, props: Props) -> Resource:
    rds = context.api("rds")
    asked = request(rds, "CreateDBProxyEndpoint", props)
    return _endpoint(rds.create_db_proxy_endpoint(**asked)["DBProxyEndpoint"])


def _endpoint(endpoint: dict[str, Any]) -> Resource:
    attributes = {name: endpoint[name] for name in ("DBProxyEndpointArn", "Endpoint", "VpcId")}
    attributes["IsDefault"] = str(endpoint["IsDefault"]).lower()
    reads = endpoint["TargetRole"] == "READ_ONLY"
    return Resource(
        endpoint["DBProxyEndpointName"], attributes, notes.READER if reads else notes.PROXY
    )


def _update_endpoint(context: Context, name: str, old: Props, new: Props) -> Resource:
    rds = context.api("rds")
    asked: dict[str, Any] = {"DBProxyEndpointName": name}
    if new.get("VpcSecurityGroupIds"):
        asked["VpcSecurityGroupIds"] = list(new["VpcSecurityGroupIds"])
    endpoint = rds.modify_db_proxy_endpoint(**asked)["DBProxyEndpoint"]
    tags.update(context, endpoint["DBProxyEndpointArn"], old, new)
    return _endpoint(endpoint)


def _delete_endpoint(context: Context, name: str, props: Props) -> None:
    context.api("rds").delete_db_proxy_endpoint(DBProxyEndpointName=name)


TYPES = (
    ResourceType(
        "AWS::RDS::DBProxy",
        Kind.BRIDGE,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=(
            "DBProxyName",
            "EndpointNetworkType",
            "EngineFamily",
            "TargetConnectionNetworkType",
            "VpcSubnetIds",
        ),
        tags="Tags",
    ),
    ResourceType(
        "AWS::RDS::DBProxyTargetGroup",
        Kind.BRIDGE,
        create=_create_group,
        update=_update_group,
        delete=_delete_group,
        create_only=("DBProxyName", "TargetGroupName"),
    ),
    ResourceType(
        "AWS::RDS::DBProxyEndpoint",
        Kind.BRIDGE,
        create=_create_endpoint,
        update=_update_endpoint,
        delete=_delete_endpoint,
        create_only=(
            "DBProxyEndpointName",
            "DBProxyName",
            "EndpointNetworkType",
            "VpcSubnetIds",
        ),
        tags="Tags",
    ),
)
