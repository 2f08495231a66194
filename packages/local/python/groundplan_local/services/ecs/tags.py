"""Tags of ECS resources, kept to what the template says."""

from __future__ import annotations

from typing import Any

from groundplan_local.registry import Context, Props


def of(props: Props) -> list[dict[str, str]]:
    return [{"key": t["Key"], "value": str(t.get("Value", ""))} for t in props.get("Tags") or []]


def update(context: Context, arn: str, old: Props, new: Props) -> None:
    ecs: Any = context.api("ecs")
    kept = {tag["key"] for tag in of(new)}
    dropped = sorted(tag["key"] for tag in of(old) if tag["key"] not in kept)
    if dropped:
        ecs.untag_resource(resourceArn=arn, tagKeys=dropped)
    if of(new):
        ecs.tag_resource(resourceArn=arn, tags=of(new))
