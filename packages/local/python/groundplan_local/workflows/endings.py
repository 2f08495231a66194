"""How executions end: by a stop, by their timeout, and then for good.

The emulator's states go on after the execution was stopped, and write over how it had ended.
"""

from __future__ import annotations

import contextvars
import json
import threading
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from ministack.core.responses import now_iso
from ministack.services import stepfunctions as native

from groundplan_local.workflows import logs

Execution = dict[str, Any]

_SLICE = 0.1
_ENDED = {"ABORTED": "was aborted", "FAILED": "has failed", "TIMED_OUT": "has timed out"}

# The execution that a thread works for, after those that wait for it.
_chain: ContextVar[tuple[Execution, ...]] = ContextVar("groundplan_executions", default=())
# Set once nobody waits for the state any more.
_given_up: ContextVar[tuple[threading.Event, ...]] = ContextVar("groundplan_given_up", default=())
_ending = threading.Lock()


def over() -> str | None:
    """Why nobody waits for what this thread does, or None."""
    for execution in _chain.get():
        if execution["status"] != "RUNNING":
            ended = _ENDED.get(execution["status"], "has ended")
            return f"the execution {execution['name']} of Step Functions {ended}"
    if any(event.is_set() for event in _given_up.get()):
        return "the state of Step Functions that started it has timed out"
    return None


def stop_if_over() -> None:
    reason = over()
    if reason:
        raise native._ExecutionError("States.Runtime", reason)


def sleep(seconds: float) -> None:
    end = time.monotonic() + seconds * native._SFN_WAIT_SCALE
    while (left := end - time.monotonic()) > 0:
        stop_if_over()
        time.sleep(min(left, _SLICE))
    stop_if_over()


def _timeout(execution: Execution) -> float | None:
    machine = native._state_machines.get(execution["stateMachineArn"]) or {}
    try:
        seconds = json.loads(machine["definition"]).get("TimeoutSeconds")
    except (KeyError, ValueError, AttributeError):
        return None  # the emulator says what is wrong with it
    return float(seconds) if seconds else None


def _time_out(execution: Execution) -> None:
    with _ending:
        if execution["status"] != "RUNNING":
            return
        execution["stopDate"], execution["error"] = now_iso(), "States.Timeout"
        execution["status"] = "TIMED_OUT"
    details = {"executionTimedOutEventDetails": {"error": "States.Timeout"}}
    native._add_event(execution, "ExecutionTimedOut", details)
    native._emit_execution_status_event(execution)


def _run(native_run: Callable[[str], None]) -> Callable[[str], None]:
    def run_execution(arn: str) -> None:
        execution = native._executions.get(arn)
        if execution is None:
            return
        logs.write(execution, execution["events"][0])
        # What was started without waiting does not end with whoever started it.
        waiting = _chain.get() if execution.get("sync") else ()
        token = _chain.set((*waiting, execution))
        seconds = _timeout(execution)
        scope = contextvars.copy_context()
        timer = threading.Timer(seconds or 0, scope.run, (_time_out, execution))
        timer.daemon = True
        if seconds:
            timer.start()
        try:
            native_run(arn)
        finally:
            timer.cancel()
            _chain.reset(token)

    return run_execution


def _fail(native_fail: Callable[..., None]) -> Callable[..., None]:
    def fail_execution(execution: Execution, error: str, cause: str) -> None:
        with _ending:
            if execution["status"] == "RUNNING":
                native_fail(execution, error, cause)

    return fail_execution


def _add_event(native_add: Callable[..., Any]) -> Callable[..., Any]:
    def add_event(execution: Execution, kind: str, details: Mapping[str, Any] | None = None) -> Any:
        if execution["status"] != "RUNNING" and not kind.startswith("Execution"):
            return {}
        event = native_add(execution, kind, details)
        logs.write(execution, event)
        return event

    return add_event


def _with_timeout(native_invoke: Callable[..., Any]) -> Callable[..., Any]:
    def invoke_with_timeout(resource: str, given: Any, timeout: float) -> Any:
        given_up = threading.Event()
        token = _given_up.set((*_given_up.get(), given_up))
        try:
            return native_invoke(resource, given, timeout)
        finally:
            given_up.set()
            _given_up.reset(token)

    return invoke_with_timeout


def _invoke(native_invoke: Callable[..., Any]) -> Callable[..., Any]:
    def invoke(resource: str, given: Any) -> Any:
        stop_if_over()
        return native_invoke(resource, given)

    return invoke


def _delete(native_delete: Callable[..., Any]) -> Callable[..., Any]:
    """What runs of a machine ends with it; AWS lets it come to its next state."""

    def delete_state_machine(data: Mapping[str, Any]) -> Any:
        arn = data.get("stateMachineArn")
        for execution in list(native._executions.values()):
            if execution["stateMachineArn"] == arn and execution["status"] == "RUNNING":
                stopped = {"executionArn": execution["executionArn"]}
                native._stop_execution({**stopped, "cause": "The state machine was deleted."})
        return native_delete(data)

    return delete_state_machine


def install() -> None:
    native._delete_state_machine = _delete(native._delete_state_machine)
    native._run_execution = _run(native._run_execution)
    native._fail_execution = _fail(native._fail_execution)
    native._add_event = _add_event(native._add_event)
    native._invoke_resource = _invoke(native._invoke_resource)
    native._invoke_resource_with_timeout = _with_timeout(native._invoke_resource_with_timeout)
    native._scaled_sleep = sleep
