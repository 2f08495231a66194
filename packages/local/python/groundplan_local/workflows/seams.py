"""The seams of Step Functions and of schedules; see :mod:`groundplan_local.seams`."""

from __future__ import annotations

from groundplan_local.seam import Seam, functions, stores

_STATES = "ministack.services.stepfunctions"

SEAMS: tuple[Seam, ...] = (
    *functions("ministack.core.responses", _service_model="service", now_iso=""),
    *stores(_STATES, "_executions", "_state_machines"),
    Seam(_STATES, "_SERVICE_DISPATCH", keys=("arn:aws:states:::ecs:runTask",)),
    *functions(
        _STATES,
        _ExecutionError="error cause",
        _add_event="execution event_type details",
        _api_name_to_sfn_key="name",
        _apply_result_selector="state_def data",
        _create_state_machine="data",
        _delete_state_machine="data",
        _emit_execution_status_event="execution",
        _evaluate_rule="rule data ctx",
        _execute_task="state_def raw_input execution ctx",
        _fail_execution="execution error cause",
        _invoke_resource="resource input_data",
        _invoke_resource_with_timeout="resource input_data timeout",
        _iso_to_epoch_ms="iso",
        _parse_ts="v",
        _resolve_params_obj="template data ctx",
        _resolve_path_or_ctx="path data ctx",
        _run_execution="exec_arn",
        _run_map_items="state_def raw_input execution ctx",
        _run_parallel_branches="state_def raw_input execution ctx",
        _scaled_sleep="seconds",
        _stop_execution="data",
        _update_state_machine="data",
    ),
    *stores("ministack.services.cloudwatch_logs", "_log_groups"),
    *functions(
        "ministack.services.cloudwatch_logs", _create_log_stream="data", _put_log_events="data"
    ),
    *stores("ministack.services.scheduler", "_schedules"),
    *functions("ministack.services.scheduler", _tick_schedules="", _to_epoch="value"),
    *functions(
        "ministack.services.eventbridge",
        _cron_next_fire="fields after_dt",
        _invoke_target="target event rule",
        _parse_cron_fields="expr",
        _parse_rate_seconds="",
        _put_events="data allow_aws_source",
    ),
    *functions("ministack.services.secretsmanager", _rotate_secret="data"),
    *functions(
        "ministack.services.cloudformation.provisioners",
        _sfn_definition="props",
        _sfn_encryption="cfn_encryption",
    ),
)
