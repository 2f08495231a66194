"""``AWS::CloudWatch::Alarm`` on metric mathematics, and ``AnomalyDetector`` (a stub)."""

from __future__ import annotations

import hashlib
from typing import Any

from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.values import flag, number, pick

_native: dict[str, Any] = dict(provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"])

_COPIED = (
    "AlarmActions",
    "AlarmDescription",
    "ComparisonOperator",
    "EvaluateLowSampleCountPercentile",
    "InsufficientDataActions",
    "OKActions",
    "ThresholdMetricId",
    "TreatMissingData",
)


def _query(metric: Props) -> dict[str, Any]:
    query = pick(metric, "AccountId", "Expression", "Id", "Label")
    if "Period" in metric:
        query["Period"] = number(metric["Period"])
    if "ReturnData" in metric:
        query["ReturnData"] = flag(metric["ReturnData"])
    stat = metric.get("MetricStat")
    if stat:
        query["MetricStat"] = {
            **pick(stat, "Metric", "Stat", "Unit"),
            "Period": number(stat["Period"]),
        }
    return query


def _put(context: Context, name: str, props: Props) -> Resource:
    request: dict[str, Any] = pick(props, *_COPIED)
    for key in ("DatapointsToAlarm", "EvaluationPeriods"):
        if key in props:
            request[key] = number(props[key])
    if "Threshold" in props:
        request["Threshold"] = float(props["Threshold"])
    request["ActionsEnabled"] = flag(props.get("ActionsEnabled", True))
    request["Metrics"] = [_query(metric) for metric in props["Metrics"]]
    cloudwatch = context.api("cloudwatch")
    cloudwatch.put_metric_alarm(AlarmName=name, **request)
    arn = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["AlarmArn"]
    _retag(context, arn, props)
    return Resource(name, {"Arn": arn})


def _retag(context: Context, arn: str, props: Props) -> None:
    cloudwatch = context.api("cloudwatch")
    wanted = {tag["Key"]: str(tag.get("Value", "")) for tag in props.get("Tags") or []}
    present = {t["Key"] for t in cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]}
    dropped = sorted(present - set(wanted))
    if dropped:
        cloudwatch.untag_resource(ResourceARN=arn, TagKeys=dropped)
    if wanted:
        tags = [{"Key": key, "Value": value} for key, value in wanted.items()]
        cloudwatch.tag_resource(ResourceARN=arn, Tags=tags)


def _create(context: Context, props: Props) -> Resource:
    if not props.get("Metrics"):
        name, attributes = _native["create"](context.logical_id, props, context.stack)
        return Resource(name, attributes)
    generated = provisioners._physical_name(context.stack, context.logical_id, max_len=255)
    return _put(context, props.get("AlarmName") or generated, props)


def _update(context: Context, name: str, old: Props, new: Props) -> Resource:
    if new.get("Metrics"):
        return _put(context, name, new)
    same_name = {**new, "AlarmName": name}
    updated, attributes = _native["update"](name, old, same_name, context.stack, context.logical_id)
    return Resource(updated, attributes)


def _delete(context: Context, name: str, props: Props) -> None:
    _native["delete"](name, props)


def _create_detector(context: Context, props: Props) -> Resource:
    """The emulator has no anomaly detectors at all: an id, and nothing that learns a band."""
    seed = f"{context.account}/{context.region}/{context.stack}/{context.logical_id}/{props}"
    identifier = hashlib.sha256(seed.encode()).hexdigest()[:32]
    return Resource(identifier, {"Id": identifier})


def _update_detector(context: Context, identifier: str, old: Props, new: Props) -> Resource:
    return Resource(identifier, {"Id": identifier})


def _delete_detector(context: Context, identifier: str, props: Props) -> None:
    return None


TYPES = (
    ResourceType(
        "AWS::CloudWatch::Alarm",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("AlarmName",),
        tags="Tags",
    ),
    ResourceType(
        "AWS::CloudWatch::AnomalyDetector",
        Kind.STUB,
        create=_create_detector,
        update=_update_detector,
        delete=_delete_detector,
        create_only=(
            "Dimensions",
            "MetricCharacteristics",
            "MetricMathAnomalyDetector",
            "MetricName",
            "Namespace",
            "SingleMetricAnomalyDetector",
            "Stat",
        ),
    ),
)
