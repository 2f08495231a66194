"""Attributes that are also properties and that the emulator forgets to answer (fault 5).

Generated once from AWS's resource specification: the types that the emulator handles itself whose
``Fn::GetAtt`` names include one of their own properties. Our own types answer theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services.cloudformation import provisioners

ECHOES: Mapping[str, tuple[str, ...]] = {
    "AWS::AppSync::DataSource": ("Name",),
    "AWS::AppSync::FunctionConfiguration": ("DataSourceName", "Name"),
    "AWS::AppSync::Resolver": ("FieldName", "TypeName"),
    "AWS::Backup::BackupVault": ("BackupVaultName",),
    "AWS::DocDB::DBCluster": ("Port",),
    "AWS::EC2::SecurityGroup": ("VpcId",),
    "AWS::EFS::MountTarget": ("IpAddress",),
    "AWS::EKS::Nodegroup": ("ClusterName", "NodegroupName"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("SecurityGroups",),
    "AWS::Events::EventBus": ("Name", "Policy"),
    "AWS::S3::AccessPoint": ("Name",),
    "AWS::SNS::Topic": ("TopicName",),
    "AWS::SQS::Queue": ("QueueName",),
    "AWS::SSM::Parameter": ("Type", "Value"),
    "AWS::ServiceDiscovery::Service": ("Name",),
    "AWS::Signer::SigningProfile": ("ProfileName",),
}

# Attributes that are simply what ``Ref`` answers.
IDS: Mapping[str, tuple[str, ...]] = {
    "AWS::EC2::SecurityGroup": ("GroupId", "Id"),
    "AWS::EC2::SubnetRouteTableAssociation": ("Id",),
}

Handler = Callable[..., tuple[str, dict[str, Any]]]


def _echoing(name: str, handler: Handler, props_at: int) -> Handler:
    def run(*arguments: Any) -> tuple[str, dict[str, Any]]:
        physical_id, attributes = handler(*arguments)
        props = arguments[props_at]
        echoed = {key: props[key] for key in ECHOES.get(name, ()) if key in props}
        ids = dict.fromkeys(IDS.get(name, ()), physical_id)
        return physical_id, {**echoed, **ids, **(attributes or {})}

    return run


def install() -> None:
    for name in {*ECHOES, *IDS}:
        entry = provisioners._RESOURCE_HANDLERS.get(name)
        if entry is None:
            continue
        entry["create"] = _echoing(name, entry["create"], 1)
        if "update" in entry:
            entry["update"] = _echoing(name, entry["update"], 2)
