"""State machines: kept as the template says, and refused when they lead nowhere."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from fargate import definition
from local_aws import ACCOUNT, REGION, LocalAws, Stack, resource
from machines import ended, runner, start, template


def test_a_machine_keeps_what_the_template_says(aws: LocalAws) -> None:
    states = aws.client("stepfunctions")
    kept = template(definition(runner("")))
    stack = aws.stack(kept).succeeded()
    arn = stack.id("Machine")

    def read() -> dict[str, Any]:
        found: dict[str, Any] = states.describe_state_machine(stateMachineArn=arn)
        return found

    found = read()
    run = json.loads(found["definition"])["States"]["Run"]["Parameters"]
    assert run["TaskDefinition"] == stack.id("Definition")
    assert run["NetworkConfiguration"]["AwsvpcConfiguration"]["Subnets"] == [stack.id("Subnet")]
    assert found["roleArn"].endswith(stack.id("Role"))
    logging = found["loggingConfiguration"]
    assert (logging["level"], logging["includeExecutionData"]) == ("ALL", True)
    group = logging["destinations"][0]["cloudWatchLogsLogGroup"]["logGroupArn"]
    assert stack.id("Logs") in group
    assert found["tracingConfiguration"] == {"enabled": True}
    tags = states.list_tags_for_resource(resourceArn=arn)["tags"]
    assert {"key": "Name", "value": "runs"} in tags
    noted = [e for e in aws.ledger() if e["logicalId"] == "Machine" and e["stack"] == stack.name]
    assert noted[0]["note"] == "executions run and are logged; tracing is only kept"

    properties = kept["Machine"]["Properties"]
    del properties["LoggingConfiguration"], properties["TracingConfiguration"], properties["Tags"]
    properties["DefinitionString"] = json.dumps(
        {"StartAt": "Well", "States": {"Well": {"Type": "Succeed"}}}
    )
    stack.update(kept).succeeded()
    assert stack.id("Machine") == arn
    found = read()
    assert json.loads(found["definition"])["StartAt"] == "Well"
    assert found["loggingConfiguration"]["level"] == "OFF"
    assert found["tracingConfiguration"] == {"enabled": False}
    tags = states.list_tags_for_resource(resourceArn=arn)["tags"]
    assert "Name" not in {t["key"] for t in tags}

    properties["StateMachineName"] = "renamed"
    stack.update(kept).succeeded()
    assert stack.id("Machine") == f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:renamed"
    with pytest.raises(ClientError, match="not found"):
        read()
    stack.delete()
    names = [m["name"] for m in states.list_state_machines()["stateMachines"]]
    assert "renamed" not in names


def events(aws: LocalAws, stack: Stack) -> list[dict[str, Any]]:
    found = aws.client("logs").filter_log_events(logGroupName=stack.id("Logs"))["events"]
    return [json.loads(event["message"]) for event in found]


def test_executions_are_logged_where_the_machine_says(aws: LocalAws) -> None:
    logged = template(definition(runner("process.exit(1)")))
    stack = aws.stack(logged).succeeded()
    arn = start(aws, stack, {"table": "guests"})
    assert ended(aws, arn)["status"] == "FAILED"
    found = events(aws, stack)
    kinds = [event["type"] for event in found]
    entered = ["ExecutionStarted", "TaskStateEntered", "TaskScheduled"]
    assert kinds == [*entered, "TaskFailed", "ExecutionFailed"]
    assert found[0]["details"]["input"] == '{"table": "guests"}'
    assert {event["execution_arn"] for event in found} == {arn}
    assert found[-1]["details"]["error"] == "States.TaskFailed"

    configuration = logged["Machine"]["Properties"]["LoggingConfiguration"]
    configuration.update({"IncludeExecutionData": False, "Level": "ERROR"})
    stack.update(logged).succeeded()
    arn = start(aws, stack)
    ended(aws, arn)
    later = [event for event in events(aws, stack) if event["execution_arn"] == arn]
    assert [event["type"] for event in later] == ["TaskFailed", "ExecutionFailed"]
    stack.delete()


BROKEN = [
    ("no json", "INVALID_JSON"),
    ({"StartAt": "A", "States": {}}, "States is required"),
    ({"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}, "StartAt"),
    ({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}, "target 'B'"),
]


@pytest.mark.parametrize(("broken", "said"), BROKEN)
def test_a_definition_that_leads_nowhere_is_refused(aws: LocalAws, broken: Any, said: str) -> None:
    written = broken if isinstance(broken, str) else json.dumps(broken)
    run = resource(
        "AWS::StepFunctions::StateMachine",
        {"DefinitionString": written, "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"},
    )
    stack = aws.stack({"Machine": run})
    assert stack.status == "ROLLBACK_COMPLETE"
    assert said in stack.failures()[0]
    stack.delete()
