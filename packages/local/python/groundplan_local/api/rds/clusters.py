"""DB clusters: the server behind each, and what the emulator forgets of a request."""

from __future__ import annotations

from ministack.services import rds as native

from groundplan_local.api.query import Action, ApiError, Fields, Form, Reply
from groundplan_local.api.rds import managed_passwords as managed
from groundplan_local.api.rds import model, records
from groundplan_local.api.rds.backing import (
    Backing,
    Record,
    arn_of,
    lead_cluster_to,
    major_of,
)
from groundplan_local.databases.server import Server

_MEMBERS = 3
_CREATE = "CreateDBCluster"
_RESTORE = "RestoreDBClusterFromSnapshot"


class Clusters:
    """The actions on clusters, around the emulator's own."""

    def __init__(self, backing: Backing) -> None:
        self._backing = backing

    def create(self, form: Form, action: Action) -> Reply:
        given = model.read(_CREATE, form.fields)
        records.refuse_unknown_subnet_group(given)
        inherits = bool(given.get("GlobalClusterIdentifier"))
        records.refuse_bad_login(given, inherits)
        return self._made(action(form.fields), given, _CREATE)

    def restore(self, form: Form) -> Reply:
        """From a snapshot; the emulator has no such action."""
        given = model.read(_RESTORE, form.fields)
        snapshot = records.cluster_snapshot(given["SnapshotIdentifier"])
        records.refuse_unknown_subnet_group(given)
        fields = form.with_fields(
            Engine=given.get("Engine") or snapshot["Engine"],
            EngineVersion=given.get("EngineVersion") or snapshot["EngineVersion"],
            MasterUsername=snapshot["MasterUsername"],
            MasterUserPassword=snapshot["_MasterUserPassword"],
            DatabaseName=given.get("DatabaseName") or snapshot.get("_DatabaseName") or "",
            StorageEncrypted=str(snapshot.get("StorageEncrypted", False)).lower(),
        )
        reply: Reply = native._create_db_cluster(fields)
        return self._made(reply, given, _RESTORE, snapshot)

    def _made(
        self, reply: Reply, given: Record, operation: str, snapshot: Record | None = None
    ) -> Reply:
        if reply[0] >= 400:
            return reply
        cluster = native._clusters[given["DBClusterIdentifier"]]
        try:
            records.keep(cluster, "DBCluster", operation, given)
            cluster["_port"] = int(cluster["Port"])
            if not given.get("DBClusterParameterGroupName"):
                family = f"{cluster['Engine']}{major_of(cluster['EngineVersion'])}"
                cluster["DBClusterParameterGroup"] = f"default.{family}"
            managed.complete(cluster)
            self._backing.start_cluster(cluster, snapshot)
            if cluster.get("DBClusterInstanceClass"):
                _create_members(cluster)
        except BaseException:
            self._forget(cluster)
            raise
        return answer(operation, cluster)

    def _forget(self, cluster: Record) -> None:
        """A cluster that could not be made leaves nothing."""
        self._backing.fleet.remove(arn_of(cluster))
        for member in native._cluster_member_instances(cluster):
            native._instances.pop(member["DBInstanceIdentifier"], None)
        native._clusters.pop(cluster["DBClusterIdentifier"], None)
        native._tags.pop(cluster["DBClusterArn"], None)
        managed.forget(cluster)

    def modify(self, form: Form, action: Action) -> Reply:
        given = model.read("ModifyDBCluster", form.fields)
        cluster = found(given.get("DBClusterIdentifier", ""))
        if cluster is None:
            return action(form.fields)
        records.refuse_unknown_parameter_group(given)
        reply = action(managed.modify(self._backing, cluster, given, form.fields))
        if reply[0] >= 400:
            return reply
        records.keep(cluster, "DBCluster", "ModifyDBCluster", given)
        records.apply_exports(cluster, given)
        cluster["_port"] = int(given.get("Port") or cluster["_port"])
        self._backing.apply(cluster)
        server = self._backing.server(cluster)
        if server is not None:
            lead_cluster_to(cluster, server)
        return answer("ModifyDBCluster", cluster)

    def delete(self, form: Form, action: Action) -> Reply:
        given = model.read("DeleteDBCluster", form.fields)
        cluster = found(given.get("DBClusterIdentifier", ""))
        if cluster is None:
            return action(form.fields)
        if cluster.get("DeletionProtection"):
            raise ApiError(
                "InvalidParameterCombination",
                "Cannot delete protected Cluster, please disable deletion protection and try "
                "again.",
            )
        final = records.final_snapshot(given, "FinalDBSnapshotIdentifier")
        if final:
            native._create_cluster_snapshot_internal(final, cluster)
        if cluster.get("DBClusterInstanceClass"):
            for member in native._cluster_member_instances(cluster):
                native._unregister_instance_from_clusters(member["DBInstanceIdentifier"])
                native._instances.pop(member["DBInstanceIdentifier"], None)
        reply = action(form.fields)
        if reply[0] < 400:
            self._backing.fleet.remove(arn_of(cluster))
        return reply

    def stop(self, form: Form, action: Action) -> Reply:
        reply = action(form.fields)
        server = self._server_of(form)
        if reply[0] < 400 and server is not None:
            server.stop()
        return reply

    def start(self, form: Form, action: Action) -> Reply:
        server = self._server_of(form)
        cluster = found(form.text("DBClusterIdentifier"))
        if cluster is not None and server is not None and not server.running:
            self._backing.restart(cluster)
        return action(form.fields)

    def _server_of(self, form: Form) -> Server | None:
        cluster = found(form.text("DBClusterIdentifier"))
        return None if cluster is None else self._backing.server(cluster)


def _create_members(cluster: Record) -> None:
    """A Multi-AZ DB cluster comes with a writer and two readers."""
    cluster["MultiAZ"] = True
    for number in range(1, _MEMBERS + 1):
        fields: Fields = {
            "DBInstanceIdentifier": f"{cluster['DBClusterIdentifier']}-instance-{number}",
            "DBInstanceClass": cluster["DBClusterInstanceClass"],
            "DBClusterIdentifier": cluster["DBClusterIdentifier"],
            "Engine": cluster["Engine"],
        }
        reply = native._ACTION_MAP["CreateDBInstance"](fields)
        if reply[0] >= 400:
            raise ApiError("InternalFailure", reply[2].decode())


def found(identifier: str) -> Record | None:
    """A cluster by its name or ARN."""
    cluster: Record | None = native._resolve_cluster_in_request_region(identifier)
    return cluster


def answer(operation: str, cluster: Record) -> Reply:
    inner = model.written("DBCluster", cluster)
    reply: Reply = native._xml(
        200,
        f"{operation}Response",
        f"<{operation}Result><DBCluster>{inner}</DBCluster></{operation}Result>",
    )
    return reply
