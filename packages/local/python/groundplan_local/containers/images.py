"""Which program an image stands for.

Three ways lead from an image's name to a program: a rule of the app's ``local-images.json``, an
image that was built here from its Dockerfile, and official images: of Node.js and Python, whose
program is the interpreter of this machine, and of Flyway. Whatever none of them knows cannot run.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RULES_FILE = "local-images.json"


class ImageError(Exception):
    """An image that nothing here can run; the message says what would help."""


@dataclass(frozen=True)
class Image:
    """What an image says about the process: entry point, command, folder, environment."""

    name: str
    entry_point: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    directory: str = "/"
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str = ""
    root: Path | None = None
    """The folder that stands for the image's file system; None where the machine's own does."""
    stop_signal: str = "SIGTERM"
    digest: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "entryPoint": self.entry_point,
            "command": self.command,
            "directory": self.directory,
            "environment": dict(self.environment),
            "user": self.user,
            "root": str(self.root) if self.root else None,
            "stopSignal": self.stop_signal,
            "digest": self.digest,
        }

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> Image:
        return Image(
            name=value["name"],
            entry_point=list(value["entryPoint"]),
            command=list(value["command"]),
            directory=value["directory"],
            environment=dict(value["environment"]),
            user=value["user"],
            root=Path(value["root"]) if value["root"] else None,
            stop_signal=value["stopSignal"],
            digest=value["digest"],
        )


_HUB = re.compile(
    r"^(?:(?:index\.)?docker\.io/(?:library/)?|registry-1\.docker\.io/library/|library/"
    r"|public\.ecr\.aws/docker/library/)?([a-z0-9._-]+)(?::[\w.-]+)?(?:@sha256:[0-9a-f]+)?$"
)
# Images whose file system holds an interpreter that this machine has as well.
_DISTROLESS = re.compile(r"^gcr\.io/distroless/(nodejs|python3)[\w.-]*(?::[\w.-]+)?(?:@\S+)?$")
# From Docker Hub, by any of its names, and through what mirrors it into ECR.
_FLYWAY = re.compile(
    r"^(?:(?:(?:index\.)?docker\.io|registry-1\.docker\.io|public\.ecr\.aws(?:/[\w.-]+)?"
    r"|\d{12}\.dkr\.ecr\.[\w-]+\.amazonaws\.com(?:\.cn)?/[\w.-]+)/)?(?:flyway|redgate)/flyway"
    r"(?::[\w.-]+)?(?:@sha256:[0-9a-f]+)?$"
)


def official(name: str) -> Image | None:
    """The official image of Node.js, Python or Flyway, or Google's without a distribution."""
    hub = _HUB.match(name)
    if hub and hub.group(1) == "node":
        return Image(name, command=[interpreter("node")])
    if hub and hub.group(1) == "python":
        return Image(name, command=[interpreter("python3")])
    distroless = _DISTROLESS.match(name)
    if distroless:
        program = "node" if distroless.group(1) == "nodejs" else "python3"
        return Image(name, entry_point=[interpreter(program)])
    return flyway(name)


def flyway(name: str) -> Image | None:
    if not _FLYWAY.match(name):
        return None
    return Image(name, entry_point=["flyway"], command=["-?"], directory="/flyway")


def interpreter(program: str) -> str:
    """``python`` of an image is ``python3`` on a machine that has no ``python``."""
    if program == "python" and shutil.which("python") is None:
        return "python3"
    return program


class ImageStore:
    """The images of one instance: what was built, and the rules that apps brought along."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._built = folder / "built"
        self._rules = folder / "rules"

    def find(self, name: str) -> Image:
        image = self._by_rule(name) or self.built(name) or official(name)
        if image is None:
            raise ImageError(unknown(name))
        return image

    def built(self, name: str) -> Image | None:
        try:
            return Image.from_json(json.loads(self._file(name).read_text()))
        except FileNotFoundError:
            return None

    def keep(self, image: Image) -> None:
        self._built.mkdir(parents=True, exist_ok=True)
        file = self._file(image.name)
        aside = file.with_suffix(".next")
        aside.write_text(json.dumps(image.to_json(), indent=2))
        aside.replace(file)

    def _file(self, name: str) -> Path:
        return self._built / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.json"

    def _by_rule(self, name: str) -> Image | None:
        for file in sorted(self._rules.glob("*.json")) if self._rules.is_dir() else []:
            given = json.loads(file.read_text())
            for pattern, rule in given["images"].items():
                if fnmatch.fnmatchcase(name, pattern):
                    return _of_rule(name, rule, Path(given["folder"]))
        return None


def _of_rule(name: str, rule: Mapping[str, Any], folder: Path) -> Image:
    return Image(
        name,
        entry_point=list(rule.get("entryPoint", [])),
        command=list(rule.get("command", [])),
        directory=str(folder / rule.get("directory", ".")),
        environment={key: str(value) for key, value in rule.get("environment", {}).items()},
    )


def unknown(name: str) -> str:
    return (
        f"the local AWS has no Docker and knows no program for the image {name}. Three ways to "
        "give it one: build the image from a Dockerfile (an image asset, "
        "ContainerImage.fromAsset), use an official image of node or python with a command (or of "
        "flyway), or "
        f'name its program in a {RULES_FILE} beside cdk.json: {{"{name}": {{"command": '
        '["node", "server.js"], "directory": "app"}}'
    )
