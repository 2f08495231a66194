"""Custom resources that fail say so, and those that never answer stop waiting (fault 2).

The emulator runs the Lambda, ignores what it returned, and waits up to an hour for an answer that
a Lambda which could not start will never send. Here a Lambda that ends in an error answers for
itself with its own error, and one that does not answer in time fails with the end of its log.
"""

from __future__ import annotations

import contextvars
import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import lambda_svc
from ministack.services.cloudformation import custom_resource

DEFAULT_TIMEOUT = 60
_LOG_LINES = 12
# A Lambda that answers and then returns is given this long to be reported by its answer.
_GRACE = 0.2

Execute = Callable[[Mapping[str, Any], Mapping[str, Any]], Any]


def install() -> None:
    native_invoke = custom_resource.invoke_custom_resource
    native_execute: Execute = lambda_svc._execute_function_with_config_scope

    def invoke(
        request_type: str,
        logical_id: str,
        props: Mapping[str, Any],
        *arguments: Any,
        **named: Any,
    ) -> Any:
        timed = {"ServiceTimeout": DEFAULT_TIMEOUT, **props}
        token = _timeout.set(_seconds(timed["ServiceTimeout"]))
        try:
            return native_invoke(request_type, logical_id, timed, *arguments, **named)
        finally:
            _timeout.reset(token)

    def execute(function: Mapping[str, Any], event: Mapping[str, Any]) -> Any:
        seconds = _timeout.get()
        if seconds is None or "ResponseURL" not in event:
            return native_execute(function, event)
        # Only this invocation is a custom resource's; what it causes is not.
        token = _timeout.set(None)
        try:
            return _execute_watched(native_execute, function, event, seconds)
        finally:
            _timeout.reset(token)

    custom_resource.invoke_custom_resource = invoke
    lambda_svc._execute_function_with_config_scope = execute


_timeout: contextvars.ContextVar[float | None] = contextvars.ContextVar(
    "groundplan_custom_resource_timeout", default=None
)


def _seconds(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return DEFAULT_TIMEOUT


def _execute_watched(
    execute: Execute, function: Mapping[str, Any], event: Mapping[str, Any], seconds: float
) -> None:
    token = str(event["ResponseURL"]).rsplit("/", 1)[-1]
    outcome: list[Any] = []
    context = contextvars.copy_context()

    def run() -> None:
        try:
            outcome.append(context.run(execute, function, event))
        except Exception as error:
            outcome.append({"error": True, "body": {"errorMessage": str(error)}})

    thread = threading.Thread(target=run, daemon=True, name="groundplan-custom-resource")
    thread.start()
    answered = _answer_event(token)
    deadline = seconds
    step = 0.05
    while deadline > 0:
        if answered is None or answered.is_set():
            return
        thread.join(step)
        deadline -= step
        if not thread.is_alive():
            break
    if not thread.is_alive() and outcome and _failed(outcome[0]):
        if not (answered and answered.wait(_GRACE)):
            _answer(token, _error_text(function, outcome[0]))
        return
    if answered is not None and not answered.wait(max(deadline, 0)):
        result = outcome[0] if outcome else None
        _answer(token, _silence_text(function, seconds, result))


def _answer_event(token: str) -> threading.Event | None:
    with custom_resource._lock:
        entry = custom_resource._pending.get(token)
    return entry["event"] if entry else None


def _answer(token: str, reason: str) -> None:
    custom_resource.deliver_response(token, {"Status": "FAILED", "Reason": reason})


def _failed(result: Any) -> bool:
    return isinstance(result, Mapping) and bool(result.get("error") or result.get("throttle"))


def _name(function: Mapping[str, Any]) -> str:
    config = function.get("config") or function
    return str(config.get("FunctionName", "the function"))


def _error_text(function: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    body = result.get("body")
    text = body.get("errorMessage") if isinstance(body, Mapping) else body
    said = text if isinstance(text, str) else json.dumps(body)
    return f"The custom resource's Lambda {_name(function)} failed: {said}{_log_tail(result)}"


def _silence_text(function: Mapping[str, Any], seconds: float, result: Any) -> str:
    ended = "ended without answering" if result is not None else "is still running"
    return (
        f"The custom resource's Lambda {_name(function)} did not answer within {seconds:g} s "
        f"(ServiceTimeout); it {ended}.{_log_tail(result)}"
    )


def _log_tail(result: Any) -> str:
    log = result.get("log") if isinstance(result, Mapping) else None
    lines = str(log).strip().splitlines()[-_LOG_LINES:] if log else []
    return "\nIts log ends:\n" + "\n".join(lines) if lines else ""
