"""``AWS::S3::Bucket``: the emulator's handler, then the properties that it drops (fault 1).

Dropped tags make ``autoDeleteObjects`` fail on destroy, dropped encryption makes a read-back lie.
Each goes through S3's own API after the bucket exists.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services import s3_lifecycle
from groundplan_local.services.values import flag, pick

_native: dict[str, Any] = dict(provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"])

Apply = Callable[[Any, str, Any], None]


def _tags(s3: Any, bucket: str, tags: Any) -> None:
    if tags:
        pairs = [{"Key": t["Key"], "Value": str(t.get("Value", ""))} for t in tags]
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": pairs})
    else:
        s3.delete_bucket_tagging(Bucket=bucket)


def _encryption(s3: Any, bucket: str, value: Any) -> None:
    if not value:
        s3.delete_bucket_encryption(Bucket=bucket)
        return
    rules = []
    for rule in value["ServerSideEncryptionConfiguration"]:
        made: dict[str, Any] = {}
        if rule.get("ServerSideEncryptionByDefault"):
            made["ApplyServerSideEncryptionByDefault"] = rule["ServerSideEncryptionByDefault"]
        if "BucketKeyEnabled" in rule:
            made["BucketKeyEnabled"] = flag(rule["BucketKeyEnabled"])
        rules.append(made)
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})


def _lifecycle(s3: Any, bucket: str, value: Any) -> None:
    if not value:
        s3.delete_bucket_lifecycle(Bucket=bucket)
        return
    rules = [s3_lifecycle.rule(rule) for rule in value["Rules"]]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})


def _ownership(s3: Any, bucket: str, value: Any) -> None:
    if value:
        s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=value)
    else:
        s3.delete_bucket_ownership_controls(Bucket=bucket)


def _logging(s3: Any, bucket: str, value: Any) -> None:
    status: dict[str, Any] = {}
    if value:
        enabled = {
            "TargetBucket": value.get("DestinationBucketName", bucket),
            "TargetPrefix": value.get("LogFilePrefix", ""),
            **pick(value, "TargetObjectKeyFormat"),
        }
        status = {"LoggingEnabled": enabled}
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus=status)


def _versioning(s3: Any, bucket: str, value: Any) -> None:
    # A bucket that was versioned once is suspended, never unversioned again.
    status = (value or {}).get("Status", "Suspended")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})


_APPLY: dict[str, Apply] = {
    "BucketEncryption": _encryption,
    "LifecycleConfiguration": _lifecycle,
    "LoggingConfiguration": _logging,
    "OwnershipControls": _ownership,
    "Tags": _tags,
    "VersioningConfiguration": _versioning,
}


def _create(context: Context, props: Props) -> Resource:
    bucket, attributes = _native["create"](context.logical_id, props, context.stack)
    context.undo(lambda: _native["delete"](bucket, props))
    for name, apply in _APPLY.items():
        if props.get(name):
            apply(context.api("s3"), bucket, props[name])
    return _resource(context, bucket, attributes)


def _update(context: Context, bucket: str, old: Props, new: Props) -> Resource:
    same_name = {**new, "BucketName": bucket}
    _, attributes = _native["update"](bucket, old, same_name, context.stack)
    for name, apply in _APPLY.items():
        if old.get(name) != new.get(name):
            apply(context.api("s3"), bucket, new.get(name))
    return _resource(context, bucket, attributes)


def _resource(context: Context, bucket: str, attributes: dict[str, Any]) -> Resource:
    dual_stack = f"{bucket}.s3.dualstack.{context.region}.amazonaws.com"
    return Resource(bucket, {**attributes, "DualStackDomainName": dual_stack})


def _delete(context: Context, bucket: str, props: Props) -> None:
    s3 = context.api("s3")
    try:
        versions = s3.list_object_versions(Bucket=bucket, MaxKeys=1)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchBucket":
            return
        raise
    if versions.get("Versions") or versions.get("DeleteMarkers"):
        raise ValueError(
            f"BucketNotEmpty: The bucket you tried to delete is not empty: {bucket}. Empty it, or "
            "set autoDeleteObjects on the bucket."
        )
    _native["delete"](bucket, props)


TYPES = (
    ResourceType(
        "AWS::S3::Bucket",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("BucketName", "BucketNamePrefix", "BucketNamespace", "ObjectLockEnabled"),
        tags="Tags",
    ),
)
