"""The page 定时报表, its API, and the link of a letter: put on a schedule, looked at, stopped, left."""

import pytest

from apps.exports import letters, services
from apps.exports.models import Letter, MailAddress, Schedule
from steppe.kernel import clock
from tests.exports import mails
from tests.exports.mails import on, plan, reach, row, sweep, user
from tests.make import client_at, key
from tests.queries import asking

PAGE = "/console/exports/schedules/"


@pytest.fixture
def box(lotus_db, settings):
    with mails.server(settings) as found:
        reach("lin")
        reach("hui")
        yield found


def form(**more):
    return {
        "source": "tickets", "form": "csv", "period": "reported", "rule": "last_week", "weekday": "1", "monthday": "9",
        "at": "07:30", "columns": ["ticket_no", "status"], "staff": [str(user("hui"))], **more,
    }  # fmt: skip


def told(response):
    return response.content.decode()


def test_put_on_its_schedule_shown_paused_and_gone_on_with(box, lotus_db, lin):
    client = client_at(lotus_db, lin)
    assert client.post(PAGE, form(), key=key()).status_code == 303
    one = Schedule.objects.get()
    assert (one.rule, one.day, one.minute, one.staff, one.columns) == (
        "last_week", 1, 450, [user("hui")], ["ticket_no", "status"],
    )  # fmt: skip
    shown = told(client.get(PAGE))
    assert "周一, 07:30" in shown and "Hui" in shown and "下次" in shown
    assert client.post(f"{PAGE}{one.public_id}/pause/", {}, key=key()).status_code == 303
    assert "已暂停" in told(client.get(PAGE)) and row(one.public_id).state == "paused"
    assert client.post(f"{PAGE}{one.public_id}/resume/", {}, key=key()).status_code == 303
    assert client.post(f"{PAGE}{one.public_id}/remove/", {}, key=key()).status_code == 303
    assert one.public_id not in told(client.get(PAGE))


def test_it_is_changed_in_the_form_it_was_made_with(box, lotus_db, lin):
    public_id = plan(who="lin", to=("lin",))
    client = client_at(lotus_db, lin)
    filled = told(client.get(f"{PAGE}?change={public_id}"))
    assert f"{public_id}/change/" in filled and 'value="1"><h2>' in filled
    assert f'value="{user("lin")}" checked' in filled and f'value="{user("hui")}" checked' not in filled
    changed = {**form(staff=[str(user("lin")), str(user("hui"))]), "version": "1"}
    assert client.post(f"{PAGE}{public_id}/change/", changed, key=key()).status_code == 303
    one = row(public_id)
    assert (one.rule, one.day, one.minute, one.version, one.state) == ("last_week", 1, 450, 2, "active")
    assert one.staff == [user("lin"), user("hui")] and one.columns == ["ticket_no", "status"]
    assert one.next_at.astimezone(clock.BUSINESS_ZONE).strftime("%u %H:%M") == "1 07:30"


def test_who_changes_what_somebody_else_has_changed_is_told(box, lotus_db, lin, bai):
    public_id = plan(who="lin", to=("lin",))
    before = told(client_at(lotus_db, lin).get(f"{PAGE}?change={public_id}"))
    assert client_at(lotus_db, bai).post(
        f"{PAGE}{public_id}/change/", {**form(), "version": "1"}, key=key()
    ).status_code == 303  # fmt: skip
    late = client_at(lotus_db, lin).post(f"{PAGE}{public_id}/change/", {**form(at="09:00"), "version": "1"}, key=key())
    assert 'value="1"><h2>' in before and late.status_code == 409 and 'value="09:00"' in told(late)
    assert row(public_id).minute == 450 and 'value="2"><h2>' in told(late)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [({"staff": []}, "请至少选择一个收件人"), ({"at": "noon"}, "08:30"), ({"columns": []}, "请至少选择一列")],
)
def test_a_wrong_change_is_said_at_its_field_and_changes_nothing(box, lotus_db, lin, more, sentence):
    public_id = plan(who="lin", to=("lin",))
    response = client_at(lotus_db, lin).post(
        f"{PAGE}{public_id}/change/", {**form(**more), "version": "1"}, key=key()
    )  # fmt: skip
    assert response.status_code == 422 and sentence in told(response) and row(public_id).version == 1


def test_one_that_stands_still_is_changed_and_stands_still(box, lotus_db, lin):
    public_id = plan(who="lin", to=("lin",))
    services.pause_schedule(public_id=public_id, by=lin, key=key())
    body = {
        "format": "csv", "period": "reported", "rule": "last_week", "day": 3, "at": "07:30", "columns": ["ticket_no"],
        "staff": [user("lin")], "version": 2,
    }  # fmt: skip
    client, name = client_at(lotus_db, lin), key()
    for _twice in range(2):
        answer = client.api("POST", f"/api/v1/export-schedules/{public_id}/change", body, key=name)
        assert answer.status_code == 200 and answer.json()["version"] == 3
    assert row(public_id).state == "paused" and row(public_id).next_at is None and row(public_id).day == 3


def test_who_only_gets_it_and_the_other_branch_change_nothing(box, lotus_db, maple, hui):
    public_id = plan(who="lin", to=("lin", "hui"))
    for client in (client_at(lotus_db, hui), client_at(maple, maple.lin)):
        assert client.get(f"{PAGE}?change={public_id}").status_code == 404
        assert client.post(f"{PAGE}{public_id}/change/", {**form(), "version": "1"}, key=key()).status_code == 404
    assert row(public_id).version == 1


def test_what_became_of_it_last_is_shown(box, lotus_db, bai):
    box.answers["lin@branch.cn"] = ["550 nobody here"]
    with on(1):
        plan(to=("lin", "hui"))
    with on(2):
        sweep()
        shown = told(client_at(lotus_db, lotus_db.bai).get(PAGE))
    assert "2026-11-01" in shown and "550" in shown and "hui@branch.cn: 已发送" in shown


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"staff": []}, "请至少选择一个收件人"),
        ({"at": "noon"}, "08:30"),
        ({"outside": "x@elsewhere.cn"}, "报表不能发往 elsewhere.cn"),
        ({"columns": []}, "请至少选择一列"),
        ({"rule": "last_month", "monthday": "31"}, "请选择与周期相符的日期"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(box, lotus_db, bai, more, sentence):
    response = client_at(lotus_db, bai).post(PAGE, form(**more), key=key())
    assert response.status_code == 422 and sentence in told(response) and not Schedule.objects.exists()


def test_the_administrator_enters_addresses_and_domains_and_nobody_else(box, lotus_db, lin, bai):
    client = client_at(lotus_db, bai)
    address = {"user": user("yun"), "address": "yun@branch.cn"}
    assert client.post(PAGE + "addresses/", address, key=key()).status_code == 303
    assert MailAddress.objects.get(user_id=user("yun")).address == "yun@branch.cn"
    assert client.post(PAGE + "domains/", {"domains": "partner.cn\nother.cn"}, key=key()).status_code == 303
    assert "other.cn\npartner.cn</textarea>" in told(client.get(PAGE))
    assert "partner.cn" in told(client.get("/console/settings/"))
    other = client_at(lotus_db, lin)
    assert other.post(PAGE + "addresses/", address, key=key()).status_code == 403
    assert other.post(PAGE + "domains/", {"domains": ""}, key=key()).status_code == 403
    assert "mail-domains" not in told(other.get(PAGE))


def test_what_was_typed_of_addresses_and_domains_stays_when_it_is_refused(box, lotus_db, bai):
    client = client_at(lotus_db, bai)
    page = told(client.post(f"{PAGE}addresses/", {"user": str(user("hui")), "address": "hui at home"}, key=key()))
    assert f'<option value="{user("hui")}" selected>' in page and 'value="hui at home" aria-invalid="true"' in page
    page = told(client.post(f"{PAGE}domains/", {"domains": "gov.example\nno domain"}, key=key()))
    assert "gov.example\nno domain</textarea>" in page
    assert "no domain" not in told(client.get(PAGE))
    done = client.post(f"{PAGE}domains/", {"domains": "gov.example"}, key=key())
    assert done["Location"] == f"{PAGE}?done=domains"  # where the sentence of success stands


def test_only_the_day_that_counts_is_asked(box, lotus_db, bai):
    page = told(client_at(lotus_db, bai).get(PAGE))
    assert 'data-show="rule=last_week"' in page and 'data-show="rule=last_month"' in page and " data-whens" in page


def test_a_recipient_sees_it_and_leaves(box, lotus_db, hui):
    public_id = plan(to=("lin", "hui"))
    client = client_at(lotus_db, hui)
    shown = told(client.get(PAGE))
    assert public_id in shown and "lin@branch.cn" not in shown.partition('id="schedules"')[2]
    assert client.post(f"{PAGE}{public_id}/pause/", {}, key=key()).status_code == 404
    assert client.post(f"{PAGE}{public_id}/leave/", {}, key=key()).status_code == 303
    assert row(public_id).staff == [user("lin")] and public_id not in told(client.get(PAGE))


def test_the_link_of_a_letter_needs_no_account(box, lotus_db, maple):
    services.allow_domains(domains=["partner.cn"], by=lotus_db.bai, key=key())
    with on(1):
        public_id = plan(outside=["x@partner.cn"])
    with on(2):
        sweep()
    (message,) = box.to("x@partner.cn")
    link = message["List-Unsubscribe"].strip("<>").partition("localhost:8000")[2]
    assert link in message.get_body().get_content().replace("\n", "")
    anybody = client_at(lotus_db)
    asked = anybody.get(link)
    assert asked.status_code == 200 and "x@partner.cn" in told(asked) and row(public_id).outside
    assert anybody.post(link, {}, key=key()).status_code == 200
    assert row(public_id).outside == []
    assert client_at(maple).get(link).status_code == 404
    assert anybody.get("/console/exports/leave/nonsense/").status_code == 404
    assert letters.leaver(letters.leaving(Letter.objects.get(address="x@partner.cn")) + "x") is None


def test_without_a_mail_server_the_page_says_so(lotus_db, bai, settings):
    settings.STEPPE_MAIL_HOST = ""
    shown = told(client_at(lotus_db, bai).get(PAGE))
    assert "系统尚未配置邮件" in shown and 'name="rule"' not in shown


def test_the_other_branch_finds_nothing(box, lotus_db, maple, bai):
    public_id = plan()
    stranger = client_at(maple, maple.bai)
    assert public_id not in told(stranger.get(PAGE))
    assert stranger.post(f"{PAGE}{public_id}/pause/", {}, key=key()).status_code == 404
    assert stranger.api("POST", f"/api/v1/export-schedules/{public_id}/pause", {}).status_code == 404


def test_the_list_asks_as_often_for_five_as_for_one(box, lotus_db, bai):
    client = client_at(lotus_db, bai)
    client.get("/api/v1/export-schedules")
    with on(1):
        plan()
    with on(2):
        sweep()
        client = client_at(lotus_db, lotus_db.bai)
        with asking(QUERIES):
            client.get("/api/v1/export-schedules")
    for _ in range(4):
        plan()
    with asking(QUERIES):
        client.get("/api/v1/export-schedules")


QUERIES = 6  # who it is (session, person), schedules, newest mailings, letters, names


def test_the_api_does_the_same(box, lotus_db, bai):
    client = client_at(lotus_db, bai)
    asked = {
        "source": "tickets", "format": "csv", "period": "reported", "rule": "yesterday", "day": 0, "at": "08:00",
        "columns": ["ticket_no"], "staff": [user("lin")],
    }  # fmt: skip
    response = client.api("POST", "/api/v1/export-schedules", asked)
    assert response.status_code == 201 and response.json()["state"] == "active"
    public_id = response.json()["public_id"]
    (shown,) = client.get("/api/v1/export-schedules").json()["results"]
    assert (shown["public_id"], shown["minute"], shown["recipients"]) == (public_id, 480, ["Lin"])
    for step, state in (("pause", "paused"), ("resume", "active"), ("remove", "removed")):
        response = client.api("POST", f"/api/v1/export-schedules/{public_id}/{step}", {})
        assert response.json()["state"] == state
    assert client.api("POST", f"/api/v1/export-schedules/{public_id}/leave", {}).status_code == 404
