"""DB instances: a server of its own behind each that is no member of a cluster."""

from __future__ import annotations

from ministack.services import rds as native

from groundplan_local.api.query import Action, ApiError, Form, Reply
from groundplan_local.api.rds import clusters, model, records
from groundplan_local.api.rds import managed_passwords as managed
from groundplan_local.api.rds.backing import Backing, Record, arn_of
from groundplan_local.databases.passwords import new_password

_CREATE = "CreateDBInstance"
_RESTORE = "RestoreDBInstanceFromDBSnapshot"
_REPLICATE = "CreateDBInstanceReadReplica"
# What a member answers of its cluster.
_OF_CLUSTER = (
    "BackupRetentionPeriod",
    "EnabledCloudwatchLogsExports",
    "IAMDatabaseAuthenticationEnabled",
    "KmsKeyId",
    "PreferredBackupWindow",
    "StorageEncrypted",
    "VpcSecurityGroups",
)


class Instances:
    """The actions on instances, around the emulator's own."""

    def __init__(self, backing: Backing) -> None:
        self._backing = backing

    def create(self, form: Form, action: Action) -> Reply:
        given = model.read(_CREATE, form.fields)
        member = bool(given.get("DBClusterIdentifier"))
        records.refuse_unknown_subnet_group(given)
        records.refuse_bad_login(given, inherited=member)
        return self._made(action(form.fields), given, _CREATE)

    def restore(self, form: Form, _action: Action) -> Reply:
        """The emulator's own makes a record that knows no password and has no data."""
        given = model.read(_RESTORE, form.fields)
        if given.get("DBClusterSnapshotIdentifier"):
            snapshot = records.cluster_snapshot(given["DBClusterSnapshotIdentifier"])
        else:
            snapshot = records.instance_snapshot(given.get("DBSnapshotIdentifier", ""))
        records.refuse_unknown_subnet_group(given)
        fields = form.with_fields(
            Engine=given.get("Engine") or snapshot["Engine"],
            EngineVersion=snapshot["EngineVersion"],
            DBInstanceClass=given.get("DBInstanceClass") or snapshot.get("DBInstanceClass") or "",
            AllocatedStorage=str(given.get("AllocatedStorage") or snapshot["AllocatedStorage"]),
            MasterUsername=snapshot["MasterUsername"],
            MasterUserPassword=snapshot["_MasterUserPassword"],
            DBName=snapshot.get("_DatabaseName") or "",
            StorageEncrypted=str(snapshot.get("StorageEncrypted", False)).lower(),
        )
        reply: Reply = native._create_db_instance(fields)
        given["DBName"] = snapshot.get("_DatabaseName")
        return self._made(reply, given, _RESTORE, snapshot)

    def _made(
        self, reply: Reply, given: Record, operation: str, snapshot: Record | None = None
    ) -> Reply:
        if reply[0] >= 400:
            return reply
        instance = native._instances[given["DBInstanceIdentifier"]]
        cluster = clusters.found(instance.get("DBClusterIdentifier") or "")
        try:
            records.keep(instance, "DBInstance", operation, given)
            if cluster is not None:
                _belong(instance, cluster)
                # The parameter group of the writer goes over that of the cluster.
                self._backing.apply(cluster)
            else:
                instance["DBName"] = given.get("DBName") or ""
                instance["_port"] = int(instance["Endpoint"]["Port"])
                self._start(instance, given, snapshot)
        except BaseException:
            self._forget(instance)
            raise
        return answer(operation, instance)

    def _start(self, instance: Record, given: Record, snapshot: Record | None) -> None:
        if given.get("ManageMasterUserPassword"):
            # That of a snapshot is replaced at the start as well.
            instance["_MasterUserPassword"] = new_password()
        self._backing.start_instance(instance, snapshot)
        if given.get("ManageMasterUserPassword"):
            managed.manage(instance, given)

    def _forget(self, instance: Record) -> None:
        self._backing.fleet.remove(arn_of(instance))
        native._unregister_instance_from_clusters(instance["DBInstanceIdentifier"])
        native._instances.pop(instance["DBInstanceIdentifier"], None)
        native._tags.pop(instance["DBInstanceArn"], None)
        managed.forget(instance)

    def replicate(self, form: Form, action: Action) -> Reply:
        """A replica answers where its source does: what it reads is never behind."""
        given = model.read(_REPLICATE, form.fields)
        records.refuse_unknown_subnet_group(given)
        reply = action(form.fields)
        if reply[0] >= 400:
            return reply
        replica = native._instances[given["DBInstanceIdentifier"]]
        source = native._resolve_instance(given["SourceDBInstanceIdentifier"])
        replica["Endpoint"] = dict(source["Endpoint"])
        replica["DeletionProtection"] = False
        replica["BackupRetentionPeriod"] = 0
        for name in ("EnabledCloudwatchLogsExports", "MasterUserSecret"):
            replica[name] = None
        records.keep(replica, "DBInstance", _REPLICATE, given)
        return answer(_REPLICATE, replica)

    def modify(self, form: Form, action: Action) -> Reply:
        given = model.read("ModifyDBInstance", form.fields)
        instance = found(given.get("DBInstanceIdentifier", ""))
        if instance is None:
            return action(form.fields)
        records.refuse_unknown_parameter_group(given)
        cluster = clusters.found(instance.get("DBClusterIdentifier") or "")
        fields = form.fields
        if cluster is None:
            fields = managed.modify(self._backing, instance, given, fields)
        reply = action(fields)
        if reply[0] >= 400:
            return reply
        records.keep(instance, "DBInstance", "ModifyDBInstance", given)
        if cluster is None:
            records.apply_exports(instance, given)
        for group in instance["DBParameterGroups"]:
            group["ParameterApplyStatus"] = "in-sync"
        if given.get("DBPortNumber"):
            instance["_port"] = int(given["DBPortNumber"])
        self._backing.apply(cluster or instance)
        server = self._backing.server(instance)
        if server is not None:
            instance["Endpoint"].update(Address=server.host, Port=server.port)
        return answer("ModifyDBInstance", instance)

    def delete(self, form: Form, action: Action) -> Reply:
        given = model.read("DeleteDBInstance", form.fields)
        instance = found(given.get("DBInstanceIdentifier", ""))
        if instance is None:
            return action(form.fields)
        if instance.get("DeletionProtection"):
            raise ApiError(
                "InvalidParameterCombination",
                "Cannot delete protected DB Instance, please disable deletion protection and try "
                "again.",
            )
        replica = instance.get("ReadReplicaSourceDBInstanceIdentifier")
        if not instance.get("DBClusterIdentifier") and not replica:
            records.final_snapshot(given, "FinalDBSnapshotIdentifier")
        reply = action(form.fields)
        if reply[0] < 400:
            self._backing.fleet.remove(arn_of(instance))
            managed.forget(instance)
            source = native._instances.get(replica) if replica else None
            if source is not None:
                listed = source["ReadReplicaDBInstanceIdentifiers"]
                listed.remove(instance["DBInstanceIdentifier"])
        return reply

    def stop(self, form: Form, action: Action) -> Reply:
        reply = action(form.fields)
        instance = found(form.text("DBInstanceIdentifier"))
        server = self._backing.server(instance) if instance else None
        if reply[0] < 400 and server is not None:
            server.stop()
        return reply

    def start(self, form: Form, action: Action) -> Reply:
        instance = found(form.text("DBInstanceIdentifier"))
        server = self._backing.server(instance) if instance else None
        if instance is not None and server is not None and not server.running:
            self._backing.restart(instance)
        return action(form.fields)

    def reboot(self, form: Form, action: Action) -> Reply:
        """A restart of the server; of a cluster, when its writer is meant."""
        instance = found(form.text("DBInstanceIdentifier"))
        if instance is not None and instance.get("DBInstanceStatus") == "available":
            cluster = clusters.found(instance.get("DBClusterIdentifier") or "")
            if cluster is None or _writes(instance, cluster):
                self._backing.restart(cluster or instance)
        return action(form.fields)


def _belong(instance: Record, cluster: Record) -> None:
    for name in _OF_CLUSTER:
        instance[name] = cluster.get(name)
    instance["DBName"] = cluster.get("DatabaseName") or ""
    instance["MultiAZ"] = False
    instance["StorageType"] = cluster.get("StorageType") or "aurora"
    group = native._subnet_groups.get(cluster["DBSubnetGroup"])
    if group is not None:
        instance["DBSubnetGroup"] = group


def _writes(instance: Record, cluster: Record) -> bool:
    return any(
        member["IsClusterWriter"]
        for member in cluster["DBClusterMembers"]
        if member["DBInstanceIdentifier"] == instance["DBInstanceIdentifier"]
    )


def found(identifier: str) -> Record | None:
    """An instance by its name or ARN."""
    instance: Record | None = native._resolve_instance(identifier) if identifier else None
    return instance


def answer(operation: str, instance: Record) -> Reply:
    inner = model.written("DBInstance", instance)
    reply: Reply = native._xml(
        200,
        f"{operation}Response",
        f"<{operation}Result><DBInstance>{inner}</DBInstance></{operation}Result>",
    )
    return reply
