"""``AWS::EC2::VPCCidrBlock``: secondary IPv4 blocks and IPv6."""

from __future__ import annotations

from typing import Any

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.ec2 import vpcs
from groundplan_local.services.values import flag

_CREATE_ONLY = (
    "AmazonProvidedIpv6CidrBlock",
    "CidrBlock",
    "Ipv4IpamPoolId",
    "Ipv4NetmaskLength",
    "Ipv6CidrBlock",
    "Ipv6CidrBlockNetworkBorderGroup",
    "Ipv6IpamPoolId",
    "Ipv6NetmaskLength",
    "Ipv6Pool",
    "VpcId",
)


def _create(context: Context, props: Props) -> Resource:
    request: dict[str, Any] = {}
    if flag(props.get("AmazonProvidedIpv6CidrBlock", False)):
        request["AmazonProvidedIpv6CidrBlock"] = True
    for name in ("CidrBlock", "Ipv6CidrBlock", "Ipv6Pool"):
        if props.get(name):
            request[name] = props[name]
    made = context.ec2.associate_vpc_cidr_block(VpcId=props["VpcId"], **request)
    association = made.get("Ipv6CidrBlockAssociation") or made["CidrBlockAssociation"]
    # Templates read the VPC's blocks from the VPC, whose attributes are older than this block.
    vpcs.refresh(context, props["VpcId"])
    return Resource(association["AssociationId"], {"Id": association["AssociationId"]})


def _delete(context: Context, identifier: str, props: Props) -> None:
    context.ec2.disassociate_vpc_cidr_block(AssociationId=identifier)
    vpcs.refresh(context, props["VpcId"])


TYPES = (
    ResourceType(
        "AWS::EC2::VPCCidrBlock",
        Kind.WRAP,
        create=_create,
        delete=_delete,
        create_only=_CREATE_ONLY,
    ),
)
