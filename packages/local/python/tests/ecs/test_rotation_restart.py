"""A secret is rotated, and the tasks that read it at their start are replaced."""

from __future__ import annotations

import json
import time
from typing import Any

from fargate import OUTPUTS, container, definition, describe, plain, tasks, until
from local_aws import ACCOUNT, LocalAws, Stack, ref, resource

ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"


def machine(wait: int) -> dict[str, Any]:
    """What a service of groundplan makes, with a shorter wait."""
    sdk = "arn:<partition>:states:::aws-sdk:ecs:"
    retry = {
        "ErrorEquals": ["States.TaskFailed"],
        "IntervalSeconds": 30,
        "MaxAttempts": 5,
        "BackoffRate": 2,
    }
    given = {"Cluster": "<cluster>", "Service": "<service>", "ForceNewDeployment": True}
    newer = {
        "Variable": "$.deployedAt",
        "TimestampGreaterThanPath": "$.rotatedAt",
        "Next": "Done",
    }
    states = {
        "Settle": {"Type": "Wait", "Seconds": wait, "Next": "Look"},
        "Look": {
            "Type": "Task",
            "Resource": f"{sdk}describeServices",
            "Parameters": {"Cluster": "<cluster>", "Services": ["<service>"]},
            "ResultSelector": {
                "deployedAt.$": "$.Services[0].Deployments[0].CreatedAt",
                "rotatedAt.$": "$$.Execution.StartTime",
            },
            "Next": "Since",
        },
        "Since": {"Type": "Choice", "Choices": [newer], "Default": "Restart"},
        "Restart": {
            "Type": "Task",
            "Resource": f"{sdk}updateService",
            "Parameters": given,
            "ResultPath": None,
            "Retry": [retry],
            "Next": "Done",
        },
        "Done": {"Type": "Succeed"},
    }
    written = json.dumps({"StartAt": "Settle", "States": states})
    for mark, token in (
        ("<partition>", "${AWS::Partition}"),
        ("<cluster>", "${Cluster.Arn}"),
        ("<service>", "${Service.Name}"),
    ):
        written = written.replace(mark, token)
    return resource(
        "AWS::StepFunctions::StateMachine",
        {"DefinitionString": {"Fn::Sub": written}, "RoleArn": ROLE},
    )


def template(wait: int = 1) -> dict[str, Any]:
    pattern = {
        "source": ["aws.secretsmanager"],
        "detail-type": ["AWS Service Event via CloudTrail"],
        "detail": {
            "eventName": ["RotationSucceeded"],
            "additionalEventData": {"SecretId": [ref("Secret")]},
        },
    }
    reads = [{"Name": "PASSWORD", "ValueFrom": ref("Secret")}]
    return {
        **plain(definition(container(Secrets=reads)), DesiredCount=2),
        "Machine": machine(wait),
        "Other": resource("AWS::SecretsManager::Secret", {"SecretString": "another"}),
        "Rule": resource(
            "AWS::Events::Rule",
            {
                "EventPattern": pattern,
                "Targets": [{"Arn": ref("Machine"), "Id": "Target0", "RoleArn": ROLE}],
            },
        ),
        "Secret": resource("AWS::SecretsManager::Secret", {"SecretString": "first"}),
    }


def executions(aws: LocalAws, stack: Stack) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = aws.client("stepfunctions").list_executions(
        stateMachineArn=stack.id("Machine")
    )["executions"]
    return found


def running(aws: LocalAws, stack: Stack) -> set[str]:
    return {t["taskArn"] for t in tasks(aws, stack) if t["lastStatus"] == "RUNNING"}


def test_tasks_are_replaced_when_their_secret_was_rotated(aws: LocalAws) -> None:
    stack = aws.stack(template(), Outputs=OUTPUTS).succeeded()
    before = running(aws, stack)
    assert len(before) == 2
    secrets = aws.client("secretsmanager")
    secrets.rotate_secret(SecretId=stack.id("Other"))
    time.sleep(0.5)
    assert executions(aws, stack) == []
    secrets.put_secret_value(SecretId=stack.id("Secret"), SecretString="second")
    secrets.rotate_secret(SecretId=stack.id("Secret"))
    until(lambda: executions(aws, stack))
    until(lambda: executions(aws, stack)[0]["status"] != "RUNNING")
    found = aws.client("stepfunctions").describe_execution(
        executionArn=executions(aws, stack)[0]["executionArn"]
    )
    assert found["status"] == "SUCCEEDED", found
    until(lambda: len(running(aws, stack)) == 2 and not running(aws, stack) & before, 30)
    until(lambda: describe(aws, stack)["deployments"][0]["rolloutState"] == "COMPLETED", 30)
    assert len(describe(aws, stack)["deployments"]) == 1
    stack.delete()


def test_a_service_that_was_deployed_meanwhile_is_left_alone(aws: LocalAws) -> None:
    stack = aws.stack(template(wait=3), Outputs=OUTPUTS).succeeded()
    aws.client("secretsmanager").rotate_secret(SecretId=stack.id("Secret"))
    until(lambda: executions(aws, stack))
    cluster, name = stack.id("Service").split("/")[-2:]
    aws.client("ecs").update_service(cluster=cluster, service=name, forceNewDeployment=True)
    deployed = describe(aws, stack)["deployments"][0]["id"]
    until(lambda: executions(aws, stack)[0]["status"] == "SUCCEEDED")
    history = aws.client("stepfunctions").get_execution_history(
        executionArn=executions(aws, stack)[0]["executionArn"]
    )["events"]
    entered = [e["stateEnteredEventDetails"]["name"] for e in history if "Entered" in e["type"]]
    assert entered == ["Settle", "Look", "Since", "Done"]
    assert describe(aws, stack)["deployments"][0]["id"] == deployed
    stack.delete()
