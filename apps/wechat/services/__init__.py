"""Every write of this room, one file per kind."""

from apps.wechat.demo import demo_account
from apps.wechat.services.accounts import callback_url, connect_account, resume_account
from apps.wechat.services.bindings import bind_at_once, bind_staff, recognise_customer, unbind_staff
from apps.wechat.services.checks import publish_now, run_check
from apps.wechat.services.domain_files import keep_domain_file, remove_domain_file
from apps.wechat.services.entering import (
    enter_account,
    mended,
    rotate_aes_key,
    suggest,
    switch_account,
    take_out_previous_key,
)
from apps.wechat.services.letters import dead_letters, discard_letters, how_many_dead, retry_letters
from apps.wechat.services.menus import buttons_of, keep_menu, menu, publish_menu
from apps.wechat.services.templates import add_from_library, map_card, mend_card, pool_of, unmap_card

__all__ = [
    "add_from_library", "bind_at_once", "bind_staff", "buttons_of", "callback_url", "connect_account", "dead_letters",
    "demo_account", "discard_letters", "enter_account", "how_many_dead", "keep_domain_file", "keep_menu", "map_card",
    "mend_card", "mended", "menu", "pool_of", "publish_menu", "publish_now", "recognise_customer",
    "remove_domain_file", "resume_account", "retry_letters", "rotate_aes_key", "run_check", "suggest",
    "switch_account", "take_out_previous_key", "unbind_staff", "unmap_card",
]  # fmt: skip
