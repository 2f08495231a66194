"""The programs that the TypeScript half brings along, named in the environment.

A value is a path to a script of Node.js, or a JSON list of words: from source, a script needs a
loader before it.
"""

from __future__ import annotations

import json
import os
import shutil

POSTGRES_SERVER = "GROUNDPLAN_POSTGRES_SERVER"
FLYWAY = "GROUNDPLAN_FLYWAY"
PGBOUNCER = "GROUNDPLAN_PGBOUNCER"


class ProgramError(Exception):
    """A program that is not there; the message says how it would be."""


def words(variable: str) -> list[str] | None:
    """The command that a variable names, or None when it names none."""
    value = os.environ.get(variable, "").strip()
    if not value:
        return None
    if value.startswith("["):
        return [str(word) for word in json.loads(value)]
    return ["node", value]


def command(variable: str, what: str) -> list[str]:
    found = words(variable)
    if found is None:
        raise ProgramError(
            f"{what} needs the program that {variable} names, and it names none; start the local "
            "AWS with `groundplan local up`, which sets it"
        )
    if shutil.which(found[0]) is None:
        raise ProgramError(f"{what} needs {found[0]}, which {variable} names and is not there")
    return found
