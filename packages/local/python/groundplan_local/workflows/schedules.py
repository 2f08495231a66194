"""EventBridge Scheduler: when a schedule is due, in the time zone that it names.

The emulator reads every cron expression in UTC, and forgets nothing of a schedule that was deleted
and made again. What a target does is the emulator's; starts are not tried again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ministack.core.responses import new_uuid, request_scope
from ministack.services import eventbridge
from ministack.services import scheduler as native

logger = logging.getLogger("groundplan")

Schedule = Mapping[str, Any]

# How often it looks; AWS keeps to the minute.
INTERVAL = 1

_fired: dict[tuple[Any, ...], float] = {}


def _zone(schedule: Schedule) -> tzinfo:
    return _zone_named(str(schedule.get("ScheduleExpressionTimezone") or "UTC"))


@cache
def _zone_named(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        logger.warning("this machine does not know the time zone %s; schedules take UTC", name)
        return timezone.utc


def next_start(schedule: Schedule, last: float | None) -> float | None:
    """The moment after the last start at which a schedule is due, or None when it never is."""
    expression = str(schedule["ScheduleExpression"]).strip()
    begun = native._to_epoch(schedule.get("StartDate")) or float(schedule["CreationDate"])
    if expression.startswith("at("):
        if last is not None:
            return None
        moment = datetime.fromisoformat(expression[3:-1].strip())
        return moment.replace(tzinfo=moment.tzinfo or _zone(schedule)).timestamp()
    seconds = eventbridge._parse_rate_seconds(expression)
    if seconds is not None:
        return float((begun if last is None else last) + seconds)
    fields = eventbridge._parse_cron_fields(expression)
    if fields is None:
        return None
    after = datetime.fromtimestamp(begun if last is None else last, _zone(schedule))
    found = eventbridge._cron_next_fire(fields, after)
    # An hour that the clocks leave out in spring is none: the start is the next one that is.
    while found is not None and not _exists(found):
        found = eventbridge._cron_next_fire(fields, found + timedelta(hours=1))
    return found.timestamp() if found else None


def _exists(moment: datetime) -> bool:
    there_and_back = moment.astimezone(timezone.utc).astimezone(moment.tzinfo)
    return there_and_back.replace(tzinfo=None) == moment.replace(tzinfo=None)


def due(schedule: Schedule, last: float | None, now: float) -> bool:
    end = native._to_epoch(schedule.get("EndDate"))
    if schedule.get("State") != "ENABLED" or (end is not None and now > end):
        return False
    start = next_start(schedule, last)
    return start is not None and start <= now


def tick() -> None:
    now = time.time()
    for (account, region, key), schedule in list(native._schedules._data.items()):
        mark = (account, region, key, schedule["CreationDate"])
        with request_scope(account, region):
            try:
                if due(schedule, _fired.get(mark), now):
                    _fired[mark] = now
                    _start(schedule, now)
                    _complete(key, schedule)
            except Exception:  # one schedule must not keep the others from their time
                logger.exception("the schedule %s", schedule.get("Arn"))


def _complete(key: str, schedule: Schedule) -> None:
    once = str(schedule["ScheduleExpression"]).startswith("at(")
    if once and schedule.get("ActionAfterCompletion") == "DELETE":
        native._schedules.pop(key, None)


def _start(schedule: Schedule, now: float) -> None:
    moment = datetime.fromtimestamp(now, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    words = {
        "<aws.scheduler.schedule-arn>": str(schedule["Arn"]),
        "<aws.scheduler.scheduled-time>": moment,
        "<aws.scheduler.execution-id>": new_uuid(),
        "<aws.scheduler.attempt-number>": "1",
    }
    target = dict(schedule["Target"])
    for word, value in words.items():
        if target.get("Input"):
            target["Input"] = str(target["Input"]).replace(word, value)
    account, region = str(schedule["Arn"]).split(":")[4], str(schedule["Arn"]).split(":")[3]
    event = {
        "EventId": new_uuid(),
        "Source": "aws.scheduler",
        "DetailType": "Scheduled Event",
        "Detail": "{}",
        "Time": now,
        "Resources": [schedule["Arn"]],
        "Account": account,
        "Region": region,
    }
    eventbridge._invoke_target(target, event, schedule)


def install() -> None:
    native._SCHEDULE_TICK_INTERVAL = INTERVAL
    native._tick_schedules = tick
