"""State machines that run a task: the state waits for its end, and ends as it did."""

from __future__ import annotations

import json
import time
from typing import Any

from fargate import definition, runs, until
from local_aws import LocalAws, Stack
from machines import ended, execution, machine, runner, said, start, tasks, template

PRINT_PID = "console.log(process.pid); setInterval(() => {}, 1e6)"


def test_a_task_that_ends_well_is_the_output_of_its_state(aws: LocalAws) -> None:
    task = definition(
        runner("setTimeout(() => console.log('done'), 700)"),
        Tags=[{"Key": "Owner", "Value": "runs"}],
    )
    stack = aws.stack(template(task)).succeeded()
    begun = time.monotonic()
    found = ended(aws, start(aws, stack))
    assert found["status"] == "SUCCEEDED", found
    assert time.monotonic() - begun > 0.7
    output = json.loads(found["output"])
    assert output["Containers"][0]["ExitCode"] == 0
    assert output["Containers"][0]["Name"] == "web"
    assert (output["LastStatus"], output["StopCode"]) == ("STOPPED", "EssentialContainerExited")
    assert output["StartedBy"] == "AWS Step Functions"
    assert output["Group"].startswith("family:")
    assert output["TaskDefinitionArn"] == stack.id("Definition")
    assert output["CreatedAt"] < output["StoppedAt"] < (time.time() + 1) * 1000
    assert {"Key": "Owner", "Value": "runs"} in output["Tags"]
    assert said(aws, stack) == ["done"]
    assert tasks(aws, stack) == []
    stack.delete()


def test_a_task_that_fails_fails_the_execution_with_itself_as_the_cause(aws: LocalAws) -> None:
    task = definition(runner("console.error('no such table'); process.exit(3)"))
    stack = aws.stack(template(task)).succeeded()
    found = ended(aws, start(aws, stack))
    assert (found["status"], found["error"]) == ("FAILED", "States.TaskFailed")
    cause = json.loads(found["cause"])
    assert cause["Containers"][0]["ExitCode"] == 3
    assert "no such table" in cause["StoppedReason"]
    assert cause["StopCode"] == "EssentialContainerExited"
    stack.delete()


def test_only_essential_containers_decide(aws: LocalAws) -> None:
    side = runner("process.exit(9)", Name="side", Essential=False)
    task = definition(runner("setTimeout(() => {}, 800)"), side)
    stack = aws.stack(template(task)).succeeded()
    found = ended(aws, start(aws, stack))
    assert found["status"] == "SUCCEEDED"
    codes = {c["Name"]: c["ExitCode"] for c in json.loads(found["output"])["Containers"]}
    assert codes == {"web": 0, "side": 9}
    stack.delete()


def test_a_task_that_cannot_start_fails_with_its_reason(aws: LocalAws) -> None:
    stack = aws.stack(template(definition(runner("", Image="nginx:1.29")))).succeeded()
    found = ended(aws, start(aws, stack))
    assert (found["status"], found["error"]) == ("FAILED", "States.TaskFailed")
    cause = json.loads(found["cause"])
    assert cause["StopCode"] == "TaskFailedToStart"
    assert cause["StoppedReason"].startswith("CannotPullContainerError")
    stack.delete()


def test_what_ecs_refuses_is_the_error_of_the_state(aws: LocalAws) -> None:
    failing = {"Parameters": {"Cluster": "no-such-cluster", "TaskDefinition": "<task>"}}
    stack = aws.stack(template(definition(runner("")), machine(failing))).succeeded()
    assert ended(aws, start(aws, stack))["error"] == "ECS.ClusterNotFoundException"
    failing = {"Parameters": {"Cluster": "<cluster>", "TaskDefinition": "no-such-definition"}}
    stack.update(template(definition(runner("")), machine(failing))).succeeded()
    assert ended(aws, start(aws, stack))["error"] == "ECS.ClientException"
    failing = {"Parameters": {"Cluster": "<cluster>", "TaskDefinition": "<task>", "Clutser": "x"}}
    stack.update(template(definition(runner("")), machine(failing))).succeeded()
    assert "Clutser" in ended(aws, start(aws, stack))["cause"]
    stack.delete()


def test_overrides_and_a_catch_of_the_failure(aws: LocalAws) -> None:
    given = {
        "Parameters": {
            "Cluster": "<cluster>",
            "TaskDefinition": "<task>",
            "LaunchType": "FARGATE",
            "Overrides": {
                "ContainerOverrides": [
                    {"Name": "web", "Environment": [{"Name": "CODE", "Value.$": "$.code"}]}
                ]
            },
        },
        "ResultPath": "$.task",
        "Catch": [
            {"ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.failure", "Next": "Failed"}
        ],
    }
    task = definition(runner("process.exit(Number(process.env.CODE))"))
    run = machine(given)
    joined = run["Properties"]["DefinitionString"]["Fn::Join"][1]
    joined[0] = joined[0].replace(
        '"States": {', '"States": {"Failed": {"Type": "Pass", "End": true}, ', 1
    )
    stack = aws.stack(template(task, run)).succeeded()
    well = json.loads(ended(aws, start(aws, stack, {"code": "0"}))["output"])
    assert well["task"]["Containers"][0]["ExitCode"] == 0
    caught = ended(aws, start(aws, stack, {"code": "5"}))
    assert caught["status"] == "SUCCEEDED"
    failure = json.loads(caught["output"])["failure"]
    assert failure["Error"] == "States.TaskFailed"
    assert json.loads(failure["Cause"])["Containers"][0]["ExitCode"] == 5
    stack.delete()


def test_without_sync_the_state_does_not_wait(aws: LocalAws) -> None:
    run = machine({"Resource": "arn:aws:states:::ecs:runTask"})
    stack = aws.stack(template(definition(runner(PRINT_PID)), run)).succeeded()
    found = ended(aws, start(aws, stack))
    assert found["status"] == "SUCCEEDED"
    output = json.loads(found["output"])
    assert output["Failures"] == []
    arn = output["Tasks"][0]["TaskArn"]
    until(lambda: said(aws, stack))
    aws.client("ecs").stop_task(cluster=stack.id("Cluster"), task=arn)
    until(lambda: tasks(aws, stack, "STOPPED")[0]["lastStatus"] == "STOPPED")
    stack.delete()


def stopped(aws: LocalAws, stack: Stack) -> dict[str, Any]:
    until(lambda: [t for t in tasks(aws, stack, "STOPPED") if t["lastStatus"] == "STOPPED"])
    return tasks(aws, stack, "STOPPED")[0]


def test_stopping_an_execution_stops_its_task(aws: LocalAws) -> None:
    stack = aws.stack(template(definition(runner(PRINT_PID)))).succeeded()
    arn = start(aws, stack)
    pid = int(until(lambda: said(aws, stack))[0])
    assert runs(pid)
    states = aws.client("stepfunctions")
    states.stop_execution(executionArn=arn, error="Enough", cause="of it")
    until(lambda: not runs(pid), 5)
    assert "aborted" in stopped(aws, stack)["stoppedReason"]
    found = execution(aws, arn)
    assert (found["status"], found["error"], found["cause"]) == ("ABORTED", "Enough", "of it")
    kinds = [e["type"] for e in states.get_execution_history(executionArn=arn)["events"]]
    assert kinds[-1] == "ExecutionAborted"
    stack.delete()


def test_the_timeout_of_a_machine_stops_its_task(aws: LocalAws) -> None:
    run = machine(TimeoutSeconds=2)
    stack = aws.stack(template(definition(runner(PRINT_PID)), run)).succeeded()
    arn = start(aws, stack)
    pid = int(until(lambda: said(aws, stack))[0])
    found = ended(aws, arn)
    assert (found["status"], found["error"]) == ("TIMED_OUT", "States.Timeout")
    until(lambda: not runs(pid), 5)
    assert "timed out" in stopped(aws, stack)["stoppedReason"]
    time.sleep(0.3)
    assert execution(aws, arn)["status"] == "TIMED_OUT"
    stack.delete()


def test_the_timeout_of_a_state_stops_its_task(aws: LocalAws) -> None:
    run = machine({"TimeoutSeconds": 2})
    stack = aws.stack(template(definition(runner(PRINT_PID)), run)).succeeded()
    arn = start(aws, stack)
    pid = int(until(lambda: said(aws, stack))[0])
    found = ended(aws, arn)
    assert (found["status"], found["error"]) == ("FAILED", "States.Timeout")
    until(lambda: not runs(pid), 5)
    stack.delete()


def test_a_task_ends_with_its_stack(aws: LocalAws) -> None:
    stack = aws.stack(template(definition(runner(PRINT_PID)))).succeeded()
    start(aws, stack)
    pid = int(until(lambda: said(aws, stack))[0])
    stack.delete()
    until(lambda: not runs(pid), 5)


def test_an_execution_that_is_stopped_tries_nothing_again(aws: LocalAws) -> None:
    retry = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 5}
    run = machine({"Retry": [retry]})
    stack = aws.stack(template(definition(runner("process.exit(1)")), run)).succeeded()
    arn = start(aws, stack)
    until(lambda: len(tasks(aws, stack, "STOPPED")) == 1)
    aws.client("stepfunctions").stop_execution(executionArn=arn)
    time.sleep(2)
    assert len(tasks(aws, stack, "STOPPED")) == 1
    stack.delete()
