"""Reading a Dockerfile: its stages and their instructions, nothing executed.

Only what a local process needs is understood; what is not is refused with its line, since an image
that silently lacks a file fails much later and elsewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


class DockerfileError(Exception):
    """A Dockerfile that cannot be interpreted; the message names the line."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"Dockerfile line {line}: {problem}")
        self.line = line


@dataclass(frozen=True)
class Instruction:
    """One instruction: ``COPY`` with its flags and its words."""

    line: int
    name: str
    text: str

    def flags(self) -> tuple[dict[str, str], str]:
        """``--from=build --chown=node a b`` → the flags, and ``a b``."""
        found: dict[str, str] = {}
        rest = self.text
        while match := re.match(r"--([a-z-]+)(?:=(\S+))?\s*", rest):
            found[match.group(1)] = match.group(2) or "true"
            rest = rest[match.end() :]
        return found, rest

    def array(self) -> list[str] | None:
        """The words of the JSON (exec) form; None when it is the shell form."""
        text = self.text.strip()
        if not text.startswith("["):
            return None
        try:
            words = json.loads(text)
        except ValueError:
            return None
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            return None
        return words


@dataclass
class Stage:
    """What stands between one ``FROM`` and the next."""

    line: int
    base: str
    name: str | None
    instructions: list[Instruction] = field(default_factory=list)


_KNOWN = frozenset(
    [
        "ADD",
        "ARG",
        "CMD",
        "COPY",
        "ENTRYPOINT",
        "ENV",
        "EXPOSE",
        "FROM",
        "HEALTHCHECK",
        "LABEL",
        "MAINTAINER",
        "RUN",
        "SHELL",
        "STOPSIGNAL",
        "USER",
        "VOLUME",
        "WORKDIR",
    ]
)
_HEREDOC = re.compile(r"<<-?\s*[\"']?[A-Za-z_]")


def read(text: str, build_args: Mapping[str, str] | None = None) -> list[Stage]:
    """The stages, in order. ``ARG`` before the first ``FROM`` is known to the ``FROM`` lines."""
    stages: list[Stage] = []
    global_args: dict[str, str] = {}
    for instruction in _instructions(text):
        if instruction.name == "FROM":
            stages.append(_stage(instruction, {**global_args, **(build_args or {})}))
        elif stages:
            stages[-1].instructions.append(instruction)
        elif instruction.name == "ARG":
            name, _, default = instruction.text.partition("=")
            global_args[name.strip()] = unquote(default.strip())
        else:
            raise DockerfileError(instruction.line, f"{instruction.name} stands before FROM")
    if not stages:
        raise DockerfileError(1, "there is no FROM")
    return stages


def _stage(instruction: Instruction, args: Mapping[str, str]) -> Stage:
    _flags, rest = instruction.flags()
    words = expand(rest, args).split()
    if len(words) == 1:
        return Stage(instruction.line, words[0], None)
    if len(words) == 3 and words[1].lower() == "as":
        return Stage(instruction.line, words[0], words[2].lower())
    raise DockerfileError(instruction.line, f"cannot read FROM {instruction.text}")


def _instructions(text: str) -> Iterator[Instruction]:
    escape = "\\"
    pending: list[str] = []
    first = 0
    directives = True
    for number, raw in enumerate(text.splitlines(), 1):
        stripped = raw.strip()
        if stripped.startswith("#"):
            directive = re.match(r"#\s*escape\s*=\s*(\S)\s*$", stripped)
            if directives and directive:
                escape = directive.group(1)
            continue
        if not stripped and not pending:
            continue
        if not stripped:
            continue  # an empty line within a continuation is skipped, as Docker does
        directives = False
        first = first or number
        if stripped.endswith(escape):
            pending.append(stripped[: -len(escape)].strip())
            continue
        pending.append(stripped)
        yield _instruction(first, " ".join(pending))
        pending, first = [], 0
    if pending:
        yield _instruction(first, " ".join(pending))


def _instruction(line: int, text: str) -> Instruction:
    name, _, rest = text.partition(" ")
    name = name.upper()
    if name not in _KNOWN:
        raise DockerfileError(line, f"{name} is not understood by the local AWS")
    if name in ("COPY", "ADD", "RUN") and _HEREDOC.search(rest):
        raise DockerfileError(line, "here-documents are not understood by the local AWS")
    return Instruction(line, name, rest.strip())


_VARIABLE = re.compile(r"\\\$|\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})")


def expand(text: str, variables: Mapping[str, str]) -> str:
    """``$NAME``, ``${NAME}``, ``${NAME:-default}`` and ``${NAME:+other}``, as Docker replaces."""

    def value(match: re.Match[str]) -> str:
        if match.group(0) == "\\$":
            return "$"
        found = variables.get(match.group(1) or match.group(2), "")
        if match.group(3) == "-":
            return found or match.group(4)
        if match.group(3) == "+":
            return match.group(4) if found else ""
        return found

    return _VARIABLE.sub(value, text)


def unquote(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text


def pairs(text: str) -> dict[str, str]:
    """``A=1 B="two words"``, or the old form ``A the rest of the line``."""
    words = re.findall(r"(\w[\w.-]*)=(\"(?:[^\"\\]|\\.)*\"|'[^']*'|(?:\\.|\S)*)", text)
    if words:
        return {name: unquote(value).replace('\\"', '"') for name, value in words}
    name, _, value = text.partition(" ")
    return {name: value.strip()}
