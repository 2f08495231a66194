"""A task of Flyway's official image migrates a database, with the secret of its cluster."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from databases import cluster, described_cluster, member, of_cluster, subnets
from local_aws import LocalAws, Stack, att, resource

from groundplan_local.containers.build import build
from groundplan_local.containers.images import ImageStore

IMAGE = "acme/migrations:1"


def task() -> dict[str, Any]:
    url = ["jdbc:postgresql://", att("Cluster", "Endpoint.Address"), ":5432/guestbook"]
    secret = {"Fn::Join": ["", [att("Cluster", "MasterUserSecret.SecretArn"), ":password::"]]}
    migrate = {
        "Name": "migrate",
        "Image": IMAGE,
        "Command": ["migrate"],
        "Environment": [
            {"Name": "FLYWAY_URL", "Value": {"Fn::Join": ["", [*url, "?sslmode=require"]]}},
            {"Name": "FLYWAY_USER", "Value": "postgres"},
        ],
        "Secrets": [{"Name": "FLYWAY_PASSWORD", "ValueFrom": secret}],
        "LogConfiguration": {
            "LogDriver": "awslogs",
            "Options": {
                "awslogs-group": "/migrations",
                "awslogs-region": "eu-central-1",
                "awslogs-create-group": "true",
                "awslogs-stream-prefix": "m",
            },
        },
    }
    return resource(
        "AWS::ECS::TaskDefinition",
        {
            "ContainerDefinitions": [migrate],
            "Cpu": "256",
            "Memory": "512",
            "NetworkMode": "awsvpc",
            "RequiresCompatibilities": ["FARGATE"],
        },
    )


def run(aws: LocalAws, stack: Stack) -> dict[str, Any]:
    ecs, tasks = aws.client("ecs"), stack.id("Tasks")
    configuration = {"awsvpcConfiguration": {"subnets": [stack.id("Subnet")]}}
    arn = ecs.run_task(
        cluster=tasks,
        taskDefinition=stack.id("Task"),
        launchType="FARGATE",
        networkConfiguration=configuration,
    )["tasks"][0]["taskArn"]
    deadline = time.monotonic() + 120
    while True:
        found: dict[str, Any] = ecs.describe_tasks(cluster=tasks, tasks=[arn])["tasks"][0]
        if found["lastStatus"] == "STOPPED":
            return found
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_migration_runs_as_a_task_and_a_broken_one_fails(aws: LocalAws, tmp_path: Path) -> None:
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "V1__entries.sql").write_text("CREATE TABLE entries (words text);")
    (tmp_path / "Dockerfile").write_text("FROM flyway/flyway:11\nCOPY sql /flyway/sql\n")
    images = ImageStore(aws.state / "images")
    build(IMAGE, tmp_path, images)
    stack = aws.stack(
        subnets(
            Cluster=cluster(),
            Writer=member(),
            Tasks=resource("AWS::ECS::Cluster"),
            Task=task(),
        )
    ).succeeded()
    name = stack.id("Cluster")
    done = run(aws, stack)
    assert done["containers"][0]["exitCode"] == 0, said(aws)
    database = of_cluster(aws, name)
    assert database.ask("SELECT count(*) FROM entries") == [[0]]
    assert database.ask("SELECT version, success FROM flyway_schema_history") == [["1", True]]

    (tmp_path / "sql" / "V2__broken.sql").write_text("CREATE TABLE entries (again text);")
    build(IMAGE, tmp_path, images)
    failed = run(aws, stack)
    assert failed["containers"][0]["exitCode"] == 1
    assert 'relation "entries" already exists' in said(aws)
    assert described_cluster(aws, name)["Status"] == "available"
    stack.delete()


def said(aws: LocalAws) -> str:
    events = aws.client("logs").filter_log_events(logGroupName="/migrations")["events"]
    return "\n".join(event["message"] for event in events)
