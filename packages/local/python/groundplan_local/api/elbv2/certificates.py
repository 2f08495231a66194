"""The certificates that a listener has beside its default one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import alb as native

Reply = tuple[int, dict[str, str], bytes]


def _listener(params: Mapping[str, Any]) -> dict[str, Any] | None:
    found: dict[str, Any] | None = native._listeners.get(native._p(params, "ListenerArn"))
    return found


def _missing(params: Mapping[str, Any]) -> Reply:
    arn = native._p(params, "ListenerArn")
    refused: Reply = native._error("ListenerNotFound", f"Listener '{arn}' not found.")
    return refused


def _certificates_xml(arns: list[str], default: list[str]) -> str:
    members = "".join(
        f"<member><CertificateArn>{escape(arn)}</CertificateArn>"
        f"<IsDefault>{str(arn in default).lower()}</IsDefault></member>"
        for arn in arns
    )
    return f"<Certificates>{members}</Certificates>"


def _add_certificates(params: Mapping[str, Any]) -> Reply:
    listener = _listener(params)
    if listener is None:
        return _missing(params)
    more = listener.setdefault("_MoreCertificates", [])
    given = native._parse_certificate_arns(params)
    more.extend(arn for arn in given if arn not in more)
    answered: Reply = native._xml(200, "AddListenerCertificates", _certificates_xml(given, []))
    return answered


def _remove_certificates(params: Mapping[str, Any]) -> Reply:
    listener = _listener(params)
    if listener is None:
        return _missing(params)
    given = native._parse_certificate_arns(params)
    kept = [arn for arn in listener.get("_MoreCertificates", []) if arn not in given]
    listener["_MoreCertificates"] = kept
    answered: Reply = native._empty("RemoveListenerCertificates")
    return answered


def _describe_certificates(params: Mapping[str, Any]) -> Reply:
    listener = _listener(params)
    if listener is None:
        return _missing(params)
    default = listener.get("Certificates", [])
    every = [*default, *listener.get("_MoreCertificates", [])]
    answered: Reply = native._xml(
        200, "DescribeListenerCertificates", _certificates_xml(every, default)
    )
    return answered


def install() -> None:
    native._ACTION_MAP["AddListenerCertificates"] = _add_certificates
    native._ACTION_MAP["RemoveListenerCertificates"] = _remove_certificates
    native._ACTION_MAP["DescribeListenerCertificates"] = _describe_certificates
