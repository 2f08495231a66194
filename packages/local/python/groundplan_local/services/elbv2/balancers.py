"""``AWS::ElasticLoadBalancingV2::LoadBalancer``: subnet mappings, and deletion protection."""

from __future__ import annotations

from typing import Any

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.native import Native

_native = Native("AWS::ElasticLoadBalancingV2::LoadBalancer")


def _with_subnets(props: Props) -> Props:
    mapped = [mapping["SubnetId"] for mapping in props.get("SubnetMappings") or []]
    return {**props, "Subnets": mapped} if mapped else props


def _create(context: Context, props: Props) -> Resource:
    return _native.create(context, _with_subnets(props))


def _update(context: Context, arn: str, old: Props, new: Props) -> Resource:
    return _native.update(context, arn, _with_subnets(old), _with_subnets(new))


def _delete(context: Context, arn: str, props: Props) -> None:
    elb: Any = context.api("elbv2")
    attributes = elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    if {"Key": "deletion_protection.enabled", "Value": "true"} in attributes:
        raise ValueError(
            f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        )
    _native.delete(arn, props)


TYPES = (
    ResourceType(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("Name", "Scheme", "Type"),
        tags="Tags",
    ),
)
