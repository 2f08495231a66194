"""``RUN`` lines that install packages, and those that are not executed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from groundplan_local.containers.addresses import Place
from groundplan_local.containers.build import Built, build
from groundplan_local.containers.command import command_of
from groundplan_local.containers.dockerfile import DockerfileError
from groundplan_local.containers.images import ImageStore


def built(tmp_path: Path, text: str) -> Built:
    context = tmp_path / "context"
    context.mkdir(exist_ok=True)
    (context / "Dockerfile").write_text(text)
    return build("cdkasset-x", context, ImageStore(tmp_path / "images"))


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Package managers that write down how they were called."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("npm", "pnpm", "corepack", "python", "python3"):
        script = folder / name
        script.write_text(
            f'#!/bin/sh\necho "{name} $@" >> called; env | sort > variables; pwd > folder\n'
        )
        script.chmod(0o755)
    for tool in ("env", "sort"):
        (folder / tool).symlink_to(shutil.which(tool) or tool)
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.mark.parametrize(
    ("line", "called"),
    [
        ("npm ci", "npm ci"),
        ("npm ci --omit=dev --ignore-scripts", "npm ci --omit=dev --ignore-scripts"),
        ("npm install left-pad@1", "npm install left-pad@1"),
        ('["npm", "ci"]', "npm ci"),
        ("--mount=type=cache,target=/cache/npm npm ci", "npm ci"),
        ("pnpm install --frozen-lockfile", "pnpm install --frozen-lockfile --ignore-workspace"),
        ("corepack pnpm i", "pnpm i --ignore-workspace"),
        ("yarn install --immutable", "corepack yarn install --immutable"),
        ("yarn", "corepack yarn"),
        ("pip install -r requirements.txt", "python -m pip --disable-pip-version-check install"),
        ("python -m pip install 'flask>=3'", "python -m pip --disable-pip-version-check install"),
    ],
)
def test_what_installs_packages_is_executed(
    tmp_path: Path, programs: Path, line: str, called: str
) -> None:
    made = built(tmp_path, f"FROM node:22\nWORKDIR /app\nRUN {line}\n")
    assert made.notes == []
    assert made.image.root is not None
    assert (made.image.root / "app" / "called").read_text().startswith(called)


@pytest.mark.parametrize(
    "line",
    [
        "npm ci && npm run build",
        "npm ci; rm -rf /",
        "npm ci > log",
        "npm ci --omit=$OMIT",
        "npm install -g pnpm",
        "npm install --location=global pnpm",
        "npm run build",
        "npm",
        "NODE_ENV=production npm ci",
        "--mount=type=secret,id=npmrc npm ci",
        "pip install --user flask",
        "pip install -e .",
        "pip uninstall flask",
        "corepack enable",
        "apt-get install -y curl",
        "echo 'npm ci",
    ],
)
def test_everything_else_is_not_and_is_said(tmp_path: Path, programs: Path, line: str) -> None:
    made = built(tmp_path, f"FROM node:22\nWORKDIR /app\nRUN {line}\n")
    assert made.notes == [f"line 3: RUN {line} is not executed by the local AWS"]
    assert made.image.root is not None
    assert list((made.image.root / "app").iterdir()) == []


@pytest.mark.parametrize(
    "line",
    [
        "apk add --no-cache openssl pgbouncer",
        "apk --no-cache add 'pgbouncer>=1.23'",
        '["apk", "add", "pgbouncer=1.24.1-r0"]',
        "--mount=type=cache,target=/var/cache/apk apk add pgbouncer~1.24",
    ],
)
def test_what_every_container_finds_is_not_missed(tmp_path: Path, line: str) -> None:
    assert built(tmp_path, f"FROM node:22\nRUN {line}\n").notes == []


@pytest.mark.parametrize(
    "line",
    [
        "apk add pgbouncer curl",
        "apk add --no-cache",
        "apk del pgbouncer",
        "apk add pgbouncer && pgbouncer --version",
        "apk add pgbouncer>=1.23",
        "apk add pgbouncer-doc",
        "apt-get install -y pgbouncer",
    ],
)
def test_what_installs_more_than_that_is_said(tmp_path: Path, line: str) -> None:
    made = built(tmp_path, f"FROM node:22\nRUN {line}\n")
    assert made.notes == [f"line 2: RUN {line} is not executed by the local AWS"]


def test_a_package_manager_that_is_not_there_is_not_executed(
    tmp_path: Path, programs: Path
) -> None:
    for name in ("pnpm", "corepack"):
        (programs / name).unlink()
    made = built(tmp_path, "FROM node:22\nRUN pnpm install\n")
    assert made.notes == ["line 2: RUN pnpm install is not executed by the local AWS"]


def test_the_image_s_variables_count_and_not_those_of_whoever_builds(
    tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NODE_ENV", "NODE_OPTIONS", "npm_config_production", "AWS_PROFILE", "PYTHONPATH"):
        monkeypatch.setenv(name, "theirs")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    text = "FROM node:22\nARG TOKEN=t\nENV NODE_ENV=production\nWORKDIR /app\nRUN npm ci\n"
    made = built(tmp_path, text)
    assert made.image.root is not None
    lines = (made.image.root / "app" / "variables").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if "=" in line)
    assert (given["NODE_ENV"], given["TOKEN"]) == ("production", "t")
    assert given["HTTPS_PROXY"] == "http://proxy"
    assert "theirs" not in given.values()


def test_a_failure_fails_the_build_with_the_last_lines(tmp_path: Path, programs: Path) -> None:
    (programs / "npm").write_text("#!/bin/sh\necho one\necho 'npm error 404' >&2\nexit 3\n")
    with pytest.raises(DockerfileError) as failed:
        built(tmp_path, "FROM node:22\nWORKDIR /app\nRUN npm ci\n")
    assert str(failed.value) == (
        "Dockerfile line 3: RUN npm ci failed on this machine: it ended with 3:\none\nnpm error 404"
    )


def test_paths_of_the_image_are_those_in_its_folder(tmp_path: Path, programs: Path) -> None:
    made = built(tmp_path, "FROM python:3\nRUN pip install --target=/deps -r /app/r.txt\n")
    assert made.image.root is not None
    called = (made.image.root / "called").read_text()
    assert "/deps -r /" in called
    assert "--target=/deps" not in called
    assert "PYTHONPATH" not in made.image.environment


def test_a_service_has_what_npm_installed_for_it(tmp_path: Path) -> None:
    """With the npm of this machine, and a package that comes from beside it."""
    package = tmp_path / "context" / "greeting"
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"name": "greeting", "version": "1.0.0"}')
    (package / "index.js").write_text("module.exports = 'hello';")
    manifest = {"dependencies": {"greeting": "file:./greeting"}}
    (tmp_path / "context" / "package.json").write_text(json.dumps(manifest))
    (tmp_path / "context" / "server.js").write_text("console.log(require('greeting'))")
    made = built(
        tmp_path,
        "FROM node:22 AS deps\nWORKDIR /app\nCOPY package.json ./\nCOPY greeting greeting/\n"
        "RUN npm install --omit=dev --no-audit --no-fund\n"
        "FROM node:22\nWORKDIR /app\nCOPY --from=deps /app ./\nCOPY server.js ./\n"
        'CMD ["node", "server.js"]\n',
    )
    assert said_by(made, tmp_path) == "hello"


def test_a_service_has_what_pip_installed_for_it(tmp_path: Path) -> None:
    """With the pip of this machine, and a wheel that lies beside it."""
    context = tmp_path / "context"
    context.mkdir()
    with zipfile.ZipFile(context / "greeting-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("greeting.py", "WORDS = 'hello'\ndef main(): print('from a script')\n")
        information = "greeting-1.0.dist-info"
        wheel.writestr(
            f"{information}/METADATA", "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{information}/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        wheel.writestr(
            f"{information}/entry_points.txt", "[console_scripts]\ngreet = greeting:main\n"
        )
        wheel.writestr(f"{information}/RECORD", "")
    (context / "requirements.txt").write_text("./greeting-1.0-py3-none-any.whl\n")
    (context / "app.py").write_text("import greeting; print(greeting.WORDS)")
    text = (
        "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n"
        "RUN pip install --no-cache-dir --no-index -r requirements.txt\n"
    )
    assert said_by(built(tmp_path, f'{text}CMD ["python", "app.py"]\n'), tmp_path) == "hello"
    assert said_by(built(tmp_path, f'{text}CMD ["greet"]\n'), tmp_path) == "from a script"


def said_by(made: Built, tmp_path: Path) -> str:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    command = command_of(made.image, {}, {}, Place("127.0.0.1"), scratch, {})
    done = subprocess.run(
        command.arguments,
        cwd=command.directory,
        env={**command.environment, "HOME": os.environ["HOME"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
