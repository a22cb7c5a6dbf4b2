"""Checks that span rooms, in words an operator can act on."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register()
def wechat_root_is_tencents(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A root other than Tencent's receives every appid and secret: only a sandbox may."""
    official = "https://api.weixin.qq.com"
    if official == settings.STEPPE_WECHAT_ROOT or settings.STEPPE_WECHAT_SANDBOX:
        return []
    hint = f"Unset STEPPE_WECHAT_ROOT, or run with the sandbox. Expected {official}."
    return [Error("STEPPE_WECHAT_ROOT is not WeChat's own address.", hint=hint, id="steppe.E001")]


@register()
def every_room_has_a_schema(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """An app is wholly shared, wholly per branch, or on the written list of both."""
    shared, branch = set(settings.SHARED_APPS), set(settings.TENANT_APPS)
    unlisted = sorted((shared & branch) - set(settings.BOTH))
    return [
        Error(f"{app} is in both kinds of schema.", hint="Add it to BOTH with a reason.", id="steppe.E002")
        for app in unlisted
    ]


@register(Tags.security, deploy=True)
def cookies_are_host_only(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A parent-domain cookie would carry one branch's session to all the others."""
    named = settings.SESSION_COOKIE_NAME.startswith("__Host-") and settings.CSRF_COOKIE_NAME.startswith("__Host-")
    if named and not settings.SESSION_COOKIE_DOMAIN and not settings.CSRF_COOKIE_DOMAIN:
        return []
    return [Error("Cookies are not host-only.", hint="Use __Host- names and no cookie domain.", id="steppe.E003")]


def tables_of(labels: set[str]) -> set[str]:
    """The table names of these Django apps."""
    return {model._meta.db_table for model in apps.get_models() if model._meta.app_label in labels}
