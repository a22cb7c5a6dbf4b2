"""What is kept of a secret: its sum, keyed by our own key and the branch: elsewhere the same secret has another."""

from django.utils.crypto import salted_hmac

from tenants.context import current_branch


def keyed(what: str, *parts: object) -> str:
    """The hexadecimal sum of these parts; `what` says what for, so that no sum serves for anything else."""
    told = "\n".join([str(current_branch().uuid), *(str(part) for part in parts)])
    return salted_hmac(f"steppe.wechat.{what}", told, algorithm="sha256").hexdigest()
