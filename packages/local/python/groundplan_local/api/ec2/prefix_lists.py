"""Managed prefix lists and security-group rules that name one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from groundplan_local.api.ec2 import stores
from groundplan_local.api.query import (
    Action,
    Actions,
    Answer,
    ApiError,
    Fields,
    Form,
    Reply,
    edited,
    put,
)


def _create(form: Form, native: Action) -> Reply:
    _check_size(len(form.structures("Entry", ("Cidr",))), int(form.text("MaxEntries") or 10))

    def keep(answer: Answer) -> None:
        identifier = answer.root.findtext("prefixList/prefixListId") or ""
        stores.keep_tags(form, identifier, "prefix-list")

    return edited(native(form.fields), keep)


def _modify(form: Form, native: Action) -> Reply:
    record = stores.existing(
        stores.native._prefix_lists,
        form.text("PrefixListId"),
        "InvalidPrefixListID.NotFound",
        "prefix list ID",
    )
    # The emulator appends the added entries before it removes the others, so that a changed
    # description of a block that stays would remove the block itself.
    removed = {entry["Cidr"] for entry in form.structures("RemoveEntry", ("Cidr",))}
    added = form.structures("AddEntry", ("Cidr", "Description"))
    kept = [entry for entry in record["Entries"] if entry["Cidr"] not in removed]
    _check_size(len(kept) + len(added), int(form.text("MaxEntries") or record["MaxEntries"]))
    record["Entries"] = kept
    return native(form.without("RemoveEntry."))


def _check_size(count: int, limit: int) -> None:
    if count > limit:
        raise ApiError(
            "PrefixListMaxEntriesExceeded",
            f"You have reached the maximum number of entries ({limit}) for the prefix list.",
        )


def _delete(form: Form, native: Action) -> Reply:
    return edited(native(form.fields), lambda _: stores.forget_tags(form.text("PrefixListId")))


def _describe_rules(form: Form, native: Action) -> Reply:
    named = {
        stores.native._sg_rule_id(group["GroupId"], egress, rule): rule["PrefixListIds"][0]
        for group in stores.native._security_groups.values()
        for egress, key in ((False, "IpPermissions"), (True, "IpPermissionsEgress"))
        for rule in group.get(key, [])
        if rule.get("PrefixListIds")
    }

    def edit(answer: Answer) -> None:
        for item in answer.items("securityGroupRuleSet"):
            entry = named.get(item.findtext("securityGroupRuleId") or "")
            if entry is not None:
                put(item, "prefixListId", entry["PrefixListId"])

    return edited(native(form.fields), edit)


def _with_prefix_lists(parse: Callable[[Fields, str], list[stores.Record]]) -> Any:
    """Rules as the emulator reads them, with the prefix lists that it leaves out."""

    def run(fields: Fields, prefix: str) -> list[stores.Record]:
        rules = parse(fields, prefix)
        form = Form(fields)
        for number, rule in enumerate(rules, start=1):
            named = form.structures(
                f"{prefix}.{number}.PrefixListIds", ("PrefixListId", "Description")
            )
            if named:
                rule["PrefixListIds"] = named
        return rules

    return run


def install(actions: Actions) -> None:
    stores.native._parse_ip_permissions = _with_prefix_lists(stores.native._parse_ip_permissions)
    actions.complete("CreateManagedPrefixList", _create)
    actions.complete("ModifyManagedPrefixList", _modify)
    actions.complete("DeleteManagedPrefixList", _delete)
    actions.complete("DescribeSecurityGroupRules", _describe_rules)
