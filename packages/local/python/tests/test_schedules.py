"""EventBridge Scheduler: kept as it was put, and started by the clock of its time zone."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError
from local_aws import ACCOUNT, LocalAws, Stack, att, ref, resource

from groundplan_local.workflows.schedules import due, next_start

WAIT = {"StartAt": "Well", "States": {"Well": {"Type": "Succeed"}}}


def template(**schedule: Any) -> dict[str, Any]:
    role = f"arn:aws:iam::{ACCOUNT}:role/r"
    return {
        "Group": resource(
            "AWS::Scheduler::ScheduleGroup", {"Tags": [{"Key": "Owner", "Value": "shop"}]}
        ),
        "Machine": resource(
            "AWS::StepFunctions::StateMachine",
            {"DefinitionString": json.dumps(WAIT), "RoleArn": role},
        ),
        "Queue": resource("AWS::SQS::Queue"),
        "Schedule": resource(
            "AWS::Scheduler::Schedule",
            {
                "Description": "Every night",
                "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": "15"},
                "GroupName": ref("Group"),
                "ScheduleExpression": "cron(0 3 * * ? *)",
                "ScheduleExpressionTimezone": "Europe/Berlin",
                "State": "ENABLED",
                "Target": {
                    "Arn": ref("Machine"),
                    "DeadLetterConfig": {"Arn": att("Queue", "Arn")},
                    "Input": '{"at":"<aws.scheduler.scheduled-time>"}',
                    "RetryPolicy": {
                        "MaximumEventAgeInSeconds": "3600",
                        "MaximumRetryAttempts": 10,
                    },
                    "RoleArn": role,
                },
                **schedule,
            },
        ),
    }


def read(aws: LocalAws, stack: Stack) -> dict[str, Any]:
    found: dict[str, Any] = aws.client("scheduler").get_schedule(
        Name=stack.id("Schedule"), GroupName=stack.id("Group")
    )
    return found


def test_a_schedule_is_kept_with_everything(aws: LocalAws) -> None:
    scheduler = aws.client("scheduler")
    stack = aws.stack(template(), Outputs={"Arn": {"Value": att("Schedule", "Arn")}}).succeeded()
    found = read(aws, stack)
    target = found["Target"]
    assert found["Arn"] == stack.outputs["Arn"]
    assert found["ScheduleExpression"] == "cron(0 3 * * ? *)"
    assert found["ScheduleExpressionTimezone"] == "Europe/Berlin"
    assert found["FlexibleTimeWindow"] == {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}
    assert found["Description"] == "Every night"
    assert target["RetryPolicy"] == {
        "MaximumEventAgeInSeconds": 3600,
        "MaximumRetryAttempts": 10,
    }
    assert target["DeadLetterConfig"]["Arn"].endswith(stack.id("Queue").rsplit("/", 1)[-1])
    assert target["Arn"] == stack.id("Machine")
    assert target["RoleArn"] == f"arn:aws:iam::{ACCOUNT}:role/r"
    assert target["Input"] == '{"at":"<aws.scheduler.scheduled-time>"}'
    group = scheduler.get_schedule_group(Name=stack.id("Group"))
    tags = scheduler.list_tags_for_resource(ResourceArn=group["Arn"])["Tags"]
    assert {"Key": "Owner", "Value": "shop"} in tags
    noted = [e for e in aws.ledger() if e["stack"] == stack.name and e.get("note")]
    assert [e["note"] for e in noted if e["logicalId"] == "Schedule"] == [
        "starts its target by the clock; only kept and not acted on: retries, the dead-letter "
        "queue, the flexible window"
    ]

    changed = template(State="DISABLED", ScheduleExpression="rate(5 minutes)")
    for dropped in ("Description", "ScheduleExpressionTimezone"):
        del changed["Schedule"]["Properties"][dropped]
    del changed["Schedule"]["Properties"]["Target"]["DeadLetterConfig"]
    changed["Group"]["Properties"]["Tags"] = [{"Key": "Tier", "Value": "dev"}]
    name = stack.id("Schedule")
    stack.update(changed).succeeded()
    assert stack.id("Schedule") == name
    found = read(aws, stack)
    assert (found["State"], found["ScheduleExpression"]) == ("DISABLED", "rate(5 minutes)")
    assert found["ScheduleExpressionTimezone"] == "UTC"
    assert found.get("Description", "") == ""
    assert "DeadLetterConfig" not in found["Target"]
    tags = scheduler.list_tags_for_resource(ResourceArn=group["Arn"])["Tags"]
    assert {"Key": "Tier", "Value": "dev"} in tags
    assert "Owner" not in {t["Key"] for t in tags}

    changed["Schedule"]["Properties"]["Name"] = "renamed"
    stack.update(changed).succeeded()
    assert stack.id("Schedule") == "renamed"
    in_group = stack.id("Group")
    with pytest.raises(ClientError, match="does not exist"):
        scheduler.get_schedule(Name=name, GroupName=in_group)
    stack.delete()
    with pytest.raises(ClientError, match="does not exist"):
        scheduler.get_schedule(Name="renamed", GroupName=in_group)
    with pytest.raises(ClientError, match="does not exist"):
        scheduler.get_schedule_group(Name=in_group)


def test_a_schedule_in_a_group_that_is_not_there_is_refused(aws: LocalAws) -> None:
    stack = aws.stack(template(GroupName="no-such-group"))
    assert stack.status == "ROLLBACK_COMPLETE"
    assert any("no-such-group does not exist" in failure for failure in stack.failures())
    stack.delete()


def test_a_schedule_starts_its_state_machine(aws: LocalAws) -> None:
    soon = datetime.now(timezone.utc) + timedelta(seconds=3)
    at = f"at({soon.strftime('%Y-%m-%dT%H:%M:%S')})"
    stack = aws.stack(template(ScheduleExpression=at, ScheduleExpressionTimezone="UTC")).succeeded()
    states = aws.client("stepfunctions")
    deadline = time.monotonic() + 20
    found: list[Any] = []
    while not found and time.monotonic() < deadline:
        time.sleep(0.2)
        found = states.list_executions(stateMachineArn=stack.id("Machine"))["executions"]
    assert len(found) == 1
    time.sleep(1.5)
    assert len(states.list_executions(stateMachineArn=stack.id("Machine"))["executions"]) == 1
    given = states.describe_execution(executionArn=found[0]["executionArn"])["input"]
    assert datetime.strptime(json.loads(given)["at"], "%Y-%m-%dT%H:%M:%SZ")
    stack.delete()


def moment(text: str) -> float:
    return datetime.fromisoformat(f"{text}+00:00").timestamp()


MADE = "2026-03-01T12:00:30"
CASES = [
    # A rate counts from when the schedule was made, or begins.
    ("rate(1 minute)", "UTC", None, "2026-03-01T12:01:30"),
    ("rate(1 minute)", "UTC", "2026-03-01T12:01:30", "2026-03-01T12:02:30"),
    # Three in Berlin is two in winter and one in summer.
    ("cron(0 3 * * ? *)", "Europe/Berlin", None, "2026-03-02T02:00:00"),
    ("cron(0 3 * * ? *)", "Europe/Berlin", "2026-07-01T01:00:10", "2026-07-02T01:00:00"),
    ("cron(0 3 * * ? *)", "UTC", None, "2026-03-02T03:00:00"),
    # Half past two is left out on 29 March 2026.
    ("cron(30 2 * * ? *)", "Europe/Berlin", "2026-03-28T01:30:10", "2026-03-30T00:30:00"),
    ("cron(0 9 ? * MON-FRI *)", "America/New_York", None, "2026-03-02T14:00:00"),
    ("at(2026-03-05T10:00:00)", "Asia/Tokyo", None, "2026-03-05T01:00:00"),
    ("at(2026-03-05T10:00:00)", "UTC", "2026-03-05T10:00:00", None),
    ("cron(0 0 1 1 ? 2020)", "UTC", None, None),
]


@pytest.mark.parametrize(("expression", "zone", "last", "expected"), CASES)
def test_when_a_schedule_is_due(
    expression: str, zone: str, last: str | None, expected: str | None
) -> None:
    schedule = {
        "CreationDate": moment(MADE),
        "ScheduleExpression": expression,
        "ScheduleExpressionTimezone": zone,
        "State": "ENABLED",
    }
    before = moment(last) if last else None
    found = next_start(schedule, before)
    assert found == (moment(expected) if expected else None)
    if found:
        assert due(schedule, before, found)
        assert not due(schedule, before, found - 1)
        assert not due({**schedule, "State": "DISABLED"}, before, found)
        assert not due({**schedule, "EndDate": found - 60}, before, found)


def test_a_schedule_begins_at_its_start_date() -> None:
    schedule = {
        "CreationDate": moment(MADE),
        "ScheduleExpression": "rate(1 minute)",
        "StartDate": moment("2026-03-02T00:00:00"),
        "State": "ENABLED",
    }
    assert next_start(schedule, None) == moment("2026-03-02T00:01:00")
