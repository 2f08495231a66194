"""From two versions of a template to the modification that leads from one to the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundplan_local.registry import Context, Props
from groundplan_local.services.shapes import members, request

# What the API calls otherwise than the template.
_RENAMED = {
    "PerformanceInsightsEnabled": "EnablePerformanceInsights",
    "PerformanceInsightsKmsKeyId": "PerformanceInsightsKMSKeyId",
    "VPCSecurityGroups": "VpcSecurityGroupIds",
}
# What a template drops goes back to what it is without it.
_DEFAULTS: Mapping[str, Any] = {
    "BackupRetentionPeriod": 1,
    "CopyTagsToSnapshot": False,
    "DeletionProtection": False,
    "EnableHttpEndpoint": False,
    "EnableIAMDatabaseAuthentication": False,
    "EnablePerformanceInsights": False,
    "MonitoringInterval": 0,
    "PubliclyAccessible": False,
}
# What has a way of its own into the API.
_APART = ("AssociatedRoles", "EnableCloudwatchLogsExports", "MasterUserSecret", "Tags")


def given(props: Props) -> dict[str, Any]:
    """The properties under the names of the API."""
    named = {_RENAMED.get(name, name): value for name, value in props.items()}
    key = (named.pop("MasterUserSecret", None) or {}).get("KmsKeyId")
    if key:
        named["MasterUserSecretKmsKeyId"] = key
    return named


def create_request(context: Context, operation: str, props: Props) -> dict[str, Any]:
    """What a create is told; the rest of the properties only a change or a delete is told."""
    rds = context.api("rds")
    known = {name.lower() for name in members(rds, operation)}
    named = given(props)
    named.pop("AssociatedRoles", None)
    return request(rds, operation, {k: v for k, v in named.items() if k.lower() in known})


def modify_request(
    context: Context, operation: str, old: Props, new: Props, **renamed: str
) -> dict[str, Any]:
    """What has changed and the API can change; empty when that is nothing."""
    rds = context.api("rds")
    known = set(members(rds, operation))
    before, after = given(old), given(new)
    changed = {k: v for k, v in after.items() if before.get(k) != v}
    changed.update({k: v for k, v in _DEFAULTS.items() if k in before and k not in after})
    wanted = {renamed.get(k, k): v for k, v in changed.items() if k not in _APART}
    asked = request(rds, operation, {k: v for k, v in wanted.items() if k in known})
    exports = _exports(old, new)
    if exports:
        asked["CloudwatchLogsExportConfiguration"] = exports
    return asked


def _exports(old: Props, new: Props) -> dict[str, list[str]]:
    before = set(old.get("EnableCloudwatchLogsExports") or [])
    after = set(new.get("EnableCloudwatchLogsExports") or [])
    wanted = {"EnableLogTypes": sorted(after - before), "DisableLogTypes": sorted(before - after)}
    return {name: types for name, types in wanted.items() if types}


def update_roles(context: Context, kind: str, name: str, old: Props, new: Props) -> None:
    """``kind`` is ``cluster`` or ``instance``."""
    rds = context.api("rds")
    before, after = _roles(old), _roles(new)
    identifier = {f"DB{kind.capitalize()}Identifier": name}
    for role in before:
        if role not in after:
            getattr(rds, f"remove_role_from_db_{kind}")(**identifier, **role)
    for role in after:
        if role not in before:
            getattr(rds, f"add_role_to_db_{kind}")(**identifier, **role)


def _roles(props: Props) -> list[dict[str, str]]:
    return [
        {name: role[name] for name in ("RoleArn", "FeatureName") if role.get(name)}
        for role in props.get("AssociatedRoles") or []
    ]
