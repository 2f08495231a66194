"""Clients to the emulator's own API, for handlers that bridge to it."""

from __future__ import annotations

import threading
from typing import Any

import botocore.session
from botocore.config import Config

# The emulator reads the account from a 12-digit access key, so a client acts in the account of
# the stack that is being deployed, and never in one that the machine has credentials for.
_SECRET = "local"

# Retries would turn one clear error of the emulator into a minute of silence.
_CONFIG = Config(
    retries={"max_attempts": 0},
    connect_timeout=5,
    read_timeout=60,
    max_pool_connections=8,
    s3={"addressing_style": "path"},
)


class Clients:
    """One client per service, account and region; making one reads megabytes of API model."""

    def __init__(self, port: int) -> None:
        self._endpoint = f"http://127.0.0.1:{port}"
        self._session = botocore.session.Session()
        # botocore would otherwise look for a profile and a config file of the user's.
        self._session.set_config_variable("config_file", "/dev/null")
        self._clients: dict[tuple[str, str, str], Any] = {}
        self._lock = threading.Lock()

    def get(self, service: str, account: str, region: str) -> Any:
        key = (service, account, region)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._session.create_client(
                    service,
                    region_name=region,
                    endpoint_url=self._endpoint,
                    aws_access_key_id=account,
                    aws_secret_access_key=_SECRET,
                    config=_CONFIG,
                )
            return self._clients[key]
