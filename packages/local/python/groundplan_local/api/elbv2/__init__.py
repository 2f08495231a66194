"""What the emulator's ELBv2 forgets: defaults of attributes, zones, weights, certificates.

Network load balancers it takes for application load balancers, which :mod:`network` puts right.
"""

from __future__ import annotations

from groundplan_local.api.elbv2 import attributes, certificates, network, written


def install() -> None:
    for part in (attributes, certificates, network, written):
        part.install()
