"""Route tables: routes that AWS puts there itself, and whether a route still leads anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from groundplan_local.api.ec2 import cidr_blocks, stores
from groundplan_local.api.query import (
    Action,
    Actions,
    Answer,
    Form,
    Reply,
    edited,
    element,
    keep_matching,
    put,
)

_FILTERS = {
    "association.main": "associationSet/item/main",
    "association.route-table-association-id": "associationSet/item/routeTableAssociationId",
    "association.route-table-id": "associationSet/item/routeTableId",
    "association.subnet-id": "associationSet/item/subnetId",
    "owner-id": "ownerId",
    "route.destination-cidr-block": "routeSet/item/destinationCidrBlock",
    "route.destination-ipv6-cidr-block": "routeSet/item/destinationIpv6CidrBlock",
    "route.destination-prefix-list-id": "routeSet/item/destinationPrefixListId",
    "route.egress-only-internet-gateway-id": "routeSet/item/egressOnlyInternetGatewayId",
    "route.gateway-id": "routeSet/item/gatewayId",
    "route.instance-id": "routeSet/item/instanceId",
    "route.nat-gateway-id": "routeSet/item/natGatewayId",
    "route.state": "routeSet/item/state",
    "route-table-id": "routeTableId",
    "vpc-id": "vpcId",
}

# Where a route's target is kept, to see whether it still exists.
_TARGETS = {
    "natGatewayId": "_nat_gateways",
    "instanceId": "_instances",
    "networkInterfaceId": "_network_interfaces",
    "egressOnlyInternetGatewayId": "_egress_igws",
}
_LIVE = {"available", "pending", "running", "stopped", "attached"}


def _describe(form: Form, native: Action) -> Reply:
    def edit(answer: Answer) -> None:
        for item in answer.items("routeTableSet"):
            routes = item.find("routeSet")
            if routes is None:
                continue
            for shown in routes.findall("item"):
                _show_target(shown)
            for route in _routes_of_aws(item.findtext("routeTableId") or ""):
                routes.append(element("item", route))
        keep_matching(answer, "routeTableSet", _FILTERS, form.filters())

    return edited(native(form.without("Filter.")), edit)


def _show_target(shown: ET.Element) -> None:
    instance = stores.native._instances.get(shown.findtext("instanceId") or "")
    if instance is not None:
        put(shown, "networkInterfaceId", instance.get("NetworkInterfaceId"))
        put(shown, "instanceOwnerId", stores.native.get_account_id())
    for member, store in _TARGETS.items():
        target = shown.findtext(member)
        if target and not _alive(getattr(stores.native, store).get(target)):
            put(shown, "state", "blackhole")


def _alive(record: Any) -> bool:
    if record is None:
        return False
    state = record.get("State")
    name = state.get("Name") if isinstance(state, dict) else state
    return name is None or name in _LIVE


def _routes_of_aws(table_id: str) -> Iterator[dict[str, str]]:
    """Local routes of added blocks, and the prefix-list routes of gateway endpoints."""
    table = stores.native._route_tables.get(table_id) or {}
    vpc = stores.native._vpcs.get(table.get("VpcId", "")) or {}
    local = {"gatewayId": "local", "state": "active", "origin": "CreateRouteTable"}
    for block in cidr_blocks.ipv4_blocks(vpc)[1:] if vpc else []:
        yield {"destinationCidrBlock": block, **local}
    for block in cidr_blocks.ipv6_blocks(vpc):
        yield {"destinationIpv6CidrBlock": block, **local}
    for endpoint in stores.native._vpc_endpoints.values():
        if endpoint["VpcEndpointType"] == "Gateway" and table_id in endpoint["RouteTableIds"]:
            yield {
                "destinationPrefixListId": stores.native._aws_pl_id_from_name(
                    endpoint["ServiceName"]
                ),
                "gatewayId": endpoint["VpcEndpointId"],
                "state": "active",
                "origin": "CreateRoute",
            }


def install(actions: Actions) -> None:
    actions.complete("DescribeRouteTables", _describe)
