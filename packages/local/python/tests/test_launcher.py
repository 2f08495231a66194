"""Start and end: what is refused, what is written where, and that nothing stays behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_aws import PACKAGE, LocalAws
from test_custom_resources import NEVER_ENDS, custom

from groundplan_local import launcher, processes

TELLS_ENVIRONMENT = """
const http = require('http');
exports.handler = (event) => new Promise((done) => {
  const names = ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_ENDPOINT_URL', 'NODE_PATH'];
  const data = Object.fromEntries(names.map((name) => [name, process.env[name] || 'none']));
  const body = JSON.stringify({Status: 'SUCCESS', PhysicalResourceId: 'it',
    StackId: event.StackId, RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId, Data: data});
  http.request(event.ResponseURL, {method: 'PUT', headers: {'content-length': body.length}},
    (response) => { response.resume(); response.on('end', done); }).end(body);
});
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[LocalAws]:
    local = LocalAws(tmp_path / "state", log=tmp_path / "server.log")
    yield local
    if local.process and local.process.poll() is None:
        processes.kill([*processes.descendants(local.process.pid), local.process.pid])


def alive(pids: list[int]) -> list[int]:
    def runs(pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        shown = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return not shown.stdout.strip().startswith("Z") and bool(shown.stdout.strip())

    return [pid for pid in pids if runs(pid)]


def wait_gone(pids: list[int], seconds: float = 5) -> list[int]:
    deadline = time.monotonic() + seconds
    while alive(pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    return alive(pids)


def hang(local: LocalAws) -> list[int]:
    """Start a deploy whose custom resource never ends; answers every process below."""
    assert local.process is not None
    local.client("cloudformation").create_stack(
        StackName="hanging",
        TemplateBody=json.dumps({"Resources": custom(NEVER_ENDS)}),
    )
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        below = processes.descendants(local.process.pid)
        commands = subprocess.run(
            ["ps", "-ww", "-o", "command=", "-p", ",".join(map(str, below))],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        if "_worker" in commands:
            return below
        time.sleep(0.05)
    raise AssertionError("the Lambda did not start")


def test_it_says_who_it_is_keeps_to_itself_and_forgets_on_restart(own: LocalAws) -> None:
    own.environment = {
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_PROFILE": "production",
        "NODE_PATH": "/somewhere/node_modules",
    }
    own.start("--address-block", "127.77.5.0/24")
    health = own.health()
    assert health["account"] == "000000000000"
    assert health["addressBlock"] == "127.77.5.0/24"
    assert health["state"] == str(own.state)
    assert own.process is not None
    assert health["launcherPid"] == own.process.pid
    with pytest.raises(OSError), socket.socket() as probe:
        probe.settimeout(1)
        probe.connect((_outer_address(), own.port))

    # What a Lambda sees is what the emulator was given: nothing of the caller's AWS settings.
    names = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_ENDPOINT_URL", "NODE_PATH")
    outputs = {name.replace("_", ""): {"Value": {"Fn::GetAtt": ["It", name]}} for name in names}
    stack = own.stack(custom(TELLS_ENVIRONMENT), Outputs=outputs).succeeded()
    assert stack.outputs == {
        "AWSACCESSKEYID": "000000000000",
        "AWSPROFILE": "none",
        "AWSENDPOINTURL": own.url,
        "NODEPATH": "/somewhere/node_modules",
    }
    own.stack({"Ip": {"Type": "AWS::EC2::EIP", "Properties": {"Domain": "vpc"}}}).succeeded()
    assert len(own.ledger()) == 1
    own.process.send_signal(signal.SIGINT)
    assert own.process.wait(10) == 0

    again = LocalAws(own.state, log=own.log)
    again.start()
    own.process = again.process
    assert again.ledger() == []
    assert again.ec2.describe_addresses()["Addresses"] == []
    assert again.stop() == 0


def _outer_address() -> str:
    """An address of this machine that is not loopback, or one that nothing answers on."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "192.0.2.1"
        return str(probe.getsockname()[0])


def test_a_signal_ends_it_even_while_a_custom_resource_hangs(own: LocalAws) -> None:
    temporary = Path("/tmp")
    before = set(temporary.iterdir())
    own.start()
    below = hang(own)
    assert own.process is not None
    started = time.monotonic()
    own.process.send_signal(signal.SIGTERM)
    assert own.process.wait(20) == 0
    assert time.monotonic() - started < 10
    assert wait_gone(below) == []
    assert not (own.state / "tmp").exists()
    assert [p for p in set(temporary.iterdir()) - before if "ministack" in p.name] == []


def test_a_killed_launcher_takes_everything_with_it(own: LocalAws) -> None:
    own.start()
    below = hang(own)
    assert own.process is not None
    own.process.kill()
    own.process.wait(5)
    assert wait_gone(below) == []


def test_a_killed_emulator_is_noticed_and_its_workers_end(own: LocalAws) -> None:
    own.start()
    below = hang(own)
    os.kill(own.health()["pid"], signal.SIGKILL)
    assert own.process is not None
    assert own.process.wait(10) != 0
    assert wait_gone(below) == []


def refused(*arguments: str, path: str | None = None) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "groundplan_local", *arguments],
        cwd=PACKAGE,
        env={**os.environ, **({"PATH": path} if path else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    return done.stderr


def test_a_port_of_somebody_else_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        message = refused("--state", str(tmp_path), "--port", str(port))
    assert f"port {port} of 127.0.0.1 is taken by another program" in message
    assert "choose another port" in message


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--account", "12"], "--account must be twelve digits, got '12'"),
        (["--region", "Frankfurt"], "--region must be a region"),
        (["--port", "70000"], "--port must be between 1 and 65535, got 70000"),
        (["--address-block", "10.0.0.0/24"], "must lie within 127.0.0.0/8"),
        (["--address-block", "nonsense"], "must be a CIDR block"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, arguments: list[str], expected: str) -> None:
    assert expected in refused("--state", str(tmp_path), *arguments)


def test_a_missing_node_is_named(tmp_path: Path) -> None:
    message = refused("--state", str(tmp_path), path=str(tmp_path))
    assert "node is not on PATH" in message
    assert "install Node.js" in message


def test_an_old_python_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launcher, "MIN_PYTHON", (99, 0))
    assert launcher.main(["--state", "unused"]) == 2
    assert "needs Python 3.10 or newer" in capsys.readouterr().err
