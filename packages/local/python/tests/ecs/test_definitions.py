"""Task definitions and clusters: everything that a template says is read back."""

from __future__ import annotations

from typing import Any

from fargate import container, definition
from local_aws import LocalAws, Stack, output, ref, resource

SECRETS = [{"Name": "PASSWORD", "ValueFrom": "/shop/password"}]
FULL = container(
    DependsOn=[{"ContainerName": "side", "Condition": "START"}],
    DockerLabels={"Team.Name": "shop"},
    HealthCheck={"Command": ["CMD-SHELL", "exit 0"], "Interval": "5", "Retries": 2},
    LinuxParameters={"InitProcessEnabled": True, "Capabilities": {"Drop": ["ALL"]}},
    LogConfiguration={
        "LogDriver": "awslogs",
        "Options": {"awslogs-group": "/g", "awslogs-stream-prefix": "P"},
    },
    MountPoints=[{"SourceVolume": "tmp", "ContainerPath": "/tmp", "ReadOnly": False}],
    ReadonlyRootFilesystem=True,
    Secrets=SECRETS,
    StopTimeout="20",
    Ulimits=[{"Name": "nofile", "SoftLimit": 1024, "HardLimit": 2048}],
    User="1000:1000",
    VersionConsistency="disabled",
)
SIDE = container(Name="side", Essential=False, PortMappings=[])


def read(aws: LocalAws, arn: str) -> dict[str, Any]:
    found: dict[str, Any] = aws.client("ecs").describe_task_definition(
        taskDefinition=arn, include=["TAGS"]
    )
    return found


def test_a_task_definition_keeps_every_field(aws: LocalAws) -> None:
    task = definition(
        FULL,
        SIDE,
        EphemeralStorage={"SizeInGiB": 30},
        Family="whole",
        RuntimePlatform={"CpuArchitecture": "ARM64", "OperatingSystemFamily": "LINUX"},
        Tags=[{"Key": "Owner", "Value": "shop"}],
        Volumes=[{"Name": "tmp"}],
    )
    stack = aws.stack({"Definition": task}, Outputs={"Arn": output(ref("Definition"))}).succeeded()
    arn = stack.outputs["Arn"]
    found = read(aws, arn)["taskDefinition"]
    web = found["containerDefinitions"][0]
    assert web["secrets"] == [{"name": "PASSWORD", "valueFrom": "/shop/password"}]
    assert web["dockerLabels"] == {"Team.Name": "shop"}
    assert web["healthCheck"] == {"command": ["CMD-SHELL", "exit 0"], "interval": 5, "retries": 2}
    assert web["linuxParameters"] == {
        "capabilities": {"drop": ["ALL"]},
        "initProcessEnabled": True,
    }
    assert web["logConfiguration"]["options"] == {
        "awslogs-group": "/g",
        "awslogs-stream-prefix": "P",
    }
    assert web["mountPoints"] == [
        {"sourceVolume": "tmp", "containerPath": "/tmp", "readOnly": False}
    ]
    assert (web["readonlyRootFilesystem"], web["stopTimeout"], web["user"]) == (
        True,
        20,
        "1000:1000",
    )
    assert web["ulimits"] == [{"name": "nofile", "softLimit": 1024, "hardLimit": 2048}]
    assert web["dependsOn"] == [{"containerName": "side", "condition": "START"}]
    assert found["containerDefinitions"][1]["essential"] is False
    assert found["volumes"] == [{"name": "tmp"}]
    assert found["ephemeralStorage"] == {"sizeInGiB": 30}
    assert found["runtimePlatform"]["cpuArchitecture"] == "ARM64"
    assert {"key": "Owner", "value": "shop"} in read(aws, arn)["tags"]

    task["Properties"]["Tags"] = [{"Key": "Owner", "Value": "till"}]
    stack.update({"Definition": task}).succeeded()
    assert stack.id("Definition") == arn
    assert {"key": "Owner", "value": "till"} in read(aws, arn)["tags"]

    task["Properties"]["Cpu"] = "512"
    stack.update({"Definition": task}).succeeded()
    assert stack.id("Definition") == arn.replace(":1", ":2")
    assert read(aws, arn)["taskDefinition"]["status"] == "INACTIVE"
    second = stack.id("Definition")
    stack.delete()
    assert read(aws, second)["taskDefinition"]["status"] == "INACTIVE"


def test_values_of_parameters_arrive_in_a_task_definition(aws: LocalAws) -> None:
    ssm = aws.client("ssm")
    ssm.put_parameter(Name="/shop/colour", Value="green", Type="String")
    ssm.put_parameter(Name="/shop/image", Value="node:22", Type="String")
    environment = [
        {"Name": "COLOUR", "Value": ref("Colour")},
        {"Name": "IMAGE", "Value": "{{resolve:ssm:/shop/image}}"},
    ]
    image = "{{resolve:ssm:/shop/image}}"
    stack = aws.stack(
        {"Definition": definition(container(Environment=environment, Image=image))},
        Parameters={
            "Colour": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/shop/colour"}
        },
    ).succeeded()
    web = read(aws, stack.id("Definition"))["taskDefinition"]["containerDefinitions"][0]
    assert web["image"] == "node:22"
    assert {e["name"]: e["value"] for e in web["environment"]} == {
        "COLOUR": "green",
        "IMAGE": "node:22",
    }
    stack.delete()


def cluster(stack: Stack, aws: LocalAws) -> dict[str, Any]:
    include = ["CONFIGURATIONS", "SETTINGS", "TAGS"]
    found: dict[str, Any] = aws.client("ecs").describe_clusters(
        clusters=[stack.id("Cluster")], include=include
    )["clusters"][0]
    return found


def test_a_cluster_keeps_its_settings_and_its_capacity_providers(aws: LocalAws) -> None:
    command = {
        "ExecuteCommandConfiguration": {
            "Logging": "OVERRIDE",
            "LogConfiguration": {
                "CloudWatchLogGroupName": "/exec",
                "CloudWatchEncryptionEnabled": "true",
            },
        }
    }
    properties: dict[str, Any] = {
        "ClusterSettings": [{"Name": "containerInsights", "Value": "enhanced"}],
        "Configuration": command,
        "ServiceConnectDefaults": {"Namespace": "shop"},
        "Tags": [{"Key": "Owner", "Value": "shop"}],
    }
    associations: dict[str, Any] = {
        "Cluster": ref("Cluster"),
        "CapacityProviders": ["FARGATE", "FARGATE_SPOT"],
        "DefaultCapacityProviderStrategy": [
            {"CapacityProvider": "FARGATE_SPOT", "Weight": "2", "Base": 1}
        ],
    }
    kind = "AWS::ECS::ClusterCapacityProviderAssociations"
    template = {
        "Cluster": resource("AWS::ECS::Cluster", properties),
        "Providers": resource(kind, associations),
    }
    stack = aws.stack(template).succeeded()
    found = cluster(stack, aws)
    assert found["settings"] == [{"name": "containerInsights", "value": "enhanced"}]
    executed = found["configuration"]["executeCommandConfiguration"]
    assert executed["logConfiguration"]["cloudWatchLogGroupName"] == "/exec"
    assert executed["logConfiguration"]["cloudWatchEncryptionEnabled"] is True
    assert found["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert found["defaultCapacityProviderStrategy"] == [
        {"capacityProvider": "FARGATE_SPOT", "weight": 2, "base": 1}
    ]
    assert {"key": "Owner", "value": "shop"} in found["tags"]

    properties["ClusterSettings"][0]["Value"] = "disabled"
    del properties["Tags"]
    associations["CapacityProviders"] = ["FARGATE"]
    associations["DefaultCapacityProviderStrategy"] = []
    stack.update(template).succeeded()
    found = cluster(stack, aws)
    assert found["settings"] == [{"name": "containerInsights", "value": "disabled"}]
    assert found["capacityProviders"] == ["FARGATE"]
    assert "Owner" not in {t["key"] for t in found["tags"]}

    before = stack.id("Cluster")
    properties["ClusterName"] = "renamed"
    stack.update(template).succeeded()
    assert cluster(stack, aws)["clusterName"] == "renamed"
    failures = aws.client("ecs").describe_clusters(clusters=[before])["failures"]
    assert failures[0]["reason"] == "MISSING"
    del template["Providers"]
    stack.update(template).succeeded()
    assert cluster(stack, aws)["capacityProviders"] == []
    stack.delete()
