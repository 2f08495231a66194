"""One local AWS for the whole run; tests that stop theirs start their own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from local_aws import LocalAws


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    folder = tmp_path_factory.mktemp("local")
    # A pipe that nobody reads would stop the server once it is full.
    local = LocalAws(folder / "state", log=folder / "server.log").start()
    yield local
    assert local.stop() == 0
