"""What a green deployment of a database does not prove, in the words of the ledger."""

from __future__ import annotations

from typing import Any

from groundplan_local.api.rds.standing import server_of
from groundplan_local.registry import Props

_KEPT = (
    ("AssociatedRoles", "roles of the database"),
    ("BacktrackWindow", "backtracking"),
    ("Domain", "Kerberos"),
    ("EnableGlobalWriteForwarding", "write forwarding"),
    ("EnableHttpEndpoint", "the Data API"),
    ("EnableLocalWriteForwarding", "write forwarding"),
    ("EnablePerformanceInsights", "Performance Insights"),
    ("MonitoringInterval", "enhanced monitoring"),
    ("PerformanceInsightsEnabled", "Performance Insights"),
    ("ReplicaMode", "the replica mode"),
    ("ScalingConfiguration", "scaling"),
)
READER = "shares the server of its cluster's writer: never behind it, and it takes writes"
REPLICA = "answers at the endpoint of its source: never behind it, and it takes writes"
PROXY = (
    "leads on to the server of its target; only kept and not acted on: pooling, timeouts, "
    "authentication at the proxy"
)
GLOBAL = "its clusters do not replicate to one another"
EVENTS = "kept; no event of RDS is sent to its topic"


def of_database(arn: str, engine: str, version: str, props: Props) -> str | None:
    server = server_of(arn)
    if server is None:
        return f"only a record: the local AWS runs no {engine}, nothing answers at its endpoint"
    said = []
    if str(server.major) != version.split(".", maxsplit=1)[0]:
        said.append(f"PostgreSQL {server.version} stands in for {version}")
    if server.left_out:
        said.append(f"runs without these parameters: {', '.join(server.left_out)}")
    kept = _kept(props)
    if kept:
        said.append(f"only kept and not acted on: {', '.join(kept)}")
    return "; ".join(said) or None


def _kept(props: Props) -> list[str]:
    kept = [words for name, words in _KEPT if _is_on(props.get(name))]
    scaling = props.get("ServerlessV2ScalingConfiguration")
    if scaling:
        pauses = float(scaling.get("MinCapacity", 0.5)) == 0
        kept.append("capacity and auto-pause" if pauses else "capacity")
    if _is_on(props.get("EnableIAMDatabaseAuthentication")):
        kept.append("IAM (a member of rds_iam comes in over TLS with any token)")
    return list(dict.fromkeys(kept))


def _is_on(value: Any) -> bool:
    return bool(value) and str(value).lower() not in ("false", "0")
