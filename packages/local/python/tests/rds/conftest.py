"""A local AWS with addresses for its databases, for the tests of this folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from local_aws import LocalAws, engines


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    folder = tmp_path_factory.mktemp("databases")
    local = LocalAws(folder / "state", log=folder / "server.log", environment=engines())
    # Beside the blocks that instances lease, and beside that of another run of these tests.
    local.start("--address-block", f"127.79.{os.getpid() % 255}.0/24")
    yield local
    assert local.stop() == 0
