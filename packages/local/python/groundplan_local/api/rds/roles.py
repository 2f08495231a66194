"""Roles that a database may take on for one of its features: kept and read back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.services import rds as native

from groundplan_local.api.query import ApiError, Form, Reply
from groundplan_local.api.rds import clusters, instances
from groundplan_local.api.rds.backing import Record


def add(kind: str) -> Callable[[Form], Reply]:
    def add_role(form: Form) -> Reply:
        record, role = _asked(kind, form)
        roles = record.setdefault("AssociatedRoles", [])
        if _matching(roles, role):
            raise ApiError(
                f"DB{kind}RoleAlreadyExists", f"Role ARN {role['RoleArn']} already exists."
            )
        roles.append({**role, "Status": "ACTIVE"})
        return _empty(f"AddRoleToDB{kind}")

    return add_role


def remove(kind: str) -> Callable[[Form], Reply]:
    def remove_role(form: Form) -> Reply:
        record, role = _asked(kind, form)
        present = _matching(record.get("AssociatedRoles") or [], role)
        if not present:
            raise ApiError(f"DB{kind}RoleNotFound", f"Role ARN {role['RoleArn']} cannot be found.")
        record["AssociatedRoles"].remove(present[0])
        return _empty(f"RemoveRoleFromDB{kind}")

    return remove_role


def _asked(kind: str, form: Form) -> tuple[Record, dict[str, str]]:
    identifier = form.text(f"DB{kind}Identifier")
    record = clusters.found(identifier) if kind == "Cluster" else instances.found(identifier)
    if record is None:
        code = "DBClusterNotFoundFault" if kind == "Cluster" else "DBInstanceNotFound"
        raise ApiError(code, f"DB{kind} {identifier} not found.")
    names = ("RoleArn", "FeatureName")
    return record, {name: form.text(name) for name in names if form.text(name)}


def _matching(roles: list[Any], role: dict[str, str]) -> list[Any]:
    wanted = (role["RoleArn"], role.get("FeatureName"))
    return [one for one in roles if (one["RoleArn"], one.get("FeatureName")) == wanted]


def _empty(operation: str) -> Reply:
    reply: Reply = native._xml(200, f"{operation}Response", "")
    return reply
