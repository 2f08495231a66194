"""EventBridge Scheduler: schedules and their groups, with everything that a template says."""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.shapes import request

_KEPT = (("RetryPolicy", "retries"), ("DeadLetterConfig", "the dead-letter queue"))


def _named(context: Context, props: Props) -> str:
    return str(
        props.get("Name")
        or provisioners._physical_name(context.stack, context.logical_id, max_len=64)
    )


def _note(props: Props) -> str | None:
    target = props.get("Target") or {}
    kept = [words for name, words in _KEPT if target.get(name)]
    if (props.get("FlexibleTimeWindow") or {}).get("Mode") == "FLEXIBLE":
        kept.append("the flexible window")
    if not kept:
        return None
    return f"starts its target by the clock; only kept and not acted on: {', '.join(kept)}"


def _create(context: Context, props: Props) -> Resource:
    scheduler = context.api("scheduler")
    name = _named(context, props)
    made = scheduler.create_schedule(
        **request(scheduler, "CreateSchedule", {**props, "Name": name})
    )
    return Resource(name, {"Arn": made["ScheduleArn"]}, _note(props))


def _update(context: Context, name: str, old: Props, new: Props) -> Resource:
    # What is left out of an update goes back to its default, as in a template.
    scheduler = context.api("scheduler")
    made = scheduler.update_schedule(**request(scheduler, "UpdateSchedule", {**new, "Name": name}))
    return Resource(name, {"Arn": made["ScheduleArn"]}, _note(new))


def _delete(context: Context, name: str, props: Props) -> None:
    group = props.get("GroupName", "default")
    context.api("scheduler").delete_schedule(Name=name, GroupName=group)


def _group(scheduler: Any, name: str) -> Resource:
    found = scheduler.get_schedule_group(Name=name)
    moments = {k: found[k].isoformat() for k in ("CreationDate", "LastModificationDate")}
    return Resource(name, {"Arn": found["Arn"], "State": found["State"], **moments})


def _create_group(context: Context, props: Props) -> Resource:
    scheduler = context.api("scheduler")
    name = _named(context, props)
    scheduler.create_schedule_group(
        **request(scheduler, "CreateScheduleGroup", {**props, "Name": name})
    )
    return _group(scheduler, name)


def _update_group(context: Context, name: str, old: Props, new: Props) -> Resource:
    scheduler = context.api("scheduler")
    made = _group(scheduler, name)
    arn = made.attributes["Arn"]
    kept = {tag["Key"] for tag in new.get("Tags") or []}
    for tag in old.get("Tags") or []:
        # One at a time: the emulator reads the first of many keys only.
        if tag["Key"] not in kept:
            scheduler.untag_resource(ResourceArn=arn, TagKeys=[tag["Key"]])
    if new.get("Tags"):
        tags = [{"Key": t["Key"], "Value": str(t.get("Value", ""))} for t in new["Tags"]]
        scheduler.tag_resource(ResourceArn=arn, Tags=tags)
    return made


def _delete_group(context: Context, name: str, props: Props) -> None:
    context.api("scheduler").delete_schedule_group(Name=name)


TYPES = (
    ResourceType(
        "AWS::Scheduler::Schedule",
        Kind.BRIDGE,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("GroupName", "Name"),
    ),
    ResourceType(
        "AWS::Scheduler::ScheduleGroup",
        Kind.BRIDGE,
        create=_create_group,
        update=_update_group,
        delete=_delete_group,
        create_only=("Name",),
        tags="Tags",
    ),
)
