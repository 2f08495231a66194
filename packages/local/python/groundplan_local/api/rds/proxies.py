"""RDS Proxy: an address that leads to the server of its target.

Pooling, and authentication at the proxy, are kept and not acted on.
"""

from __future__ import annotations

from ministack.services import rds as native

from groundplan_local.api.query import Action, Form, Reply
from groundplan_local.api.rds.backing import Record
from groundplan_local.databases.fleet import Fleet

# A proxy listens on its engine's own port, whatever that of its target is:
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-connecting.html
_PORT = 5432
_FAMILY = "POSTGRESQL"


class Proxies:
    """The actions on proxies, around the emulator's own."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    def create(self, form: Form, action: Action) -> Reply:
        reply = action(form.fields)
        proxy = native._db_proxies.get(form.text("DBProxyName"))
        if reply[0] >= 400 or proxy is None:
            return reply
        endpoint = native._db_proxy_endpoints[proxy["DBProxyName"]]
        self._open(proxy, endpoint)
        proxy["Endpoint"] = endpoint["Endpoint"]
        return _answer("CreateDBProxy", "DBProxy", native._db_proxy_xml(proxy))

    def create_endpoint(self, form: Form, action: Action) -> Reply:
        reply = action(form.fields)
        if reply[0] >= 400:
            return reply
        endpoint = native._db_proxy_endpoints[form.text("DBProxyEndpointName")]
        self._open(native._db_proxies[endpoint["DBProxyName"]], endpoint)
        inner = native._db_proxy_endpoint_xml(endpoint)
        return _answer("CreateDBProxyEndpoint", "DBProxyEndpoint", inner)

    def _open(self, proxy: Record, endpoint: Record) -> None:
        # Without addresses of their own, proxies cannot all listen on the same port.
        if proxy["EngineFamily"] == _FAMILY and self._fleet.own_addresses:
            endpoint["Endpoint"] = self._fleet.forward(endpoint["DBProxyEndpointArn"], _PORT)
            self._lead(proxy)

    def modify(self, form: Form, action: Action) -> Reply:
        """A proxy keeps its address when it gets another name."""
        proxy = native._get_db_proxy(form.text("DBProxyName"))
        before = proxy["Endpoint"] if proxy else None
        reply = action(form.fields)
        if reply[0] < 400 and proxy is not None:
            proxy["Endpoint"] = before
            native._db_proxy_endpoints[proxy["DBProxyName"]]["Endpoint"] = before
            return _answer("ModifyDBProxy", "DBProxy", native._db_proxy_xml(proxy))
        return reply

    def targets(self, form: Form, action: Action) -> Reply:
        """Registering and deregistering decide where the endpoints lead."""
        reply = action(form.fields)
        proxy = native._get_db_proxy(form.text("DBProxyName"))
        if reply[0] < 400 and proxy is not None:
            self._lead(proxy)
        return reply

    def _lead(self, proxy: Record) -> None:
        target = _target(proxy)
        for endpoint in _endpoints(proxy):
            self._fleet.lead(endpoint["DBProxyEndpointArn"], target["arn"] if target else None)
            if proxy["EngineFamily"] == _FAMILY and not self._fleet.own_addresses and target:
                endpoint["Endpoint"] = target["host"]
                if endpoint["IsDefault"]:
                    proxy["Endpoint"] = target["host"]

    def delete(self, form: Form, action: Action) -> Reply:
        proxy = native._get_db_proxy(form.text("DBProxyName"))
        endpoints = _endpoints(proxy) if proxy else []
        reply = action(form.fields)
        if reply[0] < 400:
            for endpoint in endpoints:
                self._fleet.stop_forwarding(endpoint["DBProxyEndpointArn"])
        return reply

    def delete_endpoint(self, form: Form, action: Action) -> Reply:
        endpoint = native._db_proxy_endpoints.get(form.text("DBProxyEndpointName"))
        reply = action(form.fields)
        if reply[0] < 400 and endpoint is not None:
            self._fleet.stop_forwarding(endpoint["DBProxyEndpointArn"])
        return reply


def _endpoints(proxy: Record) -> list[Record]:
    every: list[Record] = list(native._db_proxy_endpoints.values())
    return [e for e in every if e["DBProxyName"] == proxy["DBProxyName"]]


def _target(proxy: Record) -> dict[str, str] | None:
    """The ARN of what the proxy stands before, and its host."""
    for target in proxy["Targets"]:
        name = target["RdsResourceId"]
        if target["Type"] == "RDS_INSTANCE":
            instance = native._instances.get(name)
            if instance is not None:
                return {"arn": instance["DBInstanceArn"], "host": instance["Endpoint"]["Address"]}
        else:
            cluster = native._clusters.get(name)
            if cluster is not None:
                return {"arn": cluster["DBClusterArn"], "host": cluster["Endpoint"]}
    return None


def _answer(operation: str, element: str, inner: str) -> Reply:
    reply: Reply = native._xml(
        200,
        f"{operation}Response",
        f"<{operation}Result><{element}>{inner}</{element}></{operation}Result>",
    )
    return reply
