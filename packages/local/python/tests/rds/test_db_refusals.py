"""Databases that cannot be, and those that are only a record."""

from __future__ import annotations

from typing import Any

import pytest
from databases import cluster, clusters, described_cluster, note_of, subnets
from local_aws import LocalAws, ref, resource


def test_what_cannot_start_fails_with_the_reason_and_leaves_nothing(aws: LocalAws) -> None:
    broken = resource(
        "AWS::RDS::DBClusterParameterGroup",
        {
            "Family": "aurora-postgresql17",
            "Description": "d",
            "Parameters": {"log_statement": "everything"},
        },
    )
    before = len(clusters(aws)), len(managed_secrets(aws))
    template = subnets(Group=broken, Cluster=cluster(DBClusterParameterGroupName=ref("Group")))
    stack = aws.stack(template)
    assert stack.status == "ROLLBACK_COMPLETE"
    assert any('invalid value for parameter "log_statement"' in f for f in stack.failures())
    assert (len(clusters(aws)), len(managed_secrets(aws))) == before


def managed_secrets(aws: LocalAws) -> list[str]:
    listed = aws.client("secretsmanager").list_secrets()["SecretList"]
    return [s["Name"] for s in listed if s["Name"].startswith("rds!")]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"DBSubnetGroupName": "nowhere"}, "DB subnet group 'nowhere' does not exist"),
        ({"DBClusterParameterGroupName": "none"}, "DBClusterParameterGroup none not found"),
        ({"MasterUsername": "admin"}, "MasterUsername admin cannot be used"),
        ({"ManageMasterUserPassword": False}, "MasterUserPassword must be provided"),
        (
            {"ManageMasterUserPassword": False, "MasterUserPassword": "short"},
            "MasterUserPassword is not a valid password",
        ),
    ],
)
def test_what_aws_refuses_is_refused(aws: LocalAws, more: dict[str, Any], reason: str) -> None:
    stack = aws.stack(subnets(Cluster=cluster(**more)))
    assert stack.status == "ROLLBACK_COMPLETE"
    assert any(reason in failure for failure in stack.failures())


def test_another_engine_is_only_a_record_and_says_so(aws: LocalAws) -> None:
    made = cluster(Engine="aurora-mysql", EngineVersion="8.0.mysql_aurora.3.10.3")
    stack = aws.stack(subnets(Cluster=made)).succeeded()
    name = stack.id("Cluster")
    found = described_cluster(aws, name)
    assert found["Endpoint"].startswith(f"{name}.cluster-")
    assert found["Port"] == 3306
    assert "runs no aurora-mysql" in note_of(aws, name)
    stack.delete()
