"""``AWS::EC2::VPC``: the emulator's own handler, and the attributes that it forgets (fault 5)."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError
from ministack.services import cloudformation as engine
from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Attributes, Context, Props, Resource, ResourceType

_native: dict[str, Any] = dict(provisioners._RESOURCE_HANDLERS["AWS::EC2::VPC"])


def attributes(context: Context, identifier: str) -> Attributes:
    """Everything ``Fn::GetAtt`` may ask of a VPC, as the API answers it now."""
    vpc = context.ec2.describe_vpcs(VpcIds=[identifier])["Vpcs"][0]
    groups = context.ec2.describe_security_groups(
        Filters=[
            {"Name": "vpc-id", "Values": [identifier]},
            {"Name": "group-name", "Values": ["default"]},
        ]
    )["SecurityGroups"]
    acls = context.ec2.describe_network_acls(
        Filters=[
            {"Name": "vpc-id", "Values": [identifier]},
            {"Name": "default", "Values": ["true"]},
        ]
    )["NetworkAcls"]
    return {
        "CidrBlock": vpc["CidrBlock"],
        "CidrBlockAssociations": [a["AssociationId"] for a in vpc["CidrBlockAssociationSet"]],
        "DefaultNetworkAcl": acls[0]["NetworkAclId"],
        "DefaultSecurityGroup": groups[0]["GroupId"],
        "Ipv6CidrBlocks": [a["Ipv6CidrBlock"] for a in vpc.get("Ipv6CidrBlockAssociationSet", [])],
        "VpcId": identifier,
    }


def refresh(context: Context, identifier: str) -> None:
    """Bring the attributes that stacks hold of this VPC up to date.

    The engine keeps what a handler answered on create, while AWS answers ``Ipv6CidrBlocks`` with
    what the VPC has when a subnet asks, after its IPv6 block was added.
    """
    try:
        current = attributes(context, identifier)
    except ClientError:
        return
    for stack in engine._stacks.values():
        for resource in stack.get("_resources", {}).values():
            if resource.get("PhysicalResourceId") == identifier:
                resource["Attributes"] = current


def _create(context: Context, props: Props) -> Resource:
    identifier, _ = _native["create"](context.logical_id, props, context.stack)
    context.undo(lambda: _native["delete"](identifier, props))
    made = attributes(context, identifier)
    _let_default_group_talk_to_itself(context, made["DefaultSecurityGroup"])
    return Resource(identifier, made)


def _let_default_group_talk_to_itself(context: Context, group: str) -> None:
    """The one inbound rule that AWS gives every default group, and that audits look for."""
    pair = {"GroupId": group, "UserId": context.account}
    context.ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [pair]}]
    )


def _update(context: Context, identifier: str, old: Props, new: Props) -> Resource:
    updated, _ = _native["update"](identifier, old, new, context.stack, context.logical_id)
    return Resource(updated, attributes(context, updated))


def _delete(context: Context, identifier: str, props: Props) -> None:
    _native["delete"](identifier, props)


TYPES = (
    ResourceType(
        "AWS::EC2::VPC",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("CidrBlock", "Ipv4IpamPoolId", "Ipv4NetmaskLength", "VpcEncryptionControl"),
        tags="Tags",
    ),
)
