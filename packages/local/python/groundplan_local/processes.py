"""Ending processes for certain: the emulator's Lambda workers outlive it otherwise."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable


def descendants(root: int) -> list[int]:
    """Every process below ``root``, deepest last; works where there is no ``/proc``."""
    listing = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=False
    ).stdout
    children: dict[int, list[int]] = {}
    for line in listing.splitlines():
        pid, parent = (int(part) for part in line.split())
        children.setdefault(parent, []).append(pid)
    found: list[int] = []
    waiting = [root]
    while waiting:
        for pid in children.get(waiting.pop(), []):
            found.append(pid)
            waiting.append(pid)
    return found


def kill(pids: Iterable[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def end_tree(child: subprocess.Popen[bytes], grace: float) -> int:
    """SIGTERM, a short grace, then everything below the child at once; answers the exit code.

    The descendants are listed first: once the child is gone its orphans belong to somebody else.
    The child leads a process group of its own.
    """
    below = descendants(child.pid)
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + grace
    while child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    kill({*below, *descendants(child.pid)})
    kill_group(child.pid)
    return child.wait()
