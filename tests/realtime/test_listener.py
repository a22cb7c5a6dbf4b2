"""One socket: in order, never in the way of the others, and closed when it takes nothing."""

import asyncio
import json
from typing import Any

from realtime.listener import BACKLOG, Listener
from steppe.kernel.actors import ANONYMOUS


class Wire:
    """A socket's far end: takes frames, or stands still."""

    def __init__(self, *, stuck: bool = False, broken: bool = False) -> None:
        self.sent: list[dict[str, Any]] = []
        self.may_go, self.broken = asyncio.Event(), broken
        if not stuck:
            self.may_go.set()

    async def send(self, message: dict[str, Any]) -> None:
        if self.broken:
            raise OSError("nobody there")
        await self.may_go.wait()
        self.sent.append(message)

    def texts(self) -> list[str]:
        return [message["text"] for message in self.sent if message["type"] == "websocket.send"]


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_frames_keep_their_order() -> None:
    async def story() -> list[str]:
        wire = Wire()
        listener = Listener(wire.send, "s", ANONYMOUS)
        listener.offer(["1", "2"])
        await settle()
        listener.offer(["3"])
        await settle()
        return wire.texts()

    assert asyncio.run(story()) == ["1", "2", "3"]


def test_a_stuck_socket_is_closed_and_holds_up_nobody() -> None:
    async def story() -> tuple[bool, list[str], list[dict[str, Any]]]:
        stuck, well = Wire(stuck=True), Wire()
        slow, quick = (Listener(wire.send, "s", ANONYMOUS) for wire in (stuck, well))
        for number in range(BACKLOG + 2):
            slow.offer([str(number)])
            quick.offer([str(number)])
            if number % 100 == 0:
                await settle()
        await settle()
        stuck.may_go.set()
        await settle()
        return slow.ended.is_set(), well.texts(), stuck.sent

    ended, texts, last = asyncio.run(story())
    assert ended
    assert texts[-1] == str(BACKLOG + 1)
    assert json.loads(last[-2]["text"]) == {"t": "bye", "why": "slow"}
    assert last[-1] == {"type": "websocket.close", "code": 4408}


def test_a_dead_socket_ends_without_noise() -> None:
    async def story() -> bool:
        listener = Listener(Wire(broken=True).send, "s", ANONYMOUS)
        listener.offer(["1"])
        await settle()
        listener.offer(["2"])
        return listener.ended.is_set()

    assert asyncio.run(story())


def test_after_the_goodbye_nothing_follows() -> None:
    async def story() -> list[str]:
        wire = Wire()
        listener = Listener(wire.send, "s", ANONYMOUS)
        listener.leave("changed")
        listener.offer(["1"])
        listener.leave("no-access")
        await settle()
        return wire.texts()

    assert asyncio.run(story()) == ['{"t":"bye","why":"changed"}']
