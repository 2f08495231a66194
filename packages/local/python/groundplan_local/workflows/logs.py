"""The log of executions, in the log group that a state machine names.

One JSON text per event, as https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html shows.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import cloudwatch_logs
from ministack.services import stepfunctions as native

logger = logging.getLogger("groundplan")

_FATAL = ("ExecutionAborted", "ExecutionFailed", "ExecutionTimedOut")
_ERRORS = ("Aborted", "Failed", "TimedOut")
_DATA = ("input", "output", "parameters")


def write(execution: Mapping[str, Any], event: Mapping[str, Any]) -> None:
    """What happened in an execution, where its machine wants it written."""
    machine = native._state_machines.get(execution["stateMachineArn"]) or {}
    configuration = machine.get("loggingConfiguration") or {}
    if not _wanted(str(configuration.get("level", "OFF")), str(event["type"])):
        return
    text = json.dumps(_entry(execution, event, bool(configuration.get("includeExecutionData"))))
    for destination in configuration.get("destinations") or []:
        arn = str((destination.get("cloudWatchLogsLogGroup") or {}).get("logGroupArn", ""))
        try:
            _put(arn, f"states/{machine['name']}/{execution['name']}", text)
        except Exception:  # a log that cannot be written must not stop what it is about
            logger.debug("the log %s of an execution", arn, exc_info=True)


def _wanted(level: str, kind: str) -> bool:
    if level == "ERROR":
        return kind.endswith(_ERRORS)
    return level == "ALL" or (level == "FATAL" and kind in _FATAL)


def _entry(
    execution: Mapping[str, Any], event: Mapping[str, Any], with_data: bool
) -> dict[str, Any]:
    given = (value for key, value in event.items() if key.endswith("EventDetails"))
    details: Mapping[str, Any] = next(given, {})
    shown = {k: v for k, v in details.items() if with_data or k not in _DATA}
    return {
        "id": str(event["id"]),
        "type": event["type"],
        "details": shown,
        "previous_event_id": str(max(0, event["id"] - 1)),
        "event_timestamp": str(native._iso_to_epoch_ms(event["timestamp"])),
        "execution_arn": execution["executionArn"],
    }


def _put(arn: str, stream: str, text: str) -> None:
    parts = arn.split(":")
    name = parts[6]
    with request_scope(parts[4], parts[3]):
        group = cloudwatch_logs._log_groups[name]
        place = {"logGroupName": name, "logStreamName": stream}
        if stream not in group["streams"]:
            cloudwatch_logs._create_log_stream(place)
        moment = int(json.loads(text)["event_timestamp"])
        event = {"timestamp": moment, "message": text}
        cloudwatch_logs._put_log_events({**place, "logEvents": [event]})
