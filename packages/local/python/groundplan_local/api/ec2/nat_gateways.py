"""NAT gateways: zonal ones with their addresses, and regional ones, which the emulator lacks.

A regional gateway belongs to a VPC and to no subnet. In automatic mode AWS adds an address per
zone only once something in that zone sends traffic, so a fresh one shows no address here.
"""

from __future__ import annotations

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
    "nat-gateway-id": "natGatewayId",
    "state": "state",
    "subnet-id": "subnetId",
    "vpc-id": "vpcId",
}


def _create(form: Form, native: Action) -> Reply:
    if form.text("AvailabilityMode") == "regional":
        return _create_regional(form, native)
    return _create_zonal(form, native)


def _create_zonal(form: Form, native: Action) -> Reply:
    subnet = stores.subnet(form.text("SubnetId"))
    public = form.text("ConnectivityType", "public") == "public"
    allocation_id = form.text("AllocationId")
    if public and not allocation_id:
        raise ApiError("MissingParameter", "AllocationId is required for a public NAT gateway")
    if public and not _has_internet_gateway(subnet["VpcId"]):
        raise ApiError(
            "Gateway.NotAttached", f"Network {subnet['VpcId']} has no Internet gateway attached"
        )
    if public and stores.allocation(allocation_id).get("AssociationId"):
        raise ApiError(
            "Resource.AlreadyAssociated",
            f"Elastic IP address [{allocation_id}] is already associated",
        )

    def keep(answer: Answer) -> None:
        record = _record(answer.root.findtext("natGateway/natGatewayId") or "")
        interface = stores.attach_interface(
            subnet["SubnetId"], f"Interface for NAT Gateway {record['NatGatewayId']}", "nat_gateway"
        )
        address = {
            "networkInterfaceId": interface["NetworkInterfaceId"],
            "privateIp": interface["PrivateIpAddress"],
            "isPrimary": True,
            "status": "succeeded",
            "availabilityZone": subnet["AvailabilityZone"],
        }
        if public:
            address["associationId"] = stores.associate_address(allocation_id, interface)
            address["allocationId"] = allocation_id
            address["publicIp"] = stores.allocation(allocation_id)["PublicIp"]
        record.update(AvailabilityMode="zonal", NatGatewayAddresses=[address])

    return edited(native(form.fields), keep)


def _create_regional(form: Form, native: Action) -> Reply:
    vpc = stores.vpc(form.text("VpcId"))
    if form.text("SubnetId") or form.text("AllocationId"):
        raise ApiError(
            "InvalidParameterCombination",
            "A regional NAT gateway takes neither SubnetId nor AllocationId",
        )
    zones = form.structures("AvailabilityZoneAddress", ("AvailabilityZone", "AvailabilityZoneId"))

    def keep(answer: Answer) -> None:
        record = _record(answer.root.findtext("natGateway/natGatewayId") or "")
        addresses = []
        for number, zone in enumerate(zones, start=1):
            for allocation_id in form.values(f"AvailabilityZoneAddress.{number}.AllocationId"):
                held = stores.allocation(allocation_id)
                held["AssociationId"] = stores.new_id("eipassoc")
                addresses.append(
                    {
                        "allocationId": allocation_id,
                        "associationId": held["AssociationId"],
                        "publicIp": held["PublicIp"],
                        "status": "succeeded",
                        "availabilityZone": zone.get("AvailabilityZone"),
                        "availabilityZoneId": zone.get("AvailabilityZoneId"),
                    }
                )
        automatic = "disabled" if zones else "enabled"
        record.update(
            VpcId=vpc["VpcId"],
            SubnetId="",
            AvailabilityMode="regional",
            AutoProvisionZones=automatic,
            AutoScalingIps=automatic,
            NatGatewayAddresses=addresses,
        )
        item = answer.root.find("natGateway")
        if item is not None:
            put(item, "vpcId", vpc["VpcId"])
            put(item, "subnetId", None)
            put(item, "availabilityMode", "regional")

    # The emulator insists on a subnet; the record is put right as soon as it exists.
    return edited(native(form.with_fields(SubnetId="none")), keep)


def _describe(form: Form, native: Action) -> Reply:
    def edit(answer: Answer) -> None:
        for item in answer.items("natGatewaySet"):
            record = _record(item.findtext("natGatewayId") or "")
            if not record["SubnetId"]:
                put(item, "subnetId", None)
            put(item, "natGatewayAddressSet", record.get("NatGatewayAddresses", []))
            put(item, "availabilityMode", record.get("AvailabilityMode", "zonal"))
            put(item, "autoProvisionZones", record.get("AutoProvisionZones"))
            put(item, "autoScalingIps", record.get("AutoScalingIps"))
        keep_matching(answer, "natGatewaySet", _FILTERS, form.filters())

    return edited(native(form.without("Filter.")), edit)


def _delete(form: Form, native: Action) -> Reply:
    def edit(_answer: Answer) -> None:
        record = _record(form.text("NatGatewayId"))
        stores.forget_tags(record["NatGatewayId"])
        for address in record.pop("NatGatewayAddresses", []):
            if address.get("allocationId"):
                stores.release_association(address["allocationId"])
            if address.get("networkInterfaceId"):
                stores.drop_interfaces(address["networkInterfaceId"])

    return edited(native(form.fields), edit)


def _record(identifier: str) -> stores.Record:
    return stores.existing(
        stores.native._nat_gateways, identifier, "NatGatewayNotFound", "NAT gateway"
    )


def _has_internet_gateway(vpc_id: str) -> bool:
    return any(
        attachment.get("VpcId") == vpc_id
        for gateway in stores.native._internet_gateways.values()
        for attachment in gateway.get("Attachments", [])
    )


def install(actions: Actions) -> None:
    actions.complete("CreateNatGateway", _create)
    actions.complete("DescribeNatGateways", _describe)
    actions.complete("DeleteNatGateway", _delete)
