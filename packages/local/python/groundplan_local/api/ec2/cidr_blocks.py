"""Address blocks of VPCs and subnets: secondary IPv4 and all of IPv6, which the emulator lacks."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Mapping
from typing import Any

from groundplan_local.api.ec2 import network_acls, stores
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

_VPC_FILTERS = {
    "cidr": "cidrBlock",
    "cidr-block-association.cidr-block": "cidrBlockAssociationSet/item/cidrBlock",
    "ipv6-cidr-block-association.ipv6-cidr-block": "ipv6CidrBlockAssociationSet/item/ipv6CidrBlock",
    "is-default": "isDefault",
    "owner-id": "ownerId",
    "state": "state",
    "vpc-id": "vpcId",
}
_SUBNET_FILTERS = {
    "availability-zone": "availabilityZone",
    "availability-zone-id": "availabilityZoneId",
    "cidr": "cidrBlock",
    "cidr-block": "cidrBlock",
    "cidrBlock": "cidrBlock",
    "default-for-az": "defaultForAz",
    "ipv6-cidr-block-association.ipv6-cidr-block": "ipv6CidrBlockAssociationSet/item/ipv6CidrBlock",
    "map-public-ip-on-launch": "mapPublicIpOnLaunch",
    "owner-id": "ownerId",
    "state": "state",
    "subnet-id": "subnetId",
    "vpc-id": "vpcId",
}


def amazon_block(vpc_id: str) -> str:
    """A /56 from the block reserved for documentation: it can never be anybody's real address."""
    digest = hashlib.sha256(vpc_id.encode()).hexdigest()
    return str(ipaddress.ip_network(f"2001:db8:{digest[:4]}:{digest[4:6]}00::/56"))


def _associate_vpc(form: Form) -> Mapping[str, Any]:
    vpc = stores.vpc(form.text("vpcId") or form.text("VpcId"))
    amazon = form.flag("amazonProvidedIpv6CidrBlock") or form.flag("AmazonProvidedIpv6CidrBlock")
    ipv6 = amazon_block(vpc["VpcId"]) if amazon else form.text("Ipv6CidrBlock")
    if ipv6:
        return {
            "ipv6CidrBlockAssociation": _add_ipv6(vpc, ipv6, "Amazon" if amazon else "BYOIP"),
            "vpcId": vpc["VpcId"],
        }
    block = form.text("CidrBlock")
    if not block:
        raise ApiError("MissingParameter", "CidrBlock or an IPv6 block is required")
    return {"cidrBlockAssociation": _add_ipv4(vpc, block), "vpcId": vpc["VpcId"]}


def _add_ipv6(vpc: stores.Record, block: str, pool: str) -> stores.Record:
    held = vpc.setdefault("Ipv6CidrBlockAssociations", [])
    if pool == "Amazon" and any(other["ipv6Pool"] == "Amazon" for other in held):
        raise ApiError(
            "InvalidParameterValue", f"The vpc '{vpc['VpcId']}' has an Amazon IPv6 block already"
        )
    association = {
        "associationId": stores.new_id("vpc-cidr-assoc"),
        "ipv6CidrBlock": str(ipaddress.ip_network(block)),
        "ipv6CidrBlockState": {"state": "associated"},
        "networkBorderGroup": stores.native.get_region(),
        "ipv6Pool": pool,
    }
    held.append(association)
    _open_default_acl(vpc, add=len(held) == 1)
    return association


def _open_default_acl(vpc: stores.Record, add: bool) -> None:
    """AWS lets IPv6 through a VPC's default ACL as soon as the VPC has IPv6."""
    acl = stores.native._network_acls.get(vpc.get("DefaultNetworkAclId", ""))
    if acl is None or not add:
        return
    for egress in (False, True):
        acl["Entries"].append(
            {
                "RuleNumber": 101,
                "Protocol": "-1",
                "RuleAction": "allow",
                "Egress": egress,
                "Ipv6CidrBlock": "::/0",
            }
        )
    acl["Entries"] += [e for e in network_acls.closing_entries(True) if "Ipv6CidrBlock" in e]


def _add_ipv4(vpc: stores.Record, block: str) -> stores.Record:
    network = ipaddress.ip_network(block)
    for other in ipv4_blocks(vpc):
        if network.overlaps(ipaddress.ip_network(other)):
            raise ApiError(
                "InvalidVpc.Range",
                f"The CIDR '{block}' conflicts with the block {other} of the VPC",
            )
    association = {
        "associationId": stores.new_id("vpc-cidr-assoc"),
        "cidrBlock": str(network),
        "cidrBlockState": {"state": "associated"},
    }
    vpc.setdefault("CidrBlockAssociations", []).append(association)
    return association


def ipv4_blocks(vpc: stores.Record) -> list[str]:
    extra = [held["cidrBlock"] for held in vpc.get("CidrBlockAssociations", [])]
    return [vpc["CidrBlock"], *extra]


def ipv6_blocks(vpc: stores.Record) -> list[str]:
    return [held["ipv6CidrBlock"] for held in vpc.get("Ipv6CidrBlockAssociations", [])]


def _disassociate_vpc(form: Form) -> Mapping[str, Any]:
    wanted = form.text("associationId") or form.text("AssociationId")
    for vpc in stores.native._vpcs.values():
        for key, member in (
            ("CidrBlockAssociations", "cidrBlock"),
            ("Ipv6CidrBlockAssociations", "ipv6CidrBlock"),
        ):
            for held in vpc.get(key, []):
                if held["associationId"] == wanted:
                    _refuse_used(vpc["VpcId"], held[member])
                    vpc[key].remove(held)
                    return {f"{member}Association": held, "vpcId": vpc["VpcId"]}
    raise ApiError(
        "InvalidVpcCidrBlockAssociationID.NotFound", f"The association '{wanted}' does not exist"
    )


def _refuse_used(vpc_id: str, block: str) -> None:
    network = ipaddress.ip_network(block)
    for subnet in stores.native._subnets.values():
        if subnet["VpcId"] != vpc_id:
            continue
        held = [subnet["CidrBlock"], *(a["ipv6CidrBlock"] for a in _subnet_ipv6(subnet))]
        if any(_inside(part, network) for part in held):
            raise ApiError(
                "InvalidCidrBlock.InUse", f"The block {block} is in use by {subnet['SubnetId']}"
            )


def _inside(block: str, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    inner = ipaddress.ip_network(block)
    return inner.version == network.version and inner.overlaps(network)


def _subnet_ipv6(subnet: stores.Record) -> list[stores.Record]:
    held: list[stores.Record] = subnet.setdefault("Ipv6CidrBlockAssociations", [])
    return held


def _associate_subnet(form: Form) -> Mapping[str, Any]:
    subnet = stores.subnet(form.text("subnetId") or form.text("SubnetId"))
    block = form.text("ipv6CidrBlock") or form.text("Ipv6CidrBlock")
    network = ipaddress.ip_network(block)
    vpc = stores.vpc(subnet["VpcId"])
    if not any(_inside(block, ipaddress.ip_network(outer)) for outer in ipv6_blocks(vpc)):
        raise ApiError("InvalidSubnet.Range", f"The CIDR '{block}' is invalid for the VPC")
    for other in stores.native._subnets.values():
        for held in _subnet_ipv6(other):
            if other["VpcId"] == vpc["VpcId"] and _inside(held["ipv6CidrBlock"], network):
                raise ApiError(
                    "InvalidSubnet.Conflict",
                    f"The CIDR '{block}' conflicts with another subnet: {other['SubnetId']}",
                )
    association = {
        "associationId": stores.new_id("subnet-cidr-assoc"),
        "ipv6CidrBlock": str(network),
        "ipv6CidrBlockState": {"state": "associated"},
    }
    _subnet_ipv6(subnet).append(association)
    return {"ipv6CidrBlockAssociation": association, "subnetId": subnet["SubnetId"]}


def _disassociate_subnet(form: Form) -> Mapping[str, Any]:
    wanted = form.text("associationId") or form.text("AssociationId")
    for subnet in stores.native._subnets.values():
        for held in _subnet_ipv6(subnet):
            if held["associationId"] == wanted:
                subnet["Ipv6CidrBlockAssociations"].remove(held)
                return {"ipv6CidrBlockAssociation": held, "subnetId": subnet["SubnetId"]}
    raise ApiError(
        "InvalidSubnetCidrBlockAssociationID.NotFound",
        f"The association '{wanted}' does not exist",
    )


def _modify_subnet(form: Form, native: Action) -> Reply:
    subnet = stores.subnet(form.text("SubnetId"))
    assign = form.flag("AssignIpv6AddressOnCreation.Value")
    if assign is not None:
        if assign and not _subnet_ipv6(subnet):
            raise ApiError(
                "InvalidParameterValue",
                f"The subnet '{subnet['SubnetId']}' has no IPv6 CIDR block",
            )
        subnet["AssignIpv6AddressOnCreation"] = assign
    return native(form.fields)


def _describe_vpcs(form: Form, native: Action) -> Reply:
    def edit(answer: Answer) -> None:
        for item in answer.items("vpcSet"):
            vpc = stores.vpc(item.findtext("vpcId") or "")
            first = item.find("cidrBlockAssociationSet/item")
            blocks = list(vpc.get("CidrBlockAssociations", []))
            if first is not None:
                primary = {
                    "associationId": first.findtext("associationId"),
                    "cidrBlock": vpc["CidrBlock"],
                    "cidrBlockState": {"state": "associated"},
                }
                put(item, "cidrBlockAssociationSet", [primary, *blocks])
            put(item, "ipv6CidrBlockAssociationSet", vpc.get("Ipv6CidrBlockAssociations", []))
        keep_matching(answer, "vpcSet", _VPC_FILTERS, form.filters())

    return edited(native(form.without("Filter.")), edit)


def _describe_subnets(form: Form, native: Action) -> Reply:
    def edit(answer: Answer) -> None:
        for item in answer.items("subnetSet"):
            subnet = stores.subnet(item.findtext("subnetId") or "")
            put(item, "ipv6CidrBlockAssociationSet", _subnet_ipv6(subnet))
            put(
                item,
                "assignIpv6AddressOnCreation",
                bool(subnet.get("AssignIpv6AddressOnCreation")),
            )
            put(item, "availableIpAddressCount", stores.free_address_count(subnet))
        keep_matching(answer, "subnetSet", _SUBNET_FILTERS, form.filters())

    return edited(native(form.without("Filter.")), edit)


def _delete_subnet(form: Form, native: Action) -> Reply:
    subnet_id = form.text("SubnetId")
    used = [
        interface["NetworkInterfaceId"]
        for interface in stores.native._network_interfaces.values()
        if interface["SubnetId"] == subnet_id
    ]
    if used:
        raise ApiError(
            "DependencyViolation",
            f"The subnet '{subnet_id}' has dependencies and cannot be deleted: {', '.join(used)}",
        )

    def forget(_answer: Answer) -> None:
        stores.forget_tags(subnet_id)
        for acl in stores.native._network_acls.values():
            acl["Associations"] = [a for a in acl["Associations"] if a["SubnetId"] != subnet_id]

    return edited(native(form.fields), forget)


def install(actions: Actions) -> None:
    actions.add("AssociateVpcCidrBlock", _associate_vpc)
    actions.add("DisassociateVpcCidrBlock", _disassociate_vpc)
    actions.add("AssociateSubnetCidrBlock", _associate_subnet)
    actions.add("DisassociateSubnetCidrBlock", _disassociate_subnet)
    actions.complete("ModifySubnetAttribute", _modify_subnet)
    actions.complete("DescribeVpcs", _describe_vpcs)
    actions.complete("DescribeSubnets", _describe_subnets)
    actions.complete("DeleteSubnet", _delete_subnet)
