from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from local_aws import ACCOUNT, REGION, LocalAws, network, resource

from groundplan_local import refusals


def refuse(aws: LocalAws, resources: dict[str, Any], **sections: Any) -> str:
    """The message of a refused template, after looking that nothing was made of it."""
    body = json.dumps({"Resources": resources, **sections})
    with pytest.raises(ClientError) as refused:
        aws.client("cloudformation").create_stack(StackName="refused", TemplateBody=body)
    with pytest.raises(ClientError, match="does not exist"):
        aws.client("cloudformation").describe_stacks(StackName="refused")
    return str(refused.value.response["Error"]["Message"])


def test_everything_wrong_with_a_template_is_said_at_once(aws: LocalAws) -> None:
    before = len(aws.ec2.describe_vpcs()["Vpcs"])
    message = refuse(
        aws,
        network(
            Unknown=resource("AWS::Groundplan::Unknown"),
            AlsoUnknown=resource("AWS::GuardDuty::Detector"),
            Provider=resource("Custom::AWSCDKOpenIdConnectProvider", {"ServiceToken": "x"}),
            Files=resource("Custom::CDKBucketDeployment", {"ServiceToken": "x"}),
        ),
    )
    assert "cannot deploy 4 resources" in message
    assert "- Unknown (AWS::Groundplan::Unknown)" in message
    assert "- AlsoUnknown (AWS::GuardDuty::Detector)" in message
    assert "(emulator fault 3)" in message
    assert "(emulator fault 12)" in message
    assert len(aws.ec2.describe_vpcs()["Vpcs"]) == before


def test_a_resource_whose_condition_is_false_is_not_refused(aws: LocalAws) -> None:
    stack = aws.stack(
        {
            "Never": resource("AWS::Groundplan::Unknown", Condition="No"),
            "Queue": resource("AWS::SQS::Queue"),
        },
        Conditions={"No": {"Fn::Equals": ["a", "b"]}},
    ).succeeded()
    stack.delete()


def test_a_change_set_is_refused_as_well(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match="does not know this type yet"):
        aws.client("cloudformation").create_change_set(
            StackName="refused",
            ChangeSetName="c",
            ChangeSetType="CREATE",
            TemplateBody=json.dumps({"Resources": {"X": resource("AWS::Groundplan::Unknown")}}),
        )


CASES = [
    ("Custom::CDKBucketDeployment", {"ServiceToken": "x"}, 3),
    ("AWS::SNS::Subscription", {"TopicArn": "no-such-topic", "Protocol": "sqs"}, 7),
    (
        "AWS::Lambda::EventSourceMapping",
        {"FunctionName": "no-such-function", "EventSourceArn": "x"},
        7,
    ),
    ("Custom::AWSCDKOpenIdConnectProvider", {"ServiceToken": "x"}, 12),
]


@pytest.mark.parametrize(("kind", "properties", "fault"), CASES)
def test_each_fault_that_is_not_worked_around_is_named(
    aws: LocalAws, kind: str, properties: dict[str, Any], fault: int
) -> None:
    message = refuse(aws, {"It": resource(kind, properties)})
    assert f"- It ({kind}): " in message
    assert f"(emulator fault {fault})" in message


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::EC2::NatGateway", {"SecondaryAllocationIds": ["x"]}),
        ("AWS::EC2::VPC", {"Ipv4IpamPoolId": "x"}),
        ("AWS::EC2::Subnet", {"Ipv6Native": True}),
    ],
)
def test_properties_that_would_be_ignored_are_refused(
    aws: LocalAws, kind: str, properties: dict[str, Any]
) -> None:
    assert "- It (" in refuse(aws, {"It": resource(kind, properties)})


def test_what_the_faults_do_not_touch_is_not_refused() -> None:
    template = {
        "Resources": {
            "Task": resource("AWS::ECS::TaskDefinition", {"ContainerDefinitions": [{"Name": "a"}]}),
            "Service": resource("AWS::ECS::Service", {"DesiredCount": 2}),
            "Machine": resource("AWS::StepFunctions::StateMachine", {"DefinitionString": "{}"}),
        }
    }
    assert refusals.check(template, {}, lambda _: True) == []


def test_a_subscription_to_a_topic_that_a_parameter_names_wrongly_fails(aws: LocalAws) -> None:
    topic = f"arn:{'aws'}:sns:{REGION}:{ACCOUNT}:missing"
    subscription = {
        "Endpoint": {"Fn::GetAtt": ["Queue", "Arn"]},
        "Protocol": "sqs",
        "TopicArn": {"Ref": "Topic"},
    }
    stack = aws.stack(
        {
            "Queue": resource("AWS::SQS::Queue"),
            "Subscription": resource("AWS::SNS::Subscription", subscription),
        },
        Parameters={"Topic": {"Type": "String", "Default": topic}},
    )
    assert stack.status == "ROLLBACK_COMPLETE"
    assert "NotFound" in stack.failures()[0]
    stack.delete()


def test_a_nested_stack_is_not_a_way_around_it(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="templates", CreateBucketConfiguration={"LocationConstraint": REGION})
    files = resource("Custom::CDKBucketDeployment", {"ServiceToken": "x"})
    child = json.dumps({"Resources": {"Files": files}})
    s3.put_object(Bucket="templates", Key="child.json", Body=child)
    stack = aws.stack(
        {
            "Child": resource(
                "AWS::CloudFormation::Stack", {"TemplateURL": f"{aws.url}/templates/child.json"}
            )
        }
    )
    assert stack.status == "ROLLBACK_COMPLETE"
    assert "emulator fault 3" in stack.failures()[0]
    stack.delete()
    s3.delete_object(Bucket="templates", Key="child.json")
    s3.delete_bucket(Bucket="templates")
