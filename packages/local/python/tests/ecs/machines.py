"""State machines that run a task, and asking how their executions ended."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError
from fargate import container, until
from local_aws import REGION, LocalAws, Stack, att, network, ref, resource, tag


def runner(script: str, **more: Any) -> dict[str, Any]:
    options = {
        "awslogs-create-group": "true",
        "awslogs-group": "/runs",
        "awslogs-region": REGION,
        "awslogs-stream-prefix": "r",
    }
    return container(
        Command=["node", "-e", script],
        LogConfiguration={"LogDriver": "awslogs", "Options": options},
        PortMappings=[],
        **more,
    )


def machine(state: dict[str, Any] | None = None, **definition: Any) -> dict[str, Any]:
    """A machine as CDK writes it: one string, joined of what only the deployment knows."""
    marks = {"<cluster>": ref("Cluster"), "<task>": ref("Definition"), "<subnet>": ref("Subnet")}
    run = {
        "Type": "Task",
        "Resource": "arn:aws:states:::ecs:runTask.sync",
        "Parameters": {
            "Cluster": "<cluster>",
            "TaskDefinition": "<task>",
            "LaunchType": "FARGATE",
            "PropagateTags": "TASK_DEFINITION",
            "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["<subnet>"]}},
        },
        "End": True,
        **(state or {}),
    }
    written = json.dumps({"StartAt": "Run", "States": {"Run": run}, **definition})
    parts: list[Any] = [written]
    for mark, token in marks.items():
        split: list[Any] = []
        for part in parts:
            if isinstance(part, str):
                first, *others = part.split(mark)
                split += [first, *(x for other in others for x in (token, other))]
            else:
                split.append(part)
        parts = split
    return resource(
        "AWS::StepFunctions::StateMachine",
        {
            "DefinitionString": {"Fn::Join": ["", parts]},
            "RoleArn": att("Role", "Arn"),
            "LoggingConfiguration": {
                "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": att("Logs", "Arn")}}],
                "IncludeExecutionData": "true",
                "Level": "ALL",
            },
            "TracingConfiguration": {"Enabled": True},
            "Tags": tag("runs"),
        },
    )


def template(task: dict[str, Any], run: dict[str, Any] | None = None) -> dict[str, Any]:
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "states.amazonaws.com"},
    }
    return network(
        Cluster=resource("AWS::ECS::Cluster"),
        Definition=task,
        Logs=resource("AWS::Logs::LogGroup"),
        Machine=run or machine(),
        Role=resource("AWS::IAM::Role", {"AssumeRolePolicyDocument": {"Statement": [trust]}}),
    )


def start(aws: LocalAws, stack: Stack, given: Any = None) -> str:
    states = aws.client("stepfunctions")
    arn = stack.id("Machine")
    started = states.start_execution(stateMachineArn=arn, input=json.dumps(given or {}))
    return str(started["executionArn"])


def execution(aws: LocalAws, arn: str) -> dict[str, Any]:
    found: dict[str, Any] = aws.client("stepfunctions").describe_execution(executionArn=arn)
    return found


def ended(aws: LocalAws, arn: str) -> dict[str, Any]:
    until(lambda: execution(aws, arn)["status"] != "RUNNING", 30)
    return execution(aws, arn)


def tasks(aws: LocalAws, stack: Stack, status: str = "RUNNING") -> list[dict[str, Any]]:
    ecs, cluster = aws.client("ecs"), stack.id("Cluster")
    arns = ecs.list_tasks(cluster=cluster, desiredStatus=status)["taskArns"]
    found: list[dict[str, Any]] = (
        ecs.describe_tasks(cluster=cluster, tasks=arns, include=["TAGS"])["tasks"] if arns else []
    )
    return found


def said(aws: LocalAws, stack: Stack) -> list[str]:
    present = [*tasks(aws, stack), *tasks(aws, stack, "STOPPED")]
    ids = [task["taskArn"].rsplit("/", 1)[-1] for task in present]
    try:
        events = aws.client("logs").filter_log_events(logGroupName="/runs")["events"]
    except ClientError:
        return []
    return [e["message"] for e in events if e["logStreamName"].rsplit("/", 1)[-1] in ids]
