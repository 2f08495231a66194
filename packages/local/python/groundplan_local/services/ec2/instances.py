"""``AWS::EC2::Instance``: launched through the API; nothing boots behind it.

A template gives an instance its settings itself or through a launch template, of which it may
override any; both become one ``RunInstances``.
"""

from __future__ import annotations

import base64
from typing import Any

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.ec2 import tags
from groundplan_local.services.values import flag, number, typed

_COPIED = ("ImageId", "InstanceType", "KeyName", "PrivateIpAddress", "SecurityGroupIds", "SubnetId")

_CREATE_ONLY = (
    "AvailabilityZone",
    "CpuOptions",
    "ElasticGpuSpecifications",
    "ElasticInferenceAccelerators",
    "EnclaveOptions",
    "HibernationOptions",
    "HostResourceGroupArn",
    "ImageId",
    "Ipv6AddressCount",
    "Ipv6Addresses",
    "KeyName",
    "LaunchTemplate",
    "LicenseSpecifications",
    "NetworkInterfaces",
    "PlacementGroupName",
    "PrivateIpAddress",
    "SecurityGroups",
    "SubnetId",
    # "Some interruptions" or a replacement on AWS, depending on the root device and the
    # hypervisor; the local instance has neither, so it is replaced.
    "InstanceType",
    "UserData",
    "BlockDeviceMappings",
)

_IN_PLACE = ("IamInstanceProfile", "SecurityGroupIds", "SourceDestCheck", "Tags")


def _launch_template(context: Context, props: Props) -> dict[str, Any]:
    reference = props.get("LaunchTemplate")
    if not reference:
        return {}
    key = "LaunchTemplateId" if reference.get("LaunchTemplateId") else "LaunchTemplateName"
    versions = context.ec2.describe_launch_template_versions(
        **{key: reference[key]}, Versions=[str(reference.get("Version") or "$Default")]
    )["LaunchTemplateVersions"]
    if not versions:
        raise ValueError(f"the launch template {reference[key]} has no such version")
    found: dict[str, Any] = versions[0]["LaunchTemplateData"]
    return found


def _request(settings: Props) -> dict[str, Any]:
    request = {name: settings[name] for name in _COPIED if settings.get(name)}
    if settings.get("UserData"):
        # Templates carry user data encoded, and the SDK encodes what it is given.
        request["UserData"] = base64.b64decode(settings["UserData"])
    if settings.get("MetadataOptions"):
        options = typed(settings["MetadataOptions"])
        # What a launch template answers about itself is no setting.
        options.pop("State", None)
        if "HttpPutResponseHopLimit" in options:
            options["HttpPutResponseHopLimit"] = number(options["HttpPutResponseHopLimit"])
        request["MetadataOptions"] = options
    interfaces = settings.get("NetworkInterfaces")
    if interfaces:
        request["NetworkInterfaces"] = [_interface(interface) for interface in interfaces]
    profile = settings.get("IamInstanceProfile")
    if profile:
        request["IamInstanceProfile"] = {"Name": profile} if isinstance(profile, str) else profile
    return request


def _interface(spec: Props) -> dict[str, Any]:
    interface: dict[str, Any] = {"DeviceIndex": number(spec.get("DeviceIndex", 0))}
    if "AssociatePublicIpAddress" in spec:
        interface["AssociatePublicIpAddress"] = flag(spec["AssociatePublicIpAddress"])
    if spec.get("SubnetId"):
        interface["SubnetId"] = spec["SubnetId"]
    groups = spec.get("GroupSet") or spec.get("Groups")
    if groups:
        interface["Groups"] = groups
    return interface


def _create(context: Context, props: Props) -> Resource:
    settings = {**_launch_template(context, props), **props}
    made = context.ec2.run_instances(
        MinCount=1, MaxCount=1, **_request(settings), **tags.on_create("instance", props)
    )
    identifier = made["Instances"][0]["InstanceId"]
    context.undo(lambda: context.ec2.terminate_instances(InstanceIds=[identifier]))
    if "SourceDestCheck" in props:
        _set_source_dest_check(context, identifier, props)
    return _resource(context, identifier)


def _set_source_dest_check(context: Context, identifier: str, props: Props) -> None:
    context.ec2.modify_instance_attribute(
        InstanceId=identifier,
        SourceDestCheck={"Value": flag(props.get("SourceDestCheck", True))},
    )


def _update(context: Context, identifier: str, old: Props, new: Props) -> Resource:
    changed = sorted(k for k in {*old, *new} if old.get(k) != new.get(k))
    unsupported = [name for name in changed if name not in _IN_PLACE]
    if unsupported:
        raise ValueError(
            f"AWS::EC2::Instance: a change of {', '.join(unsupported)} is not supported by the "
            "local AWS yet; replace the instance (change its logical id) or try it in an account"
        )
    if "SourceDestCheck" in changed:
        _set_source_dest_check(context, identifier, new)
    if "SecurityGroupIds" in changed and new.get("SecurityGroupIds"):
        context.ec2.modify_instance_attribute(InstanceId=identifier, Groups=new["SecurityGroupIds"])
    if "IamInstanceProfile" in changed:
        _swap_profile(context, identifier, new)
    tags.on_update(context, identifier, old, new)
    return _resource(context, identifier)


def _swap_profile(context: Context, identifier: str, props: Props) -> None:
    held = context.ec2.describe_iam_instance_profile_associations(
        Filters=[{"Name": "instance-id", "Values": [identifier]}]
    )["IamInstanceProfileAssociations"]
    for association in held:
        context.ec2.disassociate_iam_instance_profile(AssociationId=association["AssociationId"])
    if props.get("IamInstanceProfile"):
        context.ec2.associate_iam_instance_profile(
            InstanceId=identifier, IamInstanceProfile={"Name": props["IamInstanceProfile"]}
        )


def _delete(context: Context, identifier: str, props: Props) -> None:
    context.ec2.terminate_instances(InstanceIds=[identifier])


def _resource(context: Context, identifier: str) -> Resource:
    found = context.ec2.describe_instances(InstanceIds=[identifier])["Reservations"][0][
        "Instances"
    ][0]
    return Resource(
        identifier,
        {
            "AvailabilityZone": found["Placement"]["AvailabilityZone"],
            "InstanceId": identifier,
            "PrivateDnsName": found["PrivateDnsName"],
            "PrivateIp": found["PrivateIpAddress"],
            "PublicDnsName": found.get("PublicDnsName", ""),
            "PublicIp": found.get("PublicIpAddress", ""),
            "VpcId": found["VpcId"],
        },
    )


TYPES = (
    ResourceType(
        "AWS::EC2::Instance",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=_CREATE_ONLY,
        tags="Tags",
    ),
)
