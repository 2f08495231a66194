"""``AWS::ECS::*``: clusters, task definitions, and services that wait until they are steady."""

from __future__ import annotations

from groundplan_local.registry import ResourceType
from groundplan_local.services.ecs import clusters, services, task_definitions

TYPES: tuple[ResourceType, ...] = (
    *clusters.TYPES,
    *task_definitions.TYPES,
    *services.TYPES,
)
