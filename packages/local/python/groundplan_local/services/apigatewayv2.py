"""HTTP APIs: VPC links, and integrations that go through them."""

from __future__ import annotations

from typing import Any

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.native import Native
from groundplan_local.services.shapes import part, request

_integration = Native("AWS::ApiGatewayV2::Integration")


def _create_link(context: Context, props: Props) -> Resource:
    api = context.api("apigatewayv2")
    identity = api.create_vpc_link(**request(api, "CreateVpcLink", props))["VpcLinkId"]
    return Resource(identity, {"VpcLinkId": identity})


def _update_link(context: Context, identity: str, old: Props, new: Props) -> Resource:
    api = context.api("apigatewayv2")
    api.update_vpc_link(VpcLinkId=identity, Name=new["Name"])
    arn = f"arn:aws:apigateway:{context.region}::/vpclinks/{identity}"
    dropped = sorted({*(old.get("Tags") or {})} - {*(new.get("Tags") or {})})
    if dropped:
        api.untag_resource(ResourceArn=arn, TagKeys=dropped)
    if new.get("Tags"):
        tags = {key: str(value) for key, value in new["Tags"].items()}
        api.tag_resource(ResourceArn=arn, Tags=tags)
    return Resource(identity, {"VpcLinkId": identity})


def _delete_link(context: Context, identity: str, props: Props) -> None:
    context.api("apigatewayv2").delete_vpc_link(VpcLinkId=identity)


def _connect(context: Context, made: Resource, props: Props) -> Resource:
    """What the emulator's handler does not pass on."""
    api = context.api("apigatewayv2")
    given: dict[str, Any] = {"ConnectionId": props.get("ConnectionId", "")}
    if "ConnectionType" in props:
        given["ConnectionType"] = props["ConnectionType"]
    tls = props.get("TlsConfig") or {}
    given["TlsConfig"] = part(api, "UpdateIntegration", "TlsConfig", tls)
    api.update_integration(
        ApiId=props["ApiId"], IntegrationId=made.attributes["IntegrationId"], **given
    )
    return made


def _create(context: Context, props: Props) -> Resource:
    made = _integration.create(context, props)
    context.undo(lambda: _integration.delete(made.physical_id, props))
    return _connect(context, made, props)


def _update(context: Context, identity: str, old: Props, new: Props) -> Resource:
    return _connect(context, _integration.update(context, identity, old, new), new)


def _delete(context: Context, identity: str, props: Props) -> None:
    _integration.delete(identity, props)


TYPES = (
    ResourceType(
        "AWS::ApiGatewayV2::Integration",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("ApiId",),
    ),
    ResourceType(
        "AWS::ApiGatewayV2::VpcLink",
        Kind.BRIDGE,
        create=_create_link,
        update=_update_link,
        delete=_delete_link,
        create_only=("SecurityGroupIds", "SubnetIds"),
    ),
)
