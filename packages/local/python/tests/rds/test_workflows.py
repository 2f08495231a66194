from __future__ import annotations

import json
import time
from typing import Any

from databases import cluster, of_cluster, subnets
from local_aws import LocalAws, att, ref, resource


def machine(states: dict[str, Any]) -> dict[str, Any]:
    definition = json.dumps({"StartAt": "Snapshot", "States": states}).split("<cluster>")
    joined = [part for piece in definition for part in (piece, ref("Cluster"))][:-1]
    return resource(
        "AWS::StepFunctions::StateMachine",
        {"DefinitionString": {"Fn::Join": ["", joined]}, "RoleArn": att("Role", "Arn")},
    )


def test_a_state_machine_makes_a_snapshot_and_waits_for_it(aws: LocalAws) -> None:
    sdk = "arn:aws:states:::aws-sdk:rds"
    states = {
        "Snapshot": {
            "Type": "Task",
            "Resource": f"{sdk}:createDBClusterSnapshot",
            "Parameters": {
                "DbClusterIdentifier": "<cluster>",
                "DbClusterSnapshotIdentifier": "before-migration",
            },
            "ResultPath": "$.made",
            "Next": "Look",
        },
        "Look": {
            "Type": "Task",
            "Resource": f"{sdk}:describeDBClusterSnapshots",
            "Parameters": {
                "DbClusterSnapshotIdentifier.$": "$.made.DbClusterSnapshot."
                "DbClusterSnapshotIdentifier"
            },
            "Next": "Available?",
        },
        "Available?": {
            "Type": "Choice",
            "Choices": [
                {
                    "Variable": "$.DbClusterSnapshots[0].Status",
                    "StringEquals": "available",
                    "Next": "Done",
                }
            ],
            "Default": "Look",
        },
        "Done": {"Type": "Succeed"},
    }
    trust = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}]}
    stack = aws.stack(
        subnets(
            Cluster=cluster(),
            Role=resource("AWS::IAM::Role", {"AssumeRolePolicyDocument": trust}),
            Machine=machine(states),
        )
    ).succeeded()
    of_cluster(aws, stack.id("Cluster")).ask("CREATE TABLE t (n int)")
    workflows = aws.client("stepfunctions")
    started = workflows.start_execution(stateMachineArn=stack.id("Machine"))["executionArn"]
    deadline = time.monotonic() + 20
    while workflows.describe_execution(executionArn=started)["status"] == "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    ended = workflows.describe_execution(executionArn=started)
    assert ended["status"] == "SUCCEEDED", ended.get("cause")
    shown = json.loads(ended["output"])["DbClusterSnapshots"][0]
    assert shown["DbClusterIdentifier"] == stack.id("Cluster")
    rds = aws.client("rds")
    rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier="before-migration")
    stack.delete()
