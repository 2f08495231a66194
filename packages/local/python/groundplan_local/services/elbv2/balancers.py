"""``AWS::ElasticLoadBalancingV2::LoadBalancer``: subnets, protection, addresses of networks'."""

from __future__ import annotations

from typing import Any

from ministack.services import alb

from groundplan_local.api.elbv2 import network
from groundplan_local.balancer.network import balancers
from groundplan_local.ledger import Kind
from groundplan_local.registry import Attributes, Context, Props, Resource, ResourceType
from groundplan_local.services.native import Native

_native = Native("AWS::ElasticLoadBalancingV2::LoadBalancer")


def _with_subnets(props: Props) -> Props:
    mapped = [mapping["SubnetId"] for mapping in props.get("SubnetMappings") or []]
    return {**props, "Subnets": mapped} if mapped else props


def _create(context: Context, props: Props) -> Resource:
    made = _native.create(context, _with_subnets(props))
    arn = network.made_balancer(made.physical_id, props)
    return _resource(arn, made.attributes)


def _resource(arn: str, attributes: Attributes) -> Resource:
    own = {
        "Arn": arn,
        "DNSName": alb._lbs[arn]["DNSName"],
        "LoadBalancerArn": arn,
        "LoadBalancerFullName": network.full_name(arn),
    }
    return Resource(arn, {**attributes, **own})


def _update(context: Context, arn: str, old: Props, new: Props) -> Resource:
    made = _native.update(context, arn, _with_subnets(old), _with_subnets(new))
    if new.get(network.ENFORCED):
        alb._lbs[arn][network.ENFORCED] = new[network.ENFORCED]
    return _resource(arn, made.attributes)


def _delete(context: Context, arn: str, props: Props) -> None:
    elb: Any = context.api("elbv2")
    attributes = elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    if {"Key": "deletion_protection.enabled", "Value": "true"} in attributes:
        raise ValueError(
            f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        )
    _native.delete(arn, props)
    balancers().close(arn)


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
