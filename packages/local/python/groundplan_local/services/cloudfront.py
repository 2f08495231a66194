"""``AWS::CloudFront::VpcOrigin``: what a distribution reaches inside a VPC."""

from __future__ import annotations

from typing import Any

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.shapes import part

_DEFAULTS = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "match-viewer"}


def _config(cloudfront: Any, props: Props) -> Any:
    given = {**_DEFAULTS, **props["VpcOriginEndpointConfig"]}
    protocols = given.pop("OriginSSLProtocols", None)
    if protocols is not None:
        given["OriginSslProtocols"] = {"Quantity": len(protocols), "Items": protocols}
    return part(cloudfront, "CreateVpcOrigin", "VpcOriginEndpointConfig", given)


def _tags(props: Props) -> list[dict[str, str]]:
    return [{"Key": t["Key"], "Value": str(t.get("Value", ""))} for t in props.get("Tags") or []]


def _resource(cloudfront: Any, identity: str) -> Resource:
    origin = cloudfront.get_vpc_origin(Id=identity)["VpcOrigin"]
    attributes = {
        "Arn": origin["Arn"],
        "CreatedTime": origin["CreatedTime"].isoformat(),
        "Id": identity,
        "LastModifiedTime": origin["LastModifiedTime"].isoformat(),
        "Status": origin["Status"],
    }
    return Resource(identity, attributes)


def _create(context: Context, props: Props) -> Resource:
    cloudfront = context.api("cloudfront")
    made = cloudfront.create_vpc_origin(
        VpcOriginEndpointConfig=_config(cloudfront, props), Tags={"Items": _tags(props)}
    )
    return _resource(cloudfront, made["VpcOrigin"]["Id"])


def _update(context: Context, identity: str, old: Props, new: Props) -> Resource:
    cloudfront = context.api("cloudfront")
    found = cloudfront.get_vpc_origin(Id=identity)
    cloudfront.update_vpc_origin(
        Id=identity, IfMatch=found["ETag"], VpcOriginEndpointConfig=_config(cloudfront, new)
    )
    arn = found["VpcOrigin"]["Arn"]
    kept = {tag["Key"] for tag in _tags(new)}
    dropped = sorted(tag["Key"] for tag in _tags(old) if tag["Key"] not in kept)
    if dropped:
        cloudfront.untag_resource(Resource=arn, TagKeys={"Items": dropped})
    if _tags(new):
        cloudfront.tag_resource(Resource=arn, Tags={"Items": _tags(new)})
    return _resource(cloudfront, identity)


def _delete(context: Context, identity: str, props: Props) -> None:
    cloudfront = context.api("cloudfront")
    etag = cloudfront.get_vpc_origin(Id=identity)["ETag"]
    cloudfront.delete_vpc_origin(Id=identity, IfMatch=etag)


TYPES = (
    ResourceType(
        "AWS::CloudFront::VpcOrigin",
        Kind.BRIDGE,
        create=_create,
        update=_update,
        delete=_delete,
        tags="Tags",
    ),
)
