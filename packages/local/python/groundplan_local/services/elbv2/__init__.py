"""``AWS::ElasticLoadBalancingV2::*``: the emulator's handlers, then what they leave out."""

from __future__ import annotations

from groundplan_local.registry import ResourceType
from groundplan_local.services.elbv2 import balancers, listeners, target_groups

TYPES: tuple[ResourceType, ...] = (
    *balancers.TYPES,
    *listeners.TYPES,
    *target_groups.TYPES,
)
