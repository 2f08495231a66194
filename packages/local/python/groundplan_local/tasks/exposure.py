"""Watching that no container listens where others than this machine could reach it.

Node.js and Python programs are kept to their task's address by a module that is loaded before them.
Any other program may listen on every address, as it would in a container; it is found soon after.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from groundplan_local.containers import strays
from groundplan_local.containers.process import ContainerProcess

# Most programs listen within a second; one that takes longer is found later.
_LOOKS = (0.3, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)


def watch_sockets(process: ContainerProcess, exposed: Callable[[list[int]], None]) -> None:
    def watch() -> None:
        for pause in _LOOKS:
            if process.wait(pause):
                return
            ports = strays.open_ports(process.mark)
            if ports:
                exposed(ports)
                return

    threading.Thread(target=watch, daemon=True, name=f"groundplan-sockets-{process.name}").start()
