"""An invented service account for the sandbox, always the same for the same branch. Opens nothing anywhere else."""

import base64
import hashlib
from typing import Any

from apps.wechat.cards import standard_templates


def demo_account(slug: str, name: str) -> dict[str, Any]:
    """The arguments of `connect_account` for a demo branch."""
    appid = "wx" + _digest(slug, "appid")[:16]
    return {
        "appid": appid,
        "original_id": "gh_" + _digest(slug, "original")[:12],
        "name": f"{name}服务号",
        "app_secret": _digest(slug, "secret")[:32],
        "token": _digest(slug, "token")[:24],
        "aes_key": base64.b64encode(bytes.fromhex(_digest(slug, "aes"))).decode().rstrip("="),
        "templates": standard_templates(appid),
    }


def _digest(slug: str, what: str) -> str:
    return hashlib.sha256(f"steppe demo\n{slug}\n{what}".encode()).hexdigest()
