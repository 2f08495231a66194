"""``AWS::SecretsManager::ResourcePolicy``: kept with the secret; no policy is evaluated."""

from __future__ import annotations

import json

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.values import flag


def _put(context: Context, arn: str, props: Props) -> Resource:
    policy = props["ResourcePolicy"]
    put = context.api("secretsmanager").put_resource_policy(
        SecretId=arn,
        ResourcePolicy=policy if isinstance(policy, str) else json.dumps(policy),
        BlockPublicPolicy=flag(props.get("BlockPublicPolicy", False)),
    )
    return Resource(put["ARN"], {"Id": put["ARN"]})


def _create(context: Context, props: Props) -> Resource:
    return _put(context, props["SecretId"], props)


def _update(context: Context, arn: str, old: Props, new: Props) -> Resource:
    return _put(context, arn, new)


def _delete(context: Context, arn: str, props: Props) -> None:
    context.api("secretsmanager").delete_resource_policy(SecretId=arn)


TYPES = (
    ResourceType(
        "AWS::SecretsManager::ResourcePolicy",
        Kind.BRIDGE,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("SecretId",),
    ),
)
