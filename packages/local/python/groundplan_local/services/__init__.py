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
    route53,
    s3,
    scheduler,
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
    *route53.TYPES,
    *s3.TYPES,
    *scheduler.TYPES,
    *secretsmanager.TYPES,
    *servicediscovery.TYPES,
    *sns.TYPES,
    *stepfunctions.TYPES,
)
