"""Parameter groups: a change reaches the servers that use the group."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

from ministack.services import rds as native

from groundplan_local.api.query import Action, ApiError, Form, Reply
from groundplan_local.api.rds import clusters
from groundplan_local.api.rds.backing import Backing, Record

Completion = Callable[[Form, Action], Reply]


class ParameterGroups:
    """The actions that change parameters, around the emulator's own."""

    def __init__(self, backing: Backing) -> None:
        self._backing = backing

    def changed(
        self, member: str, store: Any, users: Callable[[str], Iterable[Record]]
    ) -> Completion:
        """A value that PostgreSQL refuses is taken back, and is the error of the request."""

        def change(form: Form, action: Action) -> Reply:
            name = form.text(member)
            group = store.get(name)
            before = copy.deepcopy(group["Parameters"]) if group else None
            reply = action(form.fields)
            if reply[0] >= 400 or group is None:
                return reply
            try:
                for record in users(name):
                    self._backing.apply(record)
            except ApiError:
                group["Parameters"] = before
                raise
            return reply

        return change


def clusters_with(group: str) -> list[Record]:
    return [c for c in native._clusters.values() if c.get("DBClusterParameterGroup") == group]


def records_with(group: str) -> list[Record]:
    """The instances of a group; of a member the cluster, whose server it shares."""
    found: dict[str, Record] = {}
    for instance in native._instances.values():
        listed = [g["DBParameterGroupName"] for g in instance.get("DBParameterGroups") or []]
        if group in listed:
            record = clusters.found(instance.get("DBClusterIdentifier") or "") or instance
            found[str(record.get("DBClusterArn") or record.get("DBInstanceArn"))] = record
    return list(found.values())


def refuse_used(form: Form, action: Action) -> Reply:
    """A group that something uses cannot be deleted."""
    name = form.text("DBClusterParameterGroupName") or form.text("DBParameterGroupName")
    of_cluster = bool(form.text("DBClusterParameterGroupName"))
    if clusters_with(name) if of_cluster else records_with(name):
        raise ApiError(
            "InvalidDBParameterGroupState",
            "One or more database instances are still members of this parameter group "
            f"{name}, so the group cannot be deleted",
        )
    return action(form.fields)
