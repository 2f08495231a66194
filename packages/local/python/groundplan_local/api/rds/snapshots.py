"""Snapshots: the emulator's record, and a copy of the server's folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.services import rds as native
from ministack.services.cloudformation import provisioners

from groundplan_local.api.query import Action, ApiError, Form, Reply
from groundplan_local.api.rds import model
from groundplan_local.api.rds.backing import Backing, Record, arn_of
from groundplan_local.databases.passwords import new_suffix

Snapshot = Callable[[str, Record], Record]


class Snapshots:
    """What snapshots of both kinds have in common."""

    def __init__(self, backing: Backing) -> None:
        self._backing = backing

    def install(self) -> None:
        """Every way to a snapshot leads through these two, that of a deletion policy as well."""
        native._create_cluster_snapshot_internal = self._copying(
            native._create_cluster_snapshot_internal,
            native._db_cluster_snapshots,
            "DBClusterSnapshotArn",
        )
        native._create_snapshot_internal = self._copying(
            native._create_snapshot_internal, native._snapshots, "DBSnapshotArn"
        )
        native._cluster_snapshot_xml = lambda record: model.written("DBClusterSnapshot", record)
        native._snapshot_xml = lambda record: model.written("DBSnapshot", record)
        # A second stack of the same names makes a second snapshot, and does not replace the first.
        provisioners._snapshot_id = lambda physical_id: f"{physical_id}-final-{new_suffix()}"

    def _copying(self, make: Snapshot, store: Any, arn: str) -> Snapshot:
        def snapshot(name: str, record: Record) -> Record:
            made = make(name, record)
            made["_MasterUserPassword"] = record["_MasterUserPassword"]
            made["_DatabaseName"] = record.get("DatabaseName") or record.get("DBName")
            made["_major"] = record.get("_major")
            made["VpcId"] = _vpc_of(record)
            try:
                self._backing.fleet.snapshot(arn_of(record), made[arn])
            except OSError as error:
                store.pop(name, None)
                raise ApiError("InternalFailure", f"no snapshot {name}: {error}") from error
            return made

        return snapshot

    def delete(self, arn: str) -> Callable[[Form, Action], Reply]:
        cluster = "Cluster" in arn
        store = native._db_cluster_snapshots if cluster else native._snapshots
        member = arn.removesuffix("Arn") + "Identifier"

        def delete_snapshot(form: Form, action: Action) -> Reply:
            snapshot = store.get(form.text(member))
            reply = action(form.fields)
            if reply[0] < 400 and snapshot is not None:
                self._backing.fleet.forget_snapshot(snapshot[arn])
            return reply

        return delete_snapshot


def _vpc_of(record: Record) -> str:
    group = record.get("DBSubnetGroup")
    found = native._subnet_groups.get(group) if isinstance(group, str) else group
    return str((found or {}).get("VpcId", ""))
