from __future__ import annotations

import base64
from typing import Any

from local_aws import REGION, LocalAws, att, network, output, ref, resource, tag, tag_of

IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-arm64"
PARAMETERS = {
    "Image": {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "Default": IMAGE}
}


def nat_instance(name: str = "nat", forward: bool = True) -> dict[str, Any]:
    trust = {
        "Statement": [
            {
                "Action": "sts:AssumeRole",
                "Effect": "Allow",
                "Principal": {"Service": "ec2.amazonaws.com"},
            }
        ],
        "Version": "2012-10-17",
    }
    template = network(
        Role=resource("AWS::IAM::Role", {"AssumeRolePolicyDocument": trust}),
        Profile=resource("AWS::IAM::InstanceProfile", {"Roles": [ref("Role")]}),
        Group=resource("AWS::EC2::SecurityGroup", {"GroupDescription": "g", "VpcId": ref("Vpc")}),
        Template=resource(
            "AWS::EC2::LaunchTemplate",
            {"LaunchTemplateData": {"MetadataOptions": {"HttpTokens": "required"}}},
        ),
        Instance=resource(
            "AWS::EC2::Instance",
            {
                "IamInstanceProfile": ref("Profile"),
                "ImageId": ref("Image"),
                "InstanceType": "t4g.nano",
                "LaunchTemplate": {
                    "LaunchTemplateId": ref("Template"),
                    "Version": att("Template", "LatestVersionNumber"),
                },
                "SecurityGroupIds": [att("Group", "GroupId")],
                "SourceDestCheck": not forward,
                "SubnetId": ref("Subnet"),
                "Tags": tag(name),
                "UserData": {"Fn::Base64": "#!/bin/sh"},
            },
        ),
        Table=resource("AWS::EC2::RouteTable", {"VpcId": ref("Vpc")}),
        Route=resource(
            "AWS::EC2::Route",
            {
                "DestinationCidrBlock": "0.0.0.0/0",
                "InstanceId": ref("Instance"),
                "RouteTableId": ref("Table"),
            },
        ),
    )
    template["Subnet"]["Properties"]["MapPublicIpOnLaunch"] = True
    return template


def find(aws: LocalAws, identifier: str) -> dict[str, Any]:
    found: dict[str, Any] = aws.ec2.describe_instances(InstanceIds=[identifier])["Reservations"][0][
        "Instances"
    ][0]
    return found


def default_route(aws: LocalAws, table: str) -> dict[str, Any]:
    routes = aws.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    return next(r for r in routes if r.get("DestinationCidrBlock") == "0.0.0.0/0")


def test_a_nat_instance_forwards_for_its_route(aws: LocalAws) -> None:
    outputs = {"Private": output(att("Instance", "PrivateIp"))}
    stack = aws.stack(nat_instance(), Parameters=PARAMETERS, Outputs=outputs).succeeded()
    identifier = stack.id("Instance")
    found = find(aws, identifier)
    image = aws.client("ssm").get_parameter(Name=IMAGE)["Parameter"]["Value"]
    assert found["ImageId"] == image
    assert found["SubnetId"] == stack.id("Subnet")
    assert found["Placement"]["AvailabilityZone"] == f"{REGION}b"
    assert found["PrivateIpAddress"] == stack.outputs["Private"]
    assert found["PrivateIpAddress"].startswith("10.9.1.")
    assert found["PublicIpAddress"]
    assert found["SourceDestCheck"] is False
    assert found["MetadataOptions"]["HttpTokens"] == "required"
    assert [g["GroupId"] for g in found["SecurityGroups"]] == [stack.id("Group")]
    assert found["IamInstanceProfile"]["Arn"].endswith(stack.id("Profile"))
    data = aws.ec2.describe_instance_attribute(InstanceId=identifier, Attribute="userData")
    assert base64.b64decode(data["UserData"]["Value"]) == b"#!/bin/sh"
    route = default_route(aws, stack.id("Table"))
    assert route["InstanceId"] == identifier
    interface = found["NetworkInterfaces"][0]["NetworkInterfaceId"]
    assert (route["NetworkInterfaceId"], route["State"]) == (interface, "active")

    changed = nat_instance("renamed", forward=False)
    stack.update(changed, Parameters=PARAMETERS, Outputs=outputs).succeeded()
    assert stack.id("Instance") == identifier
    assert find(aws, identifier)["SourceDestCheck"] is True
    assert tag_of(find(aws, identifier)) == "renamed"

    changed["Instance"]["Properties"]["InstanceType"] = "t4g.micro"
    stack.update(changed, Parameters=PARAMETERS, Outputs=outputs).succeeded()
    assert stack.id("Instance") != identifier
    assert find(aws, identifier)["State"]["Name"] == "terminated"
    last = stack.id("Instance")
    assert find(aws, last)["InstanceType"] == "t4g.micro"

    stack.delete()
    assert find(aws, last)["State"]["Name"] == "terminated"
    held = aws.ec2.describe_network_interfaces(
        Filters=[{"Name": "attachment.instance-id", "Values": [last]}]
    )
    assert held["NetworkInterfaces"] == []


def test_a_route_to_a_terminated_instance_is_a_blackhole(aws: LocalAws) -> None:
    stack = aws.stack(nat_instance(), Parameters=PARAMETERS).succeeded()
    aws.ec2.terminate_instances(InstanceIds=[stack.id("Instance")])
    assert default_route(aws, stack.id("Table"))["State"] == "blackhole"
    stack.delete()


def test_an_image_can_be_named_by_a_dynamic_reference(aws: LocalAws) -> None:
    properties = {"ImageId": f"{{{{resolve:ssm:{IMAGE}}}}}", "InstanceType": "t4g.nano"}
    template = network(
        Instance=resource("AWS::EC2::Instance", {**properties, "SubnetId": ref("Subnet")})
    )
    stack = aws.stack(template).succeeded()
    image = aws.client("ssm").get_parameter(Name=IMAGE)["Parameter"]["Value"]
    assert find(aws, stack.id("Instance"))["ImageId"] == image
    stack.delete()
