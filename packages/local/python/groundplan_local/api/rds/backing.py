"""The server behind a record of the emulator's RDS: what it is asked to be, where it listens."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ministack.core.responses import get_region
from ministack.services import rds as native

from groundplan_local.api.query import ApiError
from groundplan_local.api.rds.logs import sink_of
from groundplan_local.containers.addresses import NoAddressLeftError
from groundplan_local.databases.fleet import Fleet
from groundplan_local.databases.parameters import Configuration, configuration
from groundplan_local.databases.server import Server, ServerError, Wanted

Record = dict[str, Any]

_ENGINES = ("postgres", "aurora-postgresql")
_ZONE = "Z2R2ITUGPM61AM"


class Backing:
    """Servers for records, in the emulator's own stores."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet

    def server(self, record: Mapping[str, Any]) -> Server | None:
        return self.fleet.get(arn_of(record))

    def start_cluster(self, cluster: Record, snapshot: Record | None = None) -> None:
        """Start the server of a new cluster and let its endpoints lead there."""
        if runs(cluster):
            server = self._create(cluster, cluster_wanted, snapshot)
            lead_cluster_to(cluster, server)
        else:
            # The names that RDS would give; nothing listens there.
            cluster["_shared_reader_alias"] = cluster["ReaderEndpoint"]
            cluster["_shared_endpoint"] = _endpoint(cluster["Endpoint"], int(cluster["Port"]))

    def start_instance(self, instance: Record, snapshot: Record | None = None) -> None:
        if runs(instance):
            server = self._create(instance, instance_wanted, snapshot)
            instance["Endpoint"] = _endpoint(server.host, server.port)
        else:
            name = f"{instance['DBInstanceIdentifier']}.{instance['DbiResourceId'][-8:].lower()}"
            host = f"{name}.{get_region()}.rds.amazonaws.com"
            instance["Endpoint"] = _endpoint(host, int(instance["Endpoint"]["Port"]))

    def _create(
        self, record: Record, wanted: Callable[[Record], Wanted], snapshot: Record | None
    ) -> Server:
        copy_of = None
        if snapshot is not None:
            copy_of = str(snapshot.get("DBClusterSnapshotArn") or snapshot["DBSnapshotArn"])
            record["_major"] = snapshot["_major"]
        try:
            server = self.fleet.create(arn_of(record), wanted(record), sink_of(record), copy_of)
            # Its data is of this major, whatever version the record is brought to later.
            record["_major"] = server.major
            return server
        except (ServerError, NoAddressLeftError, OSError) as error:
            raise ApiError("InternalFailure", str(error)) from error

    def apply(self, record: Record) -> None:
        """Bring a running server to what its record says now, by a restart where that differs."""
        server = self.server(record)
        if server is None:
            return
        wanted = _wanted(record)
        if not _same(server.wanted, wanted):
            try:
                server.become(wanted)
            except ServerError as error:
                raise ApiError("InvalidParameterValue", str(error)) from error

    def restart(self, record: Record) -> None:
        server = self.server(record)
        if server is not None:
            try:
                server.restart(_wanted(record))
            except ServerError as error:
                raise ApiError("InternalFailure", str(error)) from error

    def alter_password(self, record: Record, new: str) -> None:
        server = self.server(record)
        if server is not None:
            try:
                server.alter_password(new)
            except ServerError as error:
                raise ApiError("InvalidDBInstanceState", str(error)) from error
        record["_MasterUserPassword"] = new


def runs(record: Mapping[str, Any]) -> bool:
    """Whether a server stands behind such a record; another engine is only recorded."""
    return record["Engine"] in _ENGINES


def is_cluster(record: Mapping[str, Any]) -> bool:
    return "DBClusterArn" in record


def arn_of(record: Mapping[str, Any]) -> str:
    return str(record.get("DBClusterArn") or record["DBInstanceArn"])


def major_of(version: str) -> int:
    match = re.match(r"\d+", version)
    return int(match.group()) if match else 0


def _endpoint(host: str, port: int) -> Record:
    return {"Address": host, "Port": port, "HostedZoneId": _ZONE}


def lead_cluster_to(cluster: Record, server: Server) -> None:
    """The emulator hands a shared endpoint on to the cluster's own two and to its members."""
    cluster["_shared_endpoint"] = _endpoint(server.host, server.port)
    cluster["_shared_internal_address"] = server.host
    cluster["_shared_internal_port"] = server.port
    native._sync_cluster_endpoints(cluster)
    for member in native._cluster_member_instances(cluster):
        native._attach_instance_to_shared_cluster(member, cluster)


def _wanted(record: Record) -> Wanted:
    return cluster_wanted(record) if is_cluster(record) else instance_wanted(record)


def cluster_wanted(cluster: Record) -> Wanted:
    writer = next(
        (
            member["DBInstanceIdentifier"]
            for member in cluster.get("DBClusterMembers") or []
            if member.get("IsClusterWriter")
        ),
        "",
    )
    groups = [
        _parameters(native._db_cluster_param_groups, cluster.get("DBClusterParameterGroup")),
        *_instance_groups(native._instances.get(writer) or {}),
    ]
    return Wanted(
        title=f"DB cluster {cluster['DBClusterIdentifier']}",
        major=cluster.get("_major") or major_of(cluster["EngineVersion"]),
        user=cluster["MasterUsername"],
        password=cluster["_MasterUserPassword"],
        database=cluster.get("DatabaseName") or "",
        port=int(cluster.get("_port") or cluster["Port"]),
        configuration=_configuration(cluster, groups),
    )


def instance_wanted(instance: Record) -> Wanted:
    return Wanted(
        title=f"DB instance {instance['DBInstanceIdentifier']}",
        major=instance.get("_major") or major_of(instance["EngineVersion"]),
        user=instance["MasterUsername"],
        password=instance["_MasterUserPassword"],
        database=instance.get("DBName") or "",
        port=int(instance.get("_port") or instance["Endpoint"]["Port"]),
        configuration=_configuration(instance, _instance_groups(instance)),
    )


def _configuration(record: Record, groups: list[Mapping[str, str]]) -> Configuration:
    return configuration(record["Engine"], major_of(record["EngineVersion"]), *groups)


def _instance_groups(instance: Mapping[str, Any]) -> list[Mapping[str, str]]:
    return [
        _parameters(native._param_groups, group["DBParameterGroupName"])
        for group in instance.get("DBParameterGroups") or []
    ]


def _parameters(store: Any, name: str | None) -> Mapping[str, str]:
    group = store.get(name) or {}
    return {
        key: str(value["ParameterValue"]) for key, value in (group.get("Parameters") or {}).items()
    }


def _same(standing: Wanted, wanted: Wanted) -> bool:
    return replace(standing, major=None) == replace(wanted, major=None)
