"""Every place where we reach into the emulator, checked before it starts.

None of it is an official API, and the emulator changes every few days. So the version is pinned,
and each seam is looked at once: a missing or reshaped one stops the start with one sentence, and
not an hour later in the middle of a deploy.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping
from importlib import metadata
from types import ModuleType

from groundplan_local import PINNED_MINISTACK
from groundplan_local.databases import seams as database_seams
from groundplan_local.edge import seams as edge_seams
from groundplan_local.seam import Seam, functions, stores
from groundplan_local.tasks import seams as task_seams
from groundplan_local.workflows import seams as workflow_seams

_CFN = "ministack.services.cloudformation"
_WHAT_TO_DO = "run `groundplan local reset` to install the pinned version again"


class SeamError(Exception):
    """The installed emulator is not the one that this pack was written for."""


_WRAPPED_TYPES = (
    "AWS::ApiGatewayV2::Integration",
    "AWS::CloudWatch::Alarm",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
    "AWS::EC2::VPCEndpoint",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::IAM::InstanceProfile",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Route53::RecordSet",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
    "AWS::SecretsManager::SecretTargetAttachment",
    "AWS::SNS::Subscription",
    "AWS::ServiceDiscovery::HttpNamespace",
    "AWS::ServiceDiscovery::PrivateDnsNamespace",
    "AWS::ServiceDiscovery::Service",
    "AWS::StepFunctions::StateMachine",
)
_COMPLETED_ACTIONS = (
    "AssociateAddress",
    "CreateEgressOnlyInternetGateway",
    "CreateFlowLogs",
    "CreateManagedPrefixList",
    "CreateNatGateway",
    "CreateNetworkAcl",
    "CreateNetworkAclEntry",
    "CreateVpcEndpoint",
    "DeleteEgressOnlyInternetGateway",
    "DeleteManagedPrefixList",
    "DeleteNatGateway",
    "DeleteNetworkAcl",
    "DeleteNetworkAclEntry",
    "DeleteSubnet",
    "DeleteVpcEndpoints",
    "DescribeAddresses",
    "DescribeEgressOnlyInternetGateways",
    "DescribeFlowLogs",
    "DescribeInstanceAttribute",
    "DescribeInstances",
    "DescribeNatGateways",
    "DescribeNetworkAcls",
    "DescribeNetworkInterfaces",
    "DescribeRouteTables",
    "DescribeSecurityGroupRules",
    "DescribeSubnets",
    "DescribeVpcEndpoints",
    "DescribeVpcs",
    "DisassociateAddress",
    "ModifyManagedPrefixList",
    "ModifySubnetAttribute",
    "ModifyVpcEndpoint",
    "ReleaseAddress",
    "ReplaceNetworkAclAssociation",
    "ReplaceNetworkAclEntry",
    "RunInstances",
    "TerminateInstances",
)

SEAMS: tuple[Seam, ...] = (
    *functions("ministack.app", app="scope receive send"),
    *functions("ministack.core.responses", get_account_id="", get_region=""),
    Seam(f"{_CFN}.provisioners", "_RESOURCE_HANDLERS", keys=_WRAPPED_TYPES),
    *stores(f"{_CFN}.provisioners", "_REPLACING_PROPERTIES", "_STACK_TAG_PROPERTY"),
    *functions(
        f"{_CFN}.provisioners",
        _provision_resource="resource_type logical_id props stack_name",
        _update_resource=(
            "resource_type physical_id old_props new_props stack_name logical_id old_attrs"
        ),
        _delete_resource="resource_type physical_id props stack_name logical_id",
        _replace_resource="resource_type physical_id old_props new_props stack_name logical_id",
        _physical_name="stack_name logical_id",
    ),
    *functions(
        f"{_CFN}.stacks",
        _runs_on_worker_thread="resource_type",
        _add_event=(
            "stack_id stack_name logical_id resource_type status reason physical_id detailed_status"
        ),
        _update_resource="resource_type physical_id",
        _provision_resource="resource_type logical_id props stack_name",
        _delete_resource="resource_type physical_id props stack_name logical_id",
    ),
    *functions(f"{_CFN}.engine", validate_template_support="template conditions params"),
    *functions(f"{_CFN}.changesets", validate_template_support="template conditions params"),
    *functions(f"{_CFN}.handlers", validate_template_support="template conditions params"),
    *functions(
        f"{_CFN}.custom_resource",
        invoke_custom_resource="request_type logical_id props",
        deliver_response="token response",
    ),
    *stores(f"{_CFN}.custom_resource", "_pending"),
    *stores(_CFN, "_stacks", "_stack_events"),
    *functions(
        "ministack.services.lambda_svc",
        _execute_function_with_config_scope="func event",
        _get_func_record_for_ref="",
    ),
    Seam("ministack.services.ec2", "_ACTION_MAP", keys=_COMPLETED_ACTIONS),
    *stores(
        "ministack.services.ec2",
        "_addresses",
        "_egress_igws",
        "_flow_logs",
        "_instances",
        "_iam_instance_profile_associations",
        "_internet_gateways",
        "_nat_gateways",
        "_network_acls",
        "_network_interfaces",
        "_prefix_lists",
        "_route_tables",
        "_security_groups",
        "_subnets",
        "_tags",
        "_volumes",
        "_vpc_endpoints",
        "_vpcs",
    ),
    *functions(
        "ministack.services.ec2",
        _aws_pl_id_from_name="prefix_name",
        _error="code message status",
        _now_ts="",
        _parse_ip_permissions="params prefix",
        _parse_tag_specs="p resource_type resource_id",
        _sg_rule_id="sg_id is_egress rule",
        _xml="status root_tag inner",
    ),
    *stores("ministack.services.cloudwatch", "_alarms"),
    *functions(
        "ministack.services.cloudwatch",
        _put_metric_alarm="params cbor_data is_cbor is_json",
        _error="code message status",
    ),
    *functions("ministack.services.s3", _resolve_sse_write_headers="headers bucket_name"),
    *stores("ministack.services.sns", "_topics"),
    *stores("ministack.services.ssm", "_PUBLIC_AMI_PARAMETERS"),
    *task_seams.SEAMS,
    *workflow_seams.SEAMS,
    *edge_seams.SEAMS,
    *database_seams.SEAMS,
)


def installed_version() -> str | None:
    try:
        return metadata.version("ministack")
    except metadata.PackageNotFoundError:
        return None


def check(pinned: str = PINNED_MINISTACK, seams: tuple[Seam, ...] = SEAMS) -> None:
    """Raise :class:`SeamError` unless the emulator is the pinned one and looks like it."""
    found = installed_version()
    if found is None:
        raise SeamError(f"the emulator ministack {pinned} is not installed; {_WHAT_TO_DO}")
    if found != pinned:
        raise SeamError(
            f"the emulator is ministack {found}, but this pack is written for {pinned}; "
            f"{_WHAT_TO_DO}"
        )
    for seam in seams:
        problem = _problem(seam)
        if problem:
            raise SeamError(
                f"the seam {seam.module}.{seam.name} of ministack {found} {problem}; {_WHAT_TO_DO}"
            )


def _problem(seam: Seam) -> str | None:
    try:
        module: ModuleType = importlib.import_module(seam.module)
    except ImportError as error:
        return f"cannot be imported ({error})"
    if not hasattr(module, seam.name):
        return "does not exist"
    value = getattr(module, seam.name)
    if seam.keys is not None:
        return _mapping_problem(value, seam.keys)
    if not callable(value):
        return "is not callable"
    expected = seam.parameters or ()
    present = list(inspect.signature(value).parameters)
    if present[: len(expected)] != list(expected):
        return f"takes ({', '.join(present)}) and not ({', '.join(expected)})"
    return None


def _mapping_problem(value: object, keys: tuple[str, ...]) -> str | None:
    # The emulator's stores are scoped by account and region and only look like mappings.
    if not isinstance(value, Mapping) and not all(
        hasattr(value, name) for name in ("get", "pop", "values", "items", "setdefault")
    ):
        return f"is a {type(value).__name__} and not a mapping"
    missing = [key for key in keys if key not in value]  # type: ignore[operator]
    return f"lacks {', '.join(missing)}" if missing else None
