"""``AWS::EC2::PrefixList``: entries change by difference, against the version that was read."""

from __future__ import annotations

from typing import Any

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.ec2 import tags
from groundplan_local.services.values import number, pick


def _entries(props: Props) -> list[dict[str, str]]:
    return [pick(entry, "Cidr", "Description") for entry in props.get("Entries") or []]


def _create(context: Context, props: Props) -> Resource:
    entries = _entries(props)
    made = context.ec2.create_managed_prefix_list(
        PrefixListName=props["PrefixListName"],
        AddressFamily=props["AddressFamily"],
        MaxEntries=number(props["MaxEntries"]) if "MaxEntries" in props else max(len(entries), 1),
        **({"Entries": entries} if entries else {}),
        **tags.on_create("prefix-list", props),
    )
    return _resource(made["PrefixList"])


def _update(context: Context, identifier: str, old: Props, new: Props) -> Resource:
    if old.get("AddressFamily") != new.get("AddressFamily"):
        raise ValueError("the address family of a prefix list cannot be changed; make a new list")
    before = {entry["Cidr"]: entry for entry in _entries(old)}
    after = {entry["Cidr"]: entry for entry in _entries(new)}
    request: dict[str, Any] = {}
    added = [entry for cidr, entry in after.items() if before.get(cidr) != entry]
    removed = [{"Cidr": cidr} for cidr in before if before[cidr] != after.get(cidr)]
    if added:
        request["AddEntries"] = added
    if removed:
        request["RemoveEntries"] = removed
    if old["PrefixListName"] != new["PrefixListName"]:
        request["PrefixListName"] = new["PrefixListName"]
    if old.get("MaxEntries") != new.get("MaxEntries") and "MaxEntries" in new:
        request["MaxEntries"] = number(new["MaxEntries"])
    tags.on_update(context, identifier, old, new)
    current = context.ec2.describe_managed_prefix_lists(PrefixListIds=[identifier])["PrefixLists"][
        0
    ]
    if request:
        current = context.ec2.modify_managed_prefix_list(
            PrefixListId=identifier, CurrentVersion=current["Version"], **request
        )["PrefixList"]
    return _resource(current)


def _delete(context: Context, identifier: str, props: Props) -> None:
    context.ec2.delete_managed_prefix_list(PrefixListId=identifier)


def _resource(found: dict[str, Any]) -> Resource:
    return Resource(
        found["PrefixListId"],
        {
            "Arn": found["PrefixListArn"],
            "OwnerId": found["OwnerId"],
            "PrefixListId": found["PrefixListId"],
            "Version": found["Version"],
        },
    )


TYPES = (
    ResourceType(
        "AWS::EC2::PrefixList",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        tags="Tags",
    ),
)
