"""The emulator's process: check the seams, install what it lacks, serve on loopback only."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundplan_local import PINNED_MINISTACK, processes, seams
from groundplan_local.environment import HOST, Settings

HEALTH_PATH = "/_groundplan/health"
EXIT_SEAM = 3
# Tasks are asked to end before everything is killed; the launcher does not wait much longer.
TASK_GRACE = 0.7
# Their data is gone with the local AWS, so nothing is lost by a server that takes longer.
DATABASE_GRACE = 0.5

# What the parts of the server want done before it goes.
at_end: list[Callable[[], None]] = []

logger = logging.getLogger("groundplan")

Scope = Mapping[str, Any]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True)
class Start:
    """What the launcher hands over: the settings, and the pipe that ends when it does."""

    settings: Settings
    lifeline: int


def read_start() -> Start:
    given = json.loads(os.environ.pop("GROUNDPLAN_SETTINGS"))
    settings = Settings(
        port=given["port"],
        account=given["account"],
        region=given["region"],
        state=Path(given["state"]),
        address_block=given["addressBlock"],
    )
    return Start(settings, given["lifeline"])


def install(settings: Settings) -> App:
    """Everything of ours into the emulator, in the order in which it builds on one another."""
    from ministack.app import app
    from ministack.core.responses import get_account_id, get_region
    from ministack.services.cloudformation import provisioners

    from groundplan_local.api import (
        apigatewayv2,
        application_autoscaling,
        cloudwatch,
        ec2,
        ecr,
        ecs,
        elbv2,
        rds,
        s3,
        secretsmanager,
        ssm,
        stepfunctions,
    )
    from groundplan_local.clients import Clients
    from groundplan_local.containers import docker_cli
    from groundplan_local.containers.addresses import AddressBook
    from groundplan_local.containers.surroundings import Surroundings, install_commands
    from groundplan_local.databases.fleet import Fleet
    from groundplan_local.edge import origins
    from groundplan_local.engine import (
        custom_resources,
        echoes,
        events,
        long_polls,
        replacements,
        templates,
        threads,
    )
    from groundplan_local.ledger import Ledger
    from groundplan_local.registry import Engine, Registry
    from groundplan_local.services import TYPES
    from groundplan_local.tasks.install import install as install_tasks
    from groundplan_local.workflows import endings, language, run_task, schedules

    for api in (
        apigatewayv2,
        cloudwatch,
        ec2,
        ecr,
        ecs,
        elbv2,
        s3,
        secretsmanager,
        ssm,
        stepfunctions,
    ):
        api.install()
    addresses = AddressBook(settings.address_block)
    fleet = Fleet(addresses, settings.databases)
    rds.install(fleet)
    engine = Engine(
        provisioners._RESOURCE_HANDLERS,
        provisioners._REPLACING_PROPERTIES,
        provisioners._STACK_TAG_PROPERTY,
        get_account_id,
        get_region,
    )
    clients = Clients(settings.port)
    registry = Registry(engine, clients, Ledger(settings.ledger))
    registry.register(*TYPES)
    threads.install(registry)
    # Events last: they announce a resource before it can be refused.
    for part in (custom_resources, echoes, replacements, templates, events):
        part.install()
    # The SDK's model of EC2 takes a second to read; the first deploy need not wait for it.
    threading.Thread(
        target=clients.get, args=("ec2", settings.account, settings.region), daemon=True
    ).start()
    docker_cli.install(settings.programs, settings.images, settings.port)
    surroundings = Surroundings(
        # By which libpq, and what is built on it, find the authority to verify servers against.
        {"PGSSLROOTCERT": str(fleet.ca / "ca.pem")},
        install_commands(settings.commands),
    )
    agent = install_tasks(addresses, settings.images, settings.scratch / "tasks", surroundings)
    at_end.append(lambda: agent.end_all(TASK_GRACE))
    at_end.append(lambda: fleet.end_all(DATABASE_GRACE))
    for part in (endings, language, run_task, schedules, origins):
        part.install()
    served: App = application_autoscaling.with_application_autoscaling(app)
    return long_polls.with_long_polls(served)


def with_health(app: App, settings: Settings) -> App:
    """The emulator's app, with an answer that says whose it is: a port may be anybody's."""
    body = json.dumps(
        {
            "status": "ready",
            "emulator": PINNED_MINISTACK,
            "pid": os.getpid(),
            "launcherPid": os.getppid(),
            "port": settings.port,
            "account": settings.account,
            "region": settings.region,
            "state": str(settings.state),
            "addressBlock": settings.address_block,
        }
    ).encode()

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == HEALTH_PATH:
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return
        await app(scope, receive, send)

    return serve


def serving(settings: Settings) -> App:
    """The emulator and ours; the host of a load balancer or of its front is its own."""
    inner = with_health(install(settings), settings)
    from groundplan_local.balancer.app import with_balancers
    from groundplan_local.edge.app import with_edge

    return with_edge(with_balancers(inner, settings.port))


def watch_lifeline(lifeline: int) -> None:
    """End at once, children included, when the launcher is gone without a word."""

    def wait() -> None:
        os.read(lifeline, 1)
        # A launcher that was told to stop kills this process anyway; give it the chance.
        time.sleep(0.2)
        processes.kill(processes.descendants(os.getpid()))
        os._exit(1)

    threading.Thread(target=wait, daemon=True, name="groundplan-lifeline").start()


async def serve(app: App, settings: Settings) -> None:
    from hypercorn.asyncio import serve as hypercorn_serve
    from hypercorn.config import Config

    config = Config()
    config.bind = [f"{HOST}:{settings.port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 0.5
    config.shutdown_timeout = 1
    config.accesslog = None
    config.errorlog = None
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)

    async def told_to_stop() -> None:
        await stop.wait()

    await hypercorn_serve(app, config, shutdown_trigger=told_to_stop)


def main() -> int:
    start = read_start()
    watch_lifeline(start.lifeline)
    try:
        seams.check()
    except seams.SeamError as error:
        print(f"groundplan: {error}", file=sys.stderr, flush=True)
        return EXIT_SEAM
    app = serving(start.settings)
    try:
        asyncio.run(serve(app, start.settings))
    except OSError as error:
        print(f"groundplan: cannot listen on port {start.settings.port}: {error}", file=sys.stderr)
        return 2
    finally:
        # Threads that wait for a custom resource would keep the interpreter alive.
        sys.stdout.flush()
        sys.stderr.flush()
        for end in at_end:
            end()
        processes.kill(processes.descendants(os.getpid()))
    os._exit(0)


if __name__ == "__main__":
    raise SystemExit(main())
