"""Where a task or a database listens: at an address of its own, or at ports where there are none.

Every address of 127.0.0.0/8 answers on Linux, so each gets one out of the instance's block, and all
of them may listen on the port that a container definition or an engine names. macOS answers on
127.0.0.1 only: there they get free ports instead, to which their own are mapped.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_LOOPBACK = "127.0.0.1"


class NoAddressLeftError(Exception):
    """Every address of the block is taken."""


@dataclass(frozen=True)
class Place:
    """Where the containers of one task, or one database, listen."""

    host: str
    ports: Mapping[int, int] = field(default_factory=dict)
    """Container port to port of this machine; what is not named is the same."""

    def port(self, container_port: int) -> int:
        return self.ports.get(container_port, container_port)


class AddressBook:
    """Hands places out and takes them back; an address rests as long as possible in between."""

    def __init__(self, block: str | None) -> None:
        self._free: deque[str] = deque()
        self.every: tuple[str, ...] = ()
        """Every address that there is, taken or not."""
        self._lock = threading.Lock()
        if block is not None:
            hosts = [str(host) for host in ipaddress.ip_network(block).hosts()][1:]
            if hosts and _answers(hosts[0]):
                self._free.extend(hosts)
                self.every = tuple(hosts)
        self.own_addresses = bool(self._free)
        self._block = block

    def lease(self, container_ports: Iterable[int] = ()) -> Place:
        if not self.own_addresses:
            return Place(_LOOPBACK, {port: _free_port() for port in container_ports})
        with self._lock:
            if not self._free:
                raise NoAddressLeftError(
                    f"every address of {self._block} is taken by a running task or database"
                )
            return Place(self._free.popleft())

    def release(self, place: Place) -> None:
        if self.own_addresses:
            with self._lock:
                self._free.append(place.host)


def _answers(host: str) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((host, 0))
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        return int(probe.getsockname()[1])
