"""Alarms on metric mathematics and anomaly bands, which the emulator's ``PutMetricAlarm`` drops.

Such an alarm is kept and read back in full; the emulator evaluates no mathematics, so its state
changes only when somebody sets it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import cloudwatch as native

Put = Callable[..., tuple[int, dict[str, str], bytes]]

# Members that an alarm with ``Metrics`` must not have, and that the emulator defaults.
_SINGLE_METRIC = (
    "Dimensions",
    "ExtendedStatistic",
    "MetricName",
    "Namespace",
    "Period",
    "Statistic",
    "Unit",
)


def _complete(put: Put) -> Put:
    def put_metric_alarm(
        params: Mapping[str, Any],
        request: Mapping[str, Any],
        is_cbor: bool,
        is_json: bool = False,
    ) -> tuple[int, dict[str, str], bytes]:
        metrics = request.get("Metrics")
        if params.get("Metrics.member.1.Id"):
            message = "an alarm with Metrics needs the JSON or CBOR protocol locally"
            failed: tuple[int, dict[str, str], bytes] = native._error(
                "ValidationError", message, 400
            )
            return failed
        reply = put(params, request, is_cbor, is_json)
        if reply[0] < 400 and metrics:
            alarm = native._alarms[request["AlarmName"]]
            for name in _SINGLE_METRIC:
                alarm.pop(name, None)
            alarm["Metrics"] = metrics
            if request.get("ThresholdMetricId"):
                alarm["ThresholdMetricId"] = request["ThresholdMetricId"]
                alarm.pop("Threshold", None)
        return reply

    return put_metric_alarm


def install() -> None:
    native._put_metric_alarm = _complete(native._put_metric_alarm)
