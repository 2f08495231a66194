"""``AWS::EC2::NatGateway`` (zonal and regional) and ``AWS::EC2::EgressOnlyInternetGateway``."""

from __future__ import annotations

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.ec2 import tags
from groundplan_local.services.values import pick


def _create_nat(context: Context, props: Props) -> Resource:
    request = pick(
        props,
        "AllocationId",
        "AvailabilityMode",
        "AvailabilityZoneAddresses",
        "ConnectivityType",
        "PrivateIpAddress",
        "SubnetId",
        "VpcId",
    )
    made = context.ec2.create_nat_gateway(**request, **tags.on_create("natgateway", props))
    identifier = made["NatGateway"]["NatGatewayId"]
    context.undo(lambda: context.ec2.delete_nat_gateway(NatGatewayId=identifier))
    return _nat(context, identifier)


def _nat(context: Context, identifier: str) -> Resource:
    found = context.ec2.describe_nat_gateways(NatGatewayIds=[identifier])["NatGateways"][0]
    attributes = {"NatGatewayId": identifier}
    for address in found["NatGatewayAddresses"]:
        if address.get("IsPrimary"):
            attributes["EniId"] = address["NetworkInterfaceId"]
    for name in ("AutoProvisionZones", "AutoScalingIps"):
        if name in found:
            attributes[name] = found[name]
    return Resource(identifier, attributes)


def _update_nat(context: Context, identifier: str, old: Props, new: Props) -> Resource:
    ignored = ("Tags", "MaxDrainDurationSeconds")
    changed = [k for k in {*old, *new} if old.get(k) != new.get(k) and k not in ignored]
    if changed:
        raise ValueError(
            f"AWS::EC2::NatGateway: a change of {', '.join(sorted(changed))} is not supported by "
            "the local AWS yet; replace the gateway (change its logical id) or try it in an account"
        )
    tags.on_update(context, identifier, old, new)
    return _nat(context, identifier)


def _delete_nat(context: Context, identifier: str, props: Props) -> None:
    context.ec2.delete_nat_gateway(NatGatewayId=identifier)


def _create_egress_only(context: Context, props: Props) -> Resource:
    made = context.ec2.create_egress_only_internet_gateway(
        VpcId=props["VpcId"], **tags.on_create("egress-only-internet-gateway", props)
    )
    identifier = made["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
    return Resource(identifier, {"Id": identifier})


def _update_egress_only(context: Context, identifier: str, old: Props, new: Props) -> Resource:
    tags.on_update(context, identifier, old, new)
    return Resource(identifier, {"Id": identifier})


def _delete_egress_only(context: Context, identifier: str, props: Props) -> None:
    context.ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=identifier)


TYPES = (
    ResourceType(
        "AWS::EC2::NatGateway",
        Kind.WRAP,
        create=_create_nat,
        update=_update_nat,
        delete=_delete_nat,
        create_only=(
            "AllocationId",
            "AvailabilityMode",
            "ConnectivityType",
            "PrivateIpAddress",
            "SubnetId",
            "VpcId",
        ),
        tags="Tags",
    ),
    ResourceType(
        "AWS::EC2::EgressOnlyInternetGateway",
        Kind.BRIDGE,
        create=_create_egress_only,
        update=_update_egress_only,
        delete=_delete_egress_only,
        create_only=("VpcId",),
        tags="Tags",
    ),
)
