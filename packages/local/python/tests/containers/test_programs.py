"""From images and definitions to programs; addresses; the stand-in for ``docker``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from groundplan_local.containers.addresses import AddressBook, NoAddressLeftError, Place
from groundplan_local.containers.command import Command, command_of
from groundplan_local.containers.docker_cli import Docker, RefusedError, install
from groundplan_local.containers.images import Image, ImageError, ImageStore, official
from groundplan_local.containers.surroundings import Surroundings

PLACE = Place("127.77.9.2")


def command(image: Image, tmp_path: Path, place: Place = PLACE, **definition: Any) -> Command:
    environment = definition.pop("environment", {})
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    return command_of(image, definition, environment, place, scratch, {"MARK": "1"})


@pytest.mark.parametrize(
    "name",
    [
        "node",
        "node:22-slim",
        "library/node:22",
        "docker.io/node:22",
        "docker.io/library/node:22",
        "public.ecr.aws/docker/library/node:22",
        "node:22@sha256:" + "0" * 64,
    ],
)
def test_official_images_are_known_by_all_their_names(name: str) -> None:
    assert official(name) == Image(name, command=["node"])


@pytest.mark.parametrize(
    "name",
    [
        "flyway/flyway",
        "flyway/flyway:11-alpine",
        "redgate/flyway:latest",
        "docker.io/flyway/flyway:11.20",
        "public.ecr.aws/mirror/flyway/flyway:11",
        "000000000000.dkr.ecr.eu-central-1.amazonaws.com/docker-hub/flyway/flyway:11",
        "flyway/flyway@sha256:" + "0" * 64,
    ],
)
def test_flyway_is_known_with_its_entry_point(name: str) -> None:
    known = Image(name, entry_point=["flyway"], command=["-?"], directory="/flyway")
    assert official(name) == known


def test_flyway_finds_what_was_copied_into_its_image(tmp_path: Path) -> None:
    home = tmp_path / "root" / "flyway"
    (home / "sql").mkdir(parents=True)
    (home / "other").mkdir()
    image = Image("x", entry_point=["flyway"], directory="/flyway", root=tmp_path / "root")
    commands = tmp_path / "commands"
    surroundings = Surroundings({"PGSSLROOTCERT": "/ca.pem"}, commands)

    def made(*words: str, **environment: str) -> Command:
        definition = {"command": list(words)}
        return command_of(image, definition, environment, PLACE, tmp_path, {}, surroundings)

    plain = made("migrate")
    assert plain.arguments == ["flyway", "migrate"]
    assert plain.directory == str(home)
    assert plain.environment["FLYWAY_LOCATIONS"] == f"filesystem:{home}/sql"
    assert plain.environment["PATH"].split(":")[0] == str(commands)
    assert plain.environment["PGSSLROOTCERT"] == "/ca.pem"
    told = made("-locations=filesystem:/flyway/other", "info", PGSSLROOTCERT="/mine.pem")
    assert told.arguments[1] == f"-locations=filesystem:{home}/other"
    assert told.environment["PGSSLROOTCERT"] == "/mine.pem"
    named = made("migrate", FLYWAY_LOCATIONS="filesystem:/flyway/other", OTHER="/flyway/other")
    assert named.environment["FLYWAY_LOCATIONS"] == f"filesystem:{home}/other"
    assert named.environment["OTHER"] == "/flyway/other"
    (home / "conf").mkdir()
    (home / "conf" / "flyway.toml").write_text("")
    configured = made("migrate").environment
    assert configured["FLYWAY_CONFIG_FILES"] == f"{home}/conf/flyway.toml"
    assert "FLYWAY_LOCATIONS" not in configured


@pytest.mark.parametrize(
    "name",
    ["nodejs", "acme/node:22", "ghcr.io/library/node", "nginx:1", "acme/flyway", "flyway"],
)
def test_others_are_not(name: str) -> None:
    assert official(name) is None


def test_an_unknown_image_says_its_name_and_three_ways(tmp_path: Path) -> None:
    with pytest.raises(ImageError) as unknown:
        ImageStore(tmp_path).find("acme/api:1")
    for part in ("acme/api:1", "Dockerfile", "node or python", "local-images.json"):
        assert part in str(unknown.value)


def test_a_rule_of_the_app_beats_everything(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    app = tmp_path / "app"
    rule = {
        "entryPoint": ["node"],
        "command": ["s.js"],
        "directory": "src",
        "environment": {"A": 1},
    }
    images = {"acme/*": rule, "node:22": {"command": ["other"]}}
    (rules / "x.json").write_text(json.dumps({"folder": str(app), "images": images}))
    store = ImageStore(tmp_path)
    image = store.find("acme/api:1")
    (app / "src").mkdir(parents=True)
    made = command(image, tmp_path, environment={"B": "2"})
    assert (made.arguments, made.directory) == (["node", "s.js"], str(app / "src"))
    assert (made.environment["A"], made.environment["B"]) == ("1", "2")
    assert command(image, tmp_path, command=["t.js"]).arguments == ["node", "t.js"]
    assert store.find("node:22").command == ["other"]


def test_entry_points_and_commands_follow_docker(tmp_path: Path) -> None:
    image = Image("x", entry_point=["e"], command=["c"])
    assert command(image, tmp_path).arguments == ["e", "c"]
    assert command(image, tmp_path, command=["d"]).arguments == ["e", "d"]
    assert command(image, tmp_path, entryPoint=["f"]).arguments == ["f"]
    assert command(image, tmp_path, entryPoint=["f"], command=["d"]).arguments == ["f", "d"]
    with pytest.raises(ImageError, match="names no command"):
        command(Image("x"), tmp_path)


def test_paths_of_the_image_become_paths_of_its_folder(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "app" / "bin").mkdir(parents=True)
    (root / "app" / "s.js").write_text("")
    image = Image(
        "x",
        command=["sh", "-c", "node /app/s.js --at=/app/s.js /etc/none"],
        directory="/app",
        environment={"PATH": "/app/bin:/usr/bin"},
        root=root,
    )
    made = command(image, tmp_path)
    script = f"node {root}/app/s.js --at={root}/app/s.js /etc/none"
    assert (made.arguments[2], made.directory) == (script, str(root / "app"))
    assert made.environment["PATH"].startswith(f"{root}/app/bin:/usr/bin")
    assert command(image, tmp_path, workingDirectory="/new").directory == str(root / "new")


def test_a_program_of_an_official_image_works_in_a_folder_of_its_own(tmp_path: Path) -> None:
    image = Image("node", command=["node"])
    assert command(image, tmp_path).directory == str(tmp_path / "scratch")
    assert command(image, tmp_path, workingDirectory="/no/such").directory.endswith("scratch")
    assert command(image, tmp_path, workingDirectory=str(tmp_path)).directory == str(tmp_path)


def test_the_environment_is_the_containers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    given = {"NODE_OPTIONS": "--max-old-space-size=64", "PYTHONPATH": "/lib", "PORT": "8080"}
    place = Place("127.0.0.1", {8080: 50123})
    made = command(Image("x", command=["y"]), tmp_path, place, environment=given).environment
    assert "AWS_PROFILE" not in made
    assert made["NODE_OPTIONS"].endswith('listen.cjs" --max-old-space-size=64')
    assert made["PYTHONPATH"].endswith("preload:/lib")
    assert (made["HOST"], made["GROUNDPLAN_HOST"]) == ("127.0.0.1", "127.0.0.1")
    assert (made["PORT"], made["GROUNDPLAN_PORTS"]) == ("50123", "8080:50123")
    assert made["MARK"] == "1"
    own = command(Image("x", command=["y"]), tmp_path, environment={"HOST": "h"}).environment
    assert (own["HOST"], own["GROUNDPLAN_HOST"]) == ("h", "127.77.9.2")


def test_addresses_rest_before_they_are_used_again() -> None:
    book = AddressBook("127.80.0.0/29")
    places = [book.lease() for _ in range(5)]
    assert len({place.host for place in places}) == 5
    assert places[0].port(8080) == 8080
    with pytest.raises(NoAddressLeftError, match=r"127\.80\.0\.0/29"):
        book.lease()
    book.release(places[0])
    book.release(places[1])
    assert book.lease().host == places[0].host


def test_without_addresses_there_are_ports() -> None:
    place = AddressBook(None).lease([8080, 9090])
    assert place.host == "127.0.0.1"
    assert len({place.port(8080), place.port(9090), 8080, 9090}) == 4


def test_docker_does_what_the_cdk_cli_asks_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text('FROM node:22\nCMD ["node"]')
    store = ImageStore(tmp_path / "images")
    docker = Docker(store, "http://127.0.0.1:1/")
    build = ["build", "--build-arg", "A=1", "--tag", "cdkasset-a", "--file", "Dockerfile"]
    assert docker.run(["inspect", "cdkasset-a"]) == 1
    assert docker.run(["--config", "x", *build, "--platform", "linux/arm64", str(tmp_path)]) == 0
    assert docker.run(["inspect", "cdkasset-a"]) == 0
    assert docker.run(["tag", "cdkasset-a", "other:1"]) == 0
    assert docker.run(["tag", "missing", "other:1"]) == 1
    assert store.find("other:1").command == ["node"]
    assert docker.run(["push", "other:1"]) == 1  # no repository of ECR
    for refused in (["run", "x"], ["build", "--tag", "cdk-bundling", "."]):
        with pytest.raises(RefusedError):
            docker.run(refused)


def test_the_executable_runs_and_hands_the_rest_to_a_real_docker(tmp_path: Path) -> None:
    script = install(tmp_path / "it's here", tmp_path / "images", 1)
    real = tmp_path / "real-docker"
    real.write_text('#!/bin/sh\necho real "$@"\n')
    real.chmod(0o755)

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        given = {"PATH": str(Path(sys.executable).parent), **environment}
        shell = f"{given['PATH']}{os.pathsep}/bin{os.pathsep}/usr/bin"
        given["PATH"] = given["PATH"] if "GROUNDPLAN_DOCKER" in environment else shell
        return subprocess.run(
            [script, *words], env=given, capture_output=True, text=True, check=False
        )

    assert run("run", "--rm", "x", GROUNDPLAN_DOCKER=str(real)).stdout == "real run --rm x\n"
    nothing = run("run", "--rm", "x", GROUNDPLAN_DOCKER="/no/such/docker")
    assert (nothing.returncode, "docker run needs Docker" in nothing.stderr) == (1, True)
    failed = run("build", "--tag", "cdkasset-b", str(tmp_path / "nowhere"))
    assert (failed.returncode, "there is no" in failed.stderr) == (1, True)
