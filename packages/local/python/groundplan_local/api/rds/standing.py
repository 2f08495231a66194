"""Which server stands behind an ARN, for whoever has something to say about it."""

from __future__ import annotations

from groundplan_local.databases.fleet import Fleet
from groundplan_local.databases.server import Server

_fleet: Fleet | None = None


def install(fleet: Fleet) -> None:
    global _fleet
    _fleet = fleet


def server_of(arn: str) -> Server | None:
    return None if _fleet is None else _fleet.get(arn)
