"""Application Auto Scaling: kept and read back; limits hold at once, nothing scales by a metric."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from fargate import OUTPUTS, container, definition, plain, until
from local_aws import LocalAws, Stack, att, ref, resource

KIND = "AWS::ApplicationAutoScaling::"
CPU = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}


def template(**target: Any) -> dict[str, Any]:
    name = {"Fn::Join": ["/", ["service", ref("Cluster"), att("Service", "Name")]]}
    return {
        **plain(definition(container()), DesiredCount=0),
        "Target": resource(
            f"{KIND}ScalableTarget",
            {
                "MaxCapacity": "4",
                "MinCapacity": 2,
                "ResourceId": name,
                "ScalableDimension": "ecs:service:DesiredCount",
                "ServiceNamespace": "ecs",
                "ScheduledActions": [
                    {
                        "ScheduledActionName": "night",
                        "Schedule": "cron(0 20 * * ? *)",
                        "ScalableTargetAction": {"MinCapacity": 0, "MaxCapacity": 0},
                        "Timezone": "Europe/Berlin",
                    }
                ],
                **target,
            },
        ),
        "Tracking": resource(
            f"{KIND}ScalingPolicy",
            {
                "PolicyName": "cpu",
                "PolicyType": "TargetTrackingScaling",
                "ScalingTargetId": ref("Target"),
                "TargetTrackingScalingPolicyConfiguration": {
                    "PredefinedMetricSpecification": CPU,
                    "ScaleInCooldown": 60,
                    "TargetValue": "60",
                },
            },
        ),
        "Steps": resource(
            f"{KIND}ScalingPolicy",
            {
                "PolicyName": "steps",
                "PolicyType": "StepScaling",
                "ScalingTargetId": ref("Target"),
                "StepScalingPolicyConfiguration": {
                    "AdjustmentType": "ChangeInCapacity",
                    "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 2}],
                },
            },
        ),
    }


def read(aws: LocalAws, stack: Stack) -> tuple[dict[str, Any], list[Any], list[Any]]:
    scaling = aws.client("application-autoscaling")
    name = f"service/{stack.outputs['Cluster']}/{stack.outputs['Service']}"
    found = scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[name])
    of = {"ServiceNamespace": "ecs", "ResourceId": name}
    return (
        (found["ScalableTargets"] or [{}])[0],
        scaling.describe_scaling_policies(**of)["ScalingPolicies"],
        scaling.describe_scheduled_actions(**of)["ScheduledActions"],
    )


def test_targets_policies_and_schedules_are_kept_and_nothing_scales(aws: LocalAws) -> None:
    stack = aws.stack(template(), Outputs=OUTPUTS).succeeded()
    target, policies, scheduled = read(aws, stack)
    assert (target["MinCapacity"], target["MaxCapacity"]) == (2, 4)
    by_name = {policy["PolicyName"]: policy for policy in policies}
    tracking = by_name["cpu"]["TargetTrackingScalingPolicyConfiguration"]
    assert (tracking["TargetValue"], tracking["ScaleInCooldown"]) == (60, 60)
    steps = by_name["steps"]["StepScalingPolicyConfiguration"]
    assert steps["StepAdjustments"] == [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 2}]
    assert by_name["cpu"]["PolicyARN"] == stack.id("Tracking")
    assert [action["Timezone"] for action in scheduled] == ["Europe/Berlin"]
    noted = [e for e in aws.ledger() if e["stack"] == stack.name and e["logicalId"] == "Target"]
    assert [(e["kind"], e["note"]) for e in noted] == [
        ("bridge", "the service runs within the limits; beyond that nothing scales locally")
    ]

    arn = stack.id("Tracking")
    changed = template(MaxCapacity=9, ScheduledActions=[])
    policy = changed["Tracking"]["Properties"]
    policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] = 50
    stack.update(changed, Outputs=OUTPUTS).succeeded()
    target, policies, scheduled = read(aws, stack)
    assert (target["MaxCapacity"], scheduled) == (9, [])
    assert stack.id("Tracking") == arn
    values = [p.get("TargetTrackingScalingPolicyConfiguration", {}) for p in policies]
    assert 50 in [v.get("TargetValue") for v in values]

    policy["PolicyName"] = "renamed"
    stack.update(changed, Outputs=OUTPUTS).succeeded()
    assert {p["PolicyName"] for p in read(aws, stack)[1]} == {"renamed", "steps"}
    outputs = stack.outputs
    stack.delete()
    found = aws.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="ecs")
    assert outputs["Service"] not in str(found["ScalableTargets"])


def test_a_service_is_brought_within_its_limits_at_once(aws: LocalAws) -> None:
    stack = aws.stack(template(), Outputs=OUTPUTS).succeeded()
    cluster, name = stack.outputs["Cluster"], stack.outputs["Service"]
    ecs = aws.client("ecs")

    def counts() -> tuple[int, int, str]:
        found = ecs.describe_services(cluster=cluster, services=[name])["services"][0]
        primary = found["deployments"][0]
        assert found["desiredCount"] == primary["desiredCount"]
        return found["desiredCount"], found["runningCount"], primary["rolloutState"]

    def runs(tasks: int) -> bool:
        return counts() == (tasks, tasks, "COMPLETED")

    # The template asks for none, and for at least two.
    until(lambda: runs(2))
    assert ecs.list_tasks(cluster=cluster, desiredStatus="STOPPED")["taskArns"] == []

    scaling = aws.client("application-autoscaling")
    of = {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/{cluster}/{name}",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    scaling.register_scalable_target(**of, MinCapacity=1)
    until(lambda: runs(2))  # which is between one and four
    scaling.register_scalable_target(**of, MaxCapacity=1)
    until(lambda: runs(1))
    scaling.register_scalable_target(**of, MinCapacity=3, MaxCapacity=5)
    until(lambda: runs(3))


def test_tags_of_a_target_are_the_template_s(aws: LocalAws) -> None:
    def tagged(*tags: tuple[str, str]) -> dict[str, Any]:
        return template(Tags=[{"Key": key, "Value": value} for key, value in tags])

    def tags(stack: Stack) -> dict[str, str]:
        scaling = aws.client("application-autoscaling")
        arn = read(aws, stack)[0]["ScalableTargetARN"]
        return dict(scaling.list_tags_for_resource(ResourceARN=arn)["Tags"])

    stack = aws.stack(tagged(("Owner", "shop"), ("Tier", "dev")), Outputs=OUTPUTS).succeeded()
    assert tags(stack) == {"Owner": "shop", "Tier": "dev"}
    stack.update(tagged(("Owner", "web")), Outputs=OUTPUTS).succeeded()
    assert tags(stack) == {"Owner": "web"}
    stack.update(template(), Outputs=OUTPUTS).succeeded()
    assert tags(stack) == {}


def test_what_does_not_exist_is_refused_as_on_aws(aws: LocalAws) -> None:
    scaling = aws.client("application-autoscaling")
    of = {
        "ServiceNamespace": "ecs",
        "ResourceId": "service/none/none",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    with pytest.raises(ClientError, match="ECS service doesn't exist"):
        scaling.register_scalable_target(**of, MinCapacity=1, MaxCapacity=2)
    with pytest.raises(ClientError, match="No scalable target found"):
        scaling.put_scaling_policy(PolicyName="p", **of)
    with pytest.raises(ClientError, match="No scaling policy found"):
        scaling.delete_scaling_policy(PolicyName="p", **of)
    with pytest.raises(ClientError, match="No scheduled action found"):
        scaling.delete_scheduled_action(ScheduledActionName="a", **of)
