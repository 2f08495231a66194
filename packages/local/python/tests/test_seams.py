from __future__ import annotations

import subprocess
import sys

import pytest
from local_aws import PACKAGE

from groundplan_local import PINNED_MINISTACK, seams
from groundplan_local.seams import Seam, SeamError

EC2 = "ministack.services.ec2"


def refused(*given: Seam, pinned: str = PINNED_MINISTACK) -> str:
    with pytest.raises(SeamError) as error:
        seams.check(pinned, given)
    return str(error.value)


def test_the_pinned_emulator_has_every_seam() -> None:
    # In a process of its own: the emulator reads its environment when it is imported.
    check = "from groundplan_local import seams; seams.check()"
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=PACKAGE, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def test_another_version_is_refused_by_name() -> None:
    message = refused(pinned="9.9.9")
    assert f"ministack {PINNED_MINISTACK}" in message
    assert "written for 9.9.9" in message
    assert "groundplan local reset" in message


def test_a_missing_emulator_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seams, "installed_version", lambda: None)
    assert "is not installed" in refused()


@pytest.mark.parametrize(
    ("seam", "expected"),
    [
        (Seam("ministack.no_such_module", "x"), "cannot be imported"),
        (Seam("ministack.core.responses", "no_such_name"), "does not exist"),
        (
            Seam("ministack.core.responses", "get_region", keys=()),
            "is a function and not a mapping",
        ),
        (
            Seam("ministack.core.responses", "get_region", parameters=("somewhere",)),
            "takes () and not (somewhere)",
        ),
        (Seam("ministack.core.responses", "_12_DIGIT_RE"), "is not callable"),
    ],
)
def test_a_seam_of_another_shape_is_named(seam: Seam, expected: str) -> None:
    message = refused(seam)
    assert f"{seam.module}.{seam.name}" in message
    assert expected in message


def test_a_lost_key_of_a_table_is_named() -> None:
    check = (
        "from groundplan_local.seams import Seam, check, SeamError, PINNED_MINISTACK as V\n"
        f"try: check(V, (Seam({EC2!r}, '_ACTION_MAP', keys=('CreateVpc', 'Gone')),))\n"
        "except SeamError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=PACKAGE, capture_output=True, text=True, check=False
    )
    assert "lacks Gone" in done.stdout


def test_the_server_ends_with_the_sentence(tmp_path: object) -> None:
    start = (
        "import json, os, groundplan_local as pack, groundplan_local.seams as seams\n"
        "seams.check.__defaults__ = ('9.9.9', seams.SEAMS)\n"
        "read, write = os.pipe()\n"
        "os.environ['GROUNDPLAN_SETTINGS'] = json.dumps(dict(port=1, account='0' * 12, "
        f"region='r', state={str(tmp_path)!r}, addressBlock=None, lifeline=read))\n"
        "from groundplan_local import server\n"
        "raise SystemExit(server.main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", start], cwd=PACKAGE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert done.stderr.startswith("groundplan: the emulator is ministack")
