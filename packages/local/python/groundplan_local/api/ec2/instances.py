"""Instances: placed in their subnet with an interface of their own.

The emulator invents addresses and a zone whatever the subnet is, and knows no
``ModifyInstanceAttribute``, without which no instance can forward packets. Nothing boots: an
instance is a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    "availability-zone": "instancesSet/item/placement/availabilityZone",
    "iam-instance-profile.arn": "instancesSet/item/iamInstanceProfile/arn",
    "image-id": "instancesSet/item/imageId",
    "instance-id": "instancesSet/item/instanceId",
    "instance-state-name": "instancesSet/item/instanceState/name",
    "instance-type": "instancesSet/item/instanceType",
    "instance.group-id": "instancesSet/item/groupSet/item/groupId",
    "subnet-id": "instancesSet/item/subnetId",
    "vpc-id": "instancesSet/item/vpcId",
}
_INTERFACE_FILTERS = {
    "attachment.instance-id": "attachment/instanceId",
    "description": "description",
    "group-id": "groupSet/item/groupId",
    "interface-type": "interfaceType",
    "network-interface-id": "networkInterfaceId",
    "private-ip-address": "privateIpAddress",
    "status": "status",
    "subnet-id": "subnetId",
    "vpc-id": "vpcId",
}


def _run(form: Form, native: Action) -> Reply:
    prefix = "NetworkInterface.1."
    subnet_id = form.text("SubnetId") or form.text(f"{prefix}SubnetId")
    groups = form.values("SecurityGroupId") or form.values(f"{prefix}SecurityGroupId")
    if subnet_id:
        stores.subnet(subnet_id)
    fields = dict(form.fields)
    if subnet_id:
        fields["SubnetId"] = [subnet_id]
    for number, group in enumerate(groups, start=1):
        stores.existing(
            stores.native._security_groups, group, "InvalidGroup.NotFound", "security group"
        )
        fields[f"SecurityGroupId.{number}"] = [group]

    def keep(answer: Answer) -> None:
        for item in answer.items("instancesSet"):
            _place(_record(item.findtext("instanceId") or ""), form, groups)

    return edited(native(fields), keep)


def _place(record: stores.Record, form: Form, groups: list[str]) -> None:
    subnet = stores.subnet(record["SubnetId"])
    interface = stores.attach_interface(subnet["SubnetId"], "", "interface", groups)
    interface["Attachment"] = {
        "AttachmentId": stores.new_id("eni-attach"),
        "InstanceId": record["InstanceId"],
        "DeviceIndex": 0,
        "Status": "attached",
        "AttachTime": record["LaunchTime"],
    }
    public = form.flag("NetworkInterface.1.AssociatePublicIpAddress")
    if public is None:
        public = bool(subnet["MapPublicIpOnLaunch"])
    address = interface["PrivateIpAddress"]
    region = stores.native.get_region()
    record.update(
        NetworkInterfaceId=interface["NetworkInterfaceId"],
        VpcId=subnet["VpcId"],
        PrivateIpAddress=address,
        PrivateDnsName=f"ip-{address.replace('.', '-')}.{region}.compute.internal",
        PublicIpAddress=record["PublicIpAddress"] if public else "",
        PublicDnsName=record["PublicDnsName"] if public else "",
        Placement={**record["Placement"], "AvailabilityZone": subnet["AvailabilityZone"]},
        MetadataOptions={
            "state": "applied",
            "httpTokens": form.text("MetadataOptions.HttpTokens", "optional"),
            "httpEndpoint": form.text("MetadataOptions.HttpEndpoint", "enabled"),
            "httpPutResponseHopLimit": form.text("MetadataOptions.HttpPutResponseHopLimit", "1"),
        },
    )


def _describe(form: Form, native: Action) -> Reply:
    def edit(answer: Answer) -> None:
        for reservation in answer.items("reservationSet"):
            for item in reservation.findall("instancesSet/item"):
                _show(item, _record(item.findtext("instanceId") or ""))
        wanted = form.filters()
        tagged = {name: values for name, values in wanted.items() if name.startswith("tag")}
        others = {name: values for name, values in wanted.items() if name not in tagged}
        keep_matching(answer, "reservationSet", _FILTERS, others)

    return edited(native(_only_tag_filters(form)), edit)


def _only_tag_filters(form: Form) -> Mapping[str, Any]:
    """The emulator filters instances by tag well; the rest is filtered after completing them."""
    fields = form.without("Filter.")
    tagged = [item for item in form.filters().items() if item[0].startswith("tag")]
    for number, (name, values) in enumerate(tagged, start=1):
        fields[f"Filter.{number}.Name"] = [name]
        for position, value in enumerate(values, start=1):
            fields[f"Filter.{number}.Value.{position}"] = [value]
    return fields


def _show(item: Any, record: stores.Record) -> None:
    for member in ("ipAddress", "dnsName", "keyName"):
        if not item.findtext(member):
            put(item, member, None)
    put(item, "metadataOptions", record.get("MetadataOptions"))
    interface = stores.native._network_interfaces.get(record.get("NetworkInterfaceId", ""))
    if interface is None:
        return
    shown = {
        "networkInterfaceId": interface["NetworkInterfaceId"],
        "subnetId": interface["SubnetId"],
        "vpcId": interface["VpcId"],
        "privateIpAddress": interface["PrivateIpAddress"],
        "sourceDestCheck": record["SourceDestCheck"],
        "status": interface["Status"],
        "interfaceType": "interface",
        "groupSet": [
            {"groupId": group["GroupId"], "groupName": group["GroupName"]}
            for group in interface["Groups"]
        ],
    }
    put(item, "networkInterfaceSet", [shown])


def _modify(form: Form) -> Mapping[str, Any]:
    record = _record(form.text("InstanceId") or form.text("instanceId"))
    interface = stores.native._network_interfaces.get(record.get("NetworkInterfaceId", ""), {})
    check = form.flag("SourceDestCheck.Value")
    groups = form.values("GroupId")
    known = {"Action", "Version", "InstanceId", "instanceId", "SourceDestCheck.Value"}
    unknown = sorted(key for key in form.fields if key not in known and "GroupId" not in key)
    if unknown:
        raise ApiError("UnsupportedOperation", f"{', '.join(unknown)} cannot be modified locally")
    if check is not None:
        record["SourceDestCheck"] = check
        interface["SourceDestCheck"] = check
    if groups:
        record["SecurityGroups"] = [stores.group_view(group) for group in groups]
        interface["Groups"] = record["SecurityGroups"]
    return {"return": True}


def _describe_attribute(form: Form, native: Action) -> Reply:
    """Two that matter here are answered by the emulator with a constant."""
    record = _record(form.text("InstanceId"))

    def edit(answer: Answer) -> None:
        wanted = form.text("Attribute")
        if wanted == "sourceDestCheck":
            put(answer.root, wanted, {"value": record["SourceDestCheck"]})
        if wanted == "userData" and record.get("UserData"):
            put(answer.root, wanted, {"value": record["UserData"]})

    return edited(native(form.fields), edit)


def _terminate(form: Form, native: Action) -> Reply:
    def drop(_answer: Answer) -> None:
        for identifier in form.values("InstanceId"):
            record = _record(identifier)
            stores.drop_interfaces(record.pop("NetworkInterfaceId", ""))
            stores.forget_tags(identifier)
            _drop_profiles(identifier)
            for mapping in record.pop("BlockDeviceMappings", []):
                stores.native._volumes.pop(mapping["Ebs"]["VolumeId"], None)

    return edited(native(form.fields), drop)


def _drop_profiles(instance_id: str) -> None:
    associations = stores.native._iam_instance_profile_associations
    for identifier, association in associations.items():
        if association.get("InstanceId") == instance_id:
            associations.pop(identifier, None)


def _describe_interfaces(form: Form, native: Action) -> Reply:
    def edit(answer: Answer) -> None:
        keep_matching(answer, "networkInterfaceSet", _INTERFACE_FILTERS, form.filters())

    return edited(native(form.fields), edit)


def _record(identifier: str) -> stores.Record:
    return stores.existing(
        stores.native._instances, identifier, "InvalidInstanceID.NotFound", "instance ID"
    )


def install(actions: Actions) -> None:
    actions.complete("RunInstances", _run)
    actions.complete("DescribeInstances", _describe)
    actions.complete("DescribeInstanceAttribute", _describe_attribute)
    actions.complete("TerminateInstances", _terminate)
    actions.complete("DescribeNetworkInterfaces", _describe_interfaces)
    actions.add("ModifyInstanceAttribute", _modify)
