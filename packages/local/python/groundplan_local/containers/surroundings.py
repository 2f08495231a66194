"""What every container finds beside what is its own."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from groundplan_local.containers import flyway
from groundplan_local.programs import FLYWAY, PGBOUNCER, words

# The commands, and the variables that name the programs which stand in for them.
_COMMANDS = {flyway.COMMAND: FLYWAY, "pgbouncer": PGBOUNCER}
# Where the programs of the TypeScript half find, or bring, what they run. They look through this
# machine's PATH: in that of a container they would find themselves.
_PASSED_ON = re.compile(
    r"PATH|GROUNDPLAN_(ENGINES|MAVEN_REPOSITORY|PYTHON)"
    # and how this machine reaches a registry
    r"|(PIP|UV)_\w+|(https?|no|all)_proxy"
    r"|SSL_CERT_(FILE|DIR)|(REQUESTS|CURL)_CA_BUNDLE|NODE_EXTRA_CA_CERTS",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Surroundings:
    """Variables unless its definition sets them, and commands on its ``PATH``."""

    variables: Mapping[str, str] = field(default_factory=dict)
    commands: Path | None = None


def install_commands(folder: Path) -> Path:
    """Write the commands that images install, and that stand in a container's ``PATH`` by name."""
    folder.mkdir(parents=True, exist_ok=True)
    # A container has an environment of its own, in which these are not.
    passed_on = [
        f"{name}={shlex.quote(value)}"
        for name, value in sorted(os.environ.items())
        if _PASSED_ON.fullmatch(name)
    ]
    for name, variable in _COMMANDS.items():
        command = words(variable)
        if command is not None:
            script = folder / name
            line = " ".join([*passed_on, "exec", *map(shlex.quote, command)])
            script.write_text(f'#!/bin/sh\n{line} "$@"\n')
            script.chmod(0o755)
    return folder
