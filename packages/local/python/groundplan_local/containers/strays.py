"""Processes that left their container, and sockets that left this machine.

A container ends with everything in it and has a network of its own. A process here can start others
in sessions of their own, and can listen on every address of the machine. Both are found through
``/proc``, so on Linux only.
"""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

MARK = "GROUNDPLAN_CONTAINER"
_LISTEN = "0A"
_EVERYWHERE = ("00000000", "0" * 32)
_PROC = Path("/proc")


def processes_of(mark: str) -> list[int]:
    """Every process that inherited the mark of a container."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in _numbered():
        with contextlib.suppress(OSError):
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


def end(mark: str) -> None:
    """Kill what a container left behind."""
    for pid in processes_of(mark):
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def open_ports(mark: str) -> list[int]:
    """The ports on which a container listens on every address of this machine."""
    everywhere = _listening_everywhere()
    if not everywhere:
        return []
    found = set()
    for pid in processes_of(mark):
        with contextlib.suppress(OSError):
            for descriptor in (_PROC / str(pid) / "fd").iterdir():
                with contextlib.suppress(OSError):
                    target = str(descriptor.readlink())
                    if target.startswith("socket:[") and target[8:-1] in everywhere:
                        found.add(everywhere[target[8:-1]])
    return sorted(found)


def _listening_everywhere() -> dict[str, int]:
    """Socket to port, of everything that listens on an unspecified address."""
    found = {}
    for name in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for line in (_PROC / "net" / name).read_text().splitlines()[1:]:
                fields = line.split()
                address, _, port = fields[1].partition(":")
                if fields[3] == _LISTEN and address in _EVERYWHERE:
                    found[fields[9]] = int(port, 16)
    return found


def _numbered() -> list[Path]:
    with contextlib.suppress(OSError):
        return [entry for entry in _PROC.iterdir() if entry.name.isdigit()]
    return []
