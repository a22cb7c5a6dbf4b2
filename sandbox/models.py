"""What the sandbox knows: service accounts, people, what they follow and what they see in their chats."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Button = dict[str, Any]
EntryKind = Literal["card", "said", "reply", "notice"]


@dataclass(frozen=True)
class Keyword:
    """One line of a template: its key ("thing1"), its label, and the allowed values of a `const`."""

    key: str
    label: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Template:
    """A template in the account's pool of template messages."""

    template_id: str
    title: str
    keywords: tuple[Keyword, ...]


@dataclass
class Account:
    """A verified service account and how it is set up at WeChat."""

    appid: str
    secret: str
    original_id: str
    name: str
    token: str
    aes_key: str
    callback_url: str
    oauth_domains: tuple[str, ...]
    js_domains: tuple[str, ...]
    templates: Mapping[str, Template]
    menu: list[Button] = field(default_factory=list)


@dataclass
class Follow:
    """How one person is known to one account: the openid stays, following comes and goes."""

    appid: str
    openid: str
    following: bool
    since: int


@dataclass
class Person:
    """Somebody with a phone."""

    user_id: str
    name: str
    group: str
    avatar: str
    lat: float
    lng: float
    location_allowed: bool = True
    follows: dict[str, Follow] = field(default_factory=dict)


@dataclass(frozen=True)
class CardLine:
    """One rendered line of a card."""

    key: str
    label: str
    value: str


@dataclass
class Card:
    """A template message as the person sees it; `copies` counts sends swallowed by client_msg_id."""

    msgid: int
    client_msg_id: str
    user_id: str
    appid: str
    openid: str
    template_id: str
    title: str
    lines: tuple[CardLine, ...]
    url: str
    at: float
    copies: int = 0
    delivered: bool = True


@dataclass(frozen=True)
class Entry:
    """One bubble of a chat, numbered over the whole sandbox so that a page can ask for what is new."""

    seq: int
    user_id: str
    appid: str
    kind: EntryKind
    at: float
    text: str = ""
    card: Card | None = None


@dataclass(frozen=True)
class Media:
    """An uploaded file; its id lives three days (WeChat doc: §1.9)."""

    media_id: str
    appid: str
    kind: str
    content_type: str
    content: bytes
    created_at: int
