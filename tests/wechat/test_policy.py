"""The policy per error code, row by row (WeChat doc: §3.2)."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.wechat import errors as e
from apps.wechat.rules.policy import (
    MOST_TRIES,
    REPEATABLE,
    RETRY_AFTER_S,
    RULES,
    Mark,
    Pause,
    Then,
    error_for,
    pause_until,
    retry_at,
    rule_for,
)

NOW = datetime(2026, 11, 23, 10, 5, 30, tzinfo=UTC)  # 18:05:30 in Shanghai

ROWS = [
    (None, e.Transient, Then.RETRY, Pause.NONE, Mark.NONE),
    (-1, e.Transient, Then.RETRY, Pause.NONE, Mark.NONE),
    (40001, e.TokenInvalid, Then.WAIT, Pause.MINUTE, Mark.NONE),
    (42001, e.TokenInvalid, Then.WAIT, Pause.MINUTE, Mark.NONE),
    (45011, e.RateLimited, Then.WAIT, Pause.MINUTE, Mark.NONE),
    (45009, e.QuotaExhausted, Then.WAIT, Pause.DAY, Mark.NONE),
    (40003, e.RecipientGone, Then.FAIL, Pause.NONE, Mark.NOT_FOLLOWING),
    (43004, e.RecipientGone, Then.FAIL, Pause.NONE, Mark.NOT_FOLLOWING),
    (43101, e.RecipientRefused, Then.BLOCK, Pause.NONE, Mark.TEMPLATE_REFUSED),
    (43019, e.RecipientRefused, Then.BLOCK, Pause.NONE, Mark.NONE),
    (40037, e.TemplateWrong, Then.FAIL, Pause.NONE, Mark.TEMPLATE_WRONG),
    (47003, e.TemplateWrong, Then.FAIL, Pause.NONE, Mark.TEMPLATE_WRONG),
    (48004, e.AccountBroken, Then.WAIT, Pause.TEN_MINUTES, Mark.NONE),
    (40164, e.AccountBroken, Then.WAIT, Pause.TEN_MINUTES, Mark.NONE),
    (99999, e.WeChatError, Then.FAIL, Pause.NONE, Mark.NONE),
]


@pytest.mark.parametrize(("errcode", "error", "then", "pause", "mark"), ROWS)
def test_each_answer_has_its_consequence(errcode, error, then, pause, mark):
    rule = rule_for(errcode)
    assert (rule.error, rule.then, rule.pause, rule.mark) == (error, then, pause, mark)


def test_who_must_repair_something_is_told():
    for errcode in (40001, 45009, 43019, 40037, 48001, 40164, 99999):
        assert rule_for(errcode).alarm, errcode
    for errcode in (None, -1, 45011, 43004, 43101):
        assert not rule_for(errcode).alarm, errcode


def test_the_request_id_is_kept_apart_from_the_sentence():
    error = error_for(47003, "argument invalid! data.thing2.value invalid rid: 5f3c1a2b-1234abcd-0f0f0f0f")
    assert (error.rid, error.errmsg) == ("5f3c1a2b-1234abcd-0f0f0f0f", "argument invalid! data.thing2.value invalid")
    assert error.permanent
    assert error.errcode == 47003


def test_busy_may_have_worked_and_a_clear_no_has_not():
    assert error_for(-1, "system error").ambiguous
    assert not error_for(43004, "require subscribe").ambiguous


def test_five_tries_over_less_than_the_time_wechat_remembers_a_message():
    tries = [retry_at(attempts=n, now=NOW, jitter=1.0) for n in range(1, MOST_TRIES + 1)]
    assert tries[-1] is None
    assert [t is not None for t in tries[:-1]] == [True] * len(RETRY_AFTER_S)
    assert timedelta(seconds=sum(RETRY_AFTER_S) * 1.2) < REPEATABLE


def test_pauses_end_when_the_quota_is_new():
    assert pause_until(Pause.MINUTE, NOW) == datetime(2026, 11, 23, 10, 6, tzinfo=UTC)
    assert pause_until(Pause.DAY, NOW) == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert pause_until(Pause.TEN_MINUTES, NOW) == NOW + timedelta(minutes=10)


def test_every_number_of_the_table_is_permanent_or_worth_a_try_as_its_class_says():
    for rule in RULES.values():
        if rule.then == Then.RETRY:
            assert not rule.error.permanent
