"""What ``COPY`` says: which files are meant, and where they go."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from groundplan_local.containers.dockerfile import DockerfileError, Instruction

REMEDY = (
    "build it before `cdk deploy` and COPY it from the folder of the Dockerfile, or name the "
    "image's program in local-images.json"
)


def meant(
    instruction: Instruction, flags: Mapping[str, str], origin: Path, word: str
) -> list[Path]:
    """The files of a folder that a word of the instruction names."""
    named = word.lstrip("/").removeprefix("./").rstrip("/")
    if named in ("", "."):
        return [origin]
    # A name with brackets in it may be a pattern or just a name.
    exact = [origin / named] if (origin / named).exists() else []
    found = exact or sorted(origin.glob(named))
    for path in found:
        if not path.resolve().is_relative_to(origin.resolve()):
            raise DockerfileError(instruction.line, f"COPY {word} leaves the build context")
    if found:
        return found
    stage = flags.get("from")
    if stage is None:
        raise DockerfileError(instruction.line, f"COPY {word}: there is no such file")
    raise DockerfileError(
        instruction.line,
        f"COPY --from={stage} {word}: the stage has no such file, since its RUN lines are not "
        f"executed by the local AWS; {REMEDY}",
    )


def put(source: Path, destination: Path, into_folder: bool) -> None:
    if source.is_dir():
        # The contents of a folder are copied, not the folder, as in Docker.
        shutil.copytree(source, destination, symlinks=True, dirs_exist_ok=True)
        return
    target = destination / source.name if into_folder else destination
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)
