from __future__ import annotations

from typing import Any

from local_aws import LocalAws, network, ref, resource, tag, tag_of


def to_logs(name: str = "flows", traffic: str = "REJECT") -> dict[str, Any]:
    return network(
        Group=resource("AWS::Logs::LogGroup", {"RetentionInDays": 7}),
        Flow=resource(
            "AWS::EC2::FlowLog",
            {
                "DeliverLogsPermissionArn": "role-of-the-flow-log",
                "LogGroupName": ref("Group"),
                "MaxAggregationInterval": 60,
                "ResourceId": ref("Vpc"),
                "ResourceType": "VPC",
                "Tags": tag(name),
                "TrafficType": traffic,
            },
        ),
    )


def find(aws: LocalAws, identifier: str) -> list[dict[str, Any]]:
    return list(aws.ec2.describe_flow_logs(FlowLogIds=[identifier])["FlowLogs"])


def test_a_flow_log_to_cloudwatch_reads_back_with_its_group(aws: LocalAws) -> None:
    stack = aws.stack(to_logs()).succeeded()
    identifier = stack.id("Flow")
    flow = find(aws, identifier)[0]
    assert flow["LogGroupName"] == stack.id("Group")
    assert flow["ResourceId"] == stack.id("Vpc")
    assert flow["TrafficType"] == "REJECT"
    assert flow["MaxAggregationInterval"] == 60
    assert flow["DeliverLogsPermissionArn"] == "role-of-the-flow-log"
    assert "DestinationOptions" not in flow

    stack.update(to_logs("renamed")).succeeded()
    assert stack.id("Flow") == identifier
    assert tag_of(find(aws, identifier)[0]) == "renamed"

    stack.update(to_logs("renamed", traffic="ALL")).succeeded()
    assert stack.id("Flow") != identifier
    assert find(aws, stack.id("Flow"))[0]["TrafficType"] == "ALL"
    assert find(aws, identifier) == []
    last = stack.id("Flow")
    stack.delete()
    assert find(aws, last) == []


def test_a_flow_log_to_s3_reads_back_how_it_is_written(aws: LocalAws) -> None:
    template = network(
        Flow=resource(
            "AWS::EC2::FlowLog",
            {
                "DestinationOptions": {
                    "fileFormat": "parquet",
                    "hiveCompatiblePartitions": True,
                    "perHourPartition": "true",
                },
                "LogDestination": "bucket/prefix/",
                "LogDestinationType": "s3",
                "ResourceId": ref("Vpc"),
                "ResourceType": "VPC",
                "TrafficType": "ALL",
            },
        )
    )
    stack = aws.stack(template).succeeded()
    flow = find(aws, stack.id("Flow"))[0]
    assert flow["LogDestination"] == "bucket/prefix/"
    assert flow["DestinationOptions"] == {
        "FileFormat": "parquet",
        "HiveCompatiblePartitions": True,
        "PerHourPartition": True,
    }
    stack.delete()
