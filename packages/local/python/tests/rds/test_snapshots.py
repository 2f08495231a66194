from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from databases import cluster, described_cluster, instance, of_cluster, of_instance, subnets
from local_aws import LocalAws


def cluster_snapshots(aws: LocalAws, name: str) -> list[dict[str, Any]]:
    listed = aws.client("rds").describe_db_cluster_snapshots(DBClusterIdentifier=name)
    found: list[dict[str, Any]] = listed["DBClusterSnapshots"]
    return found


def instance_snapshots(aws: LocalAws, name: str) -> list[dict[str, Any]]:
    listed = aws.client("rds").describe_db_snapshots(DBInstanceIdentifier=name)
    found: list[dict[str, Any]] = listed["DBSnapshots"]
    return found


def test_a_deletion_policy_leaves_a_snapshot_that_a_cluster_is_made_of(aws: LocalAws) -> None:
    made = {**cluster(), "DeletionPolicy": "Snapshot"}
    stack = aws.stack(subnets(Cluster=made)).succeeded()
    name = stack.id("Cluster")
    of_cluster(aws, name).ask("CREATE TABLE t (n int)", "INSERT INTO t VALUES (5)")
    stack.delete()
    (snapshot,) = cluster_snapshots(aws, name)
    assert (snapshot["Status"], snapshot["EngineVersion"]) == ("available", "17.7")
    assert snapshot["VpcId"].startswith("vpc-")

    arn = snapshot["DBClusterSnapshotArn"]
    restored = cluster(SnapshotIdentifier=arn)
    for inherited in ("DatabaseName", "MasterUsername"):
        del restored["Properties"][inherited]
    again = aws.stack(subnets(Cluster=restored)).succeeded()
    copy = again.id("Cluster")
    assert described_cluster(aws, copy)["DatabaseName"] == "guestbook"
    assert of_cluster(aws, copy).ask("SELECT n FROM t") == [[5]]
    again.delete()
    aws.client("rds").delete_db_cluster_snapshot(
        DBClusterSnapshotIdentifier=snapshot["DBClusterSnapshotIdentifier"]
    )
    assert cluster_snapshots(aws, name) == []


def test_an_instance_leaves_a_snapshot_and_comes_back_with_its_password(aws: LocalAws) -> None:
    stack = aws.stack(subnets(Instance={**instance(), "DeletionPolicy": "Snapshot"})).succeeded()
    name = stack.id("Instance")
    of_instance(aws, name).ask("CREATE TABLE t (n int)", "INSERT INTO t VALUES (6)")
    stack.delete()
    (snapshot,) = instance_snapshots(aws, name)
    restored = instance(DBSnapshotIdentifier=snapshot["DBSnapshotIdentifier"])
    for inherited in ("DBName", "MasterUsername", "MasterUserPassword"):
        del restored["Properties"][inherited]
    again = aws.stack(subnets(Instance=restored)).succeeded()
    copy = again.id("Instance")
    assert of_instance(aws, copy).ask("SELECT n FROM t") == [[6]]
    again.delete()
    assert instance_snapshots(aws, copy) == []


def test_a_snapshot_of_a_running_cluster_disturbs_nobody_and_loses_nothing(aws: LocalAws) -> None:
    stack = aws.stack(subnets(Cluster=cluster())).succeeded()
    name, rds = stack.id("Cluster"), aws.client("rds")
    database = of_cluster(aws, name)
    database.ask("CREATE TABLE t (n int)")
    written: list[int] = []
    enough = threading.Event()

    def write() -> None:
        while not enough.is_set():
            database.ask(f"INSERT INTO t VALUES ({len(written)})")
            written.append(len(written))

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.5)
    before = len(written)
    rds.create_db_cluster_snapshot(DBClusterSnapshotIdentifier="live", DBClusterIdentifier=name)
    after = len(written)
    time.sleep(0.2)
    enough.set()
    writer.join()
    assert len(written) > after > 0
    rds.restore_db_cluster_from_snapshot(
        DBClusterIdentifier="copy", SnapshotIdentifier="live", Engine="aurora-postgresql"
    )
    copied = of_cluster(aws, "copy", password=database.password)
    ((count, most),) = copied.ask("SELECT count(*), max(n) FROM t")
    assert count == most + 1
    assert before <= count <= after + 1
    rds.delete_db_cluster(
        DBClusterIdentifier="copy", FinalDBSnapshotIdentifier="copied", SkipFinalSnapshot=False
    )
    assert [s["DBClusterSnapshotIdentifier"] for s in cluster_snapshots(aws, "copy")] == ["copied"]
    for snapshot in ("live", "copied"):
        rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier=snapshot)
    stack.delete()
    folders = {path.name for path in (aws.state / "databases").iterdir() if path.is_dir()}
    assert "ca" in folders
    with pytest.raises(rds.exceptions.DBClusterSnapshotNotFoundFault):
        rds.restore_db_cluster_from_snapshot(
            DBClusterIdentifier="none", SnapshotIdentifier="live", Engine="aurora-postgresql"
        )


def test_a_delete_has_to_say_what_becomes_of_the_data(aws: LocalAws) -> None:
    rds = aws.client("rds")
    given = {"MasterUsername": "postgres", "MasterUserPassword": "long-enough-too"}
    rds.create_db_instance(
        DBInstanceIdentifier="plain", Engine="postgres", DBInstanceClass="db.t4g.micro", **given
    )
    with pytest.raises(rds.exceptions.ClientError, match="FinalDBSnapshotIdentifier is required"):
        rds.delete_db_instance(DBInstanceIdentifier="plain")
    rds.delete_db_instance(DBInstanceIdentifier="plain", FinalDBSnapshotIdentifier="last")
    assert [s["DBSnapshotIdentifier"] for s in instance_snapshots(aws, "plain")] == ["last"]
    rds.delete_db_snapshot(DBSnapshotIdentifier="last")
