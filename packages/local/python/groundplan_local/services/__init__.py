"""Our CloudFormation resource types, one file per service."""

from __future__ import annotations

from groundplan_local.registry import ResourceType
from groundplan_local.services import cloudwatch, ec2, iam, lambda_, s3, sns

TYPES: tuple[ResourceType, ...] = (
    *cloudwatch.TYPES,
    *ec2.TYPES,
    *iam.TYPES,
    *lambda_.TYPES,
    *s3.TYPES,
    *sns.TYPES,
)
