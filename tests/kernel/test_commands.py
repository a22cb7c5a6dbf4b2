"""One use case = one transaction: key, work, audit, outbox and answer stand or fall together."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from apps.people.models import Customer
from apps.tickets.events import WavePushed
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import TRIES, Receipt, emit, if_undone
from steppe.kernel.errors import Busy, Conflict, KeyMissing, KeyReused
from steppe.kernel.journal.models import IdempotencyKey, OutboxEvent
from tenants.context import in_branch
from tests.cast import Branch
from tests.kernel.conftest import UseCase, write_down
from tests.make import key
from tests.rules import audited, together

BROKEN = "DO $$ BEGIN RAISE EXCEPTION 'on purpose' USING ERRCODE = '{}'; END $$"


def words() -> list[str]:
    return list(Customer.objects.filter(name__startswith="w-").order_by("id").values_list("name", flat=True))


def fail_in_the_database(sqlstate: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BROKEN.format(sqlstate))


def test_a_command_leaves_row_audit_event_and_answer(lotus_db: Branch, lin: Actor, write: UseCase) -> None:
    receipt = write(word="w-1", by=lin, key="k1")
    audit, event = audited().get(), OutboxEvent.objects.get()
    assert words() == ["w-1"] and not receipt.replayed
    assert (audit.action, audit.actor, audit.actor_name, audit.outcome) == ("test.write_down", lin.ref, "Lin", "done")
    assert (audit.entity, audit.entity_id) == ("customer", receipt.entity_id)
    assert (event.kind, event.entity_id, event.actor, event.seq) == (
        "ticket.wave_pushed", receipt.entity_id, lin.ref, None,
    )  # fmt: skip
    assert IdempotencyKey.objects.get().response["facts"] == {"word": "w-1"}


def test_what_was_done_outside_is_taken_back_with_the_failed_command(
    lotus_db: Branch, a_command: Callable[[UseCase], UseCase]
) -> None:
    taken_back: list[int] = []

    @a_command
    def outside(*, fail: bool, by: Actor) -> Receipt:
        if_undone(lambda: taken_back.append(1))
        if_undone(lambda: 1 / 0)  # one that fails does not keep the others from theirs
        if fail:
            raise Conflict
        return Receipt("customer", 1)

    outside(fail=False, by=SYSTEM, key=key())
    assert taken_back == []
    with pytest.raises(Conflict):
        outside(fail=True, by=SYSTEM, key=key())
    assert taken_back == [1]
    with pytest.raises(RuntimeError):
        if_undone(lambda: None)


def test_the_same_key_gets_the_stored_answer_and_no_second_effect(lotus_db: Branch, write: UseCase) -> None:
    once = key()
    first, again = write(word="w-1", by=SYSTEM, key=once), write(word="w-1", by=SYSTEM, key=once)
    assert again.replayed
    assert (again.entity_id, again.public_id, again.facts) == (first.entity_id, first.public_id, first.facts)
    assert words() == ["w-1"] and audited().count() == OutboxEvent.objects.count() == 1


def test_the_same_key_with_another_request_is_refused(lotus_db: Branch, write: UseCase) -> None:
    write(word="w-1", by=SYSTEM, key="k")
    with pytest.raises(KeyReused) as caught:
        write(word="w-2", by=SYSTEM, key="k")
    assert caught.value.status == 422 and words() == ["w-1"]


def test_the_same_key_for_another_command_is_refused(lotus_db: Branch, write: UseCase, a_command: Any) -> None:
    def other(*, word: str, by: Actor) -> Receipt:
        return write_down(word=word, by=by)

    write(word="w-1", by=SYSTEM, key="k")
    with pytest.raises(KeyReused):
        a_command(other)(word="w-1", by=SYSTEM, key="k")


def test_two_people_may_choose_the_same_key(lotus_db: Branch, lin: Actor, cai: Actor, write: UseCase) -> None:
    write(word="w-1", by=lin, key="k")
    assert not write(word="w-1", by=cai, key="k").replayed
    assert words() == ["w-1", "w-1"]


def test_a_key_is_the_branchs_own(lotus_db: Branch, maple: Branch, lin: Actor, write: UseCase) -> None:
    write(word="w-1", by=lin, key="k")
    with in_branch(maple.tenant):
        assert not write(word="w-2", by=maple.lin, key="k").replayed
        assert words() == ["w-2"]


@pytest.mark.parametrize("bad", ["", "x" * 65, "键", "a\nb", "a\x00b"])
def test_a_command_without_a_good_key_is_refused_before_anything(lotus_db: Branch, write: UseCase, bad: str) -> None:
    with pytest.raises(KeyMissing) as caught:
        write(word="w-1", by=SYSTEM, key=bad)
    assert caught.value.status == 400
    assert not words() and not audited().exists() and not IdempotencyKey.objects.exists()


def test_a_refusal_rolls_everything_back_and_leaves_one_audit_row(lotus_db: Branch, lin: Actor, a_command: Any) -> None:
    def regret(*, word: str, by: Actor) -> Receipt:
        write_down(word=word, by=by)
        raise Conflict

    with pytest.raises(Conflict):
        a_command(regret)(word="w-1", by=lin, key="k")
    audit = audited().get()
    assert (audit.action, audit.actor, audit.outcome, audit.entity_id) == ("test.regret", lin.ref, Conflict.code, 0)
    assert not words() and not OutboxEvent.objects.exists() and not IdempotencyKey.objects.exists()


def test_a_refused_request_may_be_sent_again_with_its_key(lotus_db: Branch, a_command: Any) -> None:
    moods = [Conflict(), None]

    def moody(*, word: str, by: Actor) -> Receipt:
        if mood := moods.pop(0):
            raise mood
        return write_down(word=word, by=by)

    run = a_command(moody)
    with pytest.raises(Conflict):
        run(word="w-1", by=SYSTEM, key="k")
    assert not run(word="w-1", by=SYSTEM, key="k").replayed
    assert words() == ["w-1"]


def test_a_bug_rolls_back_too_and_is_no_refusal(lotus_db: Branch, a_command: Any) -> None:
    def stumble(*, word: str, by: Actor) -> Receipt:
        write_down(word=word, by=by)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        a_command(stumble)(word="w-1", by=SYSTEM, key="k")
    assert not words() and not audited().exists() and not IdempotencyKey.objects.exists()


def test_an_event_outside_a_command_is_a_programming_error(lotus_db: Branch) -> None:
    with pytest.raises(RuntimeError, match="outside a command"):
        emit(WavePushed(entity_id=1, public_id="x", version=1, wave_id=0, chosen=0))


def test_after_a_command_nothing_may_be_emitted_either(lotus_db: Branch, write: UseCase) -> None:
    write(word="w-1", by=SYSTEM, key="k")
    test_an_event_outside_a_command_is_a_programming_error(lotus_db)


def test_a_command_inside_somebody_elses_transaction_is_a_programming_error(
    committed: Any, lotus: Branch, write: UseCase
) -> None:
    with in_branch(lotus.tenant), transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        write(word="w-1", by=SYSTEM, key="k")


def test_two_commands_of_one_name_are_a_programming_error(write: UseCase, a_command: Any) -> None:
    with pytest.raises(TypeError, match="two commands"):
        a_command(write_down)


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_a_command_that_lost_to_another_is_tried_again_with_one_effect(
    lotus_db: Branch, a_command: Any, sqlstate: str
) -> None:
    tries: list[int] = []

    def unlucky(*, word: str, by: Actor) -> Receipt:
        tries.append(1)
        receipt = write_down(word=word, by=by)
        if len(tries) < TRIES:
            fail_in_the_database(sqlstate)
        return receipt

    assert a_command(unlucky)(word="w-1", by=SYSTEM, key="k").facts == {"word": "w-1"}
    assert len(tries) == TRIES
    assert words() == ["w-1"] and OutboxEvent.objects.count() == audited().count() == 1


@pytest.mark.parametrize(("sqlstate", "tried"), [("40P01", TRIES), ("57014", 1)])
def test_a_database_that_never_lets_us_is_not_hidden(
    lotus_db: Branch, a_command: Any, sqlstate: str, tried: int
) -> None:
    tries: list[int] = []

    def hopeless(*, by: Actor) -> Receipt:
        tries.append(1)
        fail_in_the_database(sqlstate)
        raise AssertionError

    with pytest.raises(OperationalError):
        a_command(hopeless)(by=SYSTEM, key="k")
    assert len(tries) == tried and not IdempotencyKey.objects.exists()


def test_who_waits_too_long_for_a_lock_is_told_to_wait(lotus_db: Branch, a_command: Any) -> None:
    def stuck(*, by: Actor) -> Receipt:
        fail_in_the_database("55P03")
        raise AssertionError

    with pytest.raises(Busy) as caught:
        a_command(stuck)(by=SYSTEM, key="k")
    assert caught.value.status == 409


def test_eight_parallel_duplicates_have_one_effect_and_one_answer(
    committed: Any, lotus: Branch, write: UseCase
) -> None:
    answers = together(lotus, [lambda: write(word="w-1", by=SYSTEM, key="same")] * 8)
    assert all(isinstance(answer, Receipt) for answer in answers), answers
    assert len({answer.entity_id for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1
    with in_branch(lotus.tenant):
        assert words() == ["w-1"] and OutboxEvent.objects.count() == 1


def test_a_duplicate_of_a_request_that_is_refused_is_judged_afresh(
    committed: Any, lotus: Branch, a_command: Any
) -> None:
    first, lock = [True], threading.Lock()

    def first_is_refused(*, word: str, by: Actor) -> Receipt:
        with lock:
            mine, first[0] = first[0], False
        if mine:
            raise Conflict
        return write_down(word=word, by=by)

    run = a_command(first_is_refused)
    answers = together(lotus, [lambda: run(word="w-1", by=SYSTEM, key="same")] * 4)
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Receipt", "Receipt", "Receipt"]
    with in_branch(lotus.tenant):
        assert words() == ["w-1"]


def test_a_duplicate_of_a_slow_request_is_told_to_wait(committed: Any, lotus: Branch, a_command: Any) -> None:
    running, may_end = threading.Event(), threading.Event()

    def slow(*, word: str, by: Actor) -> Receipt:
        running.set()
        may_end.wait(10)
        return write_down(word=word, by=by)

    run = a_command(slow)

    def impatient() -> Receipt:
        running.wait(10)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        try:
            return run(word="w-1", by=SYSTEM, key="same")
        finally:
            may_end.set()

    done, told = together(lotus, [lambda: run(word="w-1", by=SYSTEM, key="same"), impatient])
    assert isinstance(done, Receipt) and isinstance(told, Busy)
    with in_branch(lotus.tenant):
        assert sorted(audited().values_list("outcome", flat=True)) == ["done", Busy.code]


def test_a_real_deadlock_is_solved_by_trying_again(committed: Any, lotus: Branch, a_command: Any) -> None:
    meet, tries = threading.Barrier(2), []

    def cross(*, first: int, then: int, by: Actor) -> Receipt:
        tries.append(first)
        Customer.objects.select_for_update().get(id=first)
        if len(tries) <= 2:
            meet.wait(10)
        Customer.objects.select_for_update().get(id=then)
        return write_down(word=f"w-{first}", by=by)

    run: Callable[..., Receipt] = a_command(cross)
    with in_branch(lotus.tenant):
        one, two = Customer.objects.order_by("id").values_list("id", flat=True)[:2]
    works = [lambda a=a, b=b: run(first=a, then=b, by=SYSTEM, key=key()) for a, b in ((one, two), (two, one))]
    answers = together(lotus, works)
    assert all(isinstance(answer, Receipt) for answer in answers), answers
    # The loser may come back before the winner woke and lose a second time.
    assert len(tries) > 2
    with in_branch(lotus.tenant):
        assert len(words()) == OutboxEvent.objects.count() == 2
