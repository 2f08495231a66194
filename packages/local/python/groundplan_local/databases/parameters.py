"""From the parameter groups of RDS to the settings of a PostgreSQL on this machine.

The program that starts it leaves out what only Amazon's servers know, and says so. What stays here
is what it cannot know: how RDS asks for TLS, and what is sized for an instance class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# For the memory of an instance class, and not of the machine of whoever develops.
_SIZED = frozenset(
    {
        "autovacuum_work_mem",
        "effective_cache_size",
        "huge_pages",
        "maintenance_work_mem",
        "max_wal_size",
        "min_wal_size",
        "shared_buffers",
        "wal_buffers",
        "work_mem",
    }
)
_FORCE_TLS = "rds.force_ssl"
# From these majors on a connection without TLS is refused unless the group says otherwise:
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html
_FORCED_SINCE = {"postgres": 15, "aurora-postgresql": 17}


@dataclass(frozen=True)
class Configuration:
    """What a server gets of its groups, and what it does not."""

    settings: Mapping[str, str] = field(default_factory=dict)
    force_tls: bool = False
    sized: tuple[str, ...] = ()
    """Left out here."""


def configuration(engine: str, major: int, *groups: Mapping[str, str]) -> Configuration:
    """The parameters of the groups, of which a later one goes over an earlier one."""
    given: dict[str, str] = {}
    for group in groups:
        given.update(group)
    forced = given.pop(_FORCE_TLS, None)
    if forced is None:
        force_tls = major >= _FORCED_SINCE.get(engine, 1000)
    else:
        force_tls = forced.lower() in ("1", "on", "true")
    settings = {name: value for name, value in given.items() if name not in _SIZED}
    return Configuration(settings, force_tls, tuple(sorted(given.keys() - settings.keys())))
