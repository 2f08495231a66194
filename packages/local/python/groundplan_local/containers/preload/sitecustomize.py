"""Imported before a container's Python program: the same as ``listen.cjs`` beside it."""

from __future__ import annotations

import os
import socket

_OWN = os.environ.get("GROUNDPLAN_HOST")
_PORTS: dict[int, int] = {}
for _pair in filter(None, os.environ.get("GROUNDPLAN_PORTS", "").split(",")):
    _inside, _outside = _pair.split(":")
    _PORTS[int(_inside)] = int(_outside)
_TASK = {int(port) for port in os.environ.get("GROUNDPLAN_TASK_PORTS", "").split(",") if port}
_HERE = ("localhost", "127.0.0.1", "::1")


def _install(own: str) -> None:
    native_bind = socket.socket.bind
    native_connect = socket.socket.connect

    def bind(self: socket.socket, address: object) -> None:
        if self.family == socket.AF_INET and isinstance(address, tuple):
            host, port = address
            if host in ("", "0.0.0.0"):
                host = own
            address = (host, _PORTS.get(port, port))
        elif (
            self.family == socket.AF_INET6
            and isinstance(address, tuple)
            and address[0] in ("", "::")
        ):
            # A server that binds both families has the task's address already.
            address = ("::1", 0)
        native_bind(self, address)  # type: ignore[arg-type]

    def connect(self: socket.socket, address: object) -> None:
        if (
            self.family == socket.AF_INET
            and isinstance(address, tuple)
            and address[0] in _HERE
            and address[1] in _TASK
        ):
            address = (own, _PORTS.get(address[1], address[1]))
        native_connect(self, address)  # type: ignore[arg-type]

    socket.socket.bind = bind  # type: ignore[method-assign, assignment]
    socket.socket.connect = connect  # type: ignore[method-assign, assignment]


if _OWN:
    _install(_OWN)
