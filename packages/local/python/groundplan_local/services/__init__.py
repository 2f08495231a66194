"""Our CloudFormation resource types, one file per service."""

from __future__ import annotations

from groundplan_local.registry import ResourceType
from groundplan_local.services import (
    apigatewayv2,
    application_autoscaling,
    cloudfront,
    cloudwatch,
    ec2,
    ecs,
    elbv2,
    iam,
    lambda_,
    rds,
    rotation_schedules,
    route53,
    s3,
    scheduler,
    secret_attachments,
    secret_policies,
    secretsmanager,
    servicediscovery,
    sns,
    stepfunctions,
)

TYPES: tuple[ResourceType, ...] = (
    *apigatewayv2.TYPES,
    *application_autoscaling.TYPES,
    *cloudfront.TYPES,
    *cloudwatch.TYPES,
    *ec2.TYPES,
    *ecs.TYPES,
    *elbv2.TYPES,
    *iam.TYPES,
    *lambda_.TYPES,
    *rds.TYPES,
    *rotation_schedules.TYPES,
    *route53.TYPES,
    *s3.TYPES,
    *scheduler.TYPES,
    *secret_attachments.TYPES,
    *secret_policies.TYPES,
    *secretsmanager.TYPES,
    *servicediscovery.TYPES,
    *sns.TYPES,
    *stepfunctions.TYPES,
)
