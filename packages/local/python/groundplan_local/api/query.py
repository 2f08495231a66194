"""Completing one action of a Query API: read the request, edit the answer.

An action takes the form fields of the request and answers XML. :class:`Form` reads the fields
(``Filter.1.Value.2``), :class:`Answer` edits the emulator's answer by the names the AWS SDKs
parse, and :class:`Actions` puts a completion around the emulator's function.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

Fields = Mapping[str, Any]
Filters = Mapping[str, str]
Reply = tuple[int, dict[str, str], bytes]
Action = Callable[[Fields], Reply]
Completion = Callable[["Form", Action], Reply]


class ApiError(Exception):
    """An error as AWS would answer it; becomes the reply of the action that raised it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Form:
    """The fields of a request."""

    def __init__(self, fields: Fields) -> None:
        self.fields = fields

    def text(self, name: str, default: str = "") -> str:
        value = self.fields.get(name, default)
        if isinstance(value, list):
            return str(value[0]) if value else default
        return str(value)

    def flag(self, name: str) -> bool | None:
        value = self.text(name)
        return None if not value else value.lower() == "true"

    def values(self, name: str) -> list[str]:
        """``Name.1``, ``Name.2``, … in order."""
        return list(self._numbered(name, ""))

    def structures(self, name: str, members: Iterable[str]) -> list[dict[str, str]]:
        """``Name.1.Member``, ``Name.2.Member``, …; a missing member is left out."""
        found: list[dict[str, str]] = []
        members = tuple(members)
        number = 1
        while True:
            item = {
                member: self.text(f"{name}.{number}.{member}")
                for member in members
                if self.text(f"{name}.{number}.{member}")
            }
            if not item:
                return found
            found.append(item)
            number += 1

    def filters(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        number = 1
        while name := self.text(f"Filter.{number}.Name"):
            found[name] = list(self._numbered(f"Filter.{number}.Value", ""))
            number += 1
        return found

    def _numbered(self, name: str, suffix: str) -> Iterator[str]:
        number = 1
        while value := self.text(f"{name}.{number}{suffix}"):
            yield value
            number += 1

    def without(self, prefix: str) -> dict[str, Any]:
        return {key: value for key, value in self.fields.items() if not key.startswith(prefix)}

    def with_fields(self, **changed: str) -> dict[str, Any]:
        return {**self.fields, **{key: [value] for key, value in changed.items()}}


def put(parent: ET.Element, name: str, value: Any) -> None:
    """Set a member of an answer, in place of one of that name; ``None`` removes it."""
    for present in parent.findall(name):
        parent.remove(present)
    if value is not None:
        parent.append(element(name, value))


def element(name: str, value: Any) -> ET.Element:
    node = ET.Element(name)
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if inner is not None:
                node.append(element(key, inner))
    elif isinstance(value, (list, tuple)):
        for inner in value:
            node.append(element("item", inner))
    elif isinstance(value, bool):
        node.text = "true" if value else "false"
    else:
        node.text = str(value)
    return node


_NAMESPACE = re.compile(rb'\s+xmlns="([^"]*)"', re.ASCII)


class Answer:
    """The emulator's answer, open for editing; the namespace is put back at the end."""

    def __init__(self, reply: Reply) -> None:
        self.status, self.headers, body = reply
        match = _NAMESPACE.search(body)
        self._namespace = match.group(1).decode() if match else ""
        self.root = ET.fromstring(_NAMESPACE.sub(b"", body, count=1))

    def items(self, set_name: str) -> list[ET.Element]:
        return self.root.findall(f"{set_name}/item")

    def drop(self, set_name: str, item: ET.Element) -> None:
        holder = self.root.find(set_name)
        if holder is not None:
            holder.remove(item)

    def reply(self) -> Reply:
        if self._namespace:
            self.root.set("xmlns", self._namespace)
        body = ET.tostring(self.root, encoding="utf-8", xml_declaration=True)
        return self.status, {**self.headers, "Content-Type": "application/xml"}, body


def keep_matching(
    answer: Answer, set_name: str, filters: Filters, wanted: Mapping[str, list[str]]
) -> None:
    """Apply the request's filters, of which the emulator knows few and ignores the rest.

    A filter that neither of us knows is an error: ignoring it would answer more than was asked
    for, and a test that counts would pass for the wrong reason.
    """
    for name, values in wanted.items():
        path = filters.get(name)
        if path is None and not name.startswith("tag"):
            raise ApiError("InvalidParameterValue", f"The filter '{name}' is invalid")
        for item in answer.items(set_name):
            found = _tag_values(item, name) if path is None else _texts(item, path)
            if not any(fnmatch.fnmatchcase(text, value) for text in found for value in values):
                answer.drop(set_name, item)


def _texts(item: ET.Element, path: str) -> list[str]:
    return [node.text or "" for node in item.findall(path)]


def _tag_values(item: ET.Element, name: str) -> list[str]:
    tags = {
        tag.findtext("key") or "": tag.findtext("value") or ""
        for tag in item.findall("tagSet/item")
    }
    if name == "tag-key":
        return list(tags)
    if name == "tag-value":
        return list(tags.values())
    key = name.removeprefix("tag:")
    return [tags[key]] if key in tags else []


class Actions:
    """An emulator's table of actions, with ours around and beside them."""

    def __init__(
        self,
        table: dict[str, Action],
        failure: Callable[[str, str, int], Reply],
        success: Callable[[int, str, str], Reply],
    ) -> None:
        self._table = table
        self._failure = failure
        self._success = success

    def complete(self, name: str, completion: Completion) -> None:
        """Put a completion around an action that the emulator has."""
        native = self._table[name]
        self._table[name] = self._guarded(lambda fields: completion(Form(fields), native))

    def add(self, name: str, action: Callable[[Form], Mapping[str, Any]]) -> None:
        """Add an action that the emulator lacks; it answers the members that it returns."""
        if name in self._table:
            raise ValueError(f"the emulator has {name} now: complete it instead of adding it")

        def run(fields: Fields) -> Reply:
            members = action(Form(fields))
            inner = "".join(
                ET.tostring(element(key, value), encoding="unicode")
                for key, value in members.items()
            )
            return self._success(200, f"{name}Response", inner)

        self._table[name] = self._guarded(run)

    def put(self, name: str, action: Callable[[Form], Reply]) -> None:
        """Add an action that the emulator lacks and that answers for itself."""
        if name in self._table:
            raise ValueError(f"the emulator has {name} now: complete it instead of adding it")
        self._table[name] = self._guarded(lambda fields: action(Form(fields)))

    def _guarded(self, action: Action) -> Action:
        def run(fields: Fields) -> Reply:
            try:
                return action(fields)
            except ApiError as error:
                return self._failure(error.code, str(error), 400)

        return run


def edited(reply: Reply, edit: Callable[[Answer], None]) -> Reply:
    """The reply after ``edit``, or the error that it is."""
    if reply[0] >= 400:
        return reply
    answer = Answer(reply)
    edit(answer)
    return answer.reply()
