"""Versions of PostgreSQL that the emulator's catalogue is too old for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.services import rds as native

_DEFAULT = "17.9"


def _default(native_default: Callable[[str], str]) -> Callable[[str], str]:
    def default_engine_version(engine: str) -> str:
        return _DEFAULT if engine == "postgres" else native_default(engine)

    return default_engine_version


def _unsupported(native_check: Callable[..., Any]) -> Callable[..., Any]:
    """What is newer than all that the catalogue has of a major version may be there by now."""

    def error(engine: str, version: str, *, current_version: str | None = None) -> Any:
        if engine == "aurora-postgresql" and version and _is_newer(version):
            return None
        return native_check(engine, version, current_version=current_version)

    return error


def _is_newer(version: str) -> bool:
    wanted = _numbers(version)
    known = [_numbers(one) for one in native.AURORA_POSTGRESQL_ENGINE_VERSION_SET]
    same = [one for one in known if one[0] == wanted[0]]
    return wanted > max(same) if same else wanted > max(known)


def _numbers(version: str) -> list[int]:
    """``16.8-limitless`` is 16.8."""
    return [
        int(part) if part.isdigit() else 0 for part in version.split("-", maxsplit=1)[0].split(".")
    ]


def install() -> None:
    native._default_engine_version = _default(native._default_engine_version)
    check = native._unsupported_aurora_engine_version_error
    native._unsupported_aurora_engine_version_error = _unsupported(check)
