"""The processes behind the databases: killed, and ended with the local AWS."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from databases import PASSWORD, Database, cluster, instance, of_cluster, of_instance, subnets
from local_aws import LocalAws, engines
from pg8000.exceptions import DatabaseError, InterfaceError


def parents(root: Path) -> dict[int, str]:
    """Every process whose command names a folder."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                folder = str((entry / "cwd").readlink())
            except OSError:
                continue
            if str(root) in command or folder.startswith(str(root)):
                found[int(entry.name)] = command
    return found


def servers(aws: LocalAws) -> dict[int, str]:
    return {p: c for p, c in parents(aws.state / "databases").items() if "postgres" in c}


def answers_again(database: Database) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            assert database.ask("SELECT n FROM t") == [[4]]
            return
        except (InterfaceError, DatabaseError, OSError):
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_killed_server_is_started_again_with_what_it_had(aws: LocalAws) -> None:
    stack = aws.stack(subnets(Cluster=cluster())).succeeded()
    database = of_cluster(aws, stack.id("Cluster"))
    database.ask("CREATE TABLE t (n int)", "INSERT INTO t VALUES (4)", "CHECKPOINT")
    before = servers(aws)
    assert before
    for pid, command in before.items():
        if "postgres-server" in command:
            os.kill(pid, signal.SIGKILL)
    answers_again(database)
    assert not set(before) & set(servers(aws))
    stack.delete()
    # One that was just being started again is told to end as soon as it stands.
    deadline = time.monotonic() + 20
    while servers(aws) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert servers(aws) == {}


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_the_servers_end_with_the_local_aws(tmp_path: Path, ending: signal.Signals) -> None:
    local = LocalAws(tmp_path / "state", log=tmp_path / "log", environment=engines())
    local.start("--address-block", f"127.80.{os.getpid() % 255}.0/24")
    stack = local.stack(subnets(Instance=instance())).succeeded()
    assert of_instance(local, stack.id("Instance"), password=PASSWORD).ask("SELECT 1") == [[1]]
    left = servers(local)
    assert left
    assert local.process is not None
    local.process.send_signal(ending)
    local.process.wait(20)
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in left):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)
    if ending is signal.SIGTERM:
        assert not (local.state / "databases").exists()


def test_without_the_program_a_database_fails_and_says_what_to_do(tmp_path: Path) -> None:
    local = LocalAws(tmp_path / "state", log=tmp_path / "log")
    local.environment["GROUNDPLAN_POSTGRES_SERVER"] = ""
    local.start("--address-block", f"127.80.{os.getpid() % 255}.0/24")
    stack = local.stack(subnets(Instance=instance()))
    assert any("GROUNDPLAN_POSTGRES_SERVER" in failure for failure in stack.failures())
    assert local.stop() == 0


def test_on_ports_where_there_are_no_addresses(tmp_path: Path) -> None:
    local = LocalAws(tmp_path / "state", log=tmp_path / "log", environment=engines()).start()
    stack = local.stack(subnets(One=instance(), Two=instance())).succeeded()
    places = [of_instance(local, stack.id(name)) for name in ("One", "Two")]
    assert {place.host for place in places} == {"127.0.0.1"}
    assert places[0].port != places[1].port
    for place in places:
        assert place.ask("SELECT 1") == [[1]]
    stack.delete()
    assert local.stop() == 0
