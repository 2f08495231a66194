"""The process that one starts and stops: checks, starts the server, and ends all of it.

The emulator does not end on SIGTERM while a custom resource waits (fault 8), and a killed emulator
leaves its Lambda workers running. So this process stays small and outside: it starts the server in
a process group of its own, hands a signal on, and ends the group when the server does not go. The
server in turn notices through a pipe when this process is gone without having said so.
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from groundplan_local import processes
from groundplan_local.environment import HOST, Settings, for_emulator

MIN_PYTHON = (3, 10)
# Long enough for a clean end without a waiting custom resource (0.3 s measured).
GRACE = 2.0
# How often what a task left behind, and is ended since, is taken off the process table.
BURIAL = 5.0


class StartError(Exception):
    """Why the local AWS cannot start, as one sentence that says what to do."""


def parse(arguments: Sequence[str] | None) -> Settings:
    parser = argparse.ArgumentParser(prog="python -m groundplan_local", description=__doc__)
    parser.add_argument("--port", type=int, default=4566)
    parser.add_argument("--account", default="000000000000")
    parser.add_argument("--region", default="eu-central-1")
    parser.add_argument("--state", type=Path, required=True, help="folder for everything written")
    parser.add_argument("--address-block", help="such as 127.77.5.0/24, for this run's processes")
    given = parser.parse_args(arguments)
    return Settings(
        port=given.port,
        account=given.account,
        region=given.region,
        state=given.state.resolve(),
        address_block=given.address_block,
    )


def check(settings: Settings) -> None:
    if not 1 <= settings.port <= 65535:
        raise StartError(f"--port must be between 1 and 65535, got {settings.port}")
    if not re.fullmatch(r"\d{12}", settings.account):
        raise StartError(f"--account must be twelve digits, got '{settings.account}'")
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", settings.region):
        raise StartError(f"--region must be a region such as eu-central-1, got '{settings.region}'")
    if settings.address_block:
        _check_block(settings.address_block)
    if shutil.which("node") is None:
        raise StartError("node is not on PATH, and Lambda functions run in it; install Node.js 20+")
    _check_port(settings.port)


def _check_block(block: str) -> None:
    try:
        network = ipaddress.ip_network(block)
    except ValueError:
        raise StartError(f"--address-block must be a CIDR block, got '{block}'") from None
    if not network.is_loopback:
        raise StartError(f"--address-block must lie within 127.0.0.0/8, got '{block}'")


def _check_port(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise StartError(
                f"port {port} of {HOST} is taken by another program ({error.strerror}); stop that "
                "program or choose another port"
            ) from None


def _prepare(settings: Settings) -> None:
    for folder in (settings.state, settings.scratch):
        folder.mkdir(parents=True, exist_ok=True)
    # The emulator keeps everything in memory, so what an earlier run made is gone.
    settings.ledger.write_text("")
    for folder in (settings.images, settings.databases):
        shutil.rmtree(folder, ignore_errors=True)


def run(settings: Settings) -> int:
    _prepare(settings)
    processes.adopt_orphans()
    lifeline_read, lifeline_write = os.pipe()
    environment = for_emulator(settings, os.environ)
    environment["GROUNDPLAN_SETTINGS"] = json.dumps(
        {
            "port": settings.port,
            "account": settings.account,
            "region": settings.region,
            "state": str(settings.state),
            "addressBlock": settings.address_block,
            "lifeline": lifeline_read,
        }
    )
    child = subprocess.Popen(
        [sys.executable, "-m", "groundplan_local.server"],
        env=environment,
        stdin=subprocess.DEVNULL,
        pass_fds=(lifeline_read,),
        start_new_session=True,
    )
    os.close(lifeline_read)
    # A handler may not wait for the child itself: it would wait for the lock of the waiting below.
    wake = threading.Event()
    told_to_stop = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        told_to_stop.set()
        wake.set()

    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, stop)

    def wait_for_child() -> None:
        child.wait()
        wake.set()

    threading.Thread(target=wait_for_child, daemon=True).start()
    while not wake.wait(BURIAL):
        processes.bury_adopted(child.pid)
    stopping = told_to_stop.is_set()
    # Whatever ended the server, its Lambda workers end with it.
    code = processes.end_tree(child, GRACE)
    processes.end_adopted()
    os.close(lifeline_write)
    for folder in (settings.scratch, settings.databases):
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if stopping else code


def main(arguments: Sequence[str] | None = None) -> int:
    if sys.version_info < MIN_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        print(
            f"groundplan: the local AWS needs Python 3.10 or newer, this is {found}; install a "
            "newer one and run `groundplan local reset`",
            file=sys.stderr,
        )
        return 2
    settings = parse(arguments)
    try:
        check(settings)
    except StartError as error:
        print(f"groundplan: {error}", file=sys.stderr)
        return 2
    return run(settings)
