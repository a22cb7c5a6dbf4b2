"""What a WeCom message may say, and how it looks on the phone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.hosts import first_address
from sandbox.wecom.errors import WecomError

TEXT_BYTES, MARKDOWN_BYTES = 2048, 4096
TITLE_CHARS, DESCRIPTION_CHARS = 128, 512
CARDS = ("text_notice", "news_notice", "button_interaction")
Data = dict[str, Any]


@dataclass(frozen=True)
class Words:
    """A message as its reader sees it."""

    title: str
    text: str
    url: str = ""


def app_message(data: Data) -> Words:
    """The words of an app's message: 40008 for a kind there is not, 40058 names a missing field."""
    return _read(data, {"text": _text, "markdown": _markdown, "textcard": _textcard, "template_card": _template_card})


def robot_message(data: Data) -> Words:
    """The words of a robot's message."""
    return _read(data, {"text": _text, "markdown": _markdown})


def _read(data: Data, readers: dict[str, Callable[[Data], Words]]) -> Words:
    kind = str(data.get("msgtype") or "")
    if kind not in readers:
        raise WecomError(40008)
    content = data.get(kind)
    return readers[kind](content if isinstance(content, dict) else {})


def _text(content: Data) -> Words:
    words = _within(content, TEXT_BYTES)
    return Words("", words, first_address(words))


def _markdown(content: Data) -> Words:
    words = _within(content, MARKDOWN_BYTES)
    return Words("", words, first_address(words))


def _within(content: Data, most: int) -> str:
    words = str(content.get("content") or "")
    if not words.strip():
        raise WecomError(44004)
    if len(words.encode()) > most:
        raise WecomError(45002)
    return words


def _textcard(content: Data) -> Words:
    title, text, url = (_needed(content, name, "textcard") for name in ("title", "description", "url"))
    if len(title) > TITLE_CHARS or len(text) > DESCRIPTION_CHARS:
        raise WecomError(45002)
    return Words(title, text, url)


def _template_card(content: Data) -> Words:
    if content.get("card_type") not in CARDS:
        raise WecomError(40058, "template_card.card_type")
    head = content.get("main_title") or {}
    title, text = _needed(head, "title", "template_card.main_title"), str(head.get("desc") or "")
    if content["card_type"] == "button_interaction":
        _needed(content, "task_id", "template_card")
        if not content.get("button_list"):
            raise WecomError(40058, "template_card.button_list")
    lines = [f"{it.get('keyname')}：{it.get('value')}" for it in content.get("horizontal_content_list") or []]
    return Words(title, "\n".join(part for part in (text, str(content.get("sub_title_text") or ""), *lines) if part),
                 _card_url(content))  # fmt: skip


def _card_url(content: Data) -> str:
    action = content.get("card_action")
    if not isinstance(action, dict):
        if content["card_type"] == "button_interaction":
            return ""
        raise WecomError(40058, "template_card.card_action")
    return str(action.get("url") or "")


def _needed(content: Any, name: str, where: str) -> str:
    value = content.get(name) if isinstance(content, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise WecomError(40058, f"{where}.{name}")
    return value
