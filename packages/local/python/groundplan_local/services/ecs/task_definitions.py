"""``AWS::ECS::TaskDefinition``: registered with everything that the template says (fault 4)."""

from __future__ import annotations

from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.ecs import tags
from groundplan_local.services.shapes import request

_CREATE_ONLY = (
    "ContainerDefinitions",
    "Cpu",
    "EnableFaultInjection",
    "EphemeralStorage",
    "ExecutionRoleArn",
    "Family",
    "InferenceAccelerators",
    "IpcMode",
    "Memory",
    "NetworkMode",
    "PidMode",
    "PlacementConstraints",
    "ProxyConfiguration",
    "RequiresCompatibilities",
    "RuntimePlatform",
    "TaskRoleArn",
    "Volumes",
)


def _create(context: Context, props: Props) -> Resource:
    ecs = context.api("ecs")
    family = props.get("Family") or provisioners._physical_name(
        context.stack, context.logical_id, max_len=255
    )
    given = request(ecs, "RegisterTaskDefinition", {**props, "Family": family})
    definition = ecs.register_task_definition(**given)["taskDefinition"]
    arn = definition["taskDefinitionArn"]
    return Resource(arn, {"TaskDefinitionArn": arn})


def _update(context: Context, arn: str, old: Props, new: Props) -> Resource:
    tags.update(context, arn, old, new)
    return Resource(arn, {"TaskDefinitionArn": arn})


def _delete(context: Context, arn: str, props: Props) -> None:
    context.api("ecs").deregister_task_definition(taskDefinition=arn)


TYPES = (
    ResourceType(
        "AWS::ECS::TaskDefinition",
        Kind.BRIDGE,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=_CREATE_ONLY,
        tags="Tags",
    ),
)
