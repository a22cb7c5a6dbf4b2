"""The hand of one person on one chat: what every deed is done with (WeChat doc: §4.2)."""

from collections.abc import Callable
from typing import Any

from sandbox.callbacks import Message, event
from sandbox.models import Account, Person
from sandbox.pusher import Push
from sandbox.windows import Trigger
from sandbox.world import World

Data = dict[str, Any]


class Hand:
    """One person with the chat of one account open."""

    def __init__(self, world: World, person: Person, account: Account) -> None:
        self.world, self.person, self.account = world, person, account
        self.follow = world.state.know(person, account.appid)

    def push(self, message: Message) -> Push:
        """Let WeChat tell the account."""
        return self.world.pusher.push(
            self.account,
            openid=self.follow.openid,
            message=message,
            created=self.world.state.clock.seconds(),
        )

    def open_window(self, trigger: Trigger) -> None:
        """The account may answer for a while."""
        self.world.state.windows.open(self.account.appid, self.follow.openid, trigger)

    def say(self, kind: str, words: str, fields: dict[str, str | int | float], *, picture: str = "") -> Data:
        """Send a message to the account; it shows in the person's own chat at once."""
        state = self.world.state
        state.add_entry(person=self.person, appid=self.account.appid, kind="said", text=words, picture=picture)
        self.open_window("message")
        return pushed(self.push(Message(kind, {**fields, "MsgId": state.next_msgid()})))

    def begin(self, scene: str, ticket: str) -> Push:
        """Follow the account, by a code or without one: the chat begins, and the account hears of it."""
        self.follow.following = True
        self.follow.since = self.world.state.clock.seconds()
        self.follow.scene = scene
        words = f"你已关注“{self.account.name}”"
        self.world.state.add_entry(person=self.person, appid=self.account.appid, kind="notice", text=words)
        self.open_window("follow")
        key = f"qrscene_{scene}" if scene else ""
        return self.push(event("subscribe", {"EventKey": key, **({"Ticket": ticket} if ticket else {})}))


Deed = Callable[[Hand, Data], Data]


def pushed(push: Push) -> Data:
    """What a deed answers when WeChat told the account."""
    return {"push_id": push.push_id}
