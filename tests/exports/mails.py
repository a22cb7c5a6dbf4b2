"""A real mail server inside the test process, and reports as the tests schedule them."""

from contextlib import contextmanager
from datetime import datetime, time
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from apps.exports import services
from apps.exports.models import Letter, Schedule
from apps.people.accounts.models import User
from infra.local import ports
from steppe.kernel import clock
from steppe.kernel.clock import BUSINESS_ZONE
from tests.make import actor, key

COLUMNS = ["ticket_no", "type", "status"]


class Box:
    """What the server took, and what it says to whom: `answers` is address → its next answers."""

    def __init__(self):
        self.mail, self.answers, self.after_data = [], {}, []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answers.get(address):
            return self.answers[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mail.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        if self.after_data:
            server.transport.close() if self.after_data.pop(0) == "break" else None
        return "250 OK"

    def to(self, address):
        return [message for to, message in self.mail if to == [address]]


@contextmanager
def server(settings):
    """Answering on a port of its own; the settings lead there."""
    box = Box()
    port = ports.any_free()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    settings.STEPPE_MAIL_HOST, settings.STEPPE_MAIL_FROM = "127.0.0.1", "reports@example.cn"
    try:
        yield box
    finally:
        controller.stop()


def user(who):
    return User.objects.get(username=who).pk


def reach(who, address=""):
    """Where mail reaches somebody, entered by the administrator."""
    told = {"user_id": user(who), "address": address or f"{who}@branch.cn"}
    services.set_mail_address(**told, by=actor("bai"), key=key())


def plan(who="bai", to=("lin",), **more):
    """The public id of a report on its schedule: tickets of yesterday, each day at 08:00."""
    told = {
        "source": "tickets", "form": "csv", "period": "reported", "rule": "yesterday", "day": 0, "at": time(8),
        "columns": COLUMNS, "staff": [user(one) for one in to], "outside": [], **more,
    }  # fmt: skip
    return services.save_schedule(**told, by=actor(who), key=key()).public_id


def row(public_id):
    return Schedule.objects.get(public_id=public_id)


def sweep():
    """What the sweep does and the tasks it wakes, until nothing is left to do now."""
    for _ in range(3):
        for schedule in services.due_schedules():
            if export := services.begin(schedule):
                services.make(export)
        services.follow()
        for letter in services.waiting_letters():
            services.send_letter(letter)
    services.follow()


@contextmanager
def on(day, hour=9, month=11, minute=0):
    with clock.frozen(datetime(2026, month, day, hour, minute, tzinfo=BUSINESS_ZONE)):
        yield


def states():
    return list(Letter.objects.order_by("id").values_list("address", "state"))
