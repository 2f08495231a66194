"""``AWS::EC2::SecurityGroupIngress`` and ``…Egress``: one rule each, known by its rule id."""

from __future__ import annotations

from typing import Any

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.values import number


def _permission(props: Props, peer: str) -> dict[str, Any]:
    """The rule as ``IpPermission``; ``peer`` is ``Source`` or ``Destination``."""
    described = {"Description": props["Description"]} if props.get("Description") else {}
    permission: dict[str, Any] = {"IpProtocol": str(props["IpProtocol"])}
    for name in ("FromPort", "ToPort"):
        if name in props:
            permission[name] = number(props[name])
    if "CidrIp" in props:
        permission["IpRanges"] = [{"CidrIp": props["CidrIp"], **described}]
    elif "CidrIpv6" in props:
        permission["Ipv6Ranges"] = [{"CidrIpv6": props["CidrIpv6"], **described}]
    elif f"{peer}PrefixListId" in props:
        entry = {"PrefixListId": props[f"{peer}PrefixListId"], **described}
        permission["PrefixListIds"] = [entry]
    elif f"{peer}SecurityGroupId" in props:
        pair = {"GroupId": props[f"{peer}SecurityGroupId"], **described}
        if props.get("SourceSecurityGroupOwnerId"):
            pair["UserId"] = str(props["SourceSecurityGroupOwnerId"])
        permission["UserIdGroupPairs"] = [pair]
    else:
        raise ValueError(
            "a security group rule needs one of CidrIp, CidrIpv6, a prefix list or a security group"
        )
    return permission


def _rule_ids(context: Context, group: str) -> set[str]:
    found = context.ec2.describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [group]}]
    )
    return {rule["SecurityGroupRuleId"] for rule in found["SecurityGroupRules"]}


def _rule(name: str, direction: str, peer: str) -> ResourceType:
    def create(context: Context, props: Props) -> Resource:
        present = _rule_ids(context, props["GroupId"])
        authorize = getattr(context.ec2, f"authorize_security_group_{direction}")
        made = authorize(GroupId=props["GroupId"], IpPermissions=[_permission(props, peer)])
        identifier = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
        if identifier in present:
            # The emulator takes a second copy in silence, and deleting one would delete both.
            raise ValueError(
                "InvalidPermission.Duplicate: the specified rule already exists in "
                f"{props['GroupId']}"
            )
        return Resource(identifier, {"Id": identifier})

    def update(context: Context, identifier: str, old: Props, new: Props) -> Resource:
        """Only the description changes in place; the API wants the whole rule for it."""
        rule: dict[str, Any] = {"IpProtocol": str(new["IpProtocol"])}
        for key in ("FromPort", "ToPort"):
            if key in new:
                rule[key] = number(new[key])
        for source, target in (
            ("CidrIp", "CidrIpv4"),
            ("CidrIpv6", "CidrIpv6"),
            (f"{peer}PrefixListId", "PrefixListId"),
            (f"{peer}SecurityGroupId", "ReferencedGroupId"),
        ):
            if source in new:
                rule[target] = new[source]
        rule["Description"] = new.get("Description", "")
        context.ec2.modify_security_group_rules(
            GroupId=new["GroupId"],
            SecurityGroupRules=[{"SecurityGroupRuleId": identifier, "SecurityGroupRule": rule}],
        )
        return Resource(identifier, {"Id": identifier})

    def delete(context: Context, identifier: str, props: Props) -> None:
        revoke = getattr(context.ec2, f"revoke_security_group_{direction}")
        revoke(GroupId=props["GroupId"], SecurityGroupRuleIds=[identifier])

    return ResourceType(
        name,
        Kind.WRAP,
        create=create,
        update=update,
        delete=delete,
        create_only=(
            "CidrIp",
            "CidrIpv6",
            "FromPort",
            "GroupId",
            "GroupName",
            "IpProtocol",
            f"{peer}PrefixListId",
            f"{peer}SecurityGroupId",
            "SourceSecurityGroupName",
            "SourceSecurityGroupOwnerId",
            "ToPort",
        ),
    )


TYPES = (
    _rule("AWS::EC2::SecurityGroupIngress", "ingress", "Source"),
    _rule("AWS::EC2::SecurityGroupEgress", "egress", "Destination"),
)
