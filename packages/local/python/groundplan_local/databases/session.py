"""What is asked of a server from here: as its master user, over TLS."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from pg8000 import native
from pg8000.exceptions import DatabaseError, InterfaceError

_TIMEOUT = 10


class SessionError(Exception):
    """Why a server could not be asked."""


@dataclass(frozen=True)
class Login:
    """Where a server is, and who asks."""

    host: str
    port: int
    ca: Path
    user: str
    password: str

    def run(self, *statements: str) -> None:
        context = ssl.create_default_context(cafile=str(self.ca))
        try:
            connection = native.Connection(
                self.user,
                host=self.host,
                port=self.port,
                database="postgres",
                password=self.password,
                ssl_context=context,
                timeout=_TIMEOUT,
            )
            try:
                for statement in statements:
                    connection.run(statement)
            finally:
                connection.close()
        except (DatabaseError, InterfaceError, OSError) as error:
            raise SessionError(f"{self.user} at {self.host}:{self.port}: {error}") from error
