"""Checks that span rooms, in words an operator can act on."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

OFFICIAL = {
    "STEPPE_WECHAT_ROOT": "https://api.weixin.qq.com",
    "STEPPE_WECOM_ROOT": "https://qyapi.weixin.qq.com",
    "STEPPE_SMS_ROOT": "https://sms.tencentcloudapi.com",
}


@register()
def wechat_root_is_tencents(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A root other than Tencent's receives every account and secret: only a sandbox may."""
    if settings.STEPPE_WECHAT_SANDBOX:
        return []
    return [
        Error(
            f"{name} is not Tencent's own address.",
            hint=f"Unset {name}, or run with the sandbox. Expected {official}.",
            id="steppe.E001",
        )
        for name, official in OFFICIAL.items()
        if getattr(settings, name) != official
    ]


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
