"""What the sandbox knows: service accounts, people, what they follow and what they see in their chats."""

from dataclasses import dataclass, field
from typing import Any, Literal

Button = dict[str, Any]
EntryKind = Literal["card", "said", "reply", "notice"]
Mode = Literal["secure", "compat", "plain"]
Channel = Literal["custom", "wecom", "robot", "sms"]


@dataclass(frozen=True)
class Keyword:
    """One line of a template: its key ("thing1"), its label, and the allowed values of a `const`."""

    key: str
    label: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Template:
    """A template in one of the account's two pools; `added` by its API and not by the control API."""

    template_id: str
    title: str
    keywords: tuple[Keyword, ...]
    added: bool = False
    scene: str = ""


@dataclass
class Standing:
    """How an account stands with WeChat: what its administrator and WeChat's own rules may change.

    `ip_whitelist` None checks no address; `seen_ip` is the address WeChat sees, instead of the caller's own.
    `banned` is 0, 48004 or 50002. `limits` replaces usual limits: a path's daily one, or one of LIMITS.
    """

    mode: Mode = "secure"
    ip_whitelist: tuple[str, ...] | None = None
    risky_ips: tuple[str, ...] = ()
    seen_ip: str = ""
    banned: int = 0
    frozen: bool = False
    verified: bool = True
    open_platform: str = ""
    limits: dict[str, int] = field(default_factory=dict)


@dataclass
class Account:
    """A service account and how it is set up at WeChat."""

    appid: str
    secret: str
    original_id: str
    name: str
    token: str
    aes_key: str
    callback_url: str
    oauth_domains: tuple[str, ...]
    js_domains: tuple[str, ...]
    templates: dict[str, Template]
    menu: list[Button] = field(default_factory=list)
    subscribe_templates: dict[str, Template] = field(default_factory=dict)
    standing: Standing = field(default_factory=Standing)


@dataclass
class Follow:
    """How one person is known to one account: the openid stays, following comes and goes; `scene` is the code."""

    appid: str
    openid: str
    following: bool
    since: int
    scene: str = ""


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
    phone: str = ""
    ios: bool = False
    wecom: dict[str, str] = field(default_factory=dict)
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
    channel: str = "template"


@dataclass
class Letter:
    """A message of any other channel as its receiver sees it; `appid` is the account, corpid or SMS app.

    `copies` counts sends that a duplicate check swallowed; `delivered` False was accepted and never arrived.
    """

    msgid: str
    channel: Channel
    appid: str
    to: str
    user_id: str
    kind: str
    title: str
    text: str
    url: str
    at: float
    sender: str = ""
    copies: int = 0
    delivered: bool = True
    content: dict[str, Any] = field(default_factory=dict)


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
    url: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Media:
    """An uploaded file; its id lives three days (WeChat doc: §1.9)."""

    media_id: str
    appid: str
    kind: str
    content_type: str
    content: bytes
    created_at: int
