"""What ECS adds to the environment of every container, and the mark of this instance."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ministack.services import ecs

from groundplan_local.tasks.definitions import container_ports
from groundplan_local.tasks.running import RunningTask

_INSTANCE = "GROUNDPLAN_LOCAL_INSTANCE"


def of_container(
    running: RunningTask, definition: Mapping[str, Any], container: Mapping[str, Any]
) -> dict[str, str]:
    added: dict[str, str] = {}
    task = running.task
    token = ecs._register_metadata(
        task["taskArn"],
        task["clusterArn"],
        definition,
        container,
        task.get("launchType", "FARGATE"),
        added,
        True,
        None,
    )
    running.metadata_tokens.append(token)
    # The emulator's credentials endpoint knows one account; an access key names any.
    for name in ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN"):
        added.pop(name, None)
    ports = container_ports(list(definition["containerDefinitions"]))
    marks = {
        **added,
        "AWS_ACCESS_KEY_ID": running.account,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": running.region,
        "AWS_REGION": running.region,
        "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE",
        "GROUNDPLAN_TASK_PORTS": ",".join(map(str, ports)),
    }
    if _INSTANCE in os.environ:
        marks[_INSTANCE] = os.environ[_INSTANCE]
    return marks
