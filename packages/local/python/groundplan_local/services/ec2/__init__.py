"""EC2's resource types, one file per idea."""

from __future__ import annotations

from groundplan_local.registry import ResourceType
from groundplan_local.services.ec2 import (
    acls,
    addresses,
    cidr_blocks,
    endpoints,
    flow_logs,
    gateways,
    instances,
    prefix_lists,
    security_group_rules,
    subnets,
    vpcs,
)

TYPES: tuple[ResourceType, ...] = (
    *acls.TYPES,
    *addresses.TYPES,
    *cidr_blocks.TYPES,
    *endpoints.TYPES,
    *flow_logs.TYPES,
    *gateways.TYPES,
    *instances.TYPES,
    *prefix_lists.TYPES,
    *security_group_rules.TYPES,
    *subnets.TYPES,
    *vpcs.TYPES,
)
