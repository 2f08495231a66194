"""``AWS::EC2::NetworkAcl``, its entries, and the subnets it guards."""

from __future__ import annotations

from typing import Any

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.ec2 import tags
from groundplan_local.services.values import flag, number, pick


def _create_acl(context: Context, props: Props) -> Resource:
    made = context.ec2.create_network_acl(
        VpcId=props["VpcId"], **tags.on_create("network-acl", props)
    )
    identifier = made["NetworkAcl"]["NetworkAclId"]
    return Resource(identifier, {"Id": identifier})


def _update_acl(context: Context, identifier: str, old: Props, new: Props) -> Resource:
    tags.on_update(context, identifier, old, new)
    return Resource(identifier, {"Id": identifier})


def _delete_acl(context: Context, identifier: str, props: Props) -> None:
    context.ec2.delete_network_acl(NetworkAclId=identifier)


def _key(props: Props) -> dict[str, Any]:
    return {
        "NetworkAclId": props["NetworkAclId"],
        "RuleNumber": number(props["RuleNumber"]),
        "Egress": flag(props.get("Egress", False)),
    }


def _rule(props: Props) -> dict[str, Any]:
    request: dict[str, Any] = {
        "Protocol": str(props["Protocol"]),
        "RuleAction": props["RuleAction"],
        **pick(props, "CidrBlock", "Ipv6CidrBlock"),
    }
    if props.get("PortRange"):
        request["PortRange"] = {key: number(value) for key, value in props["PortRange"].items()}
    if props.get("Icmp"):
        request["IcmpTypeCode"] = {key: number(value) for key, value in props["Icmp"].items()}
    return request


def _create_entry(context: Context, props: Props) -> Resource:
    key = _key(props)
    context.ec2.create_network_acl_entry(**key, **_rule(props))
    direction = "egress" if key["Egress"] else "ingress"
    identifier = f"{key['NetworkAclId']}|{key['RuleNumber']}|{direction}"
    return Resource(identifier, {"Id": identifier})


def _update_entry(context: Context, identifier: str, old: Props, new: Props) -> Resource:
    context.ec2.replace_network_acl_entry(**_key(new), **_rule(new))
    return Resource(identifier, {"Id": identifier})


def _delete_entry(context: Context, identifier: str, props: Props) -> None:
    context.ec2.delete_network_acl_entry(**_key(props))


def _association_of(context: Context, subnet: str) -> tuple[str, str]:
    """The subnet's association now, and the VPC of the ACL that holds it."""
    acls = context.ec2.describe_network_acls(
        Filters=[{"Name": "association.subnet-id", "Values": [subnet]}]
    )["NetworkAcls"]
    if not acls:
        raise ValueError(f"InvalidSubnetID.NotFound: The subnet ID '{subnet}' does not exist")
    association = next(a for a in acls[0]["Associations"] if a["SubnetId"] == subnet)
    return association["NetworkAclAssociationId"], acls[0]["VpcId"]


def _associate(context: Context, props: Props) -> Resource:
    current, _vpc = _association_of(context, props["SubnetId"])
    made = context.ec2.replace_network_acl_association(
        AssociationId=current, NetworkAclId=props["NetworkAclId"]
    )
    identifier = made["NewAssociationId"]
    return Resource(identifier, {"AssociationId": identifier})


def _dissociate(context: Context, identifier: str, props: Props) -> None:
    """Back to the default ACL, unless a replacement has already taken the subnet over."""
    current, vpc = _association_of(context, props["SubnetId"])
    if current != identifier:
        return
    default = context.ec2.describe_network_acls(
        Filters=[{"Name": "vpc-id", "Values": [vpc]}, {"Name": "default", "Values": ["true"]}]
    )["NetworkAcls"][0]
    context.ec2.replace_network_acl_association(
        AssociationId=current, NetworkAclId=default["NetworkAclId"]
    )


TYPES = (
    ResourceType(
        "AWS::EC2::NetworkAcl",
        Kind.WRAP,
        create=_create_acl,
        update=_update_acl,
        delete=_delete_acl,
        create_only=("VpcId",),
        tags="Tags",
    ),
    ResourceType(
        "AWS::EC2::NetworkAclEntry",
        Kind.WRAP,
        create=_create_entry,
        update=_update_entry,
        delete=_delete_entry,
        create_only=("Egress", "NetworkAclId", "RuleNumber"),
    ),
    ResourceType(
        "AWS::EC2::SubnetNetworkAclAssociation",
        Kind.WRAP,
        create=_associate,
        delete=_dissociate,
        create_only=("NetworkAclId", "SubnetId"),
    ),
)
