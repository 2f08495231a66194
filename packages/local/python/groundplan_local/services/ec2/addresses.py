"""``AWS::EC2::EIP``: ``Ref`` is the address itself, everything else wants its allocation."""

from __future__ import annotations

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.ec2 import tags
from groundplan_local.services.values import pick


def _create(context: Context, props: Props) -> Resource:
    made = context.ec2.allocate_address(
        Domain=props.get("Domain", "vpc"),
        **pick(props, "NetworkBorderGroup", "PublicIpv4Pool"),
        **tags.on_create("elastic-ip", props),
    )
    allocation = made["AllocationId"]
    context.undo(lambda: context.ec2.release_address(AllocationId=allocation))
    if props.get("InstanceId"):
        context.ec2.associate_address(AllocationId=allocation, InstanceId=props["InstanceId"])
    return _resource(made["PublicIp"], allocation)


def _update(context: Context, address: str, old: Props, new: Props) -> Resource:
    found = context.ec2.describe_addresses(PublicIps=[address])["Addresses"][0]
    allocation = found["AllocationId"]
    if old.get("InstanceId") != new.get("InstanceId"):
        if found.get("AssociationId"):
            context.ec2.disassociate_address(AssociationId=found["AssociationId"])
        if new.get("InstanceId"):
            context.ec2.associate_address(AllocationId=allocation, InstanceId=new["InstanceId"])
    tags.on_update(context, allocation, old, new)
    return _resource(address, allocation)


def _delete(context: Context, address: str, props: Props) -> None:
    for found in context.ec2.describe_addresses(PublicIps=[address])["Addresses"]:
        if found.get("InstanceId"):
            context.ec2.disassociate_address(AssociationId=found["AssociationId"])
        context.ec2.release_address(AllocationId=found["AllocationId"])


def _resource(address: str, allocation: str) -> Resource:
    return Resource(address, {"AllocationId": allocation, "PublicIp": address})


TYPES = (
    ResourceType(
        "AWS::EC2::EIP",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("Address", "Domain", "IpamPoolId", "NetworkBorderGroup", "TransferAddress"),
        tags="Tags",
    ),
)
