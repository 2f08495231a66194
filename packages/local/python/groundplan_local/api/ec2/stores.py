"""The emulator's EC2 records, by the ids that our completions meet.

Everything here reads and writes the emulator's own stores (scoped by it to the account and
region of the request), so that what we complete lives and dies with the record it belongs to.
"""

from __future__ import annotations

import ipaddress
import secrets
from typing import Any

from ministack.services import ec2

from groundplan_local.api.query import ApiError, Form

Record = dict[str, Any]

native: Any = ec2
"""The emulator's EC2, which is untyped."""

# AWS keeps the first four addresses and the last of every subnet for itself.
_RESERVED_AT_START = 4
_RESERVED = 5


def new_id(prefix: str) -> str:
    return f"{prefix}-0{secrets.token_hex(8)}"


def existing(store: Any, identifier: str, code: str, noun: str) -> Record:
    """The record, or the error that AWS answers for an id it does not know."""
    record = store.get(identifier)
    if record is None:
        raise ApiError(code, f"The {noun} '{identifier}' does not exist")
    found: Record = record
    return found


def vpc(identifier: str) -> Record:
    return existing(native._vpcs, identifier, "InvalidVpcID.NotFound", "vpc ID")


def subnet(identifier: str) -> Record:
    return existing(native._subnets, identifier, "InvalidSubnetID.NotFound", "subnet ID")


def allocation(identifier: str) -> Record:
    return existing(native._addresses, identifier, "InvalidAllocationID.NotFound", "allocation ID")


def forget_tags(*identifiers: str) -> None:
    """A deleted resource keeps no tags; the emulator's delete calls often leave them behind."""
    for identifier in identifiers:
        native._tags.pop(identifier, None)


def keep_tags(form: Form, identifier: str, *resource_types: str) -> None:
    """Tags under the resource type that AWS's API uses, where the emulator reads another name."""
    for resource_type in resource_types:
        native._parse_tag_specs(form.fields, resource_type, identifier)


def free_address(subnet_id: str) -> str:
    """The lowest address of the subnet that no interface holds."""
    record = subnet(subnet_id)
    taken = {
        interface["PrivateIpAddress"]
        for interface in native._network_interfaces.values()
        if interface["SubnetId"] == subnet_id
    }
    network = ipaddress.ip_network(record["CidrBlock"])
    for offset in range(_RESERVED_AT_START, network.num_addresses - 1):
        candidate = str(network.network_address + offset)
        if candidate not in taken:
            return candidate
    raise ApiError(
        "InsufficientFreeAddressesInSubnet", f"The subnet '{subnet_id}' has no free address left"
    )


def free_address_count(record: Record) -> int:
    used = sum(
        1
        for interface in native._network_interfaces.values()
        if interface["SubnetId"] == record["SubnetId"]
    )
    return ipaddress.ip_network(record["CidrBlock"]).num_addresses - _RESERVED - used


def attach_interface(
    subnet_id: str, description: str, interface_type: str, groups: list[str] | None = None
) -> Record:
    """The network interface that AWS makes for a gateway, an endpoint or an instance."""
    record = subnet(subnet_id)
    identifier = new_id("eni")
    interface: Record = {
        "NetworkInterfaceId": identifier,
        "SubnetId": subnet_id,
        "VpcId": record["VpcId"],
        "AvailabilityZone": record["AvailabilityZone"],
        "Description": description,
        "OwnerId": record["OwnerId"],
        "Status": "in-use",
        "PrivateIpAddress": free_address(subnet_id),
        "InterfaceType": interface_type,
        "SourceDestCheck": interface_type == "interface",
        "MacAddress": "02:" + ":".join(f"{octet:02x}" for octet in secrets.token_bytes(5)),
        "Groups": [group_view(group) for group in groups or []],
        "Attachment": None,
    }
    native._network_interfaces[identifier] = interface
    return interface


def group_view(group_id: str) -> dict[str, str]:
    group = native._security_groups.get(group_id) or {}
    return {"GroupId": group_id, "GroupName": str(group.get("GroupName", ""))}


def drop_interfaces(*identifiers: str) -> None:
    for identifier in identifiers:
        native._network_interfaces.pop(identifier, None)
    forget_tags(*identifiers)


def associate_address(allocation_id: str, interface: Record, instance_id: str | None = None) -> str:
    """Bind an Elastic IP to an interface; answers the association's id."""
    record = allocation(allocation_id)
    if record.get("AssociationId"):
        raise ApiError(
            "Resource.AlreadyAssociated",
            f"Elastic IP address [{allocation_id}] is already associated",
        )
    record.update(
        AssociationId=new_id("eipassoc"),
        NetworkInterfaceId=interface["NetworkInterfaceId"],
        PrivateIpAddress=interface["PrivateIpAddress"],
        InstanceId=instance_id,
    )
    return str(record["AssociationId"])


def release_association(allocation_id: str) -> None:
    record = native._addresses.get(allocation_id)
    if record is not None:
        record.update(
            AssociationId=None, NetworkInterfaceId=None, PrivateIpAddress=None, InstanceId=None
        )
