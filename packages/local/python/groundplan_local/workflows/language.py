"""Comparisons and context objects that the emulator's states do not know.

It compares with the value at a path for some operators only and answers "no" for the rest, and a
``ResultSelector`` sees nothing of the context object.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from ministack.services import stepfunctions as native

Rule = Mapping[str, Any]
Context = Mapping[str, Any]

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
}


def _string(value: Any) -> Any:
    return value if isinstance(value, str) else None


_KINDS: Mapping[str, Callable[[Any], Any]] = {"String": _string, "Timestamp": native._parse_ts}
_WITH_PATH = {
    f"{kind}{comparison}Path": (read, compare)
    for kind, read in _KINDS.items()
    for comparison, compare in _COMPARISONS.items()
}

_context: ContextVar[Context | None] = ContextVar("groundplan_context", default=None)


def _evaluate(native_evaluate: Callable[..., bool]) -> Callable[..., bool]:
    def evaluate_rule(rule: Rule, data: Any, ctx: Context | None = None) -> bool:
        name = next((name for name in rule if name in _WITH_PATH), None)
        if name is None:
            return native_evaluate(rule, data, ctx)
        read, compare = _WITH_PATH[name]
        left = read(native._resolve_path_or_ctx(rule["Variable"], data, ctx))
        right = read(native._resolve_path_or_ctx(rule[name], data, ctx))
        return left is not None and right is not None and compare(left, right)

    return evaluate_rule


def _execute(native_execute: Callable[..., Any], at: int) -> Callable[..., Any]:
    """A state of which the context object is the argument at this place."""

    def execute(*arguments: Any) -> Any:
        token = _context.set(arguments[at] if len(arguments) > at else None)
        try:
            return native_execute(*arguments)
        finally:
            _context.reset(token)

    return execute


def _select_result(state: Rule, result: Any) -> Any:
    selector = state.get("ResultSelector")
    return native._resolve_params_obj(selector, result, _context.get()) if selector else result


def install() -> None:
    native._evaluate_rule = _evaluate(native._evaluate_rule)
    native._execute_task = _execute(native._execute_task, 3)
    native._run_parallel_branches = _execute(native._run_parallel_branches, 3)
    native._run_map_items = _execute(native._run_map_items, 3)
    native._apply_result_selector = _select_result
