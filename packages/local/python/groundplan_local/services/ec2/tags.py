"""Tags of EC2 resources: one call on create, the difference on update."""

from __future__ import annotations

from typing import Any

from groundplan_local.registry import Context, Props


def on_create(resource_type: str, props: Props) -> dict[str, Any]:
    """``TagSpecifications`` for a create call; an empty list of tags is an error to AWS."""
    tags = pairs(props)
    if not tags:
        return {}
    return {"TagSpecifications": [{"ResourceType": resource_type, "Tags": tags}]}


def on_update(context: Context, identifier: str, old: Props, new: Props) -> None:
    """Only what the template changed: tags that somebody added by hand stay, as on AWS."""
    before = {tag["Key"]: tag["Value"] for tag in pairs(old)}
    after = {tag["Key"]: tag["Value"] for tag in pairs(new)}
    dropped = [{"Key": key} for key in before if key not in after]
    changed = [{"Key": k, "Value": v} for k, v in after.items() if before.get(k) != v]
    if dropped:
        context.ec2.delete_tags(Resources=[identifier], Tags=dropped)
    if changed:
        context.ec2.create_tags(Resources=[identifier], Tags=changed)


def pairs(props: Props) -> list[dict[str, str]]:
    return [
        {"Key": str(tag["Key"]), "Value": str(tag.get("Value", ""))}
        for tag in props.get("Tags") or []
    ]
