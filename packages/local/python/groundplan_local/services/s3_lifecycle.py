"""Lifecycle rules: CloudFormation's flat shape as S3's API nests it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundplan_local.services.values import flag, number, pick


def rule(source: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "Status": source["Status"],
        "Filter": _filter(source),
        **({"ID": source["Id"]} if source.get("Id") else {}),
    }
    expiration = _expiration(source)
    if expiration:
        made["Expiration"] = expiration
    noncurrent = source.get("NoncurrentVersionExpiration")
    if noncurrent:
        made["NoncurrentVersionExpiration"] = _numbers(noncurrent)
    elif "NoncurrentVersionExpirationInDays" in source:
        days = number(source["NoncurrentVersionExpirationInDays"])
        made["NoncurrentVersionExpiration"] = {"NoncurrentDays": days}
    abort = source.get("AbortIncompleteMultipartUpload")
    if abort:
        made["AbortIncompleteMultipartUpload"] = _numbers(abort)
    moves = source.get("Transitions") or _as_list(source.get("Transition"))
    if moves:
        made["Transitions"] = [_transition(move) for move in moves]
    older = source.get("NoncurrentVersionTransitions") or _as_list(
        source.get("NoncurrentVersionTransition")
    )
    if older:
        made["NoncurrentVersionTransitions"] = [_noncurrent(move) for move in older]
    return made


def _filter(source: Mapping[str, Any]) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    if source.get("Prefix"):
        parts["Prefix"] = source["Prefix"]
    for name in ("ObjectSizeGreaterThan", "ObjectSizeLessThan"):
        if name in source:
            parts[name] = number(source[name])
    tags = [pick(tag, "Key", "Value") for tag in source.get("TagFilters") or []]
    if len(tags) == 1 and not parts:
        return {"Tag": tags[0]}
    if tags:
        return {"And": {**parts, "Tags": tags}}
    if len(parts) > 1:
        return {"And": parts}
    return parts or {"Prefix": ""}


def _expiration(source: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if "ExpirationInDays" in source:
        made["Days"] = number(source["ExpirationInDays"])
    if "ExpirationDate" in source:
        made["Date"] = source["ExpirationDate"]
    if "ExpiredObjectDeleteMarker" in source:
        made["ExpiredObjectDeleteMarker"] = flag(source["ExpiredObjectDeleteMarker"])
    return made


def _transition(move: Mapping[str, Any]) -> dict[str, Any]:
    made = pick(move, "StorageClass")
    if "TransitionInDays" in move:
        made["Days"] = number(move["TransitionInDays"])
    if "TransitionDate" in move:
        made["Date"] = move["TransitionDate"]
    return made


def _noncurrent(move: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "StorageClass": move["StorageClass"],
        "NoncurrentDays": number(move["TransitionInDays"]),
    }
    if "NewerNoncurrentVersions" in move:
        made["NewerNoncurrentVersions"] = number(move["NewerNoncurrentVersions"])
    return made


def _numbers(source: Mapping[str, Any]) -> dict[str, int]:
    return {key: number(value) for key, value in source.items()}


def _as_list(value: Any) -> list[Any]:
    return [value] if value else []
