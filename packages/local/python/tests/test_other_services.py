"""Types that the emulator handles itself and that the first stacks lean on: what they must keep."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from local_aws import LocalAws, att, output, ref, resource, tag


def test_a_log_group_and_its_filter_keep_retention_tags_and_pattern(aws: LocalAws) -> None:
    logs = aws.client("logs")

    def template(days: int, pattern: str) -> dict[str, Any]:
        transformation = {"MetricName": "m", "MetricNamespace": "n", "MetricValue": "1"}
        return {
            "Group": resource("AWS::Logs::LogGroup", {"RetentionInDays": days, "Tags": tag("g")}),
            "Filter": resource(
                "AWS::Logs::MetricFilter",
                {
                    "FilterPattern": pattern,
                    "LogGroupName": ref("Group"),
                    "MetricTransformations": [transformation],
                },
            ),
        }

    stack = aws.stack(template(7, "REJECT"), Outputs={"Arn": output(att("Group", "Arn"))})
    name = stack.succeeded().id("Group")
    group = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]
    assert group["retentionInDays"] == 7
    assert logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"]["Name"] == "g"
    stack.update(template(14, "ACCEPT")).succeeded()
    assert (
        logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]["retentionInDays"] == 14
    )
    found = logs.describe_metric_filters(logGroupName=name)["metricFilters"]
    assert [f["filterPattern"] for f in found] == ["ACCEPT"]
    stack.delete()
    assert logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"] == []


def test_an_instance_profile_is_known_by_its_name(aws: LocalAws) -> None:
    iam = aws.client("iam")
    trust = {"Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": "*"}]}
    template = {
        "Role": resource("AWS::IAM::Role", {"AssumeRolePolicyDocument": trust}),
        "Other": resource("AWS::IAM::Role", {"AssumeRolePolicyDocument": trust}),
        "Profile": resource("AWS::IAM::InstanceProfile", {"Roles": [ref("Role")]}),
    }
    outputs = {"Ref": output(ref("Profile")), "Arn": output(att("Profile", "Arn"))}
    stack = aws.stack(template, Outputs=outputs).succeeded()
    name = stack.outputs["Ref"]

    def roles() -> list[str]:
        profile = iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
        assert profile["Arn"] == stack.outputs["Arn"]
        return [role["RoleName"] for role in profile["Roles"]]

    assert roles() == [stack.id("Role")]
    template["Profile"]["Properties"]["Roles"] = [ref("Other")]
    stack.update(template, Outputs=outputs).succeeded()
    assert stack.outputs["Ref"] == name
    assert roles() == [stack.id("Other")]
    stack.delete()
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.get_instance_profile(InstanceProfileName=name)


def test_an_event_reaches_the_queue_of_its_rule(aws: LocalAws) -> None:
    events, sqs = aws.client("events"), aws.client("sqs")
    rule = {
        "EventPattern": {"source": ["groundplan.test"]},
        "Targets": [{"Arn": att("Queue", "Arn"), "Id": "queue"}],
    }
    template = {
        "Queue": resource("AWS::SQS::Queue"),
        "Rule": resource("AWS::Events::Rule", rule),
    }
    stack = aws.stack(template).succeeded()
    event = {"Source": "groundplan.test", "DetailType": "t", "Detail": '{"a": 1}'}
    events.put_events(Entries=[event])
    got = sqs.receive_message(QueueUrl=stack.id("Queue"), WaitTimeSeconds=5)["Messages"]
    assert '"groundplan.test"' in got[0]["Body"]
    stack.delete()


def test_an_alarm_reaches_the_queue_behind_its_topic(aws: LocalAws) -> None:
    sqs = aws.client("sqs")
    subscription = {
        "Endpoint": att("Queue", "Arn"),
        "Protocol": "sqs",
        "RawMessageDelivery": True,
        "TopicArn": ref("Topic"),
    }
    alarm = {
        "AlarmActions": [ref("Topic")],
        "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationPeriods": 1,
        "Metrics": [{"Expression": "1", "Id": "x", "ReturnData": True}],
        "Threshold": 0,
    }
    template = {
        "Alarm": resource("AWS::CloudWatch::Alarm", alarm),
        "Queue": resource("AWS::SQS::Queue"),
        "Subscription": resource("AWS::SNS::Subscription", subscription),
        "Topic": resource("AWS::SNS::Topic"),
    }
    stack = aws.stack(template).succeeded()
    aws.client("cloudwatch").set_alarm_state(
        AlarmName=stack.id("Alarm"), StateValue="ALARM", StateReason="test"
    )
    got = sqs.receive_message(QueueUrl=stack.id("Queue"), WaitTimeSeconds=5)["Messages"]
    assert stack.id("Alarm") in got[0]["Body"]
    subscribed = aws.client("sns").list_subscriptions_by_topic(TopicArn=stack.id("Topic"))
    assert len(subscribed["Subscriptions"]) == 1
    without = {**template}
    del without["Subscription"]
    stack.update(without).succeeded()
    subscribed = aws.client("sns").list_subscriptions_by_topic(TopicArn=stack.id("Topic"))
    assert subscribed["Subscriptions"] == []
    stack.delete()


def test_a_policy_is_put_on_its_role(aws: LocalAws) -> None:
    iam = aws.client("iam")
    trust = {"Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": "*"}]}
    document = {"Statement": [{"Action": "s3:*", "Effect": "Allow", "Resource": "*"}]}
    policy = {"PolicyDocument": document, "PolicyName": "p", "Roles": [ref("Role")]}
    template = {
        "Policy": resource("AWS::IAM::Policy", policy),
        "Role": resource("AWS::IAM::Role", {"AssumeRolePolicyDocument": trust, "Tags": tag("r")}),
    }
    stack = aws.stack(template).succeeded()
    role = stack.id("Role")
    assert iam.list_role_policies(RoleName=role)["PolicyNames"] == ["p"]
    assert {"Key": "Name", "Value": "r"} in iam.list_role_tags(RoleName=role)["Tags"]
    stack.delete()
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.get_role(RoleName=role)


def test_attributes_that_are_also_properties_are_echoed(aws: LocalAws) -> None:
    template = {
        "Parameter": resource("AWS::SSM::Parameter", {"Type": "String", "Value": "v"}),
        "Queue": resource("AWS::SQS::Queue", {"QueueName": "echoed"}),
    }
    outputs = {
        "Value": output(att("Parameter", "Value")),
        "Queue": output(att("Queue", "QueueName")),
    }
    stack = aws.stack(template, Outputs=outputs).succeeded()
    assert stack.outputs == {"Value": "v", "Queue": "echoed"}
    stack.delete()


def test_an_event_source_feeds_a_function_that_is_there(aws: LocalAws) -> None:
    function = {
        "Code": {"ZipFile": "exports.handler = async () => {};"},
        "Handler": "index.handler",
        "Role": att("Role", "Arn"),
        "Runtime": "nodejs20.x",
    }
    mapping = {"EventSourceArn": att("Queue", "Arn"), "FunctionName": ref("Function")}
    trust = {"Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": "*"}]}
    template = {
        "Function": resource("AWS::Lambda::Function", function),
        "Mapping": resource("AWS::Lambda::EventSourceMapping", mapping),
        "Queue": resource("AWS::SQS::Queue"),
        "Role": resource("AWS::IAM::Role", {"AssumeRolePolicyDocument": trust}),
    }
    stack = aws.stack(template).succeeded()
    identifier = stack.id("Mapping")
    found = aws.client("lambda").get_event_source_mapping(UUID=identifier)
    assert found["FunctionArn"].endswith(stack.id("Function"))
    stack.delete()
    with pytest.raises(ClientError, match="ResourceNotFound"):
        aws.client("lambda").get_event_source_mapping(UUID=identifier)
