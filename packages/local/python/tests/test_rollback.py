from __future__ import annotations

import json
from typing import Any

import boto3
from local_aws import LocalAws, filters, network, ref, resource, tag, tag_of

BROKEN = resource("AWS::EC2::NatGateway", {"SubnetId": "subnet-missing", "AllocationId": "x"})


def test_a_failed_create_leaves_nothing_and_says_why(aws: LocalAws) -> None:
    stack = aws.stack(network(Broken={**BROKEN, "DependsOn": ["Subnet", "Attachment"]}))
    assert stack.status == "ROLLBACK_COMPLETE"
    assert stack.failures() == [
        "Broken: An error occurred (InvalidSubnetID.NotFound) when calling the CreateNatGateway "
        "operation: The subnet ID 'subnet-missing' does not exist"
    ]
    made = {e["PhysicalResourceId"] for e in stack.events() if e.get("PhysicalResourceId")}
    held = {v["VpcId"] for v in aws.ec2.describe_vpcs()["Vpcs"]}
    held |= {s["SubnetId"] for s in aws.ec2.describe_subnets()["Subnets"]}
    assert not made & held
    stack.delete()


def test_a_failed_update_goes_back_to_what_was(aws: LocalAws) -> None:
    def template(name: str, **more: Any) -> dict[str, Any]:
        changed = network(
            Acl=resource("AWS::EC2::NetworkAcl", {"VpcId": ref("Vpc"), "Tags": tag(name)}),
            **more,
        )
        changed["Vpc"]["Properties"]["Tags"] = tag(name)
        return changed

    stack = aws.stack(template("before")).succeeded()
    vpc = stack.id("Vpc")
    added = resource("AWS::EC2::EIP", {"Domain": "vpc"})
    addresses = len(aws.ec2.describe_addresses()["Addresses"])
    stack.update(template("after", Added=added, Broken={**BROKEN, "DependsOn": ["Added", "Acl"]}))
    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert "subnet-missing" in stack.failures()[0]
    assert tag_of(aws.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]) == "before"
    acls = aws.ec2.describe_network_acls(Filters=filters(vpc_id=vpc, default="false"))
    assert [tag_of(acl) for acl in acls["NetworkAcls"]] == ["before"]
    assert len(aws.ec2.describe_addresses()["Addresses"]) == addresses
    # The stack is usable again, and says so.
    stack.update(template("after")).succeeded()
    assert tag_of(aws.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]) == "after"
    stack.delete()


def test_a_failed_replacement_keeps_the_predecessor(aws: LocalAws) -> None:
    def template(traffic: str, **more: Any) -> dict[str, Any]:
        flow = {"LogGroupName": "g", "ResourceId": ref("Vpc"), "ResourceType": "VPC"}
        flow |= {"DeliverLogsPermissionArn": "r", "TrafficType": traffic}
        return network(Flow=resource("AWS::EC2::FlowLog", flow), **more)

    stack = aws.stack(template("ALL")).succeeded()
    before = stack.id("Flow")
    stack.update(template("REJECT", Broken={**BROKEN, "DependsOn": "Flow"}))
    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    found = aws.ec2.describe_flow_logs(Filters=filters(resource_id=stack.id("Vpc")))["FlowLogs"]
    assert [(f["FlowLogId"], f["TrafficType"]) for f in found] == [(before, "ALL")]
    stack.delete()


def test_a_create_that_fails_halfway_takes_back_what_it_made(aws: LocalAws) -> None:
    addresses = len(aws.ec2.describe_addresses()["Addresses"])
    stack = aws.stack({"Ip": resource("AWS::EC2::EIP", {"InstanceId": "i-00000000"})})
    assert stack.status == "ROLLBACK_COMPLETE"
    assert "InvalidInstanceID" in stack.failures()[0]
    assert len(aws.ec2.describe_addresses()["Addresses"]) == addresses
    stack.delete()


def test_a_deleted_stack_leaves_nothing_behind(aws: LocalAws) -> None:
    stack = aws.stack(network()).succeeded()
    vpc = stack.id("Vpc")
    stack.delete()
    wanted = filters(vpc_id=vpc)
    assert aws.ec2.describe_subnets(Filters=wanted)["Subnets"] == []
    assert aws.ec2.describe_route_tables(Filters=wanted)["RouteTables"] == []
    assert aws.ec2.describe_network_acls(Filters=wanted)["NetworkAcls"] == []
    assert aws.ec2.describe_security_groups(Filters=wanted)["SecurityGroups"] == []
    assert aws.ec2.describe_network_interfaces(Filters=wanted)["NetworkInterfaces"] == []
    tagged = aws.ec2.describe_tags(Filters=[{"Name": "value", "Values": [stack.name]}])
    assert tagged["Tags"] == []


def test_accounts_and_regions_keep_apart(aws: LocalAws) -> None:
    """A handler acts where its stack is, whoever else is deploying."""
    other = boto3.session.Session(
        aws_access_key_id="111111111111", aws_secret_access_key="x", region_name="us-east-1"
    )
    cloudformation = other.client("cloudformation", endpoint_url=aws.url)
    template = {"Ip": resource("AWS::EC2::EIP", {"Domain": "vpc"})}
    cloudformation.create_stack(StackName="far", TemplateBody=json.dumps({"Resources": template}))
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName="far", WaiterConfig={"Delay": 1, "MaxAttempts": 20}
    )
    there = other.client("ec2", endpoint_url=aws.url).describe_addresses()["Addresses"]
    assert len(there) == 1
    here = [a["AllocationId"] for a in aws.ec2.describe_addresses()["Addresses"]]
    assert there[0]["AllocationId"] not in here
    entry = next(e for e in aws.ledger() if e["stack"] == "far")
    assert (entry["account"], entry["region"]) == ("111111111111", "us-east-1")
    cloudformation.delete_stack(StackName="far")
