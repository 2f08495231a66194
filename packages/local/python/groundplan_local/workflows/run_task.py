"""``ecs:runTask`` and ``ecs:runTask.sync``: the state ends as the task does (fault 10).

The output of ``.sync`` is the task as its last event on AWS describes it: PascalCase, moments in
milliseconds. The same text is the cause when the task failed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import _service_model
from ministack.services import ecs
from ministack.services import stepfunctions as native

from groundplan_local.services.shapes import converted
from groundplan_local.workflows.endings import over, stop_if_over

RESOURCE = "arn:aws:states:::ecs:runTask"

_POLL = 0.05
_EXITED = "EssentialContainerExited"
_STARTED_BY = "AWS Step Functions"

Task = dict[str, Any]


def run_task(resource: str, given: Mapping[str, Any]) -> Any:
    waits = resource.endswith(".sync")
    asked = _asked(given, waits)
    status, _headers, body = ecs._ACTION_MAP["RunTask"](asked)
    answered = json.loads(body)
    if status >= 400:
        code = str(answered.get("__type", "AmazonECSException"))
        raise native._ExecutionError(f"ECS.{code}", str(answered.get("message", "")))
    if answered["failures"]:
        failures = {"Failures": described(answered["failures"], _output("RunTask", "failures"))}
        raise native._ExecutionError("AmazonECS.Unknown", json.dumps(failures))
    arns = [str(task["taskArn"]) for task in answered["tasks"]]
    if not waits:
        return {"Failures": [], "Tasks": _tasks(asked, arns)}
    _wait(asked, arns)
    task = _tasks(asked, arns)[0]
    if any(failed(ecs._tasks[arn]) for arn in arns):
        raise native._ExecutionError("States.TaskFailed", json.dumps(task))
    return task


def _asked(given: Mapping[str, Any], waits: bool) -> dict[str, Any]:
    shape = _service_model("ecs").operation_model("RunTask").input_shape
    try:
        asked: dict[str, Any] = converted(shape, given)
    except ValueError as error:
        raise native._ExecutionError("States.Runtime", str(error)) from error
    if waits:
        asked.setdefault("startedBy", _STARTED_BY)
    return asked


def _wait(asked: Mapping[str, Any], arns: list[str]) -> None:
    """Until the tasks have stopped; they are stopped when nobody waits for them any more."""
    while any(ecs._tasks[arn].get("lastStatus") != "STOPPED" for arn in arns if arn in ecs._tasks):
        reason = over()
        if reason:
            for arn in arns:
                ecs._ACTION_MAP["StopTask"]({**_cluster(asked), "task": arn, "reason": reason})
            stop_if_over()
        time.sleep(_POLL)
    if any(arn not in ecs._tasks for arn in arns):
        raise native._ExecutionError("States.TaskFailed", "the task is gone")


def failed(task: Task) -> bool:
    """Stopped by anything but the end of a container, or with an essential one that failed."""
    essential = task["_container_essentials"]
    return task.get("stopCode") != _EXITED or any(
        decides and container.get("exitCode") != 0
        for decides, container in zip(essential, task["containers"], strict=True)
    )


def _cluster(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"cluster": asked.get("cluster", "default")}


def _tasks(asked: Mapping[str, Any], arns: list[str]) -> list[Task]:
    data = {**_cluster(asked), "tasks": arns, "include": ["TAGS"]}
    answered = json.loads(ecs._ACTION_MAP["DescribeTasks"](data)[2])
    tasks: list[Task] = described(answered["tasks"], _output("DescribeTasks", "tasks"))
    return tasks


def _output(operation: str, member: str) -> Any:
    return _service_model("ecs").operation_model(operation).output_shape.members[member]


def described(value: Any, shape: Any) -> Any:
    """An answer of the API as Step Functions shows it."""
    kind = shape.type_name
    if kind == "structure" and isinstance(value, Mapping):
        return {
            native._api_name_to_sfn_key(name): described(inner, shape.members[name])
            for name, inner in value.items()
            if name in shape.members
        }
    if kind == "list" and isinstance(value, list):
        return [described(item, shape.member) for item in value]
    if kind == "timestamp":
        return int(ecs._ts_to_epoch(value) * 1000)
    return value


def install() -> None:
    native._SERVICE_DISPATCH[RESOURCE] = run_task
