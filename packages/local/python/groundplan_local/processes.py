"""Ending processes for certain: the emulator's Lambda workers outlive it otherwise."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path


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


_PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Become the parent of whatever below loses its own: a killed server leaves its tasks to us.

    Linux only; elsewhere orphans belong to the system, and the next ``up`` or ``down`` ends them.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


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


def bury_adopted(own: int) -> None:
    """Collect what was adopted and has ended since; ``own`` is waited for by somebody else."""
    for children in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for pid in (int(word) for word in children.read_text().split()):
                if pid != own:
                    os.waitpid(pid, os.WNOHANG)


def end_adopted() -> None:
    """Kill what :func:`adopt_orphans` brought here; a kill may leave orphans in turn."""
    while orphans := [pid for pid in descendants(os.getpid()) if _is_alive(pid)]:
        kill(orphans)
        _collect()
        time.sleep(0.01)


def _is_alive(pid: int) -> bool:
    shown = subprocess.run(
        ["ps", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    # The ps that looks is below us as well, and gone by now.
    return bool(shown) and not shown.startswith("Z")


def _collect() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
