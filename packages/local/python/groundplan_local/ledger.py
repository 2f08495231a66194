"""What every deploy really made, one JSON line per action.

A green deploy may rest on stubs; the command that started it prints them from this file, so it
is written for every action of every handler of ours, and read by nobody here.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from enum import Enum
from pathlib import Path


class Kind(str, Enum):
    """How much stands behind a resource, best first."""

    BRIDGE = "bridge"
    """The handler calls an API that the emulator has of its own."""
    WRAP = "wrap"
    """The emulator's handler or API does it, completed by us where it forgets what AWS keeps."""
    STUB = "stub"
    """Nothing stands behind it but a name and declared attributes."""


class Action(str, Enum):
    """What a handler did; a replacement is followed by the delete of its predecessor."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"


@dataclass(frozen=True)
class Entry:
    """One action on one resource."""

    action: Action
    kind: Kind
    type: str
    logicalId: str  # noqa: N815 - the file's keys are read by TypeScript
    physicalId: str  # noqa: N815
    stack: str
    account: str
    region: str
    note: str | None = None
    """A sentence for whoever reads the report; only written when there is one."""


class Ledger:
    """An append-only file; one line is one ``write``, so a reader never sees half an entry."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def write(self, entry: Entry) -> None:
        at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        written = {key: value for key, value in asdict(entry).items() if value is not None}
        line = json.dumps({"at": at, **written}) + "\n"
        with self._lock:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                os.write(handle, line.encode())
            finally:
                os.close(handle)
