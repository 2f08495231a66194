"""Flow logs: the emulator takes where they go and how they are written, and forgets it."""

from __future__ import annotations

from groundplan_local.api.ec2 import stores
from groundplan_local.api.query import (
    Action,
    Actions,
    Answer,
    ApiError,
    Form,
    Reply,
    edited,
    keep_matching,
    put,
)

_FILTERS = {
    "deliver-log-status": "deliverLogsStatus",
    "flow-log-id": "flowLogId",
    "log-destination-type": "logDestinationType",
    "log-group-name": "logGroupName",
    "resource-id": "resourceId",
    "traffic-type": "trafficType",
}

# The documented defaults of CreateFlowLogs.
_DEFAULT_FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} "
    "${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}"
)
_DEFAULT_INTERVAL = 600

_KNOWN_RESOURCES = {
    "VPC": ("_vpcs", "InvalidVpcID.NotFound", "vpc ID"),
    "Subnet": ("_subnets", "InvalidSubnetID.NotFound", "subnet ID"),
    "NetworkInterface": (
        "_network_interfaces",
        "InvalidNetworkInterfaceID.NotFound",
        "network interface",
    ),
}


def _create(form: Form, native: Action) -> Reply:
    kind = form.text("ResourceType")
    if kind in _KNOWN_RESOURCES:
        store, code, noun = _KNOWN_RESOURCES[kind]
        for resource in form.values("ResourceId"):
            stores.existing(getattr(stores.native, store), resource, code, noun)
    if form.text("LogDestinationType") == "s3" and not form.text("LogDestination"):
        raise ApiError("InvalidParameter", "LogDestination must be specified for s3")

    def keep(answer: Answer) -> None:
        for node in answer.items("flowLogIdSet"):
            record = _record(node.text or "")
            record["Completed"] = _kept(form)
            stores.keep_tags(form, record["FlowLogId"], "vpc-flow-log")

    return edited(native(form.fields), keep)


def _kept(form: Form) -> stores.Record:
    """The answer's members that the emulator drops, by the names AWS answers them with."""
    to_s3 = form.text("LogDestinationType") == "s3"
    options = {
        "fileFormat": form.text("DestinationOptions.FileFormat", "plain-text"),
        "hiveCompatiblePartitions": form.flag("DestinationOptions.HiveCompatiblePartitions")
        or False,
        "perHourPartition": form.flag("DestinationOptions.PerHourPartition") or False,
    }
    return {
        "logGroupName": form.text("LogGroupName") or None,
        "logDestination": form.text("LogDestination") or None,
        "deliverLogsPermissionArn": form.text("DeliverLogsPermissionArn") or None,
        "deliverCrossAccountRole": form.text("DeliverCrossAccountRole") or None,
        "deliverLogsStatus": "SUCCESS",
        "logFormat": form.text("LogFormat", _DEFAULT_FORMAT),
        "maxAggregationInterval": int(form.text("MaxAggregationInterval") or _DEFAULT_INTERVAL),
        "destinationOptions": options if to_s3 else None,
    }


def _describe(form: Form, native: Action) -> Reply:
    def edit(answer: Answer) -> None:
        for item in answer.items("flowLogSet"):
            record = _record(item.findtext("flowLogId") or "")
            for name, value in record.get("Completed", {}).items():
                put(item, name, value)
        keep_matching(answer, "flowLogSet", _FILTERS, form.filters())

    return edited(native(form.fields), edit)


def _record(identifier: str) -> stores.Record:
    return stores.existing(
        stores.native._flow_logs, identifier, "InvalidFlowLogId.NotFound", "flow log"
    )


def install(actions: Actions) -> None:
    actions.complete("CreateFlowLogs", _create)
    actions.complete("DescribeFlowLogs", _describe)
