"""A copy of a server's folder as of one moment, while the server runs.

Its processes stand still for the copy, which takes a tenth of a second: nothing writes meanwhile,
and what lies on the disk is what a server finds that was killed at that moment. PostgreSQL brings
such a folder to the last commit when it starts in it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

from groundplan_local import processes

_ROUNDS = 20


def copy(source: Path, target: Path, program: int | None) -> None:
    """Copy a folder; ``program`` is what runs in it, if anything does."""
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    frozen: list[int] = []
    try:
        if program is not None:
            _freeze(program, frozen)
        # Keeps the owner, who is not whoever runs this when that is root.
        done = subprocess.run(
            ["cp", "-a", str(source), str(target)], capture_output=True, text=True, check=False
        )
    finally:
        for pid in frozen:
            _signal(pid, signal.SIGCONT)
    if done.returncode != 0:
        shutil.rmtree(target, ignore_errors=True)
        raise OSError(f"{source} could not be copied to {target}: {done.stderr.strip()}")
    forget_locks(target)


def forget_locks(folder: Path) -> None:
    """By what lies there PostgreSQL would take itself for running already."""
    for pattern in ("postmaster.pid", ".s.PGSQL.*"):
        for left in folder.rglob(pattern):
            left.unlink(missing_ok=True)


def _freeze(program: int, frozen: list[int]) -> None:
    """Everything below the program; whatever was started in between is found in the next round."""
    for _ in range(_ROUNDS):
        running = [pid for pid in processes.descendants(program) if pid not in frozen]
        if not running:
            return
        for pid in running:
            if _signal(pid, signal.SIGSTOP):
                frozen.append(pid)


def _signal(pid: int, name: signal.Signals) -> bool:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, name)
        return True
    return False
