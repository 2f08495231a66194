"""The program behind a server, from its start to the line that says it is ready, and to its end."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from groundplan_local import processes
from groundplan_local.containers import strays
from groundplan_local.databases.copies import forget_locks

logger = logging.getLogger("groundplan.databases")

_PATIENCE = 60.0
_REMEMBERED_LINES = 12
# What the program says about itself, among the lines of PostgreSQL.
_OWN = "postgres-server: "
_LEFT_OUT = re.compile(rf"^{_OWN}the (?:setting|library) (\S+)")
# The moment and the process that PostgreSQL puts before a line.
_STAMP = re.compile(r"^[\d-]+ [\d:.]+ \w+ \[\d+\] ")
_LAST_WORDS = 1.0

Sink = Callable[[str], None]


class PostgresProcess:
    """One run of the program; another run is another object."""

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], mark: str, sink: Sink
    ) -> None:
        self.left_out: list[str] = []
        self.version = ""
        self._mark = mark
        self._sink = sink
        self._said: deque[str] = deque(maxlen=_REMEMBERED_LINES)
        self._answered = threading.Event()
        self._process = subprocess.Popen(
            arguments,
            env={**os.environ, **environment, strays.MARK: mark},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._pump = _thread("log", self._read_log)
        _thread("ready", self._read_ready)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def wait_until_ready(self) -> str | None:
        """None when it is; what it said when it is not and has ended."""
        self._answered.wait(_PATIENCE)
        if self.version:
            return None
        self.kill()
        self._pump.join(_LAST_WORDS)
        return self._complaint()

    def wait(self) -> int:
        return self._process.wait()

    def tell(self) -> None:
        """Ask it to end and do not wait."""
        if self.running:
            self._process.send_signal(signal.SIGTERM)

    def stop(self, grace: float) -> None:
        self.tell()
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self.kill()
        strays.end(self._mark)

    def kill(self) -> None:
        processes.kill([*processes.descendants(self.pid), self.pid])
        self._process.wait()

    def _complaint(self) -> str:
        """The last word of the program, which says why; before it PostgreSQL says much."""
        last = [line for line in self._said if line.startswith(_OWN)]
        if last:
            return last[-1].removeprefix(_OWN)
        said = "; ".join(_STAMP.sub("", line) for line in self._said)
        return said or f"it was not ready after {_PATIENCE:.0f} s"

    def _read_ready(self) -> None:
        """The first line of the program says that it is ready; without one it has failed."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        try:
            ready: dict[str, Any] = json.loads(line) if line.strip() else {}
            self.version = str(ready.get("version", ""))
        except ValueError:
            logger.warning("a database said %r instead of that it is ready", line)
        finally:
            self._answered.set()
        for _ in self._process.stdout:
            pass

    def _read_log(self) -> None:
        assert self._process.stderr is not None
        for raw in self._process.stderr:
            line = raw.decode("utf-8", errors="replace").rstrip("\r\n")
            self._said.append(line)
            if left_out := _LEFT_OUT.match(line):
                self.left_out.append(left_out.group(1))
            try:
                self._sink(line)
            except Exception:  # a log group that is gone must not stop the server
                logger.debug("a line of a database was lost", exc_info=True)


def clear_away(mark: str, folder: Path, patience: float) -> None:
    """What a killed program leaves: a server, and the number of its process in the folder.

    That number is the dead server's own until somebody has buried it, and PostgreSQL would take it
    for one that runs.
    """
    strays.end(mark)
    deadline = time.monotonic() + patience
    while strays.processes_of(mark) and time.monotonic() < deadline:
        time.sleep(0.05)
    if sys.platform == "linux":
        forget_locks(folder)


def _thread(name: str, target: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=target, daemon=True, name=f"groundplan-database-{name}")
    thread.start()
    return thread
