"""Tags of RDS resources: CloudFormation gives all that are wanted, the API takes differences."""

from __future__ import annotations

from groundplan_local.registry import Context, Props


def wanted(props: Props) -> dict[str, str]:
    return {tag["Key"]: str(tag.get("Value", "")) for tag in props.get("Tags") or []}


def listed(props: Props) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in wanted(props).items()]


def update(context: Context, arn: str, old: Props, new: Props) -> None:
    rds = context.api("rds")
    gone = sorted(wanted(old).keys() - wanted(new).keys())
    if gone:
        rds.remove_tags_from_resource(ResourceName=arn, TagKeys=gone)
    if wanted(new) and wanted(new) != wanted(old):
        rds.add_tags_to_resource(ResourceName=arn, Tags=listed(new))
