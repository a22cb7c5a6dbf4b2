"""One clock. The business day begins at midnight in Asia/Shanghai, wherever the server stands."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from steppe.kernel import clock

MOMENT = datetime(2026, 7, 1, 15, 59, 59, tzinfo=UTC)


def test_now_is_aware_and_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(("after", "day"), [(0, "2026-07-01"), (1, "2026-07-02")])
def test_the_business_day_turns_at_midnight_in_shanghai(after: int, day: str) -> None:
    with clock.frozen(MOMENT + timedelta(seconds=after)):
        assert clock.today() == day


def test_the_clock_stands_still_only_inside_the_block() -> None:
    with clock.frozen(MOMENT):
        assert clock.now() == MOMENT
        with clock.frozen(MOMENT + clock.minutes(1.5)):
            assert clock.now() == MOMENT + timedelta(seconds=90)
        assert clock.now() == MOMENT
    assert clock.now() != MOMENT


def test_it_goes_on_after_a_failure() -> None:
    with pytest.raises(RuntimeError), clock.frozen(MOMENT):
        raise RuntimeError
    assert clock.now() != MOMENT


def test_other_threads_keep_their_own_time() -> None:
    seen: list[datetime] = []
    with clock.frozen(MOMENT):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] != MOMENT
