"""EC2's API, completed; one file per idea."""

from __future__ import annotations

from ministack.services import ec2 as native

from groundplan_local.api.ec2 import (
    addresses,
    cidr_blocks,
    endpoints,
    flow_logs,
    gateways,
    instances,
    nat_gateways,
    network_acls,
    prefix_lists,
    route_tables,
)
from groundplan_local.api.query import Actions


def install() -> None:
    actions = Actions(native._ACTION_MAP, native._error, native._xml)
    for part in (
        addresses,
        cidr_blocks,
        endpoints,
        flow_logs,
        gateways,
        instances,
        nat_gateways,
        network_acls,
        prefix_lists,
        route_tables,
    ):
        part.install(actions)
