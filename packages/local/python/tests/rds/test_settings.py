"""What parameter groups become, and which programs are run."""

from __future__ import annotations

import json
import re

import pytest

from groundplan_local import programs
from groundplan_local.databases.parameters import configuration
from groundplan_local.databases.passwords import new_password, statement


@pytest.mark.parametrize(
    ("engine", "major", "group", "forced"),
    [
        ("postgres", 14, {}, False),
        ("postgres", 15, {}, True),
        ("aurora-postgresql", 16, {}, False),
        ("aurora-postgresql", 17, {}, True),
        ("aurora-postgresql", 17, {"rds.force_ssl": "0"}, False),
        ("postgres", 14, {"rds.force_ssl": "1"}, True),
    ],
)
def test_tls_is_forced_where_rds_forces_it(
    engine: str, major: int, group: dict[str, str], forced: bool
) -> None:
    assert configuration(engine, major, group).force_tls is forced


def test_a_later_group_goes_over_an_earlier_one_and_memory_is_left_out() -> None:
    of_cluster = {"log_statement": "ddl", "work_mem": "65536", "statement_timeout": "1"}
    made = configuration("postgres", 17, of_cluster, {"log_statement": "all"})
    assert made.settings == {"log_statement": "all", "statement_timeout": "1"}
    assert made.sized == ("work_mem",)


def test_a_password_is_one_that_rds_takes_and_is_never_said_as_text() -> None:
    made = {new_password() for _ in range(20)}
    assert len(made) == 20
    for password in made:
        assert not set(password) & set("/@\"' ")
        said = statement("clerk", password)
        assert re.match(r'ALTER ROLE "?clerk"? PASSWORD \'SCRAM-SHA-256\$4096:', said)
        assert password not in said
    assert statement('a"b', "x").startswith('ALTER ROLE "a""b" PASSWORD')


def test_a_program_is_a_script_or_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(programs.FLYWAY, "/lib/flyway.js")
    assert programs.words(programs.FLYWAY) == ["node", "/lib/flyway.js"]
    monkeypatch.setenv(programs.FLYWAY, json.dumps(["node", "--require", "tsx", "flyway.ts"]))
    assert programs.words(programs.FLYWAY) == ["node", "--require", "tsx", "flyway.ts"]
    monkeypatch.delenv(programs.FLYWAY)
    assert programs.words(programs.FLYWAY) is None
    with pytest.raises(programs.ProgramError, match="GROUNDPLAN_FLYWAY"):
        programs.command(programs.FLYWAY, "the migration")
    monkeypatch.setenv(programs.FLYWAY, json.dumps(["no-such-program"]))
    with pytest.raises(programs.ProgramError, match="no-such-program"):
        programs.command(programs.FLYWAY, "the migration")
