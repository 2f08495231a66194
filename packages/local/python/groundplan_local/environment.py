"""The environment that the emulator reads, of which it takes everything at import.

Nothing of the caller's AWS settings gets in: Lambdas inherit this environment, and one that found
a real profile or a real key in it could reach a real account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Settings:
    """What one run of the local AWS was asked to be."""

    port: int
    account: str
    region: str
    state: Path
    address_block: str | None
    """Where tasks get addresses of their own; without it they get ports."""

    @property
    def ledger(self) -> Path:
        return self.state / "ledger.jsonl"

    @property
    def scratch(self) -> Path:
        return self.state / "tmp"

    @property
    def images(self) -> Path:
        """What the CDK CLI built, and which programs apps name for images."""
        return self.state / "images"

    @property
    def databases(self) -> Path:
        """The folders of PostgreSQL servers, the snapshots of them, and who signs for them."""
        return self.state / "databases"

    @property
    def commands(self) -> Path:
        """Executables on the ``PATH`` of every container."""
        return self.state / "commands"

    @property
    def programs(self) -> Path:
        """Executables for the clients of this run."""
        return self.state / "bin"


def for_emulator(settings: Settings, inherited: Mapping[str, str]) -> dict[str, str]:
    """PATH (node), NODE_PATH (the SDK for Lambdas) and the locale come through; AWS does not."""
    kept = {
        name: value
        for name, value in inherited.items()
        if not name.startswith(("AWS_", "MINISTACK_", "LOCALSTACK_", "LAMBDA_", "CDK_", "DOCKER_"))
        and name not in _REFUSED
    }
    state = settings.state
    return {
        **kept,
        "ACCOUNT_ID": settings.account,
        "AWS_ACCESS_KEY_ID": settings.account,
        "AWS_CONFIG_FILE": str(state / "no-aws-config"),
        "AWS_DEFAULT_REGION": settings.region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": f"http://{HOST}:{settings.port}",
        "AWS_REGION": settings.region,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SHARED_CREDENTIALS_FILE": str(state / "no-aws-credentials"),
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(settings.port),
        # Without it the emulator looks for a Docker daemon at every start.
        "DOCKER_HOST": f"unix://{state}/no-docker.sock",
        "IOT_MTLS_ENABLED": "0",
        "MINISTACK_ACCOUNT_ID": settings.account,
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": settings.region,
        "PERSIST_STATE": "0",
        "S3_DATA_DIR": str(state / "s3"),
        "S3_PERSIST": "0",
        "SFTP_ENABLED": "0",
        "STATE_DIR": str(state / "emulator"),
        "TMPDIR": str(settings.scratch),
    }


# Settings of the emulator without a prefix; a stray one would change what it does.
_REFUSED = frozenset(
    {
        "ACCOUNT_ID",
        "AUTH",
        "BIND_HOST",
        "EDGE_PORT",
        "GATEWAY_PORT",
        "PERSIST_STATE",
        "S3_DATA_DIR",
        "S3_PERSIST",
        "SERVICES",
        "STATE_DIR",
        "USE_SSL",
    }
)
