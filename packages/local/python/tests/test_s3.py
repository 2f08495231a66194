from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from local_aws import LocalAws, att, output, ref, resource, tag


def bucket(days: int = 30, name: str = "one", versioned: bool = True) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
            ]
        },
        "LifecycleConfiguration": {
            "Rules": [
                {
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3},
                    "ExpirationInDays": days,
                    "Id": "old",
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
                    "Prefix": "logs/",
                    "Status": "Enabled",
                }
            ]
        },
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "BlockPublicPolicy": True},
        "Tags": tag(name),
    }
    if versioned:
        properties["VersioningConfiguration"] = {"Status": "Enabled"}
    return {"Bucket": resource("AWS::S3::Bucket", properties)}


def tags(s3: Any, name: str) -> dict[str, str]:
    return {t["Key"]: t["Value"] for t in s3.get_bucket_tagging(Bucket=name)["TagSet"]}


def test_a_bucket_reads_back_what_the_template_says(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    stack = aws.stack(bucket(), Outputs={"Arn": output(att("Bucket", "Arn"))}).succeeded()
    name = stack.id("Bucket")
    assert tags(s3, name)["Name"] == "one"
    rule = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"][0]
    assert rule["Expiration"] == {"Days": 30}
    assert rule["Filter"] == {"Prefix": "logs/"}
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}
    encryption = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]
    default = encryption["Rules"][0]["ApplyServerSideEncryptionByDefault"]
    assert default["SSEAlgorithm"] == "aws:kms"
    controls = s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]
    assert controls["Rules"][0]["ObjectOwnership"] == "BucketOwnerEnforced"
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    assert block["BlockPublicAcls"]

    stack.update(bucket(60, "two", versioned=False)).succeeded()
    assert stack.id("Bucket") == name
    assert tags(s3, name)["Name"] == "two"
    rule = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"][0]
    assert rule["Expiration"] == {"Days": 60}
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Suspended"
    stack.delete()
    assert name not in [b["Name"] for b in s3.list_buckets()["Buckets"]]


def test_an_upload_asking_for_kms_without_a_key_takes_the_accounts_own(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    stack = aws.stack(bucket()).succeeded()
    name = stack.id("Bucket")
    s3.put_object(Bucket=name, Key="asset", Body=b"x", ServerSideEncryption="aws:kms")
    assert s3.head_object(Bucket=name, Key="asset")["ServerSideEncryption"] == "aws:kms"
    for version in s3.list_object_versions(Bucket=name)["Versions"]:
        s3.delete_object(Bucket=name, Key="asset", VersionId=version["VersionId"])
    stack.delete()


def test_a_bucket_with_objects_is_not_deleted(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    stack = aws.stack({"Bucket": resource("AWS::S3::Bucket")}).succeeded()
    name = stack.id("Bucket")
    s3.put_object(Bucket=name, Key="kept", Body=b"x")
    with pytest.raises(AssertionError, match="BucketNotEmpty"):
        stack.delete()
    s3.delete_object(Bucket=name, Key="kept")
    stack.delete()
    with pytest.raises(ClientError):
        s3.head_bucket(Bucket=name)


def test_a_bucket_policy_stands_and_goes(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    statement = {"Action": "s3:*", "Effect": "Deny", "Principal": "*", "Resource": "*"}
    policy = resource(
        "AWS::S3::BucketPolicy",
        {"Bucket": ref("Bucket"), "PolicyDocument": {"Statement": [statement]}},
    )
    stack = aws.stack({"Bucket": resource("AWS::S3::Bucket"), "Policy": policy}).succeeded()
    assert '"Deny"' in s3.get_bucket_policy(Bucket=stack.id("Bucket"))["Policy"]
    stack.update({"Bucket": resource("AWS::S3::Bucket")}).succeeded()
    with pytest.raises(ClientError, match="NoSuchBucketPolicy"):
        s3.get_bucket_policy(Bucket=stack.id("Bucket"))
    stack.delete()
