"""The arithmetic of a stocktake, against a store that stays open while it is counted."""

import random
from collections import Counter
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.inventory.rules import counting

SEEDS = st.integers(0, 2**32)


class Shelf:
    """Goods in some piles. People count pile by pile; goods come and go from any pile, and the books hear of it."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.piles = [chance.randrange(0, 30) for _ in range(chance.randrange(1, 5))]
        self.frozen = Decimal(sum(self.piles))
        self.told: list[tuple[int, Decimal]] = []  # movement, delta
        self.tallies: list[tuple[int, Decimal]] = []  # up to which movement, how many

    def move(self) -> None:
        pile = self.chance.randrange(len(self.piles))
        delta = self.chance.randrange(-self.piles[pile], 20)
        self.piles[pile] += delta
        self.told.append((len(self.told) + 1, Decimal(delta)))

    def count(self, pile: int) -> None:
        self.tallies.append((len(self.told), Decimal(self.piles[pile])))

    def some_moves(self) -> None:
        for _ in range(self.chance.randrange(0, 3)):
            self.move()

    def outcome(self) -> counting.Outcome:
        first, last = self.tallies[0][0], self.tallies[-1][0]
        return counting.outcome(
            frozen=self.frozen, counted=sum((many for _at, many in self.tallies), Decimal(0)),
            moved_before=[delta for at, delta in self.told if at <= first],
            moved_during=[delta for at, delta in self.told if first < at <= last],
        )  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_movements_during_a_count_never_produce_a_false_difference(seed: int) -> None:
    shelf = Shelf(random.Random(seed))
    for pile in range(len(shelf.piles)):
        shelf.some_moves()
        shelf.count(pile)
    shelf.some_moves()
    assert shelf.outcome().difference == 0


@settings(max_examples=300, deadline=None)
@given(SEEDS, st.integers(-20, 20))
def test_counted_in_one_go_the_difference_is_exactly_what_is_wrong(seed: int, wrong: int) -> None:
    shelf = Shelf(random.Random(seed))
    shelf.piles = [sum(shelf.piles)]
    shelf.some_moves()
    wrong = max(wrong, -shelf.piles[0])
    shelf.tallies.append((len(shelf.told), Decimal(shelf.piles[0] + wrong)))
    shelf.some_moves()
    out = shelf.outcome()
    assert out.difference == wrong and not out.moved


def test_the_sentence_of_the_rule() -> None:
    """Frozen 10, 3 went out before the count, 4 came in after it: 6 counted are one too few."""
    out = counting.outcome(frozen=Decimal(10), moved_before=[Decimal(-3)], moved_during=[], counted=Decimal(6))
    assert (out.expected, out.difference, out.moved) == (7, -1, False)


def test_what_moved_while_the_shelf_was_counted_hides_no_more_than_itself() -> None:
    told = {"frozen": Decimal(10), "moved_before": [], "moved_during": [Decimal(-2), Decimal(3)]}
    differences = {many: counting.outcome(counted=Decimal(many), **told).difference for many in (7, 8, 10, 13, 14)}
    assert differences == {7: -1, 8: 0, 10: 0, 13: 0, 14: 1}
    assert counting.outcome(counted=Decimal(10), **told).moved


def test_what_a_ticket_waits_for_may_be_here_or_at_the_customer() -> None:
    told = {"frozen": Decimal(10), "moved_before": [], "moved_during": [], "spoken_for": Decimal(2)}
    differences = {many: counting.outcome(counted=Decimal(many), **told).difference for many in (7, 8, 9, 10, 11)}
    assert differences == {7: -1, 8: 0, 9: 0, 10: 0, 11: 1}


class Numbers:
    """Numbered units in this store and elsewhere; every move is booked as it happens."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.here = {f"N{n}" for n in range(chance.randrange(1, 15))}
        self.away = {f"M{n}" for n in range(5)}
        self.frozen, self.seen = set(self.here), set()
        self.left: set[str] = set()
        self.came: set[str] = set()

    def move(self) -> None:
        if self.here and self.chance.random() < 0.5:
            one = self.chance.choice(sorted(self.here))
            self.here.remove(one)
            self.away.add(one)
            self.left.add(one)
        elif self.away:
            one = self.chance.choice(sorted(self.away))
            self.away.remove(one)
            self.here.add(one)
            self.came.add(one)

    def units(self) -> counting.Units:
        return counting.units(frozen=self.frozen, seen=self.seen, left=self.left, came=self.came)


@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_units_that_come_and_go_are_neither_missing_nor_strange(seed: int) -> None:
    chance = random.Random(seed)
    store = Numbers(chance)
    waiting = sorted(store.here)
    while waiting:
        if chance.random() < 0.4:
            store.move()
        one = waiting.pop(chance.randrange(len(waiting)))
        store.seen |= {one} & store.here
        store.seen |= {each for each in store.came & store.here if chance.random() < 0.3}
    store.move()
    assert store.units() == counting.Units(frozenset(), frozenset())


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_what_is_gone_without_a_word_is_missing_and_what_was_brought_is_strange(seed: int) -> None:
    store = Numbers(random.Random(seed))
    stolen = store.chance.choice(sorted(store.here))
    brought = store.chance.choice(sorted(store.away))
    store.here = store.here - {stolen} | {brought}
    store.seen = set(store.here)
    assert store.units() == counting.Units(frozenset({stolen}), frozenset({brought}))
    assert Counter(store.frozen)[stolen] == 1
