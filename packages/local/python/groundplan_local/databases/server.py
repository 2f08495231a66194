"""One PostgreSQL behind one cluster or one instance, for as long as that is there."""

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from groundplan_local.containers.addresses import Place
from groundplan_local.databases import passwords
from groundplan_local.databases.copies import copy
from groundplan_local.databases.parameters import Configuration
from groundplan_local.databases.process import PostgresProcess, Sink, clear_away
from groundplan_local.databases.session import Login, SessionError
from groundplan_local.programs import POSTGRES_SERVER, ProgramError, command

logger = logging.getLogger("groundplan.databases")

# A fast shutdown writes a checkpoint and takes a tenth of a second.
_GRACE = 10.0
# A server that was killed is started again at once, one that keeps dying ever later.
_PAUSES = (1.0, 5.0, 15.0)
_STARTED_ANEW = 10
# Commits reach the disk late, unless one that has written something insists; then those before it
# are there as well.
_ON_DISK = (
    "BEGIN",
    "SET LOCAL synchronous_commit = on",
    "SELECT pg_logical_emit_message(true, 'groundplan', 'snapshot')",
    "COMMIT",
)
_SURELY_ON_DISK = 1.0
_NO_SUCH_MAJOR = "there is no PostgreSQL "


class ServerError(Exception):
    """Why a server does not run."""


@dataclass(frozen=True)
class Wanted:
    """What a server is asked to be."""

    title: str
    """Such as ``DB cluster main``, for messages."""
    major: int | None
    """None is whatever the program has."""
    user: str
    password: str
    database: str
    port: int
    configuration: Configuration = field(default_factory=Configuration)


class Server:
    """A PostgreSQL in a folder, at an address of its own."""

    def __init__(
        self,
        folder: Path,
        ca: Path,
        place: Place,
        names: Sequence[str],
        wanted: Wanted,
        sink: Sink,
    ) -> None:
        """``names`` are other addresses that lead here: its certificate is good for them."""
        self.folder = folder
        self.place = place
        self.wanted = wanted
        self._ca = ca
        self._names = names
        self._sink = sink
        self._mark = uuid.uuid4().hex
        self._process: PostgresProcess | None = None
        self._version = ""
        self._stopping = False
        self._lock = threading.RLock()

    @property
    def host(self) -> str:
        return self.place.host

    @property
    def port(self) -> int:
        return self.place.port(self.wanted.port)

    @property
    def version(self) -> str:
        return self._version

    @property
    def major(self) -> int:
        return int(self._version.split(".")[0])

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.running

    @property
    def left_out(self) -> list[str]:
        """Parameters and libraries that it runs without."""
        refused = self._process.left_out if self._process else []
        return sorted({*refused, *self.wanted.configuration.sized})

    def start(self) -> None:
        """Start it and wait until it takes connections; :class:`ServerError` says why it does not.

        A major version that is not on this machine is stood in for by the one that is.
        """
        with self._lock:
            self._stopping = False
            complaint = self._try()
            if complaint is not None and complaint.startswith(_NO_SUCH_MAJOR):
                self.wanted = replace(self.wanted, major=None)
                complaint = self._try()
            if complaint is not None:
                raise ServerError(
                    f"the PostgreSQL of the {self.wanted.title} did not start: {complaint}"
                )

    def become(self, wanted: Wanted) -> None:
        """Something else, now or, when it does not run, at its next start."""
        with self._lock:
            if self.running:
                self.restart(wanted)
            else:
                self.wanted = replace(wanted, major=self.wanted.major)

    def restart(self, wanted: Wanted) -> None:
        """Start it anew as something else; one that does not start so is what it was before."""
        with self._lock:
            before = self.wanted
            self.stop()
            # Its data has a major version already.
            self.wanted = replace(wanted, major=before.major)
            try:
                self.start()
            except ServerError:
                self.wanted = before
                self.start()
                raise

    def stop(self, grace: float = _GRACE) -> None:
        with self._lock:
            self._stopping = True
            process, self._process = self._process, None
            if process is not None:
                process.stop(grace)

    def tell(self) -> None:
        """Ask it to end and do not wait."""
        self._stopping = True
        if self._process is not None:
            self._process.tell()

    def alter_password(self, new: str) -> None:
        with self._lock:
            if not self.running:
                raise ServerError(
                    f"the {self.wanted.title} does not run, so that its password cannot be "
                    "changed; start it first"
                )
            user, wanted = self.wanted.user, replace(self.wanted, password=new)
            try:
                self._login().run(passwords.statement(user, new))
                self.wanted = wanted
            except SessionError as error:
                # Somebody else has changed it; at its start a server takes the one it is given.
                logger.warning("%s; the %s is started anew", error, wanted.title)
                self.restart(wanted)

    def copy_to(self, target: Path) -> None:
        """A copy of its folder with all that was committed until now."""
        with self._lock:
            if self._process is None or not self.running:
                copy(self.folder, target, None)
                return
            try:
                self._login().run(*_ON_DISK)
            except SessionError as error:
                logger.info("%s; what was committed reaches the disk by itself", error)
                time.sleep(_SURELY_ON_DISK)
            copy(self.folder, target, self._process.pid)

    def _login(self) -> Login:
        ca = self._ca / "ca.pem"
        return Login(self.host, self.port, ca, self.wanted.user, self.wanted.password)

    def _try(self) -> str | None:
        """One start; what the program said when it failed, or None."""
        try:
            words = command(POSTGRES_SERVER, f"the {self.wanted.title}")
        except ProgramError as error:
            raise ServerError(str(error)) from None
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = self.folder / "settings.json"
        settings.write_text(json.dumps(dict(self.wanted.configuration.settings), indent=2))
        process = PostgresProcess(
            [*words, *self._arguments(settings)],
            {"POSTGRES_PASSWORD": self.wanted.password},
            self._mark,
            self._sink,
        )
        self._process = process
        complaint = process.wait_until_ready()
        if complaint is not None:
            self._process = None
            return complaint
        self._version = process.version
        threading.Thread(
            target=self._watch, args=(process,), daemon=True, name="groundplan-database-watch"
        ).start()
        return None

    def _arguments(self, settings: Path) -> list[str]:
        given = [
            ("folder", self.folder),
            ("host", self.host),
            ("port", self.port),
            ("major", self.wanted.major),
            ("user", self.wanted.user),
            ("database", self.wanted.database or "postgres"),
            ("ca-folder", self._ca),
            ("settings", settings),
            *(("name", name) for name in self._names),
        ]
        words = [w for name, value in given if value is not None for w in (f"--{name}", str(value))]
        return [*words, "--force-tls"] if self.wanted.configuration.force_tls else words

    def _watch(self, process: PostgresProcess) -> None:
        """Start it again when it ended without being asked to, as RDS does."""
        code = process.wait()
        for attempt in range(_STARTED_ANEW):
            with self._lock:
                if self._stopping or self._process is not process:
                    return
                logger.warning("the %s ended with %s and is started again", self.wanted.title, code)
                clear_away(self._mark, self.folder, _GRACE)
                try:
                    self.start()
                    return
                except ServerError:
                    logger.exception("the %s", self.wanted.title)
                    self._process = process
            time.sleep(_PAUSES[min(attempt, len(_PAUSES) - 1)])
