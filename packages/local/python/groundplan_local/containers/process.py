"""One container as a process: started, listened to, told to end, and ended."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable

from groundplan_local.containers import strays
from groundplan_local.containers.command import Command

logger = logging.getLogger("groundplan")

_REMEMBERED_LINES = 12
# What is left in the pipe after the end: a child of the container may still hold it open.
_LAST_WORDS = 1.0

Sink = Callable[[str], None]


class ContainerProcess:
    """A process that leads a session of its own, so that all of it can be ended."""

    def __init__(
        self,
        name: str,
        mark: str,
        sink: Sink,
        on_exit: Callable[[int], None],
        stop_signal: str = "SIGTERM",
    ) -> None:
        self.name = name
        self.mark = mark
        self._sink = sink
        self._on_exit = on_exit
        self._stop_signal = getattr(signal, stop_signal, signal.SIGTERM)
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = threading.Event()
        self._last_lines: deque[str] = deque(maxlen=_REMEMBERED_LINES)
        self.exit_code: int | None = None

    def start(self, command: Command) -> None:
        self._process = subprocess.Popen(
            command.arguments,
            cwd=command.directory,
            env={**command.environment, strays.MARK: self.mark},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        pump = threading.Thread(target=self._pump, daemon=True, name=f"groundplan-log-{self.name}")
        pump.start()
        threading.Thread(
            target=self._wait, args=(pump,), daemon=True, name=f"groundplan-wait-{self.name}"
        ).start()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def running(self) -> bool:
        return self._process is not None and not self._ended.is_set()

    @property
    def last_lines(self) -> list[str]:
        return list(self._last_lines)

    def tell(self) -> None:
        """Ask it to end, as a stop of its task does."""
        if self._process is not None and self.running:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(self._stop_signal)

    def stop(self, timeout: float) -> int:
        """Ask it to end, insist after ``timeout`` seconds, and answer its exit code."""
        self.tell()
        if self._process is not None and not self._ended.wait(timeout):
            self.kill()
        return self.exit_code if self.exit_code is not None else 137

    def kill(self) -> None:
        if self._process is None:
            return
        _kill_group(self._process.pid)
        self._ended.wait(5)

    def wait(self, timeout: float | None = None) -> bool:
        return self._ended.wait(timeout)

    def _wait(self, pump: threading.Thread) -> None:
        assert self._process is not None
        code = self._process.wait()
        _kill_group(self._process.pid)
        strays.end(self.mark)
        pump.join(_LAST_WORDS)
        self.exit_code = code if code >= 0 else 128 - code
        self._ended.set()
        self._on_exit(self.exit_code)

    def _pump(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        for raw in self._process.stdout:
            line = raw.decode("utf-8", errors="replace").rstrip("\r\n")
            self._last_lines.append(line)
            try:
                self._sink(line)
            except Exception:  # a log group that is gone must not stop the program
                logger.debug("a line of %s was lost", self.name, exc_info=True)


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
