"""Guessing passwords is slow from one address, from many, and for many names; nobody is shut out by it."""

import threading
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import connection

from apps.people.accounts.models import SignInAttempt
from apps.people.errors import TooManySignIns, WrongPassword
from apps.people.signing_in import ACCOUNT, ADDRESS, FORGOTTEN, HERE, KNOWN_FOR, Patience, forget_old_attempts, sign_in
from steppe.kernel import clock
from tenants.context import in_branch
from tests.cast import PASSWORD, Branch
from tests.make import client_at

HOME, ELSEWHERE = "203.0.113.1", "198.51.100.1"


def wrong(username: str = "lin", address: str = ELSEWHERE) -> None:
    with pytest.raises(WrongPassword):
        sign_in(username=username, password="no", address=address)


def right(username: str = "lin", address: str = ELSEWHERE) -> None:
    sign_in(username=username, password=PASSWORD, address=address)


def wait(username: str = "lin", address: str = ELSEWHERE, password: str = PASSWORD) -> int:
    with pytest.raises(TooManySignIns) as held:
        sign_in(username=username, password=password, address=address)
    return int(held.value.params["seconds"])


def from_everywhere(times: int) -> None:
    for number in range(times):
        wrong(address=f"198.51.100.{number}")


def later(seconds: float) -> Any:
    return clock.frozen(clock.now() + timedelta(seconds=seconds))


def test_guesses_from_many_addresses_make_the_account_wait(lotus_db: Branch) -> None:
    from_everywhere(ACCOUNT.free)
    assert 0 < wait(address="192.0.2.200") <= 5
    right("cai", "192.0.2.200")  # only that account


def test_guesses_at_many_names_make_the_address_wait(lotus_db: Branch) -> None:
    for number in range(ADDRESS.free):
        wrong(f"nobody-{number}")
    assert 0 < wait("wu") <= 5
    right("wu", HOME)  # only that address


@pytest.mark.parametrize(
    ("again", "patience"),
    [
        (lambda: wrong(address=HOME), HERE),
        (lambda: wrong(address=f"new-{SignInAttempt.objects.count()}"), ACCOUNT),
        (lambda: wrong(f"new-{SignInAttempt.objects.count()}", HOME), ADDRESS),
    ],
)
def test_no_wait_grows_for_ever(lotus_db: Branch, again: Callable[[], None], patience: Patience) -> None:
    """However often somebody tries, the owner waits no longer than that."""
    now = clock.now()
    for _ in range(patience.free + 12):
        with clock.frozen(now):
            again()
        now += timedelta(seconds=patience.longest_s)
    with clock.frozen(now):
        right(address=HOME)


def test_where_the_owner_has_signed_in_before_strangers_cannot_keep_them_out(lotus_db: Branch) -> None:
    right(address=HOME)
    from_everywhere(ACCOUNT.free)
    assert wait()  # from a new place
    right(address=HOME)


def test_a_known_place_does_not_stay_known_for_ever(lotus_db: Branch) -> None:
    right(address=HOME)
    with clock.frozen(clock.now() + KNOWN_FOR + timedelta(minutes=1)):
        from_everywhere(ACCOUNT.free)
        assert wait(address=HOME)


def test_a_known_place_gives_no_free_guesses(lotus_db: Branch) -> None:
    right(address=HOME)
    for _ in range(HERE.free):
        wrong(address=HOME)
    assert wait(address=HOME)


def test_one_good_sign_in_does_not_hide_the_wrong_ones_of_its_address(lotus_db: Branch) -> None:
    for number in range(ADDRESS.free - 2):
        wrong(f"nobody-{number}")
    right("cai")
    wrong("somebody")
    wrong("somebody-else")
    assert wait("wu")


def test_a_whole_office_may_sign_in_from_one_address(lotus_db: Branch) -> None:
    for _ in range(ADDRESS.free + 5):
        SignInAttempt.objects.filter(username="wu").delete()  # each time somebody who was never here
        right("wu")


def test_a_quiet_hour_forgives_the_address_and_the_account(lotus_db: Branch) -> None:
    from_everywhere(ACCOUNT.free - 1)
    with later(ACCOUNT.silence.total_seconds() + 1):
        from_everywhere(2)
        right(address="192.0.2.200")


def test_who_must_wait_does_not_wait_longer_for_asking(lotus_db: Branch) -> None:
    for _ in range(HERE.free):
        wrong()
    first = wait()
    assert all(wait(password="no") <= first for _ in range(10))


def test_a_hundred_guesses_at_once_are_no_way_around(committed: Any, lotus: Branch) -> None:
    """Counted before the password is looked at: as many are looked at as one after the other."""
    found: list[str] = []
    barrier = threading.Barrier(HERE.free * 2)

    def guess() -> None:
        barrier.wait()
        with in_branch(lotus.tenant):
            try:
                sign_in(username="lin", password="no", address=HOME)
            except (WrongPassword, TooManySignIns) as refusal:
                found.append(refusal.code)
        connection.close()

    threads = [threading.Thread(target=guess) for _ in range(HERE.free * 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count(WrongPassword.code) == HERE.free and len(found) == HERE.free * 2


def test_the_page_counts_the_visitor_behind_our_proxy(lotus_db: Branch, settings: Any) -> None:
    settings.STEPPE_TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    form = {"username": "lin", "password": "no"}

    def knock(visitor: str) -> Any:
        headers = {"X-Forwarded-For": visitor, "Accept-Language": "en"}
        return client_at(lotus_db).post("/sign-in/", form, headers=headers)

    answers = [knock(f"6.6.6.{made_up}, 203.0.113.1") for made_up in range(HERE.free + 1)]
    assert [one.status_code for one in answers] == [401] * HERE.free + [429]
    assert f"wait {answers[-1]['Retry-After']} seconds" in answers[-1].content.decode()
    assert knock("203.0.113.2").status_code == 401


def test_old_counts_are_cleared_away_and_young_ones_kept(lotus_db: Branch) -> None:
    wrong(address=ELSEWHERE)
    with clock.frozen(clock.now() + FORGOTTEN + timedelta(minutes=1)):
        wrong("cai", HOME)
        assert forget_old_attempts() == 3
    assert set(SignInAttempt.objects.values_list("username", "address")) == {("cai", HOME), ("cai", "*"), ("", HOME)}
