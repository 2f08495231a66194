"""What every container finds beside what is its own."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from groundplan_local.containers import flyway
from groundplan_local.programs import FLYWAY, words

# Where the programs of the TypeScript half find, or bring, what they run.
_PASSED_ON = ("GROUNDPLAN_ENGINES", "GROUNDPLAN_MAVEN_REPOSITORY", "GROUNDPLAN_PYTHON")


@dataclass(frozen=True)
class Surroundings:
    """Variables unless its definition sets them, and commands on its ``PATH``."""

    variables: Mapping[str, str] = field(default_factory=dict)
    commands: Path | None = None


def install_commands(folder: Path) -> Path:
    """Write the commands of official images that stand in a container's ``PATH`` by name."""
    folder.mkdir(parents=True, exist_ok=True)
    command = words(FLYWAY)
    if command is None:
        return folder
    # A container has an environment of its own, in which these are not.
    passed_on = [
        f"{name}={shlex.quote(os.environ[name])}" for name in _PASSED_ON if name in os.environ
    ]
    script = folder / flyway.COMMAND
    line = " ".join([*passed_on, "exec", *map(shlex.quote, command)])
    script.write_text(f'#!/bin/sh\n{line} "$@"\n')
    script.chmod(0o755)
    return folder
