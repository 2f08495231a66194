"""One place where we reach into the emulator."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Seam:
    """An attribute of a module: a mapping with keys, or a function with parameters."""

    module: str
    name: str
    keys: tuple[str, ...] | None = None
    parameters: tuple[str, ...] | None = None


def functions(module: str, **signatures: str) -> tuple[Seam, ...]:
    return tuple(
        Seam(module, name, parameters=tuple(parameters.split()))
        for name, parameters in signatures.items()
    )


def stores(module: str, *names: str) -> tuple[Seam, ...]:
    return tuple(Seam(module, name, keys=()) for name in names)
