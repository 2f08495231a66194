"""Elastic IPs: the emulator forgets what they are bound to and ignores every filter."""

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
    "allocation-id": "allocationId",
    "association-id": "associationId",
    "domain": "domain",
    "instance-id": "instanceId",
    "network-interface-id": "networkInterfaceId",
    "private-ip-address": "privateIpAddress",
    "public-ip": "publicIp",
}


def _describe(form: Form, native: Action) -> Reply:
    def edit(answer: Answer) -> None:
        wanted = set(form.values("PublicIp"))
        for item in answer.items("addressesSet"):
            record = stores.allocation(item.findtext("allocationId") or "")
            if wanted and record["PublicIp"] not in wanted:
                answer.drop("addressesSet", item)
                continue
            put(item, "networkInterfaceId", record.get("NetworkInterfaceId"))
            put(item, "privateIpAddress", record.get("PrivateIpAddress"))
        keep_matching(answer, "addressesSet", _FILTERS, form.filters())
        if wanted and not answer.items("addressesSet"):
            raise ApiError(
                "InvalidAddress.NotFound", f"Address '{', '.join(sorted(wanted))}' not found."
            )

    return edited(native(form.fields), edit)


def _release(form: Form, native: Action) -> Reply:
    record = stores.allocation(form.text("AllocationId"))
    if record.get("AssociationId"):
        raise ApiError(
            "InvalidIPAddress.InUse",
            f"Address {record['PublicIp']} is in use and cannot be released.",
        )
    return native(form.fields)


def _associate(form: Form, native: Action) -> Reply:
    record = stores.allocation(form.text("AllocationId"))
    instance_id = form.text("InstanceId")
    instance = stores.existing(
        stores.native._instances, instance_id, "InvalidInstanceID.NotFound", "instance ID"
    )
    interface = stores.native._network_interfaces.get(instance.get("NetworkInterfaceId", ""))
    if interface is None:
        raise ApiError(
            "InvalidInstanceID", f"The instance '{instance_id}' has no network interface"
        )
    association = stores.associate_address(record["AllocationId"], interface, instance_id)
    instance["PublicIpAddress"] = record["PublicIp"]
    reply: Reply = stores.native._xml(
        200,
        "AssociateAddressResponse",
        f"<return>true</return><associationId>{association}</associationId>",
    )
    return reply


def _disassociate(form: Form, native: Action) -> Reply:
    association = form.text("AssociationId")
    for record in stores.native._addresses.values():
        if record.get("AssociationId") == association:
            stores.release_association(record["AllocationId"])
    return native(form.fields)


def install(actions: Actions) -> None:
    actions.complete("DescribeAddresses", _describe)
    actions.complete("ReleaseAddress", _release)
    actions.complete("AssociateAddress", _associate)
    actions.complete("DisassociateAddress", _disassociate)
