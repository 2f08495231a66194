"""``AWS::RDS::*``: databases that run, their groups, and the proxies in front of them."""

from __future__ import annotations

from groundplan_local.registry import ResourceType
from groundplan_local.services.rds import (
    clusters,
    event_subscriptions,
    global_clusters,
    groups,
    instances,
    proxies,
)

TYPES: tuple[ResourceType, ...] = (
    *clusters.TYPES,
    *event_subscriptions.TYPES,
    *global_clusters.TYPES,
    *groups.TYPES,
    *instances.TYPES,
    *proxies.TYPES,
)
