"""A port that is taken is replaced by the next free one, and said so."""

import socket
from collections.abc import Iterator

import pytest

from infra.local import ports


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture(autouse=True)
def no_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ports.USUAL:
        monkeypatch.delenv(f"STEPPE_{name.upper()}_PORT", raising=False)


def test_a_taken_port_is_replaced_by_the_next_free_one_and_said_so(taken: int) -> None:
    chosen, sentences = ports.choose({"web": taken})

    assert chosen["web"] > taken
    assert ports.is_free(chosen["web"])
    assert sentences == [f"port {taken} is taken by another program: web uses {chosen['web']} instead"]


def test_free_ports_stay_as_they_are_and_nothing_is_said() -> None:
    free = ports.any_free()

    assert ports.choose({"web": free}) == ({"web": free}, [])


def test_nobody_moves_onto_the_place_of_a_sister(taken: int) -> None:
    chosen, _ = ports.choose({"web": taken, "realtime": taken + 1, "sandbox": taken + 2})

    assert len(set(chosen.values())) == 3
    assert chosen["web"] not in {taken, taken + 1, taken + 2}


def test_the_environment_may_wish_for_another_port(monkeypatch: pytest.MonkeyPatch) -> None:
    free = ports.any_free()
    monkeypatch.setenv("STEPPE_WEB_PORT", str(free))

    assert ports.choose({"web": 8000})[0] == {"web": free}


def test_a_port_that_only_the_other_loopback_address_holds_counts_as_taken() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 on this machine")
    with socket.socket(socket.AF_INET6) as other:
        try:
            other.bind(("::1", 0))
        except OSError:
            pytest.skip("no IPv6 loopback on this machine")
        other.listen()
        assert not ports.is_free(other.getsockname()[1])


def test_what_was_chosen_is_nobody_elses_until_it_is_served() -> None:
    """Two checkouts that are set up at the same time shared a port, and each answered half of the requests."""
    chosen, _ = ports.choose({"web": ports.any_free()})
    with ports.held(chosen):
        assert not ports.is_free(chosen["web"])
        assert ports.choose({"web": chosen["web"]})[0] != chosen
    assert ports.is_free(chosen["web"])
