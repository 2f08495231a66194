"""All servers of the local AWS: where each listens, its folder, and the copies of folders."""

from __future__ import annotations

import hashlib
import logging
import shutil
import threading
import time
from pathlib import Path

from groundplan_local.containers.addresses import AddressBook, Place
from groundplan_local.databases.copies import copy
from groundplan_local.databases.process import Sink
from groundplan_local.databases.server import Server, Wanted
from groundplan_local.forwarder import Forwarder, Ways

logger = logging.getLogger("groundplan.databases")


class Fleet:
    """The servers by the ARN of what they stand behind, and the forwarders in front of them."""

    def __init__(self, addresses: AddressBook, folder: Path) -> None:
        self._addresses = addresses
        self._folder = folder
        self._servers: dict[str, Server] = {}
        self._forwarders: dict[str, tuple[Place, Forwarder]] = {}
        self._leads: dict[str, str | None] = {}
        self._lock = threading.Lock()

    @property
    def ca(self) -> Path:
        """The folder of the authority that signs the certificates of all servers."""
        return self._folder / "ca"

    @property
    def own_addresses(self) -> bool:
        return self._addresses.own_addresses

    def get(self, arn: str) -> Server | None:
        return self._servers.get(arn)

    def create(self, arn: str, wanted: Wanted, sink: Sink, copy_of: str | None = None) -> Server:
        """Start a server, in an empty folder or in the copy of a snapshot's."""
        place = self._addresses.lease([wanted.port])
        names = self._addresses.every
        server = Server(self._of(arn), self.ca, place, names, wanted, sink)
        try:
            shutil.rmtree(server.folder, ignore_errors=True)
            self._folder.mkdir(parents=True, exist_ok=True)
            if copy_of is not None:
                copy(self._of(copy_of), server.folder, None)
            server.start()
        except BaseException:
            self._addresses.release(place)
            shutil.rmtree(server.folder, ignore_errors=True)
            raise
        self._servers[arn] = server
        return server

    def remove(self, arn: str) -> None:
        with self._lock:
            server = self._servers.pop(arn, None)
        if server is not None:
            server.stop()
            self._addresses.release(server.place)
            shutil.rmtree(server.folder, ignore_errors=True)

    def snapshot(self, arn: str, snapshot: str) -> None:
        """Keep a copy of a server's folder; what has no server has no copy."""
        server = self._servers.get(arn)
        if server is not None:
            server.copy_to(self._of(snapshot))

    def forget_snapshot(self, snapshot: str) -> None:
        shutil.rmtree(self._of(snapshot), ignore_errors=True)

    def forward(self, arn: str, port: int) -> str:
        """An address of its own that leads nowhere yet; answers the host."""
        place = self._addresses.lease([port])
        forwarder = Forwarder(place.host, place.port(port), lambda: self._behind(arn))
        forwarder.start()
        self._forwarders[arn] = place, forwarder
        return place.host

    def lead(self, arn: str, target: str | None) -> None:
        """Let a forwarder lead to the server behind an ARN, or nowhere."""
        self._leads[arn] = target

    def _behind(self, arn: str) -> Ways:
        server = self._servers.get(self._leads.get(arn) or "")
        if server is not None:
            yield server.host, server.port

    def stop_forwarding(self, arn: str) -> None:
        self._leads.pop(arn, None)
        found = self._forwarders.pop(arn, None)
        if found is not None:
            place, forwarder = found
            forwarder.stop()
            self._addresses.release(place)

    def remove_all(self) -> None:
        for arn in list(self._forwarders):
            self.stop_forwarding(arn)
        for arn in list(self._servers):
            self.remove(arn)

    def end_all(self, grace: float) -> None:
        """Every server, at the end of the local AWS."""
        servers = list(self._servers.values())
        for server in servers:
            server.tell()
        deadline = time.monotonic() + grace
        for server in servers:
            server.stop(max(0.0, deadline - time.monotonic()))

    def _of(self, arn: str) -> Path:
        # Short: the socket of a server lies in its folder, and its path may have 103 characters.
        return self._folder / hashlib.sha256(arn.encode()).hexdigest()[:10]
