"""Who is on the telephone right now, as the branch's telephone system says it."""

from django.db import models


class Call(models.Model):
    """A call that rings at one agent. It is nobody's history: the row goes within a day (services/calls.py).

    `source` names the system that told of it, `call_id` is that system's own name for the call. `phone` is a number as
    we keep them, or what came where it is none. `rang_at` is shown, `heard_at` decides how long it is shown.
    """

    public_id = models.CharField(max_length=16, unique=True)
    source = models.CharField(max_length=40)
    call_id = models.CharField(max_length=64)
    phone = models.CharField(max_length=30)
    agent_id = models.BigIntegerField()
    rang_at = models.DateTimeField()
    heard_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "call_id"], name="call_told_once")]
        indexes = [models.Index(fields=["agent_id", "heard_at"], name="call_of_agent")]
