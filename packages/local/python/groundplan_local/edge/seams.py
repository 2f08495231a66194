"""The seams of CloudFront and of HTTP APIs; see :mod:`groundplan_local.seams`."""

from __future__ import annotations

from groundplan_local.seam import Seam, functions, stores

_CLOUDFRONT = "ministack.services.cloudfront"
_GATEWAY = "ministack.services.apigateway"

SEAMS: tuple[Seam, ...] = (
    *functions("ministack.app", _handle_execute_api_request="host path method headers body"),
    *stores(_CLOUDFRONT, "_vpc_origins"),
    *functions(
        _CLOUDFRONT,
        _collect_streaming_body="stream read_timeout",
        _dataplane_origin="origin_el",
        _fetch_from_alb_origin=(
            "lb origin method uri query_string headers body viewer_is_https client_ip viewer_xff"
        ),
        _find="el tag",
        _get_distribution_aliases="dist",
        _normalize_origin_host="host",
        _origin_connect_target="origin viewer_is_https",
        _origin_request_headers="origin headers client_ip viewer_x_forwarded_for",
        _registered_alb="origin",
        _text="el tag",
        handle_viewer_request=(
            "dist method path raw_uri raw_query_string headers body query_params client_ip"
        ),
    ),
    *stores(_GATEWAY, "_apis", "_integrations"),
    *stores("ministack.services.apigateway_v1", "_domain_names"),
    *functions(
        _GATEWAY,
        _apigw_error="code message status",
        _apigw_response="data status",
        _create_integration="api_id data",
        _invoke_http_proxy="integration path method headers body query_params",
        _update_integration="api_id int_id data",
        handle_request="method path headers body query_params",
    ),
)
