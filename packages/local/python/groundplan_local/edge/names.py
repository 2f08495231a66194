"""Which distribution or HTTP API a host means.

- ``d1a2b.cloudfront.localhost`` and ``api.example.com.localhost``, an alias of a distribution,
- ``a1b2.execute-api.localhost`` and ``api.example.com.localhost``, a domain name of an API.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ministack.services import apigateway, apigateway_v1, cloudfront

_LOCAL = ".localhost"
_ADDRESS = re.compile(r"^[\d.]+$|^\[")
_DISTRIBUTION = re.compile(r"^([a-z0-9]+)\.cloudfront\.(?:net|localhost)$")
_EXECUTE = re.compile(r"^([a-z0-9-]+)\.execute-api\.(?:localhost|[a-z0-9-]+\.amazonaws\.com)$")


@dataclass(frozen=True)
class Distribution:
    """A distribution, and the host that a viewer on the internet would have asked for."""

    account: str
    record: Mapping[str, Any]
    host: str


@dataclass(frozen=True)
class Api:
    """An HTTP API, asked by its own name or by a domain name."""

    account: str
    region: str
    host: str
    closed: bool
    """Whether it answers to its own name no more."""


def bare(host: str) -> str:
    name = host.rsplit(":", 1)[0] if host.rsplit(":", 1)[-1].isdigit() else host
    return name.lower().rstrip(".")


def find(host: str) -> Distribution | Api | None:
    name = bare(host)
    # Nearly all requests are those of SDKs, to an address.
    if name in ("localhost", "") or _ADDRESS.match(name):
        return None
    return _distribution(name) or _api(name)


def _distributions() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for (account, _id), record in list(cloudfront._distributions._data.items()):
        yield account, record


def _distribution(name: str) -> Distribution | None:
    match = _DISTRIBUTION.match(name)
    if match:
        wanted = f"{match.group(1)}.cloudfront.net"
        for account, record in _distributions():
            if str(record.get("DomainName", "")).lower() == wanted:
                return Distribution(account, record, wanted)
        return None
    alias = name.removesuffix(_LOCAL)
    for account, record in _distributions():
        if alias in cloudfront._get_distribution_aliases(record):
            return Distribution(account, record, alias)
    return None


def _api(name: str) -> Api | None:
    match = _EXECUTE.match(name)
    if match:
        for (account, region, api_id), api in list(apigateway._apis.all_items()):
            if api_id == match.group(1):
                closed = str(api.get("disableExecuteApiEndpoint", "")).lower() == "true"
                return Api(account, region, f"{api_id}.execute-api.localhost", closed)
        return None
    domain = name.removesuffix(_LOCAL)
    for account, region, known in [key for key, _ in apigateway_v1._domain_names.all_items()]:
        if str(known).lower() == domain:
            return Api(account, region, domain, False)
    return None
