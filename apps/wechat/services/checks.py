"""The guide's buttons: ask WeChat now, keep what it said. WeChat is asked outside any transaction; asking twice is
harmless, so these are no commands, but each leaves a row in the audit."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.urls import Resolver404, resolve

from apps.wechat import account_reads
from apps.wechat.calls import probe
from apps.wechat.calls.client import client_for
from apps.wechat.calls.vault import credentials_of
from apps.wechat.errors import NoAccount, UnknownStep, WeChatError
from apps.wechat.links import page_url
from apps.wechat.models import StaffBinding, WxAccount
from apps.wechat.rules import advice, templates
from apps.wechat.rules.cards import CARDS, FACTS, rendered
from apps.wechat.services import menus
from apps.wechat.services.accounts import forgive
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.journal_store import write_note
from tenants.context import current_branch

Facts = dict[str, Any]
Outcome = tuple[bool, Facts]


def run_check(step: str, *, by: Actor, key: str = "") -> dict[str, Any]:
    """Try one step and keep the result in the account: {"ok", "at", "facts"}. `key` names a test card.

    Raises NotAllowed, NoAccount, UnknownStep; what goes wrong at WeChat is a result. Up to three calls to WeChat.
    """
    account = required(by)
    if step not in CHECKS:
        raise UnknownStep
    return keep_result(account, step, lambda: CHECKS[step](account, by, key), by=by)


def publish_now(*, by: Actor) -> dict[str, Any]:
    """Put the kept menu below every chat; the result is the menu step's. Raises NotAllowed, NoAccount."""
    account = required(by)

    def publish() -> Outcome:
        menus.publish_menu(account)
        return True, menus.compared(account) | {"published": True}

    return keep_result(account, "menu", publish, by=by)


def required(by: Actor) -> WxAccount:
    """The account its administrator looks after. Raises NotAllowed, NoAccount."""
    account = account_reads.kept_account(by=by)
    if account is None:
        raise NoAccount
    return account


def keep_result(account: WxAccount, step: str, ask: Callable[[], Outcome], *, by: Actor) -> dict[str, Any]:
    """Ask, keep the answer with its time, note who asked. Locks the account's row, not while WeChat is asked."""
    forgive(account)  # what failed a moment ago may be mended now
    try:
        good, facts = ask()
    except WeChatError as error:
        good, facts = False, said_by(error)
    result = {"ok": good, "at": clock.now().isoformat(), "facts": facts}
    with transaction.atomic():
        locked = WxAccount.objects.select_for_update().get(pk=account.pk)
        locked.checks[step] = _remembering(locked.checks.get(step), result)
        locked.save(update_fields=["checks"])
    noted = {"step": step, "ok": good, "errcode": facts.get("errcode")}
    write_note("wechat.check", by, noted, entity="wechat_account", entity_id=account.pk)
    return result


def _remembering(last: Facts | None, result: Facts) -> Facts:
    """Templates that cannot be fetched now are still those that were fetched before."""
    pool = ((last or {}).get("facts") or {}).get("pool")
    return result if pool is None or result["ok"] else result | {"facts": {"pool": pool} | result["facts"]}


def said_by(error: WeChatError) -> Facts:
    """What an error tells a person: its number and WeChat's sentence, never an address with a secret."""
    facts = {"errcode": error.errcode, "errmsg": error.errmsg, "rid": error.rid}
    facts["advice"] = advice.kind_of(error.errcode, error.errmsg)
    seen = advice.address_in(error.errmsg) if error.errcode in {40164, 61004} else ""
    return facts | ({"address": seen} if seen else {})


def _token(account: WxAccount, by: Actor, key: str) -> Outcome:
    probe.token(credentials_of(account))
    return True, {}


def _callback(account: WxAccount, by: Actor, key: str) -> Outcome:
    """Does WeChat reach the host of the callback? Its own check of name and network."""
    probe.token(credentials_of(account))
    answer = client_for(account).post("callback/check", data={"action": "all", "check_operator": "DEFAULT"})
    lost = [one.get("package_loss", "") for one in answer.get("ping") or []]
    reached = any(loss != "100%" for loss in lost)
    return reached, {} if reached else {"advice": "unreachable"}


def _domains(account: WxAccount, by: Actor, key: str) -> Outcome:
    """Do we serve, at the host's root, exactly what was kept?"""
    wrong = [name for name, content in account.verify_files.items() if _served(name) != content]
    if not account.verify_files:
        return False, {"advice": "no_file"}
    return not wrong, {"files": wrong} if wrong else {}


def _served(name: str) -> str | None:
    try:
        found = resolve(f"/{name}")
    except Resolver404:
        return None
    return account_reads.domain_file(found.kwargs.get("file_name", ""))


def _templates(account: WxAccount, by: Actor, key: str) -> Outcome:
    """Fetch the account's templates; each of our cards is judged by them anew."""
    pool = [
        {name: str(one.get(name, "")) for name in ("template_id", "title", "content")}
        for one in client_for(account).get("template/get_all_private_template").get("template_list") or []
    ]
    found = templates.judge(account.templates, pool)
    wrong = list(dict.fromkeys(one.card for one in found))
    return not wrong, {"pool": pool, "wrong": wrong} | ({"advice": "wrong_cards"} if wrong else {})


def _menu(account: WxAccount, by: Actor, key: str) -> Outcome:
    return True, menus.compared(account)


def _card(account: WxAccount, by: Actor, key: str) -> Outcome:
    """A card to the phone of who asks. The same key within ten minutes makes no second one."""
    binding = StaffBinding.objects.filter(account=account, user_id=by.id or 0).first()
    chosen = account.templates  # as our cards are listed, new tickets first: stored JSON has an order of its own
    card = next((name for name in CARDS if name in chosen and not chosen[name].get("broken")), None)
    if binding is None or card is None:
        return False, {"advice": "not_bound" if binding is None else "no_template"}
    template = account.templates[card]
    msgid = client_for(account).send_template(
        openid=binding.openid, template_id=template["template_id"], url=page_url("/w/me"),
        data=rendered(template["keywords"], _sample()), client_msg_id=_name_of(key or clock.now().isoformat()),
    )  # fmt: skip
    return True, {"msgid": str(msgid), "card": card}


def _name_of(key: str) -> str:
    """The card's name towards WeChat: ASCII, at most 32, the same for the same wish."""
    return "TEST" + sha256(f"{current_branch().uuid}/{key}".encode()).hexdigest()[:26]


def _sample() -> dict[str, str]:
    facts = dict.fromkeys(FACTS, "测试卡片")
    return facts | {"number": "TEST-0001", "time": clock.now().isoformat(), "status": "测试"}


CHECKS: dict[str, Callable[[WxAccount, Actor, str], Outcome]] = {
    "token": _token, "callback": _callback, "domains": _domains, "templates": _templates, "menu": _menu,
    "card": _card,
}  # fmt: skip
