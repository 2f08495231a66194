"""The public parameters that name Amazon's machine images; the emulator knows two of them.

Templates ask for them by parameter type (``AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>``) and
by ``{{resolve:ssm:…}}``. The ids are made up: nothing boots from them.
"""

from __future__ import annotations

import hashlib
from itertools import product

from ministack.services import ssm as native

_AMAZON_LINUX = "/aws/service/ami-amazon-linux-latest/"
_ARCHITECTURES = ("arm64", "x86_64")


def _names() -> list[str]:
    al2023 = [
        f"{_AMAZON_LINUX}al2023-ami-{edition}kernel-{kernel}-{architecture}"
        for edition, kernel, architecture in product(
            ("", "minimal-"), ("default", "6.1", "6.12"), _ARCHITECTURES
        )
    ]
    al2 = [
        f"{_AMAZON_LINUX}amzn2-ami-{kernel}hvm-{architecture}-gp2"
        for kernel, architecture in product(("", "kernel-5.10-", "minimal-"), _ARCHITECTURES)
    ]
    return [*al2023, *al2]


def install() -> None:
    for name in _names():
        image = f"ami-0{hashlib.sha256(name.encode()).hexdigest()[:16]}"
        native._PUBLIC_AMI_PARAMETERS.setdefault(name, image)
