"""Network load balancers: an address each, the ports of its listeners, connections to targets.

Which target group a listener forwards to is looked up for each connection, so a listener that is
changed needs nothing but the ports that are open to follow.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import alb

from groundplan_local.balancer.groups import Groups, chosen_group
from groundplan_local.balancer.targets import Key
from groundplan_local.containers.addresses import AddressBook, Place
from groundplan_local.forwarder import Forwarder, Ways

# What is passed on. TLS would have to be ended here, and datagrams are no connections.
_PROTOCOL = "TCP"


class _Open:
    """One load balancer that has an address."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.ports: dict[int, Forwarder] = {}


class NetworkBalancers:
    """All network load balancers of all accounts and regions, by their ARN."""

    def __init__(self, addresses: AddressBook, groups: Groups) -> None:
        self._addresses = addresses
        self._groups = groups
        self._open: dict[str, _Open] = {}
        self._lock = threading.RLock()

    @property
    def own_addresses(self) -> bool:
        return self._addresses.own_addresses

    def open(self, arn: str) -> str:
        """Give a load balancer an address, on which nothing listens yet; answers it."""
        place = self._addresses.lease()
        with self._lock:
            self._open[arn] = _Open(place)
        return place.host

    def sync(self, arn: str) -> dict[int, OSError]:
        """Listen on the ports of its listeners, and on no other.

        In the account and region of this call. Answers on which ports one cannot listen, and why.
        """
        with self._lock:
            balancer = self._open.get(arn)
            if balancer is None:
                return {}
            wanted = {int(li["Port"]) for li in _listeners(arn) if li["Protocol"] == _PROTOCOL}
            for port in [port for port in balancer.ports if port not in wanted]:
                balancer.ports.pop(port).stop()
            failed: dict[int, OSError] = {}
            for port in sorted(wanted - set(balancer.ports)):
                scope = (get_account_id(), get_region())
                forwarder = Forwarder(
                    balancer.place.host, port, partial(self._ways, scope, arn, port)
                )
                try:
                    forwarder.start()
                except OSError as error:
                    failed[port] = error
                else:
                    balancer.ports[port] = forwarder
            return failed

    def close(self, arn: str) -> None:
        with self._lock:
            balancer = self._open.pop(arn, None)
        if balancer is not None:
            for forwarder in balancer.ports.values():
                forwarder.stop()
            self._addresses.release(balancer.place)

    def close_all(self) -> None:
        for arn in list(self._open):
            self.close(arn)

    def _ways(self, scope: tuple[str, str], arn: str, port: int) -> Ways:
        """Its targets in turn, for one connection; whichever has it is busy until it ends."""
        with request_scope(*scope):
            group = _forwarded_to(arn, port)
        targets = self._groups.targets
        tried: set[Key] = set()
        while (target := targets.take(group, tried)) is not None:
            tried.add(target.key)
            try:
                yield target.key.host, target.key.port
            finally:
                targets.give_back(target)
            target.refused = True  # or another would not have been asked for


def _forwarded_to(arn: str, port: int) -> str:
    for listener in _listeners(arn):
        if int(listener["Port"]) == port:
            for action in listener["DefaultActions"]:
                if str(action["Type"]).lower() == "forward":
                    return chosen_group(action)
    return ""


def _listeners(arn: str) -> list[dict[str, Any]]:
    return [found for found in alb._listeners.values() if found["LoadBalancerArn"] == arn]


_balancers: NetworkBalancers | None = None


def install(balancers: NetworkBalancers) -> None:
    global _balancers
    _balancers = balancers


def balancers() -> NetworkBalancers:
    """Those that stand; the API that makes them is put in place before they are."""
    assert _balancers is not None
    return _balancers
