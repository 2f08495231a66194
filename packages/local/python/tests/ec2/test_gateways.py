from __future__ import annotations

from typing import Any

from local_aws import LocalAws, att, filters, network, output, ref, resource, tag, tag_of


def zonal(name: str = "nat", subnet: str = "Subnet") -> dict[str, Any]:
    return network(
        Other=resource("AWS::EC2::Subnet", {"VpcId": ref("Vpc"), "CidrBlock": "10.9.2.0/24"}),
        Ip=resource("AWS::EC2::EIP", {"Domain": "vpc"}),
        Nat=resource(
            "AWS::EC2::NatGateway",
            {
                "AllocationId": att("Ip", "AllocationId"),
                "SubnetId": ref(subnet),
                "Tags": tag(name),
            },
            DependsOn="Attachment",
        ),
    )


def test_a_zonal_gateway_holds_its_address_and_lets_go_of_it(aws: LocalAws) -> None:
    stack = aws.stack(zonal(), Outputs={"Eni": output(att("Nat", "EniId"))}).succeeded()
    nat = aws.ec2.describe_nat_gateways(NatGatewayIds=[stack.id("Nat")])["NatGateways"][0]
    assert (nat["State"], nat["SubnetId"], nat["VpcId"]) == (
        "available",
        stack.id("Subnet"),
        stack.id("Vpc"),
    )
    address = nat["NatGatewayAddresses"][0]
    assert address["PublicIp"] == stack.id("Ip")
    assert address["PrivateIp"].startswith("10.9.1.")
    assert address["NetworkInterfaceId"] == stack.outputs["Eni"]
    held = aws.ec2.describe_addresses(PublicIps=[stack.id("Ip")])["Addresses"][0]
    assert held["NetworkInterfaceId"] == address["NetworkInterfaceId"]

    stack.update(zonal("renamed"), Outputs={"Eni": output(att("Nat", "EniId"))}).succeeded()
    again = aws.ec2.describe_nat_gateways(NatGatewayIds=[nat["NatGatewayId"]])["NatGateways"][0]
    assert tag_of(again) == "renamed"

    stack.delete()
    gone = aws.ec2.describe_nat_gateways(NatGatewayIds=[nat["NatGatewayId"]])["NatGateways"][0]
    assert gone["State"] == "deleted"
    interfaces = aws.ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert address["NetworkInterfaceId"] not in [i["NetworkInterfaceId"] for i in interfaces]


def test_a_regional_gateway_belongs_to_the_vpc(aws: LocalAws) -> None:
    template = network(
        Nat=resource(
            "AWS::EC2::NatGateway",
            {"AvailabilityMode": "regional", "ConnectivityType": "public", "VpcId": ref("Vpc")},
        )
    )
    stack = aws.stack(template, Outputs={"Id": output(att("Nat", "NatGatewayId"))}).succeeded()
    nat = aws.ec2.describe_nat_gateways(Filters=filters(vpc_id=stack.id("Vpc")))["NatGateways"][0]
    assert nat["NatGatewayId"] == stack.outputs["Id"]
    assert nat["AvailabilityMode"] == "regional"
    assert nat["AutoProvisionZones"] == "enabled"
    assert nat["NatGatewayAddresses"] == []
    assert "SubnetId" not in nat
    stack.delete()


def test_a_gateway_without_a_way_to_the_internet_fails_as_on_aws(aws: LocalAws) -> None:
    template = zonal()
    del template["Attachment"], template["Internet"], template["Nat"]["DependsOn"]
    stack = aws.stack(template)
    assert stack.status == "ROLLBACK_COMPLETE"
    assert "has no Internet gateway attached" in stack.failures()[0]
    stack.delete()


def test_an_egress_only_gateway_comes_is_retagged_and_goes(aws: LocalAws) -> None:
    def template(name: str) -> dict[str, Any]:
        properties = {"VpcId": ref("Vpc"), "Tags": tag(name)}
        return network(Out=resource("AWS::EC2::EgressOnlyInternetGateway", properties))

    def find(identifier: str) -> list[dict[str, Any]]:
        found = aws.ec2.describe_egress_only_internet_gateways(
            EgressOnlyInternetGatewayIds=[identifier]
        )
        return list(found["EgressOnlyInternetGateways"])

    stack = aws.stack(template("one")).succeeded()
    identifier = stack.id("Out")
    found = find(identifier)[0]
    assert found["Attachments"] == [{"State": "attached", "VpcId": stack.id("Vpc")}]
    stack.update(template("two")).succeeded()
    assert stack.id("Out") == identifier
    assert tag_of(find(identifier)[0]) == "two"
    stack.delete()
    assert find(identifier) == []
