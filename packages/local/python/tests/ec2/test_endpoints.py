from __future__ import annotations

from typing import Any

from local_aws import REGION, LocalAws, att, network, output, ref, resource, tag, tag_of


def endpoints(
    private_dns: bool = True,
    subnets: tuple[str, ...] = ("Subnet",),
    tables: tuple[str, ...] = ("Table",),
    name: str = "endpoint",
    action: str = "*",
) -> dict[str, Any]:
    statement = {"Action": action, "Effect": "Allow", "Principal": "*", "Resource": "*"}
    return network(
        Other=resource("AWS::EC2::Subnet", {"CidrBlock": "10.9.2.0/24", "VpcId": ref("Vpc")}),
        Table=resource("AWS::EC2::RouteTable", {"VpcId": ref("Vpc")}),
        Second=resource("AWS::EC2::RouteTable", {"VpcId": ref("Vpc")}),
        Group=resource("AWS::EC2::SecurityGroup", {"GroupDescription": "g", "VpcId": ref("Vpc")}),
        Gateway=resource(
            "AWS::EC2::VPCEndpoint",
            {
                "PolicyDocument": {"Statement": [statement]},
                "RouteTableIds": [ref(table) for table in tables],
                "ServiceName": f"com.amazonaws.{REGION}.s3",
                "Tags": tag(name),
                "VpcEndpointType": "Gateway",
                "VpcId": ref("Vpc"),
            },
        ),
        Interface=resource(
            "AWS::EC2::VPCEndpoint",
            {
                "PrivateDnsEnabled": private_dns,
                "SecurityGroupIds": [att("Group", "GroupId")],
                "ServiceName": f"com.amazonaws.{REGION}.sqs",
                "SubnetIds": [ref(subnet) for subnet in subnets],
                "VpcEndpointType": "Interface",
                "VpcId": ref("Vpc"),
            },
        ),
    )


def find(aws: LocalAws, identifier: str) -> dict[str, Any]:
    found: dict[str, Any] = aws.ec2.describe_vpc_endpoints(VpcEndpointIds=[identifier])[
        "VpcEndpoints"
    ][0]
    return found


def prefix_routes(aws: LocalAws, table: str) -> dict[str, str]:
    routes = aws.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    return {
        route["DestinationPrefixListId"]: route["GatewayId"]
        for route in routes
        if "DestinationPrefixListId" in route
    }


def test_a_gateway_endpoint_routes_its_service_through_every_table_it_has(aws: LocalAws) -> None:
    stack = aws.stack(endpoints()).succeeded()
    identifier = stack.id("Gateway")
    names = aws.ec2.describe_prefix_lists(
        Filters=[{"Name": "prefix-list-name", "Values": [f"com.amazonaws.{REGION}.s3"]}]
    )
    service = names["PrefixLists"][0]["PrefixListId"]
    assert prefix_routes(aws, stack.id("Table")) == {service: identifier}
    assert prefix_routes(aws, stack.id("Second")) == {}

    changed = endpoints(tables=("Second",), name="renamed", action="s3:GetObject")
    stack.update(changed).succeeded()
    assert stack.id("Gateway") == identifier
    assert prefix_routes(aws, stack.id("Table")) == {}
    assert prefix_routes(aws, stack.id("Second")) == {service: identifier}
    assert "s3:GetObject" in find(aws, identifier)["PolicyDocument"]
    assert tag_of(find(aws, identifier)) == "renamed"
    stack.delete()


def test_an_interface_endpoint_answers_in_its_subnets_under_the_private_name(aws: LocalAws) -> None:
    first = {"Fn::Select": [0, att("Interface", "NetworkInterfaceIds")]}
    stack = aws.stack(endpoints(), Outputs={"First": output(first)}).succeeded()
    identifier = stack.id("Interface")
    found = find(aws, identifier)
    assert found["PrivateDnsEnabled"]
    assert found["Groups"][0]["GroupId"] == stack.id("Group")
    assert found["NetworkInterfaceIds"] == [stack.outputs["First"]]
    assert f"sqs.{REGION}.amazonaws.com" in [e["DnsName"] for e in found["DnsEntries"]]

    changed = endpoints(private_dns=False, subnets=("Other", "Subnet"))
    stack.update(changed).succeeded()
    assert stack.id("Interface") == identifier
    found = find(aws, identifier)
    assert not found["PrivateDnsEnabled"]
    assert set(found["SubnetIds"]) == {stack.id("Subnet"), stack.id("Other")}
    interfaces = aws.ec2.describe_network_interfaces(
        NetworkInterfaceIds=found["NetworkInterfaceIds"]
    )["NetworkInterfaces"]
    assert {i["SubnetId"] for i in interfaces} == {stack.id("Subnet"), stack.id("Other")}

    vpc = stack.id("Vpc")
    stack.delete()
    left = aws.ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    assert left["VpcEndpoints"] == []
    held = aws.ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    assert held["NetworkInterfaces"] == []


def test_private_dns_needs_dns_host_names_in_the_vpc(aws: LocalAws) -> None:
    template = endpoints()
    template["Vpc"]["Properties"]["EnableDnsHostnames"] = False
    stack = aws.stack(template)
    assert stack.status == "ROLLBACK_COMPLETE"
    assert "requires both enableDnsSupport and enableDnsHostnames" in stack.failures()[0]
    stack.delete()
