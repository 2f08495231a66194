from __future__ import annotations

import ipaddress
from typing import Any

from local_aws import REGION, LocalAws, att, filters, network, output, ref, resource


def dual_stack() -> dict[str, Any]:
    block = {"Fn::Select": [0, att("Vpc", "Ipv6CidrBlocks")]}
    return network(
        Six=resource(
            "AWS::EC2::VPCCidrBlock", {"AmazonProvidedIpv6CidrBlock": True, "VpcId": ref("Vpc")}
        ),
        SubnetSix=resource(
            "AWS::EC2::Subnet",
            {
                "AssignIpv6AddressOnCreation": True,
                "AvailabilityZone": f"{REGION}a",
                "CidrBlock": "10.9.7.0/24",
                "Ipv6CidrBlock": {"Fn::Select": [1, {"Fn::Cidr": [block, 4, "64"]}]},
                "VpcId": ref("Vpc"),
            },
            DependsOn="Six",
        ),
        Out=resource("AWS::EC2::EgressOnlyInternetGateway", {"VpcId": ref("Vpc")}),
        Table=resource("AWS::EC2::RouteTable", {"VpcId": ref("Vpc")}),
        Route=resource(
            "AWS::EC2::Route",
            {
                "DestinationIpv6CidrBlock": "::/0",
                "EgressOnlyInternetGatewayId": ref("Out"),
                "RouteTableId": ref("Table"),
            },
        ),
    )


def test_a_vpc_and_its_subnet_have_ipv6_and_lose_it(aws: LocalAws) -> None:
    stack = aws.stack(dual_stack()).succeeded()
    vpc = aws.ec2.describe_vpcs(VpcIds=[stack.id("Vpc")])["Vpcs"][0]
    block = vpc["Ipv6CidrBlockAssociationSet"][0]
    assert block["AssociationId"] == stack.id("Six")
    subnet = aws.ec2.describe_subnets(SubnetIds=[stack.id("SubnetSix")])["Subnets"][0]
    inner = subnet["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
    assert ipaddress.ip_network(inner).prefixlen == 64
    assert ipaddress.IPv6Network(inner).subnet_of(ipaddress.IPv6Network(block["Ipv6CidrBlock"]))
    assert subnet["AssignIpv6AddressOnCreation"]
    routes = aws.ec2.describe_route_tables(RouteTableIds=[stack.id("Table")])["RouteTables"][0]
    targets = {
        r.get("DestinationIpv6CidrBlock"): r.get("EgressOnlyInternetGatewayId", r.get("GatewayId"))
        for r in routes["Routes"]
    }
    assert targets["::/0"] == stack.id("Out")
    assert targets[block["Ipv6CidrBlock"]] == "local"

    stack.update(network()).succeeded()
    vpc = aws.ec2.describe_vpcs(VpcIds=[stack.id("Vpc")])["Vpcs"][0]
    assert vpc["Ipv6CidrBlockAssociationSet"] == []
    stack.delete()


def test_a_second_ipv4_block_carries_subnets_and_a_local_route(aws: LocalAws) -> None:
    template = network(
        More=resource("AWS::EC2::VPCCidrBlock", {"CidrBlock": "10.77.0.0/16", "VpcId": ref("Vpc")}),
        Far=resource(
            "AWS::EC2::Subnet",
            {"CidrBlock": "10.77.3.0/24", "VpcId": ref("Vpc")},
            DependsOn="More",
        ),
    )
    stack = aws.stack(template).succeeded()
    vpc = aws.ec2.describe_vpcs(VpcIds=[stack.id("Vpc")])["Vpcs"][0]
    blocks = [a["CidrBlock"] for a in vpc["CidrBlockAssociationSet"]]
    assert blocks == ["10.9.0.0/16", "10.77.0.0/16"]
    main = aws.ec2.describe_route_tables(Filters=filters(vpc_id=stack.id("Vpc")))["RouteTables"][0]
    assert [r["DestinationCidrBlock"] for r in main["Routes"]] == blocks
    stack.delete()


def test_subnets_must_lie_in_their_vpc_and_apart_from_each_other(aws: LocalAws) -> None:
    for block, expected in (
        ("10.200.0.0/24", "InvalidSubnet.Range"),
        ("10.9.1.128/25", "InvalidSubnet.Conflict"),
    ):
        wrong = resource("AWS::EC2::Subnet", {"CidrBlock": block, "VpcId": ref("Vpc")})
        stack = aws.stack(network(Wrong={**wrong, "DependsOn": "Subnet"}))
        assert stack.status == "ROLLBACK_COMPLETE"
        assert expected in stack.failures()[0]
        stack.delete()


def test_a_vpc_answers_every_attribute_of_its_specification(aws: LocalAws) -> None:
    names = ("CidrBlock", "DefaultNetworkAcl", "DefaultSecurityGroup", "VpcId")
    outputs: dict[str, Any] = {name: output(att("Vpc", name)) for name in names}
    first = {"Fn::Select": [0, att("Vpc", "CidrBlockAssociations")]}
    outputs["Association"] = output(first)
    subnet_names = ("AvailabilityZone", "CidrBlock", "NetworkAclAssociationId", "VpcId")
    for name in subnet_names:
        outputs[f"Subnet{name}"] = output(att("Subnet", name))
    stack = aws.stack(network(), Outputs=outputs).succeeded()
    vpc = aws.ec2.describe_vpcs(VpcIds=[stack.id("Vpc")])["Vpcs"][0]
    given = stack.outputs
    assert given["CidrBlock"] == "10.9.0.0/16"
    assert given["VpcId"] == stack.id("Vpc") == given["SubnetVpcId"]
    assert given["Association"] == vpc["CidrBlockAssociationSet"][0]["AssociationId"]
    groups = aws.ec2.describe_security_groups(GroupIds=[given["DefaultSecurityGroup"]])
    default = groups["SecurityGroups"][0]
    assert default["GroupName"] == "default"
    pairs = [pair["GroupId"] for p in default["IpPermissions"] for pair in p["UserIdGroupPairs"]]
    assert pairs == [default["GroupId"]]
    acls = aws.ec2.describe_network_acls(NetworkAclIds=[given["DefaultNetworkAcl"]])
    associations = acls["NetworkAcls"][0]["Associations"]
    assert associations[0]["NetworkAclAssociationId"] == given["SubnetNetworkAclAssociationId"]
    stack.delete()
