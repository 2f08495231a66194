from __future__ import annotations

from typing import Any

from local_aws import LocalAws, resource, tag


def stat(name: str, identifier: str, returned: bool) -> dict[str, Any]:
    metric = {"MetricName": name, "Namespace": "AWS/NATGateway"}
    return {
        "Id": identifier,
        "MetricStat": {"Metric": metric, "Period": 300, "Stat": "Sum"},
        "ReturnData": returned,
    }


def mathematics(threshold: float = 1, name: str = "one") -> dict[str, Any]:
    expression = {"Expression": "100*e/t", "Id": "x", "Label": "loss", "ReturnData": True}
    properties = {
        "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationPeriods": 2,
        "Metrics": [expression, stat("PacketsDropCount", "e", False), stat("All", "t", False)],
        "Tags": tag(name),
        "Threshold": threshold,
        "TreatMissingData": "notBreaching",
    }
    return {"Alarm": resource("AWS::CloudWatch::Alarm", properties)}


def find(aws: LocalAws, name: str) -> dict[str, Any]:
    found: dict[str, Any] = aws.client("cloudwatch").describe_alarms(AlarmNames=[name])[
        "MetricAlarms"
    ][0]
    return found


def test_an_alarm_on_mathematics_keeps_its_expression(aws: LocalAws) -> None:
    stack = aws.stack(mathematics()).succeeded()
    name = stack.id("Alarm")
    alarm = find(aws, name)
    assert [m["Id"] for m in alarm["Metrics"]] == ["x", "e", "t"]
    assert alarm["Metrics"][0]["Expression"] == "100*e/t"
    assert alarm["Metrics"][1]["MetricStat"]["Stat"] == "Sum"
    assert (alarm["Threshold"], alarm["TreatMissingData"]) == (1, "notBreaching")
    assert "MetricName" not in alarm

    stack.update(mathematics(2, "two")).succeeded()
    alarm = find(aws, name)
    assert alarm["Threshold"] == 2
    tags = aws.client("cloudwatch").list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
    assert {"Key": "Name", "Value": "two"} in tags
    stack.delete()
    assert aws.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"] == []


def test_an_alarm_on_an_anomaly_band_has_the_band_for_a_threshold(aws: LocalAws) -> None:
    band = {"Expression": "ANOMALY_DETECTION_BAND(m, 3)", "Id": "band"}
    properties = {
        "ComparisonOperator": "GreaterThanUpperThreshold",
        "EvaluationPeriods": 3,
        "Metrics": [band, stat("BytesOutToDestination", "m", True)],
        "ThresholdMetricId": "band",
    }
    stack = aws.stack({"Alarm": resource("AWS::CloudWatch::Alarm", properties)}).succeeded()
    alarm = find(aws, stack.id("Alarm"))
    assert alarm["ThresholdMetricId"] == "band"
    assert alarm["Metrics"][0]["Expression"].startswith("ANOMALY_DETECTION_BAND")
    assert "Threshold" not in alarm
    stack.delete()


def test_a_plain_alarm_turns_into_one_on_mathematics_and_back(aws: LocalAws) -> None:
    plain = {
        "AlarmName": "kept-name",
        "ComparisonOperator": "GreaterThanThreshold",
        "DatapointsToAlarm": 2,
        "EvaluationPeriods": 3,
        "MetricName": "ErrorPortAllocation",
        "Namespace": "AWS/NATGateway",
        "Period": 60,
        "Statistic": "Maximum",
        "Threshold": 0,
    }
    stack = aws.stack({"Alarm": resource("AWS::CloudWatch::Alarm", plain)}).succeeded()
    assert find(aws, "kept-name")["DatapointsToAlarm"] == 2
    changed = mathematics()
    changed["Alarm"]["Properties"]["AlarmName"] = "kept-name"
    stack.update(changed).succeeded()
    assert "MetricName" not in find(aws, "kept-name")
    stack.update({"Alarm": resource("AWS::CloudWatch::Alarm", plain)}).succeeded()
    alarm = find(aws, "kept-name")
    assert (alarm["MetricName"], alarm["Statistic"]) == ("ErrorPortAllocation", "Maximum")
    assert "Metrics" not in alarm
    stack.delete()


def test_an_anomaly_detector_is_a_stub_and_says_so(aws: LocalAws) -> None:
    properties = {"MetricName": "m", "Namespace": "n", "Stat": "Sum"}
    template = {"Detector": resource("AWS::CloudWatch::AnomalyDetector", properties)}
    stack = aws.stack(template).succeeded()
    entries = [e for e in aws.ledger() if e["stack"] == stack.name]
    assert [(e["kind"], e["action"], e["logicalId"]) for e in entries] == [
        ("stub", "create", "Detector")
    ]
    stack.delete()
