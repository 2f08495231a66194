"""``RUN`` lines that install packages: the only ones that are executed, in the image's folder.

A service without its dependencies does not run, and installing them changes nothing of this
machine but the caches of the package managers. Plain commands only: what needs a shell, and what
installs into the system, is not for here; unless it is what every container finds here anyway.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from groundplan_local.containers.dockerfile import Instruction
from groundplan_local.containers.images import interpreter

_PATIENCE = 900.0
_LAST_LINES = 15
_OPERATORS = frozenset("|&;<>()")
# Packages of Alpine whose command is in the ``PATH`` of every container: ours, see
# :mod:`surroundings`, and this machine's.
_EVERYWHERE = frozenset({"openssl", "pgbouncer"})
_VERSION = re.compile(r"[<>=~@].*$")
_PYTHON_PACKAGES = "/usr/local/lib/groundplan-python"
# Of the environment of whoever builds: it would install something else than it does in a container.
_NOT_THEIRS = re.compile(
    r"^(AWS_|CDK_|GROUNDPLAN_|npm_|PNPM_|PYTHON|VIRTUAL_ENV$|NODE_(ENV|OPTIONS|PATH)$"
    r"|PIP_(PREFIX|REQUIRE_VIRTUALENV|TARGET|USER)$)"
)
# With these a command installs for all of the machine, or to where the image does not look.
_ELSEWHERE = frozenset(
    {"-e", "-g", "--editable", "--global", "--location", "--prefix", "--root", "--user"}
)


class InstallError(Exception):
    """Packages that could not be installed, with the last words of the package manager."""


@dataclass(frozen=True)
class Install:
    """What is run, and what the image has of it afterwards."""

    arguments: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)


def install_of_line(instruction: Instruction, environment: Mapping[str, str]) -> Install | None:
    """The installation that a ``RUN`` is: a plain command, in either of its forms."""
    return install_of(_plain(instruction), environment)


def is_everywhere(instruction: Instruction) -> bool:
    """Whether a ``RUN`` installs only what is there without it: ``apk add 'pgbouncer>=1.23'``."""
    words = [word for word in _plain(instruction) if not word.startswith("-")]
    names = {_VERSION.sub("", word) for word in words[2:]}
    return words[:2] == ["apk", "add"] and bool(names) and names <= _EVERYWHERE


def _plain(instruction: Instruction) -> list[str]:
    flags, rest = instruction.flags()
    mounted = flags.pop("mount", "type=cache")
    if flags or "type=cache" not in mounted.split(","):
        return []
    words = replace(instruction, text=rest).array()
    return words if words is not None else _words(rest)


def _words(text: str) -> list[str]:
    """None of a command that needs a shell."""
    split = shlex.shlex(text, posix=True, punctuation_chars=True)
    split.whitespace_split = True
    try:
        words = list(split)
    except ValueError:
        return []
    return [] if set("$`") & set(text) or any(set(w) <= _OPERATORS for w in words) else words


def install_of(words: Sequence[str], environment: Mapping[str, str]) -> Install | None:
    """The installation that a plain command is, or None when it is anything else."""
    if not words or any(word.split("=")[0] in _ELSEWHERE for word in words):
        return None
    program, rest = _program(words)
    reader = _PROGRAMS.get(program)
    return reader(rest, environment) if reader and (rest or program == "yarn") else None


def _program(words: Sequence[str]) -> tuple[str, list[str]]:
    if words[0] in ("python", "python3") and list(words[1:3]) == ["-m", "pip"]:
        return "pip", list(words[3:])
    if words[0] == "corepack" and len(words) > 1:
        return words[1], list(words[2:])
    return ("pip", list(words[1:])) if words[0] == "pip3" else (words[0], list(words[1:]))


def _npm(words: list[str], _environment: Mapping[str, str]) -> Install | None:
    known = words[0] in ("ci", "clean-install", "install", "i")
    return Install(["npm", *words]) if known and shutil.which("npm") else None


def _pnpm(words: list[str], _environment: Mapping[str, str]) -> Install | None:
    # The workspace around the state folder is not the image's.
    if words[0] not in ("install", "i"):
        return None
    return _of_corepack("pnpm", [*words, "--ignore-workspace"])


def _yarn(words: list[str], _environment: Mapping[str, str]) -> Install | None:
    plain = not words or words[0] == "install" or words[0].startswith("-")
    return _of_corepack("yarn", words) if plain else None


def _of_corepack(program: str, words: list[str]) -> Install | None:
    if shutil.which(program):
        return Install([program, *words])
    return Install(["corepack", program, *words]) if shutil.which("corepack") else None


def _pip(words: list[str], environment: Mapping[str, str]) -> Install | None:
    if words[0] != "install":
        return None
    own = any(word == "-t" or word.startswith("--target") for word in words)
    target = [] if own else ["--target", _PYTHON_PACKAGES]
    python_path = [_PYTHON_PACKAGES, environment.get("PYTHONPATH", "")]
    path = [f"{_PYTHON_PACKAGES}/bin", environment.get("PATH", "")]
    found = {
        "PATH": ":".join(filter(None, path)),
        "PYTHONPATH": ":".join(filter(None, python_path)),
    }
    pip = [interpreter("python"), "-m", "pip", "--disable-pip-version-check"]
    return Install([*pip, *words, *target], {} if own else found)


_PROGRAMS: Mapping[str, Callable[[list[str], Mapping[str, str]], Install | None]] = {
    "npm": _npm,
    "pip": _pip,
    "pnpm": _pnpm,
    "yarn": _yarn,
}


def run(install: Install, root: Path, directory: str, environment: Mapping[str, str]) -> None:
    """In the folder that the image's working directory is, with the image's own variables."""
    arguments = [install.arguments[0], *(_inside(word, root) for word in install.arguments[1:])]
    folder = root / directory.lstrip("/")
    folder.mkdir(parents=True, exist_ok=True)
    kept = {k: v for k, v in os.environ.items() if not _NOT_THEIRS.match(k)}
    own = {name: value for name, value in environment.items() if name not in ("PATH", "PYTHONPATH")}
    try:
        done = subprocess.run(
            arguments,
            cwd=folder,
            env={**kept, **own},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InstallError(f"it did not end within {_PATIENCE / 60:.0f} minutes") from None
    if done.returncode != 0:
        last = "\n".join(done.stdout.strip().splitlines()[-_LAST_LINES:])
        raise InstallError(f"it ended with {done.returncode}:\n{last}")


def _inside(word: str, root: Path) -> str:
    """A path of the image as that in its folder: ``/app``, ``--target=/deps``."""
    flag, equals, value = word.partition("=")
    if equals and flag.startswith("-") and value.startswith("/"):
        return f"{flag}={root / value.lstrip('/')}"
    return str(root / word.lstrip("/")) if word.startswith("/") else word
