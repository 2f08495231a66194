"""VPC endpoints: interfaces, security groups, private DNS and policy, all lost by the emulator."""

from __future__ import annotations

import json
from typing import Any

from groundplan_local.api.ec2 import stores
from groundplan_local.api.query import (
    Action,
    Actions,
    Answer,
    ApiError,
    Form,
    Reply,
    edited,
    keep_matching,
    put,
)

_FILTERS = {
    "ip-address-type": "ipAddressType",
    "service-name": "serviceName",
    "vpc-endpoint-id": "vpcEndpointId",
    "vpc-endpoint-state": "state",
    "vpc-endpoint-type": "vpcEndpointType",
    "vpc-id": "vpcId",
}

# What AWS gives an endpoint that was created without a policy.
_FULL_ACCESS = json.dumps(
    {"Statement": [{"Action": "*", "Effect": "Allow", "Principal": "*", "Resource": "*"}]}
)


def _create(form: Form, native: Action) -> Reply:
    vpc = stores.vpc(form.text("VpcId"))
    interface = form.text("VpcEndpointType", "Gateway") == "Interface"
    private_dns = interface and form.flag("PrivateDnsEnabled") is not False
    _check(form.values("SubnetId"), form.values("RouteTableId"), form.values("SecurityGroupId"))
    if private_dns and interface:
        _check_private_dns(vpc, form.text("ServiceName"))

    def keep(answer: Answer) -> None:
        record = _record(answer.root.findtext("vpcEndpoint/vpcEndpointId") or "")
        groups = form.values("SecurityGroupId")
        if interface and not groups:
            groups = [vpc["DefaultSecurityGroupId"]]
        record.update(
            SecurityGroupIds=groups if interface else [],
            PrivateDnsEnabled=private_dns,
            PolicyDocument=form.text("PolicyDocument", _FULL_ACCESS),
            IpAddressType=form.text("IpAddressType", "ipv4"),
            CreationTimestamp=stores.native._now_ts(),
            Interfaces={},
        )
        if interface:
            _place(record, record["SubnetIds"])
        item = answer.root.find("vpcEndpoint")
        if item is not None:
            _show(item, record)

    return edited(native(form.fields), keep)


def _check(subnets: list[str], tables: list[str], groups: list[str]) -> None:
    for subnet in subnets:
        stores.subnet(subnet)
    for table in tables:
        stores.existing(
            stores.native._route_tables, table, "InvalidRouteTableID.NotFound", "route table"
        )
    for group in groups:
        stores.existing(
            stores.native._security_groups, group, "InvalidGroup.NotFound", "security group"
        )


def _check_private_dns(vpc: stores.Record, service: str) -> None:
    """Private DNS needs both DNS settings of the VPC, and one owner of the name in it."""
    if not (vpc.get("EnableDnsSupport", True) and vpc.get("EnableDnsHostnames", False)):
        raise ApiError(
            "InvalidParameter",
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC "
            f"attributes set to true for {vpc['VpcId']}",
        )
    for other in stores.native._vpc_endpoints.values():
        if (
            other["VpcId"] == vpc["VpcId"]
            and other["ServiceName"] == service
            and other.get("PrivateDnsEnabled")
        ):
            raise ApiError(
                "InvalidParameter",
                f"private-dns-enabled cannot be set because there is already a conflicting DNS "
                f"domain for {service} in the VPC {vpc['VpcId']}",
            )


def _place(record: stores.Record, subnets: list[str]) -> None:
    """One network interface per subnet, made and dropped as the endpoint's subnets change."""
    interfaces: dict[str, str] = record["Interfaces"]
    for subnet in [held for held in interfaces if held not in subnets]:
        stores.drop_interfaces(interfaces.pop(subnet))
    for subnet in subnets:
        if subnet not in interfaces:
            made = stores.attach_interface(
                subnet,
                f"VPC Endpoint Interface {record['VpcEndpointId']}",
                "vpc_endpoint",
                record["SecurityGroupIds"],
            )
            interfaces[subnet] = made["NetworkInterfaceId"]
    record["SubnetIds"] = list(subnets)


def _dns_entries(record: stores.Record) -> list[dict[str, str]]:
    if record["VpcEndpointType"] != "Interface":
        return []
    service = record["ServiceName"].rsplit(".", 1)[-1]
    region = stores.native.get_region()
    token = record["VpcEndpointId"].removeprefix("vpce-")[:8]
    names = [f"{record['VpcEndpointId']}-{token}.{service}.{region}.vpce.amazonaws.com"]
    if record.get("PrivateDnsEnabled"):
        names.append(f"{service}.{region}.amazonaws.com")
    return [{"dnsName": name, "hostedZoneId": "Z00000000000000000000"} for name in names]


def _show(item: Any, record: stores.Record) -> None:
    put(item, "privateDnsEnabled", bool(record.get("PrivateDnsEnabled")))
    put(item, "policyDocument", record.get("PolicyDocument"))
    put(item, "creationTimestamp", record.get("CreationTimestamp"))
    groups = [stores.group_view(group) for group in record.get("SecurityGroupIds", [])]
    put(
        item,
        "groupSet",
        [{"groupId": group["GroupId"], "groupName": group["GroupName"]} for group in groups],
    )
    put(item, "networkInterfaceIdSet", list(record.get("Interfaces", {}).values()))
    put(item, "dnsEntrySet", _dns_entries(record))
    put(item, "ipAddressType", record.get("IpAddressType"))


def _describe(form: Form, native: Action) -> Reply:
    missing = [v for v in form.values("VpcEndpointId") if v not in stores.native._vpc_endpoints]
    if missing:
        raise ApiError(
            "InvalidVpcEndpointId.NotFound", f"The Vpc Endpoint Id '{missing[0]}' does not exist"
        )

    def edit(answer: Answer) -> None:
        for item in answer.items("vpcEndpointSet"):
            _show(item, _record(item.findtext("vpcEndpointId") or ""))
        keep_matching(answer, "vpcEndpointSet", _FILTERS, form.filters())

    return edited(native(form.fields), edit)


def _modify(form: Form, native: Action) -> Reply:
    record = _record(form.text("VpcEndpointId"))
    _check(
        form.values("AddSubnetId"),
        form.values("AddRouteTableId"),
        form.values("AddSecurityGroupId"),
    )
    private_dns = form.flag("PrivateDnsEnabled")
    if private_dns and not record.get("PrivateDnsEnabled"):
        _check_private_dns(stores.vpc(record["VpcId"]), record["ServiceName"])

    def keep(_answer: Answer) -> None:
        groups = [
            g
            for g in record.get("SecurityGroupIds", [])
            if g not in form.values("RemoveSecurityGroupId")
        ]
        record["SecurityGroupIds"] = groups + [
            g for g in form.values("AddSecurityGroupId") if g not in groups
        ]
        for interface in record.get("Interfaces", {}).values():
            stores.native._network_interfaces[interface]["Groups"] = [
                stores.group_view(group) for group in record["SecurityGroupIds"]
            ]
        if record["VpcEndpointType"] == "Interface":
            _place(record, record["SubnetIds"])
        if private_dns is not None:
            record["PrivateDnsEnabled"] = private_dns
        if form.text("IpAddressType"):
            record["IpAddressType"] = form.text("IpAddressType")
        if form.flag("ResetPolicy"):
            record["PolicyDocument"] = _FULL_ACCESS

    return edited(native(form.fields), keep)


def _delete(form: Form, native: Action) -> Reply:
    for identifier in form.values("VpcEndpointId"):
        record = stores.native._vpc_endpoints.get(identifier)
        if record is not None:
            stores.drop_interfaces(*record.get("Interfaces", {}).values())
    return native(form.fields)


def _record(identifier: str) -> stores.Record:
    return stores.existing(
        stores.native._vpc_endpoints, identifier, "InvalidVpcEndpointId.NotFound", "Vpc Endpoint Id"
    )


def install(actions: Actions) -> None:
    actions.complete("CreateVpcEndpoint", _create)
    actions.complete("DescribeVpcEndpoints", _describe)
    actions.complete("ModifyVpcEndpoint", _modify)
    actions.complete("DeleteVpcEndpoints", _delete)
