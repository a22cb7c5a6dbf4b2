"""A branch's service account (服务号), with its secrets sealed: see calls/vault.py."""

from django.db import models

SEALED = ("app_secret", "token", "aes_key", "previous_aes_key")


class WxAccount(models.Model):
    """A verified service account (服务号) of this branch. The four secrets are sealed: see vault.py.

    A `shared` one belongs to headquarters: its secrets and its callback stand in gateway.SharedAccount, not here.
    `templates` maps our card to WeChat's template: {card: {"template_id", "title", "keywords": {fact: "thing2"}}};
    `broken` in an entry keeps the number that switched it off. While `paused_until` lies ahead nothing is sent.
    `notices` is the same for subscribe notices (订阅通知), whose templates are another pool.
    `aes_key` was changed last at `rotated_at`; the one before is accepted until it is taken out.
    `verify_files` are WeChat's proofs of the domain, {"MP_verify_….txt": content}; `menu` the buttons when they are
    not the standard ones; `datums` the coordinate system of what comes by chat, {"event": "wgs84", "message": "gcj02"};
    `checks` the last result of each step of the guide, {step: {"ok", "at", "facts"}}. At `verified_at` WeChat last
    proved the callback's address, at `heard_at` it last said anything.
    """

    appid = models.CharField(max_length=40, unique=True)
    original_id = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    app_secret = models.TextField()
    token = models.TextField()
    aes_key = models.TextField()
    previous_aes_key = models.TextField(blank=True)
    templates = models.JSONField(default=dict, blank=True)
    notices = models.JSONField(default=dict, blank=True)
    enabled = models.BooleanField(default=True)
    shared = models.BooleanField(default=False)
    paused_until = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=240, blank=True)
    rotated_at = models.DateTimeField(null=True)
    verify_files = models.JSONField(default=dict, blank=True)
    menu = models.JSONField(default=list, blank=True)
    datums = models.JSONField(default=dict, blank=True)
    checks = models.JSONField(default=dict, blank=True)
    verified_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
