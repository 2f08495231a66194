"""Network ACLs: ports, ICMP codes and the subnets that an ACL guards, all lost by the emulator.

Every subnet has exactly one ACL: the one it was given, or else its VPC's default. The emulator
stores no association for the default, so it is derived when asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

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
    "association.association-id": "associationSet/item/networkAclAssociationId",
    "association.network-acl-id": "associationSet/item/networkAclId",
    "association.subnet-id": "associationSet/item/subnetId",
    "default": "default",
    "entry.cidr": "entrySet/item/cidrBlock",
    "entry.rule-action": "entrySet/item/ruleAction",
    "entry.rule-number": "entrySet/item/ruleNumber",
    "network-acl-id": "networkAclId",
    "owner-id": "ownerId",
    "vpc-id": "vpcId",
}

_LAST_RULE = 32767
_LAST_RULE_IPV6 = 32768


def _create(form: Form, native: Action) -> Reply:
    vpc = stores.vpc(form.text("VpcId"))

    def keep(answer: Answer) -> None:
        record = _record(answer.root.findtext("networkAcl/networkAclId") or "")
        record["Entries"] = closing_entries(bool(vpc.get("Ipv6CidrBlockAssociations")))

    return edited(native(form.fields), keep)


def closing_entries(ipv6: bool) -> list[stores.Record]:
    """The last rules of every ACL, which AWS adds and nobody can remove: deny the rest."""
    blocks = [{"RuleNumber": _LAST_RULE, "CidrBlock": "0.0.0.0/0"}]
    if ipv6:
        blocks.append({"RuleNumber": _LAST_RULE_IPV6, "Ipv6CidrBlock": "::/0"})
    return [
        {"Protocol": "-1", "RuleAction": "deny", "Egress": egress, **block}
        for egress in (False, True)
        for block in blocks
    ]


def _create_entry(form: Form, native: Action) -> Reply:
    if _entry(form) is not None:
        raise ApiError(
            "NetworkAclEntryAlreadyExists",
            f"The network acl entry identified by {form.text('RuleNumber')} already exists.",
        )
    return edited(native(form.fields), lambda _: _keep_entry(form))


def _replace_entry(form: Form, native: Action) -> Reply:
    if _entry(form) is None:
        raise ApiError(
            "InvalidNetworkAclEntry.NotFound",
            f"The network acl entry identified by {form.text('RuleNumber')} does not exist.",
        )
    return edited(native(form.fields), lambda _: _keep_entry(form))


def _delete_entry(form: Form, native: Action) -> Reply:
    if _entry(form) is None:
        raise ApiError(
            "InvalidNetworkAclEntry.NotFound",
            f"The network acl entry identified by {form.text('RuleNumber')} does not exist.",
        )
    return native(form.fields)


def _keep_entry(form: Form) -> None:
    entry = _entry(form)
    if entry is None:
        return
    if form.text("PortRange.From"):
        entry["PortRange"] = {
            "from": int(form.text("PortRange.From")),
            "to": int(form.text("PortRange.To")),
        }
    if form.text("Icmp.Type"):
        entry["IcmpTypeCode"] = {
            "code": int(form.text("Icmp.Code", "-1")),
            "type": int(form.text("Icmp.Type")),
        }


def _entry(form: Form) -> stores.Record | None:
    acl = _record(form.text("NetworkAclId"))
    number, egress = int(form.text("RuleNumber") or 0), form.flag("Egress") or False
    for entry in acl["Entries"]:
        if entry["RuleNumber"] == number and entry["Egress"] is egress:
            found: stores.Record = entry
            return found
    return None


def _associations(acl: stores.Record) -> Iterator[dict[str, str]]:
    """The subnets that an ACL guards now; those of deleted subnets are gone with them."""
    for association in acl["Associations"]:
        if association["SubnetId"] in stores.native._subnets:
            yield _association(association["NetworkAclAssociationId"], acl, association["SubnetId"])
    if acl["IsDefault"]:
        guarded = {
            association["SubnetId"]
            for other in stores.native._network_acls.values()
            for association in other["Associations"]
        }
        for subnet in stores.native._subnets.values():
            if subnet["VpcId"] == acl["VpcId"] and subnet["SubnetId"] not in guarded:
                yield _association(default_association(subnet["SubnetId"]), acl, subnet["SubnetId"])


def _association(identifier: str, acl: stores.Record, subnet_id: str) -> dict[str, str]:
    return {
        "networkAclAssociationId": identifier,
        "networkAclId": acl["NetworkAclId"],
        "subnetId": subnet_id,
    }


def default_association(subnet_id: str) -> str:
    return "aclassoc-" + subnet_id.removeprefix("subnet-")


def _replace_association(form: Form, native: Action) -> Reply:
    target = _record(form.text("NetworkAclId"))
    wanted = form.text("AssociationId")
    current = {
        association["networkAclAssociationId"]: association["subnetId"]
        for acl in stores.native._network_acls.values()
        for association in _associations(acl)
    }
    if wanted not in current:
        raise ApiError(
            "InvalidAssociationID.NotFound", f"The association ID '{wanted}' does not exist"
        )
    subnet_id = current[wanted]
    for acl in stores.native._network_acls.values():
        acl["Associations"] = [a for a in acl["Associations"] if a["SubnetId"] != subnet_id]
    identifier = default_association(subnet_id)
    if not target["IsDefault"]:
        identifier = stores.new_id("aclassoc")
        target["Associations"].append(
            {"NetworkAclAssociationId": identifier, "SubnetId": subnet_id}
        )
    reply: Reply = stores.native._xml(
        200,
        "ReplaceNetworkAclAssociationResponse",
        f"<newAssociationId>{identifier}</newAssociationId>",
    )
    return reply


def _describe(form: Form, native: Action) -> Reply:
    def edit(answer: Answer) -> None:
        for item in answer.items("networkAclSet"):
            acl = _record(item.findtext("networkAclId") or "")
            put(item, "associationSet", list(_associations(acl)))
            for shown, entry in zip(item.findall("entrySet/item"), acl["Entries"], strict=True):
                put(shown, "portRange", entry.get("PortRange"))
                put(shown, "icmpTypeCode", entry.get("IcmpTypeCode"))
        keep_matching(answer, "networkAclSet", _FILTERS, form.filters())

    return edited(native(form.without("Filter.")), edit)


def _delete(form: Form, native: Action) -> Reply:
    acl = _record(form.text("NetworkAclId"))
    if acl["IsDefault"] or any(True for _ in _associations(acl)):
        raise ApiError(
            "DependencyViolation",
            f"The networkAcl '{acl['NetworkAclId']}' has dependencies and cannot be deleted.",
        )
    return edited(native(form.fields), lambda _: stores.forget_tags(acl["NetworkAclId"]))


def _record(identifier: str) -> stores.Record:
    return stores.existing(
        stores.native._network_acls, identifier, "InvalidNetworkAclID.NotFound", "network ACL"
    )


def install(actions: Actions) -> None:
    actions.complete("CreateNetworkAcl", _create)
    actions.complete("CreateNetworkAclEntry", _create_entry)
    actions.complete("ReplaceNetworkAclEntry", _replace_entry)
    actions.complete("DeleteNetworkAclEntry", _delete_entry)
    actions.complete("ReplaceNetworkAclAssociation", _replace_association)
    actions.complete("DescribeNetworkAcls", _describe)
    actions.complete("DeleteNetworkAcl", _delete)
