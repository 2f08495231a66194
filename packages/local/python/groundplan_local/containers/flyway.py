"""Where Flyway looks for migrations.

In its official image everything stands in ``/flyway``. Here that is a folder in the folder of the
image, of which the command has to be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from groundplan_local.containers.images import Image

COMMAND = "flyway"
_HOME = "flyway"
_CONFIGURATION = ("flyway.toml", "flyway.conf")


def variables(image: Image, given: Mapping[str, str]) -> dict[str, str]:
    """What tells the command where the image has what it would find by itself in a container."""
    home = None if image.root is None else image.root / _HOME
    if home is None or not home.is_dir():
        return {}
    configured = _configured(home)
    told: dict[str, str] = {}
    if configured:
        told["FLYWAY_CONFIG_FILES"] = ",".join(map(str, configured))
    else:
        # A location in a configuration file must not lose to ours.
        told["FLYWAY_LOCATIONS"] = f"filesystem:{home / 'sql'}"
    return {name: value for name, value in told.items() if name not in given}


def _configured(home: Path) -> list[Path]:
    return [file for name in _CONFIGURATION if (file := home / "conf" / name).is_file()]
