"""What a template may not contain yet, said before anything is created.

The emulator does the things in this table wrongly and reports success. Until a later change works
around one of them, a deploy that meets it fails here, with everything that is wrong at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Props = Mapping[str, Any]


def _always(_props: Props) -> bool:
    return True


@dataclass(frozen=True)
class Refusal:
    """``fault`` is the number under which the emulator's faults are listed."""

    type: str
    fault: int
    sentence: str
    applies: Callable[[Props], bool] = _always


def _has(*names: str) -> Callable[[Props], bool]:
    return lambda props: any(props.get(name) for name in names)


_SECONDARY = (
    "SecondaryAllocationIds",
    "SecondaryPrivateIpAddresses",
    "SecondaryPrivateIpAddressCount",
)
_IPAM = ("Ipv4IpamPoolId", "Ipv4NetmaskLength", "Ipv6IpamPoolId", "Ipv6NetmaskLength")
_NO_IPAM = "the emulator has no IPAM, so a block cannot come from a pool; give the block itself"

_POINT_IN_TIME = (
    "RestoreTime",
    "RestoreToTime",
    "SourceDBClusterIdentifier",
    "SourceDBInstanceAutomatedBackupsArn",
    "SourceDbClusterResourceId",
    "SourceDbiResourceId",
    "UseLatestRestorableTime",
)
_NO_BACKUPS = (
    "the local AWS keeps no backups and clones nothing, so a database cannot be made from a point "
    "in time; make it from a snapshot (SnapshotIdentifier, DBSnapshotIdentifier)"
)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "Custom::CDKBucketDeployment",
        3,
        "the emulator cannot run the Python Lambda of s3-deployment's BucketDeployment; upload the "
        "files with the SDK after the deploy, or deploy this stack to an AWS account",
    ),
    Refusal(
        "Custom::AWSCDKOpenIdConnectProvider",
        12,
        "the deprecated iam.OpenIdConnectProvider asks the internet for a thumbprint; use "
        "iam.OidcProviderNative",
    ),
    Refusal(
        "AWS::EC2::NatGateway",
        0,
        "the emulator keeps one address per gateway; secondary addresses are not supported "
        "locally yet",
        _has(*_SECONDARY),
    ),
    Refusal("AWS::EC2::VPC", 0, _NO_IPAM, _has(*_IPAM)),
    Refusal("AWS::EC2::Subnet", 0, _NO_IPAM, _has(*_IPAM)),
    Refusal("AWS::EC2::VPCCidrBlock", 0, _NO_IPAM, _has(*_IPAM)),
    Refusal(
        "AWS::EC2::Subnet",
        0,
        "the emulator has no subnets without IPv4; Ipv6Native is not supported locally yet",
        _has("Ipv6Native"),
    ),
    Refusal("AWS::RDS::DBCluster", 0, _NO_BACKUPS, _has(*_POINT_IN_TIME)),
    Refusal("AWS::RDS::DBInstance", 0, _NO_BACKUPS, _has(*_POINT_IN_TIME)),
)


@dataclass(frozen=True)
class Problem:
    """One thing of a template that the local AWS cannot do."""

    logical_id: str
    type: str
    text: str


def check(
    template: Mapping[str, Any],
    conditions: Mapping[str, bool],
    known: Callable[[str], bool],
    dangling: Callable[[str, Props], str | None] = lambda _type, _props: None,
) -> list[Problem]:
    """Every unknown type and every refusal of the template, in its own order.

    ``dangling`` names what a resource points to by a literal name and is not there (fault 7).
    """
    problems = []
    for logical_id, resource in (template.get("Resources") or {}).items():
        if not isinstance(resource, Mapping):
            continue
        condition = resource.get("Condition")
        if condition and not conditions.get(condition, True):
            continue
        kind = str(resource.get("Type", ""))
        props = resource.get("Properties") or {}
        if not known(kind):
            problems.append(Problem(logical_id, kind, "the local AWS does not know this type yet"))
            continue
        problems += check_resource(logical_id, kind, props)
        missing = dangling(kind, props)
        if missing:
            problems.append(Problem(logical_id, kind, missing))
    return problems


def check_resource(logical_id: str, kind: str, props: Props) -> list[Problem]:
    return [
        Problem(logical_id, kind, _numbered(refusal))
        for refusal in REFUSALS
        if refusal.type == kind and refusal.applies(props)
    ]


def _numbered(refusal: Refusal) -> str:
    return (
        f"{refusal.sentence} (emulator fault {refusal.fault})"
        if refusal.fault
        else refusal.sentence
    )


def message(problems: list[Problem]) -> str:
    lines = [f"- {p.logical_id} ({p.type}): {p.text}" for p in problems]
    noun = "resource" if len(problems) == 1 else "resources"
    return "\n".join(
        [f"The local AWS cannot deploy {len(problems)} {noun} of this template:", *lines]
    )
