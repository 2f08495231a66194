"""``AWS::EC2::VPCEndpoint``: the emulator's handler keeps properties that its API never shows."""

from __future__ import annotations

import json
from typing import Any

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.ec2 import tags
from groundplan_local.services.values import flag, pick

_LISTS = ("RouteTableIds", "SecurityGroupIds", "SubnetIds")


def _policy(props: Props) -> dict[str, str]:
    document = props.get("PolicyDocument")
    if document is None:
        return {}
    return {"PolicyDocument": document if isinstance(document, str) else json.dumps(document)}


def _create(context: Context, props: Props) -> Resource:
    request: dict[str, Any] = {
        **pick(props, "IpAddressType", "ServiceName", "VpcEndpointType", "VpcId"),
        **{name: props[name] for name in _LISTS if props.get(name)},
        **_policy(props),
    }
    # CloudFormation's default is off, the API's is on.
    if props.get("VpcEndpointType") == "Interface":
        request["PrivateDnsEnabled"] = flag(props.get("PrivateDnsEnabled", False))
    made = context.ec2.create_vpc_endpoint(**request, **tags.on_create("vpc-endpoint", props))
    return _resource(context, made["VpcEndpoint"]["VpcEndpointId"])


def _update(context: Context, identifier: str, old: Props, new: Props) -> Resource:
    request: dict[str, Any] = {}
    for name in _LISTS:
        before, after = old.get(name) or [], new.get(name) or []
        added = [value for value in after if value not in before]
        removed = [value for value in before if value not in after]
        if added:
            request[f"Add{name}"] = added
        if removed:
            request[f"Remove{name}"] = removed
    if _policy(old) != _policy(new):
        policy: dict[str, Any] = {**_policy(new)} or {"ResetPolicy": True}
        request.update(policy)
    private_dns = flag(new.get("PrivateDnsEnabled", False))
    if flag(old.get("PrivateDnsEnabled", False)) != private_dns:
        request["PrivateDnsEnabled"] = private_dns
    if old.get("IpAddressType") != new.get("IpAddressType"):
        request["IpAddressType"] = new.get("IpAddressType", "ipv4")
    if request:
        context.ec2.modify_vpc_endpoint(VpcEndpointId=identifier, **request)
    tags.on_update(context, identifier, old, new)
    return _resource(context, identifier)


def _delete(context: Context, identifier: str, props: Props) -> None:
    context.ec2.delete_vpc_endpoints(VpcEndpointIds=[identifier])


def _resource(context: Context, identifier: str) -> Resource:
    found = context.ec2.describe_vpc_endpoints(VpcEndpointIds=[identifier])["VpcEndpoints"][0]
    return Resource(
        identifier,
        {
            "CreationTimestamp": found["CreationTimestamp"].isoformat(),
            "DnsEntries": [f"{e['HostedZoneId']}:{e['DnsName']}" for e in found["DnsEntries"]],
            "Id": identifier,
            "NetworkInterfaceIds": found["NetworkInterfaceIds"],
        },
    )


TYPES = (
    ResourceType(
        "AWS::EC2::VPCEndpoint",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=(
            "ResourceConfigurationArn",
            "ServiceName",
            "ServiceNetworkArn",
            "ServiceRegion",
            "VpcEndpointType",
            "VpcId",
        ),
        tags="Tags",
    ),
)
