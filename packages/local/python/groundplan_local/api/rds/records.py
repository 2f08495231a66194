"""Records of clusters, instances and snapshots in the emulator's stores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ministack.services import rds as native

from groundplan_local.api.query import ApiError
from groundplan_local.api.rds import model

Record = dict[str, Any]

# What a request calls otherwise than the record that AWS answers.
_RENAMED = {
    "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
    "EnableGlobalWriteForwarding": "GlobalWriteForwardingRequested",
    "EnableHttpEndpoint": "HttpEndpointEnabled",
    "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
    "ScalingConfiguration": "ScalingConfigurationInfo",
}
# Where a server listens is its own affair, and who may not be changed stays.
_NOT_KEPT = ("DBClusterIdentifier", "DBInstanceIdentifier", "DBName", "Port")
# Of these the emulator knows whether they wait for the next maintenance window.
_DEFERRED = (
    "AllocatedStorage",
    "BackupRetentionPeriod",
    "CACertificateIdentifier",
    "DBInstanceClass",
    "EngineVersion",
    "Iops",
    "MaxAllocatedStorage",
    "MultiAZ",
    "StorageType",
)
_MIN_PASSWORD = 8


def keep(record: Record, shape: str, operation: str, given: Mapping[str, Any]) -> None:
    """Keep what a request said, of which the emulator forgets about half."""
    without = (*_NOT_KEPT, *_DEFERRED) if operation == "ModifyDBInstance" else _NOT_KEPT
    for name, value in model.kept(operation, shape, given).items():
        if name not in without:
            record[name] = value
    for name, answered in _RENAMED.items():
        if name in given:
            record[answered] = given[name]
    if "EnableLocalWriteForwarding" in given:
        enabled = given["EnableLocalWriteForwarding"]
        record["LocalWriteForwardingStatus"] = "enabled" if enabled else "disabled"


def refuse_unknown_subnet_group(given: Mapping[str, Any]) -> None:
    name = given.get("DBSubnetGroupName")
    if name and name != "default" and name not in native._subnet_groups:
        raise ApiError("DBSubnetGroupNotFoundFault", f"DB subnet group '{name}' does not exist.")


def refuse_unknown_parameter_group(given: Mapping[str, Any]) -> None:
    for member, store, code in (
        (
            "DBClusterParameterGroupName",
            native._db_cluster_param_groups,
            "DBClusterParameterGroupNotFound",
        ),
        ("DBParameterGroupName", native._param_groups, "DBParameterGroupNotFound"),
    ):
        name = given.get(member)
        if name and not name.startswith("default.") and name not in store:
            raise ApiError(code, f"{member[:-4]} not found: {name}")


def refuse_bad_login(given: Mapping[str, Any], inherited: bool = False) -> None:
    user = given.get("MasterUsername")
    if not user and not inherited:
        raise ApiError(
            "InvalidParameterValue",
            "The parameter MasterUsername must be provided and must not be blank.",
        )
    if str(user).lower() == "admin" and "postgres" in given["Engine"]:
        raise ApiError(
            "InvalidParameterValue",
            f"MasterUsername {user} cannot be used as it is a reserved word used by the engine",
        )
    _refuse_bad_password(given, inherited)


def _refuse_bad_password(given: Mapping[str, Any], inherited: bool) -> None:
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
    password = given.get("MasterUserPassword")
    if given.get("ManageMasterUserPassword"):
        if password:
            raise ApiError(
                "InvalidParameterCombination",
                "You can't specify MasterUserPassword when you specify ManageMasterUserPassword.",
            )
    elif not password and not inherited:
        raise ApiError(
            "InvalidParameterValue",
            "The parameter MasterUserPassword must be provided and must not be blank.",
        )
    if password and (len(password) < _MIN_PASSWORD or set(password) & set('/@" ')):
        raise ApiError(
            "InvalidParameterValue",
            "The parameter MasterUserPassword is not a valid password: it needs at least 8 "
            "printable ASCII characters besides '/', '@', '\"', ' '.",
        )


def final_snapshot(given: Mapping[str, Any], member: str) -> str | None:
    """The name of the snapshot that a delete asks for, which it has to say unless it skips it."""
    if given.get("SkipFinalSnapshot"):
        return None
    name = given.get(member)
    if not name:
        raise ApiError(
            "InvalidParameterCombination",
            f"{member} is required unless SkipFinalSnapshot is specified.",
        )
    return str(name)


def cluster_snapshot(identifier: str) -> Record:
    """By its name or its ARN."""
    found: Record | None = native._db_cluster_snapshots.get(identifier.rsplit(":", 1)[-1])
    if found is None:
        raise ApiError(
            "DBClusterSnapshotNotFoundFault", f"DBClusterSnapshot {identifier} not found."
        )
    return found


def instance_snapshot(identifier: str) -> Record:
    found: Record | None = native._snapshots.get(identifier.rsplit(":", 1)[-1])
    if found is None:
        raise ApiError("DBSnapshotNotFound", f"DBSnapshot {identifier} not found.")
    return found


def apply_exports(record: Record, given: Mapping[str, Any]) -> None:
    """Which logs go to CloudWatch, as a modification switches them on and off."""
    change = given.get("CloudwatchLogsExportConfiguration") or {}
    present = set(record.get("EnabledCloudwatchLogsExports") or [])
    on, off = change.get("EnableLogTypes") or [], change.get("DisableLogTypes") or []
    record["EnabledCloudwatchLogsExports"] = sorted((present | set(on)) - set(off))
