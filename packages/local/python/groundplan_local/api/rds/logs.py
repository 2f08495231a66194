"""The log of a server, in the log group of its cluster or instance when it exports one.

Otherwise it is in the log of the local AWS.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import ecs
from ministack.services import rds as native

logger = logging.getLogger("groundplan.databases")

_LOG = "postgresql"


def sink_of(record: Mapping[str, Any]) -> Callable[[str], None]:
    """Where each line goes; it is looked up for each, since exports are switched on and off."""
    place = (get_account_id(), get_region())

    def write(line: str) -> None:
        if _LOG not in (record.get("EnabledCloudwatchLogsExports") or []):
            logger.info("%s: %s", _name(record), line)
            return
        with request_scope(*place):
            config = {"group": _group(record), "stream": _stream(record), "create_group": True}
            if ecs._ensure_awslogs_stream(config):
                ecs._emit_awslogs_event(config, line)

    return write


def _name(record: Mapping[str, Any]) -> str:
    return str(record.get("DBClusterIdentifier") or record["DBInstanceIdentifier"])


def _group(record: Mapping[str, Any]) -> str:
    kind = "cluster" if "DBClusterArn" in record else "instance"
    return f"/aws/rds/{kind}/{_name(record)}/{_LOG}"


def _stream(record: Mapping[str, Any]) -> str:
    """The instance that writes; a cluster that has none yet writes under its own name."""
    members = record.get("DBClusterMembers") or []
    writer = next((m for m in members if m.get("IsClusterWriter")), None)
    known = writer is not None and writer["DBInstanceIdentifier"] in native._instances
    return str(writer["DBInstanceIdentifier"]) if writer and known else _name(record)
