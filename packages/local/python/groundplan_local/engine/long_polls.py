"""Whoever asks how a stack is that is still changing, is answered when it is done.

The CDK CLI asks every five seconds, as suits an AWS where a stack takes minutes. Here it takes a
second or two, and most of a deployment would be the pause. So the answer is held back until there
is something new to say; a stack that takes long is answered in between, as it always was.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Mapping[str, Any], Receive, Send], Awaitable[None]]

# Shorter than any client waits for an answer: botocore 60 seconds, the SDK for JavaScript for ever.
LONGEST = 20.0
_PAUSE = 0.05

_ASKED = re.compile(rb"(^|&)Action=DescribeStacks(&|$)")
_NAMED = re.compile(rb"(^|&)StackName=")
# A stack in review waits for a person, and not for us.
_CHANGING = re.compile(rb"<StackStatus>(?!REVIEW_)\w+_IN_PROGRESS</StackStatus>")


def with_long_polls(app: App) -> App:
    """The emulator's app, which answers about a changing stack when it has changed."""

    async def serve(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"] != "/":
            await app(scope, receive, send)
            return
        said = await _all_of(receive)
        body = b"".join(message.get("body", b"") for message in said)
        if not (_ASKED.search(body) and _NAMED.search(body)):
            await app(scope, _again(said, receive), send)
            return
        give_up = time.monotonic() + LONGEST
        while True:
            answer: list[Message] = []
            await app(scope, _again(said, receive), _kept_in(answer))
            content = b"".join(message.get("body", b"") for message in answer)
            if not _CHANGING.search(content) or time.monotonic() > give_up:
                break
            await asyncio.sleep(_PAUSE)
        for message in answer:
            await send(message)

    return serve


async def _all_of(receive: Receive) -> list[Message]:
    said = [await receive()]
    while said[-1].get("more_body"):
        said.append(await receive())
    return said


def _again(said: list[Message], receive: Receive) -> Receive:
    left = iter(said)

    async def repeat() -> Message:
        message = next(left, None)
        return message if message is not None else await receive()

    return repeat


def _kept_in(answer: list[Message]) -> Send:
    async def keep(message: Message) -> None:
        answer.append(message)

    return keep
