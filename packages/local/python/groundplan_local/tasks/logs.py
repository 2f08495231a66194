"""What a container prints, into the log group of its ``awslogs`` driver."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import ecs

logger = logging.getLogger("groundplan.tasks")


class NoLogGroupError(Exception):
    """The log group does not exist, which keeps the task from starting, as on AWS."""


def sink_of(
    definition: Mapping[str, Any], task_id: str, container_id: str, account: str, region: str
) -> Callable[[str], None]:
    """Where each line goes; without the driver, into the log of the local AWS."""
    config = ecs._awslogs_config(definition, task_id, container_id)
    if config is None:
        label = f"{definition['name']}/{task_id[:8]}"
        return lambda line: logger.info("%s: %s", label, line)
    # The driver's region is where the logs go, not where the task runs.
    place = (account, config["region"] or region)
    with request_scope(*place):
        if not ecs._ensure_awslogs_stream(config):
            raise NoLogGroupError(
                "failed to validate logger args: the specified log group "
                f"{config['group']} does not exist"
            )

    def write(line: str) -> None:
        with request_scope(*place):
            ecs._emit_awslogs_event(config, line)

    return write
