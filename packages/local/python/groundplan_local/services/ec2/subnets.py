"""``AWS::EC2::Subnet``: the emulator's own handler, then IPv6, and the checks that AWS makes."""

from __future__ import annotations

import ipaddress
from typing import Any

from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.values import flag

_native: dict[str, Any] = dict(provisioners._RESOURCE_HANDLERS["AWS::EC2::Subnet"])


def _check(context: Context, props: Props) -> None:
    """A block outside its VPC or over a sibling's: the emulator takes both in silence."""
    block = ipaddress.ip_network(props["CidrBlock"])
    vpc = context.ec2.describe_vpcs(VpcIds=[props["VpcId"]])["Vpcs"][0]
    outer = [ipaddress.ip_network(a["CidrBlock"]) for a in vpc["CidrBlockAssociationSet"]]
    if not any(block.version == o.version and _within(block, o) for o in outer):
        raise ValueError(
            f"InvalidSubnet.Range: The CIDR '{block}' is invalid: it lies outside the VPC's "
            f"{', '.join(map(str, outer))}"
        )
    siblings = context.ec2.describe_subnets(
        Filters=[{"Name": "vpc-id", "Values": [props["VpcId"]]}]
    )["Subnets"]
    for sibling in siblings:
        if block.overlaps(ipaddress.ip_network(sibling["CidrBlock"])):
            raise ValueError(
                f"InvalidSubnet.Conflict: The CIDR '{block}' conflicts with another subnet: "
                f"{sibling['SubnetId']} has {sibling['CidrBlock']}"
            )


def _within(inner: Any, outer: Any) -> bool:
    return bool(inner.subnet_of(outer))


def _create(context: Context, props: Props) -> Resource:
    _check(context, props)
    identifier, _ = _native["create"](context.logical_id, props, context.stack)
    context.undo(lambda: _native["delete"](identifier, props))
    _apply_ipv6(context, identifier, {}, props)
    return _resource(context, identifier)


def _update(context: Context, identifier: str, old: Props, new: Props) -> Resource:
    updated, _ = _native["update"](identifier, old, new, context.stack, context.logical_id)
    _apply_ipv6(context, updated, old, new)
    return _resource(context, updated)


def _apply_ipv6(context: Context, identifier: str, old: Props, new: Props) -> None:
    before, after = old.get("Ipv6CidrBlock"), new.get("Ipv6CidrBlock")
    assign = flag(new.get("AssignIpv6AddressOnCreation", False))
    was_assigning = flag(old.get("AssignIpv6AddressOnCreation", False))
    if was_assigning and not assign:
        _assign(context, identifier, False)
    if before != after:
        subnet = context.ec2.describe_subnets(SubnetIds=[identifier])["Subnets"][0]
        for held in subnet["Ipv6CidrBlockAssociationSet"]:
            context.ec2.disassociate_subnet_cidr_block(AssociationId=held["AssociationId"])
        if after:
            context.ec2.associate_subnet_cidr_block(SubnetId=identifier, Ipv6CidrBlock=after)
    if assign and not was_assigning:
        _assign(context, identifier, True)


def _assign(context: Context, identifier: str, value: bool) -> None:
    context.ec2.modify_subnet_attribute(
        SubnetId=identifier, AssignIpv6AddressOnCreation={"Value": value}
    )


def _delete(context: Context, identifier: str, props: Props) -> None:
    context.ec2.delete_subnet(SubnetId=identifier)


def _resource(context: Context, identifier: str) -> Resource:
    subnet = context.ec2.describe_subnets(SubnetIds=[identifier])["Subnets"][0]
    acls = context.ec2.describe_network_acls(
        Filters=[{"Name": "association.subnet-id", "Values": [identifier]}]
    )["NetworkAcls"]
    association = next(
        a["NetworkAclAssociationId"]
        for acl in acls
        for a in acl["Associations"]
        if a["SubnetId"] == identifier
    )
    return Resource(
        identifier,
        {
            "AvailabilityZone": subnet["AvailabilityZone"],
            "AvailabilityZoneId": subnet["AvailabilityZoneId"],
            "CidrBlock": subnet["CidrBlock"],
            "Ipv6CidrBlocks": [a["Ipv6CidrBlock"] for a in subnet["Ipv6CidrBlockAssociationSet"]],
            "NetworkAclAssociationId": association,
            "SubnetId": identifier,
            "VpcId": subnet["VpcId"],
        },
    )


TYPES = (
    ResourceType(
        "AWS::EC2::Subnet",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=(
            "AvailabilityZone",
            "AvailabilityZoneId",
            "CidrBlock",
            "Ipv4IpamPoolId",
            "Ipv4NetmaskLength",
            "Ipv6IpamPoolId",
            "Ipv6Native",
            "Ipv6NetmaskLength",
            "OutpostArn",
            "VpcId",
        ),
        tags="Tags",
    ),
)
