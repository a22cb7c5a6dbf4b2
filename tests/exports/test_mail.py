"""A report goes out by mail, through a real server: to whom it may, once for a period, again when it could not."""

import csv
import io
import json
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from apps.exports import letters, services
from apps.exports.errors import (
    BadExport,
    BadMailSettings,
    BadSchedule,
    ExportNotFound,
    MailNotSetUp,
    Over,
    ScheduleNotFound,
    SourceNotFound,
    TooManySchedules,
)
from apps.exports.models import ExportJob, Letter, Mailing
from apps.exports.services import posting
from apps.people.accounts.models import RoleGrant, User
from apps.tickets.models import Ticket
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM
from steppe.kernel.clock import BUSINESS_ZONE
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch
from tests.exports import mails
from tests.exports.mails import on, plan, reach, row, states, sweep, user
from tests.make import actor, key, make_ticket


@pytest.fixture
def box(lotus_db, settings):
    """The server, and two people whom mail reaches."""
    with mails.server(settings) as found:
        reach("lin")
        reach("hui")
        yield found


def reported(day, count=2):
    """Tickets of a day of November."""
    made = [make_ticket() for _ in range(count)]
    moment = datetime(2026, 11, day, 12, tzinfo=BUSINESS_ZONE)
    Ticket.objects.filter(pk__in=[one.pk for one in made]).update(reported_at=moment)
    return [one.ticket_no for one in made]


def rows_of(message):
    (part,) = message.iter_attachments()
    return list(csv.reader(io.StringIO(part.get_payload(decode=True).decode("utf-8-sig"))))[1:]


def test_yesterday_s_tickets_are_in_the_box_in_the_morning(box):
    wanted = reported(1)
    with on(1):
        public_id = plan(to=("lin", "hui"))
        sweep()
        assert box.mail == []
    with on(2):
        sweep()
        (message,) = box.to("lin@branch.cn")
        assert [one[0] for one in rows_of(message)] == wanted
        assert message["From"] == "reports@example.cn" and message["Auto-Submitted"] == "auto-generated"
        assert "工单记录" in message["Subject"] and "2026-11-01" in message["Subject"] and "莲花" in message["Subject"]
        assert ExportJob.objects.get().sha256 in message.get_body().get_content()
        assert len(box.to("hui@branch.cn")) == 1
        mailing = Mailing.objects.get()
        assert (mailing.state, row(public_id).next_at) == ("sent", datetime(2026, 11, 3, 8, tzinfo=BUSINESS_ZONE))
    noted = AuditEntry.objects.filter(action="exports.send_letter")
    assert {json.loads(one.details["args"])["to"] for one in noted} == {"lin@branch.cn", "hui@branch.cn"}


def test_never_twice_for_the_same_period(box):
    with on(1):
        public_id = plan()
    with on(2):
        sweep()
        sweep()
        due = datetime(2026, 11, 2, 8, tzinfo=BUSINESS_ZONE)
        mails.Schedule.objects.filter(public_id=public_id).update(next_at=due)
        sweep()
        assert len(box.mail) == 1 and Mailing.objects.count() == 1
        assert row(public_id).next_at == due + timedelta(days=1)


def test_two_sweeps_at_once_send_one_letter(committed, lotus, settings):
    with mails.server(settings) as box, in_branch(lotus.tenant):
        reach("lin")
        plan()
        mails.Schedule.objects.update(next_at=clock.now() - timedelta(minutes=1))
        ready = Barrier(2)

        def run():
            try:
                with in_branch(lotus.tenant):
                    ready.wait()
                    sweep()
            finally:
                connections.close_all()

        both = [Thread(target=run) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        sweep()
        assert len(box.mail) == 1 and Mailing.objects.count() == 1 and ExportJob.objects.count() == 1


def test_days_on_which_nothing_ran_are_sent_later_but_not_those_long_ago(box):
    with on(1):
        plan()
    with on(4, 9):
        for _ in range(4):
            sweep()
        assert sorted(str(one.first) for one in Mailing.objects.all()) == ["2026-11-01", "2026-11-02", "2026-11-03"]
    with on(29, 9):
        for _ in range(12):
            sweep()
        days = sorted(one.first.day for one in Mailing.objects.filter(first__gt="2026-11-04"))
        assert days == list(range(22, 29))


def test_a_server_that_says_not_now_is_asked_again_later(box):
    box.answers["lin@branch.cn"] = ["451 busy", "451 busy"]
    with on(1):
        plan(to=("lin", "hui"))
    with on(2):
        sweep()
        assert dict(states()) == {"hui@branch.cn": "sent", "lin@branch.cn": "waiting"}
        assert "451" in Letter.objects.get(address="lin@branch.cn").trouble and Mailing.objects.get().state == "sending"
    for minute, waits in ((2, True), (6, True), (8, False)):
        with on(2, 9, minute=minute):
            sweep()
            assert ("lin@branch.cn", "waiting" if waits else "sent") in states()
    assert len(box.to("lin@branch.cn")) == 1 and len(box.to("hui@branch.cn")) == 1
    assert Mailing.objects.get().state == "sent"


def test_a_server_that_is_not_there_is_tried_eight_times_and_then_said(box, settings):
    with on(1):
        plan()
    settings.EMAIL_PORT = 1
    moment = datetime(2026, 11, 2, 9, tzinfo=BUSINESS_ZONE)
    for _ in range(9):
        with clock.frozen(moment):
            sweep_until_letters()
            for letter in services.waiting_letters():
                services.send_letter(letter)
        moment += timedelta(hours=13)
    letter = Letter.objects.order_by("id").first()
    assert (letter.state, letter.tries) == ("failed", 8) and "Refused" in letter.trouble


def sweep_until_letters():
    """Only the first period: later ones would mix their letters in."""
    if not Mailing.objects.exists():
        (schedule,) = services.due_schedules()
        services.make(services.begin(schedule))
        services.follow()


def test_who_is_refused_for_good_is_not_tried_again_and_the_others_get_theirs(box):
    box.answers["lin@branch.cn"] = ["550 nobody here"]
    with on(1):
        plan(to=("lin", "hui"))
    with on(2):
        sweep()
    assert dict(states()) == {"lin@branch.cn": "failed", "hui@branch.cn": "sent"}
    assert "550" in Letter.objects.get(address="lin@branch.cn").trouble


def test_a_line_that_breaks_after_the_letter_leaves_it_unsure_and_unrepeated(box):
    box.after_data = ["break"]
    with on(1):
        plan()
    for hour in (9, 12, 20):
        with on(2, hour):
            sweep()
    assert states() == [("lin@branch.cn", "unsure")] and len(box.mail) == 1


def test_a_sender_that_died_while_sending_leaves_it_unsure(box):
    with on(1):
        plan()
    with on(2):
        sweep_until_letters()
        (letter,) = services.waiting_letters()
        assert posting._claimed(letter) is not None and posting._claimed(letter) is None
    with on(2, 9, minute=11):
        assert services.waiting_letters() == [] and states() == [("lin@branch.cn", "unsure")]
    assert box.mail == []


def test_a_large_file_is_a_link_for_staff_and_nothing_for_others(box, lotus_db, monkeypatch):
    services.allow_domains(domains=["partner.cn"], by=actor("bai"), key=key())
    monkeypatch.setattr(posting, "MB", 0)
    with on(1):
        plan(outside=["x@partner.cn"])
    with on(2):
        sweep()
        (message,) = box.to("lin@branch.cn")
        job = ExportJob.objects.get()
        assert not list(message.iter_attachments())
        assert f"lotus.localhost:8000/console/exports/{job.public_id}/file/" in message.get_body().get_content()
        assert dict(states())["x@partner.cn"] == "failed" and box.to("x@partner.cn") == []
        with services.hand_out(public_id=job.public_id, by=actor("lin")).file as file:
            assert file.read()
        with pytest.raises(ExportNotFound):
            services.hand_out(public_id=job.public_id, by=actor("hui"))


def test_an_allowed_domain_gets_the_report_and_no_longer_when_it_is_taken_back(box):
    services.allow_domains(domains=["Partner.cn"], by=actor("bai"), key=key())
    with on(1):
        plan(to=(), outside=["x@partner.cn"])
    with on(2):
        sweep()
        assert len(box.to("x@partner.cn")) == 1
    services.allow_domains(domains=[], by=actor("bai"), key=key())
    with on(3):
        sweep()
    assert len(box.mail) == 1 and Mailing.objects.latest("id").refusal


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"to": ()}, "staff"),
        ({"to": ("cai",)}, "staff"),
        ({"to": ("lin",), "day": 3}, "day"),
        ({"rule": "last_week", "day": 0}, "day"),
        ({"outside": ["x@elsewhere.cn"]}, "outside"),
        ({"outside": ["nonsense"]}, "outside"),
        ({"outside": ["x@partner.cn"], "columns": ["ticket_no", "contact_phone"]}, "outside"),
        ({"columns": []}, "columns"),
        ({"form": "doc"}, "form"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(box, wrong, field):
    services.allow_domains(domains=["partner.cn"], by=actor("bai"), key=key())
    with pytest.raises((BadSchedule, BadExport)) as refusal:
        plan(**wrong)
    assert list(refusal.value.fields) == [field] and not mails.Schedule.objects.exists()


def test_a_recipient_must_have_the_right_to_the_table(box):
    reach("ku")
    with pytest.raises(BadSchedule):
        plan(to=("ku",))
    with pytest.raises(SourceNotFound):
        plan(who="ku", to=("ku",))


def test_who_lost_the_role_gets_nothing_and_neither_do_the_others_of_who_left(box):
    with on(1):
        plan(to=("lin", "hui"))
    RoleGrant.objects.filter(user__username="hui").delete()
    with on(2):
        sweep()
        assert [to for to, _message in box.mail] == [["lin@branch.cn"]]
    User.objects.filter(username="bai").update(is_active=False)
    with on(3):
        sweep()
    assert len(box.mail) == 1 and mails.Schedule.objects.get().trouble


def test_the_file_has_what_its_owner_may_see_on_the_day(box):
    reported(1)
    with on(1):
        public_id = plan(who="lin", to=("hui",))
    RoleGrant.objects.filter(user__username="lin").update(org_path=actor("gao").grants[0].org_path)
    with on(2):
        sweep()
        assert rows_of(box.mail[0][1]) == [] and row(public_id).state == "active"


def test_paused_gone_on_with_and_removed(box):
    with on(1):
        public_id = plan()
        services.pause_schedule(public_id=public_id, by=actor("bai"), key=key())
        with pytest.raises(Over):
            services.pause_schedule(public_id=public_id, by=actor("bai"), key=key())
    with on(5):
        sweep()
        assert box.mail == []
        services.resume_schedule(public_id=public_id, by=actor("bai"), key=key())
    with on(6):
        sweep()
        assert [one.first.day for one in Mailing.objects.all()] == [5]
        services.remove_schedule(public_id=public_id, by=actor("bai"), key=key())
        with pytest.raises(Over):
            services.resume_schedule(public_id=public_id, by=actor("bai"), key=key())
    with on(9):
        sweep()
    assert len(box.mail) == 1


def test_a_recipient_leaves_and_the_last_one_stops_it(box):
    with on(1):
        public_id = plan(to=("lin", "hui"))
        services.leave_schedule(public_id=public_id, by=actor("lin"), key=key())
        with pytest.raises(ScheduleNotFound):
            services.leave_schedule(public_id=public_id, by=actor("lin"), key=key())
    with on(2):
        sweep()
        assert [to for to, _message in box.mail] == [["hui@branch.cn"]]
        word = letters.leaving(Letter.objects.get())
        assert letters.leaver(word) == (public_id, "hui@branch.cn") and letters.leaver(word[:-2] + "xx") is None
        services.leave_schedule(public_id=public_id, address="hui@branch.cn", by=SYSTEM, key=key())
        services.leave_schedule(public_id=public_id, address="hui@branch.cn", by=SYSTEM, key=key())
        assert row(public_id).state == "paused" and row(public_id).trouble


def test_others_may_not_touch_it(box, maple):
    public_id = plan(who="lin", to=("hui",))
    for who in ("gao", "hui"):
        with pytest.raises(ScheduleNotFound):
            services.pause_schedule(public_id=public_id, by=actor(who), key=key())
    with in_branch(maple.tenant), pytest.raises(ScheduleNotFound):
        services.pause_schedule(public_id=public_id, by=actor("bai"), key=key())
    services.pause_schedule(public_id=public_id, by=actor("bai"), key=key())


def test_without_a_mail_server_nothing_is_scheduled(lotus_db, settings):
    reach("lin")
    settings.STEPPE_MAIL_HOST = ""
    with pytest.raises(MailNotSetUp):
        plan()


def test_nobody_has_more_than_twenty(box, monkeypatch):
    monkeypatch.setattr(services.scheduling, "MOST", 1)
    plan()
    with pytest.raises(TooManySchedules):
        plan()


def test_only_the_administrator_says_where_mail_goes(box):
    with pytest.raises(NotAllowed):
        services.set_mail_address(user_id=user("lin"), address="x@y.cn", by=actor("lin"), key=key())
    with pytest.raises(NotAllowed):
        services.allow_domains(domains=["y.cn"], by=actor("lin"), key=key())
    with pytest.raises(BadMailSettings):
        services.set_mail_address(user_id=user("lin"), address="x@y.cn\nBcc: z@y.cn", by=actor("bai"), key=key())
    for wrong in ("nonsense", "a b.cn", "-x.cn", "x@y.cn"):
        with pytest.raises(BadMailSettings):
            services.allow_domains(domains=[wrong], by=actor("bai"), key=key())
