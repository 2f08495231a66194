"""Interpreting a Dockerfile: a folder with what ``COPY`` says, and the configuration of the image.

``RUN`` is not executed, it would change this machine; it is noted and said. What it would have made
is missing, so a ``COPY`` of it fails with its line instead of leaving a hole. Only what installs
packages is done here, see :mod:`packages`.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from groundplan_local.containers import packages
from groundplan_local.containers.copying import REMEDY, meant, put
from groundplan_local.containers.dockerfile import (
    DockerfileError,
    Instruction,
    Stage,
    expand,
    pairs,
    read,
    unquote,
)
from groundplan_local.containers.images import Image, ImageStore, official


@dataclass
class Built:
    """An image and what is to be said about it."""

    image: Image
    notes: list[str] = field(default_factory=list)


def build(
    name: str,
    context: Path,
    store: ImageStore,
    file: str = "Dockerfile",
    target: str | None = None,
    build_args: Mapping[str, str] | None = None,
) -> Built:
    text = (context / file).read_text()
    stages = read(text, build_args)
    store.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=store.folder) as folder:
        builder = _Builder(stages, context, Path(folder), build_args or {}, store)
        done = builder.stage(_wanted(stages, target))
        digest = _digest(done)
        root = store.folder / "roots" / digest[:16]
        if not root.exists():
            root.parent.mkdir(parents=True, exist_ok=True)
            done.root.rename(root)
        image = replace(done.image, name=name, root=root, digest=f"sha256:{digest}")
    store.keep(image)
    return Built(image, builder.notes)


def _wanted(stages: list[Stage], target: str | None) -> int:
    if target is None:
        return len(stages) - 1
    for number, stage in enumerate(stages):
        if stage.name == target.lower() or str(number) == target:
            return number
    raise DockerfileError(1, f"there is no stage named {target}")


@dataclass
class _Done:
    """A finished stage: its files, its configuration, and the variables of its ``ENV``."""

    root: Path
    image: Image


class _Builder:
    def __init__(
        self,
        stages: list[Stage],
        context: Path,
        folder: Path,
        build_args: Mapping[str, str],
        store: ImageStore,
    ) -> None:
        self._stages = stages
        self._context = context.resolve()
        self._folder = folder
        self._build_args = build_args
        self._store = store
        self._done: dict[int, _Done] = {}
        self.notes: list[str] = []

    def stage(self, number: int) -> _Done:
        if number not in self._done:
            self._done[number] = self._run(number, self._stages[number])
        return self._done[number]

    def _run(self, number: int, stage: Stage) -> _Done:
        root = self._folder / f"stage-{number}"
        root.mkdir()
        earlier = self._number_of(stage.base, number)
        if earlier is not None:
            done = self.stage(earlier)
            shutil.copytree(done.root, root, symlinks=True, dirs_exist_ok=True)
            image = done.image
        else:
            base = self._store.built(stage.base) or official(stage.base)
            if base is None:
                # Nothing of such a base is here; what is copied into it may still run.
                base = Image(stage.base)
            elif base.root is not None:
                shutil.copytree(base.root, root, symlinks=True, dirs_exist_ok=True)
            image = base
        run = _Run(self, number, root, image, dict(self._build_args))
        for instruction in stage.instructions:
            run.instruction(instruction)
        return _Done(root, run.image)

    def _number_of(self, name: str, before: int) -> int | None:
        for number in range(before):
            if self._stages[number].name == name.lower() or str(number) == name:
                return number
        return None

    def source(self, instruction: Instruction, flags: Mapping[str, str], number: int) -> Path:
        """The folder that a ``COPY`` reads from."""
        name = flags.get("from")
        if name is None:
            return self._context
        earlier = self._number_of(name, number)
        if earlier is None:
            raise DockerfileError(
                instruction.line,
                f"COPY --from={name}: only a stage of this file is known; {REMEDY}",
            )
        return self.stage(earlier).root


class _Run:
    """One stage under way."""

    def __init__(
        self,
        builder: _Builder,
        number: int,
        root: Path,
        image: Image,
        build_args: dict[str, str],
    ) -> None:
        self._builder = builder
        self._number = number
        self._root = root
        self._given = build_args
        self._args: dict[str, str] = {}
        self._shell_words = ["/bin/sh", "-c"]
        self.image = image
        self._handlers: Mapping[str, Callable[[Instruction], None]] = {
            "ADD": self._add,
            "ARG": self._arg,
            "CMD": self._cmd,
            "COPY": self._copy,
            "ENTRYPOINT": self._entrypoint,
            "ENV": self._env,
            "RUN": self._run,
            "SHELL": self._shell,
            "STOPSIGNAL": self._stopsignal,
            "USER": self._user,
            "WORKDIR": self._workdir,
        }

    def instruction(self, instruction: Instruction) -> None:
        handler = self._handlers.get(instruction.name)
        # The others (LABEL, EXPOSE, VOLUME, HEALTHCHECK, MAINTAINER) say nothing about the process.
        if handler is not None:
            handler(instruction)

    def _scope(self) -> dict[str, str]:
        return {**self._args, **self.image.environment}

    def _arg(self, instruction: Instruction) -> None:
        name, has_default, default = instruction.text.partition("=")
        name = name.strip()
        if name in self._given:
            self._args[name] = self._given[name]
        elif has_default:
            self._args[name] = expand(unquote(default.strip()), self._scope())

    def _env(self, instruction: Instruction) -> None:
        scope = self._scope()
        scope.setdefault("PATH", "")
        set_here = {name: expand(value, scope) for name, value in pairs(instruction.text).items()}
        self.image = replace(self.image, environment={**self.image.environment, **set_here})

    def _workdir(self, instruction: Instruction) -> None:
        wanted = expand(unquote(instruction.text), self._scope())
        directory = wanted if wanted.startswith("/") else f"{self.image.directory}/{wanted}"
        (self._root / directory.lstrip("/")).mkdir(parents=True, exist_ok=True)
        self.image = replace(self.image, directory=directory)

    def _user(self, instruction: Instruction) -> None:
        self.image = replace(self.image, user=expand(instruction.text, self._scope()))

    def _stopsignal(self, instruction: Instruction) -> None:
        self.image = replace(self.image, stop_signal=instruction.text.strip())

    def _shell(self, instruction: Instruction) -> None:
        self._shell_words = instruction.array() or self._shell_words

    def _entrypoint(self, instruction: Instruction) -> None:
        # A new entry point takes the base's command away, as in Docker.
        self.image = replace(self.image, entry_point=self._words(instruction), command=[])

    def _cmd(self, instruction: Instruction) -> None:
        self.image = replace(self.image, command=self._words(instruction))

    def _words(self, instruction: Instruction) -> list[str]:
        words = instruction.array()
        return words if words is not None else [*self._shell_words, instruction.text]

    def _run(self, instruction: Instruction) -> None:
        if packages.is_everywhere(instruction):
            return
        install = packages.install_of_line(instruction, self.image.environment)
        if install is None:
            self._builder.notes.append(
                f"line {instruction.line}: RUN {instruction.text} is not executed by the local AWS"
            )
            return
        given = {**self._args, **self.image.environment}
        try:
            packages.run(install, self._root, self.image.directory, given)
        except packages.InstallError as error:
            raise DockerfileError(
                instruction.line, f"RUN {instruction.text} failed on this machine: {error}"
            ) from error
        own = {**self.image.environment, **install.environment}
        self.image = replace(self.image, environment=own)

    def _add(self, instruction: Instruction) -> None:
        if "://" in instruction.text or instruction.text.startswith("git@"):
            raise DockerfileError(instruction.line, f"ADD of a URL is not understood; {REMEDY}")
        self._copy(instruction)

    def _copy(self, instruction: Instruction) -> None:
        flags, rest = instruction.flags()
        for flag in ("parents", "exclude"):
            if flag in flags:
                raise DockerfileError(
                    instruction.line, f"COPY --{flag} is not understood; {REMEDY}"
                )
        words = replace(instruction, text=rest).array() or rest.split()
        words = [expand(unquote(word), self._scope()) for word in words]
        if len(words) < 2:
            raise DockerfileError(instruction.line, "COPY needs a source and a destination")
        *sources, wanted = words
        origin = self._builder.source(instruction, flags, self._number)
        found = [path for word in sources for path in meant(instruction, flags, origin, word)]
        inside = wanted if wanted.startswith("/") else f"{self.image.directory}/{wanted}"
        destination = self._root / inside.lstrip("/")
        into_folder = wanted.endswith(("/", ".")) or len(found) > 1 or destination.is_dir()
        for path in found:
            put(path, destination, into_folder)


def _digest(done: _Done) -> str:
    found = hashlib.sha256(json.dumps(done.image.to_json(), sort_keys=True).encode())
    for path in sorted(done.root.rglob("*")):
        found.update(str(path.relative_to(done.root)).encode())
        if path.is_symlink():
            found.update(str(path.readlink()).encode())
        elif path.is_file():
            found.update(path.read_bytes())
    return found.hexdigest()
