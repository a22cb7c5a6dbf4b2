"""The other ways to a phone: WeCom for staff, an SMS gateway for everybody. One of each in a branch, secrets sealed."""

from django.db import models


class Channel(models.Model):
    """What all of them have: on or off, a pause after trouble, and what the trouble was."""

    enabled = models.BooleanField(default=True)
    paused_until = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=240, blank=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class WecomAccount(Channel):
    """The branch's application in its WeCom (企业微信), or only a group's robot by its sealed key."""

    corpid = models.CharField(max_length=40, blank=True)
    agentid = models.CharField(max_length=20, blank=True)
    secret = models.TextField(blank=True)
    robot_key = models.TextField(blank=True)


class WecomMember(models.Model):
    """A member of staff's name in WeCom."""

    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="+")
    userid = models.CharField(max_length=64, unique=True)


class SmsAccount(Channel):
    """The branch's account at the SMS gateway. `templates` maps our card to the gateway's template:
    {card: {"template_id", "facts": ["number", "fault"]}}, the facts in the order of the template's places.
    """

    provider = models.CharField(max_length=20, default="tencent")
    app_id = models.CharField(max_length=40)
    key_id = models.CharField(max_length=80)
    secret = models.TextField()
    sign_name = models.CharField(max_length=40)
    templates = models.JSONField(default=dict, blank=True)
