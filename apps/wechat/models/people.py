"""Who is known to an account: staff bound to it, customers who came by."""

from django.db import models

from apps.wechat.models.accounts import WxAccount


class Known(models.Model):
    """Somebody known to an account by an openid, which means nothing under any other account.

    `followed` is what WeChat told last, at `follow_seen_at` (its own clock, so late events change nothing).
    `refused` keeps until when a template is not tried, by template id. At `erased_at` what stood about the person was
    removed, because they had unfollowed.
    """

    account = models.ForeignKey(WxAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    openid = models.CharField(max_length=64)
    followed = models.BooleanField(default=True)
    follow_seen_at = models.DateTimeField(null=True)
    refused = models.JSONField(default=dict, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class StaffBinding(Known):
    """A member of staff reads cards and signs in by WeChat. One person and one openid to each other."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "openid"], name="staffbinding_openid_once"),
            models.UniqueConstraint(fields=["account", "user"], name="staffbinding_person_once"),
        ]


class CustomerIdentity(Known):
    """A customer as WeChat knows them, made at the first visit."""

    customer = models.ForeignKey("people.Customer", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "openid"], name="customeridentity_openid_once")]
