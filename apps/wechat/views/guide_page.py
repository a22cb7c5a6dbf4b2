"""The guide as its page draws it: every step in words, with what to do next. No rules, no writes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.tickets.asking import UnjudgedForm
from apps.wechat import guide_words as words
from apps.wechat.models import WxAccount
from apps.wechat.rules import advice, guide
from apps.wechat.rules.account_form import PLAIN, SECRETS
from apps.wechat.rules.cards import CARDS

Errors = Mapping[str, list[str]]


@dataclass(frozen=True)
class Advice:
    """What is wrong, what to do, the address WeChat saw, and WeChat's own words for whoever runs the system."""

    what: str
    todo: str
    address: str = ""
    said: str = ""


@dataclass(frozen=True)
class Step:
    """One step: how it stands, when it was tried last, what to do."""

    number: int
    name: str
    title: str
    stand: str
    shape: str
    word: str
    sentence: str
    tried: datetime | None
    advice: Advice | None
    is_next: bool = False

    @property
    def is_open(self) -> bool:
        """What is wrong, and the first thing to do, lie open; the rest is a line each."""
        return self.is_next or self.stand == guide.Stand.WRONG


def their_cards(account: WxAccount) -> list[dict[str, Any]]:
    """What headquarters chose for each of our cards, by name. No query."""
    chosen = {card: account.templates.get(card) or {} for card in CARDS}
    return [
        {"title": CARDS[card].title, "template": _name_of(entry), "broken": entry.get("broken")}
        for card, entry in chosen.items()
    ]  # fmt: skip


def _name_of(entry: Mapping[str, Any]) -> str:
    return str(entry.get("title") or entry.get("template_id") or "")


def steps(account: WxAccount | None) -> dict[str, Step]:
    """All steps in their order. No query."""
    checks = account.checks if account else {}
    stands = guide.stands(_judged(account) if account else None)
    drawn = {name: _step(at, name, *stands[name], checks.get(name)) for at, name in enumerate(stands, 1)}
    first = next((one for one in drawn.values() if one.stand != guide.Stand.GOOD), None)
    return drawn | ({first.name: replace(first, is_next=True)} if first else {})


def trouble_of(account: WxAccount | None) -> Advice | None:
    """The account's trouble with its exact fix, if it has one."""
    if account is None or not account.trouble:
        return None
    errcode = advice.number_in(account.trouble)
    errmsg = account.trouble if errcode is None else account.trouble.partition(" ")[2]
    return _advice(advice.kind_of(errcode, errmsg), errcode, errmsg, advice.address_in(errmsg))


def advice_for(facts: Mapping[str, Any]) -> Advice:
    """The advice for the facts of a check that went wrong."""
    kind = str(facts.get("advice") or ("not_served" if facts.get("files") else "other"))
    return _advice(kind, facts.get("errcode"), str(facts.get("errmsg", "")), str(facts.get("address", "")))


def _advice(kind: str, errcode: int | None, errmsg: str, address: str) -> Advice:
    what, todo = words.ADVICE.get(kind, words.ADVICE["other"])
    own = f"{errcode} {errmsg}" if errcode is not None else ""
    return Advice(str(what), str(todo), address, own)


def _judged(account: WxAccount) -> guide.Account:
    broken = sum(1 for one in account.templates.values() if one.get("broken"))
    return guide.Account(
        enabled=account.enabled, two_keys=bool(account.previous_aes_key), verified_at=account.verified_at,
        rotated_at=account.rotated_at, files=len(account.verify_files), mapped=len(account.templates),
        broken=broken, wanted=len(CARDS), checks=account.checks,
    )  # fmt: skip


def _step(number: int, name: str, stand: guide.Stand, sentence: str, last: Mapping[str, Any] | None) -> Step:
    tried = datetime.fromisoformat(last["at"]) if last else None
    told = advice_for(last["facts"]) if last and not last["ok"] and stand == guide.Stand.WRONG else None
    return Step(
        number, name, str(words.TITLES[name]), str(stand), words.SHAPES[stand], str(words.STANDS[stand]),
        words.sentence(name, sentence), tried, told,
    )  # fmt: skip


class AccountForm(UnjudgedForm):
    """The account's keys. A secret's field is always empty, but for a suggestion that is kept nowhere yet."""

    appid = forms.Field(label="AppID")
    original_id = forms.Field(label=_("Original id"))
    name = forms.Field(label=_("Name of the account"))
    app_secret = forms.Field(label="AppSecret")
    token = forms.Field(label="Token")
    aes_key = forms.Field(label="EncodingAESKey")

    def __init__(self, given: Mapping[str, str], errors: Errors | None = None, *, known: bool) -> None:
        super().__init__(initial=dict(given))
        for name in (*PLAIN, *SECRETS):
            self.fields[name].required = name in PLAIN or not known
            # No manager of passwords: these are nobody's, and it would offer to fill them in.
            attrs = {"autocomplete": "off", "spellcheck": "false", "maxlength": 64, "data-1p-ignore": ""}
            self.fields[name].widget = forms.TextInput(attrs=attrs)
            if name in SECRETS and known:
                self.fields[name].help_text = str(_("Set. Leave it empty to keep it."))
        for name, sentences in (errors or {}).items():
            if name in self.fields:
                self.blame(name, sentences)
