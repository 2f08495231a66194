"""From an image and a container definition to an argument list, a folder and an environment.

Docker's rules: an entry point of the definition replaces both of the image's, a command replaces
the image's command. A path of the image (``/app/server.js``) becomes the path in the folder that
stands for its file system.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundplan_local.containers import flyway
from groundplan_local.containers.addresses import Place
from groundplan_local.containers.images import Image, ImageError, interpreter
from groundplan_local.containers.surroundings import Surroundings

_NOTHING = Surroundings()
PRELOAD = Path(__file__).resolve().parent / "preload"


@dataclass(frozen=True)
class Command:
    """What is run, where and with what."""

    arguments: list[str]
    directory: str
    environment: Mapping[str, str]


def command_of(
    image: Image,
    definition: Mapping[str, Any],
    environment: Mapping[str, str],
    place: Place,
    scratch: Path,
    kept: Mapping[str, str],
    surroundings: Surroundings = _NOTHING,
) -> Command:
    """``environment`` is the container's own; ``kept`` is what marks it as a process of ours."""
    inside = {**image.environment, **surroundings.variables, **environment}
    directory = directory_of(image, definition, scratch)
    arguments = [
        in_image(image, word) for word in _arguments(image, definition) if word is not None
    ]
    if not arguments:
        raise ImageError(
            f"the image {image.name} names no command and neither does the container definition "
            f"{definition.get('name', '')}; give it a command"
        )
    arguments[0] = interpreter(arguments[0])
    # Only of Flyway it is known that a path in a variable is one of the image.
    located = {k: in_image(image, v) if k.startswith("FLYWAY_") else v for k, v in inside.items()}
    complete = {**flyway.variables(image, inside), **located}
    commands = [str(surroundings.commands)] if surroundings.commands else []
    return Command(
        arguments, directory, _environment(image, complete, place, scratch, kept, commands)
    )


def directory_of(image: Image, definition: Mapping[str, Any], scratch: Path) -> str:
    """The working directory: in the image's folder, else one of this machine that was named."""
    wanted = definition.get("workingDirectory") or image.directory
    if image.root is None:
        # ``/`` of an official image is not this machine's: a program would write into it.
        named = wanted != "/" and Path(wanted).is_absolute() and Path(wanted).is_dir()
        return wanted if named else str(scratch)
    inside = image.root / wanted.lstrip("/")
    inside.mkdir(parents=True, exist_ok=True)
    return str(inside)


def _arguments(image: Image, definition: Mapping[str, Any]) -> list[str]:
    entry_point = definition.get("entryPoint")
    command = definition.get("command")
    if entry_point:
        return [*entry_point, *(command or [])]
    return [*image.entry_point, *(command or image.command)]


_PATH = re.compile(r"(?<![\w./-])/[\w./@+-]+")


def in_image(image: Image, word: str) -> str:
    """A word of the command with the image's paths replaced by those in its folder."""
    root = image.root
    if root is None:
        return word

    def replaced(match: re.Match[str]) -> str:
        inside = root / match.group(0).lstrip("/")
        return str(inside) if inside.exists() else match.group(0)

    return _PATH.sub(replaced, word)


def _environment(
    image: Image,
    inside: Mapping[str, str],
    place: Place,
    scratch: Path,
    kept: Mapping[str, str],
    commands: Sequence[str],
) -> dict[str, str]:
    path = [in_image(image, part) for part in inside.get("PATH", "").split(":") if part]
    own = os.environ.get("PATH", os.defpath).split(":")
    # A loaded program of ours must find the modules of Node.js or Python that it brought along.
    node_options = f'--require "{PRELOAD / "listen.cjs"}"'
    if inside.get("NODE_OPTIONS"):
        node_options = f"{node_options} {inside['NODE_OPTIONS']}"
    python_path = [str(PRELOAD)]
    if inside.get("PYTHONPATH"):
        python_path.append(
            ":".join(in_image(image, part) for part in inside["PYTHONPATH"].split(":"))
        )
    placed = {
        "HOST": place.host,
        "GROUNDPLAN_HOST": place.host,
        "GROUNDPLAN_PORTS": ",".join(f"{k}:{v}" for k, v in place.ports.items()),
    }
    if "PORT" in inside and inside["PORT"].isdigit():
        placed["PORT"] = str(place.port(int(inside["PORT"])))
    return {
        "HOME": str(scratch),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(scratch),
        "HOST": place.host,
        **inside,
        **{name: value for name, value in placed.items() if name != "HOST" or "HOST" not in inside},
        "NODE_OPTIONS": node_options,
        "PATH": ":".join(dict.fromkeys([*path, *commands, *own])),
        "PYTHONPATH": ":".join(python_path),
        **kept,
    }
