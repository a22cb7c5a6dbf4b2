"""Papers by chance: whatever is written, posted, shipped, received or taken back, the books agree after every step.

Kept beside the real books is a model of a few dictionaries: what is where, and who may be refused.
"""

import os
import random
from collections import Counter
from decimal import Decimal

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from apps.inventory import services
from apps.inventory.models import Balance, Document, Serial
from apps.inventory.rules.places import PHYSICAL
from apps.inventory.services import Told
from steppe.kernel.errors import DomainError
from tests.cast import Branch
from tests.inventory import stock
from tests.make import actor, key

EXAMPLES = int(os.environ.get("STEPPE_EXAMPLES") or 10)
STEPS = 25
DONE: Counter[str] = Counter()


def life_of_a_store(branch: Branch) -> type[RuleBasedStateMachine]:
    class Store(RuleBasedStateMachine):
        @initialize()
        def morning(self) -> None:
            self.here = transaction.savepoint()
            stock.item()
            stock.cable()
            self.stores = ["main", stock.store("east").code]
            self.vans = [stock.van("wu").code, stock.van("bo").code]
            self.papers: list[str] = []
            self.made = 0

        def teardown(self) -> None:
            if hasattr(self, "here"):
                transaction.savepoint_rollback(self.here)

        @rule(seed=st.integers(0, 2**32))
        def something_happens(self, seed: int) -> None:
            chance = random.Random(seed)
            before = self.inside()
            [what] = chance.choices([self.write, self.move_on, self.take_back], (5, 6, 3))
            try:
                what(chance)
            except DomainError as refusal:
                DONE["refused " + refusal.code] += 1
                assert self.inside() == before, "a refusal changed something"
            else:
                DONE[what.__name__] += 1

        def write(self, chance: random.Random) -> None:
            kind = chance.choice(["receipt", "receipt", "issue", "issue", "return", "transfer", "scrap", "repair"])
            source = {"receipt": "", "return": chance.choice(self.vans)}.get(kind, chance.choice(self.stores))
            stores = [one for one in self.stores if one != source]
            target = {"issue": chance.choice(self.vans), "scrap": "", "repair": ""}.get(kind, chance.choice(stores))
            told = [self.goods(kind, source, chance)]
            self.papers.append(stock.write(kind, *told, source=source, target=target))

        def goods(self, kind: str, source: str, chance: random.Random) -> Told:
            if chance.random() < 0.5:
                cost = Decimal(chance.randrange(1, 9999)) / 100 if kind == "receipt" else None
                return Told("cable", Decimal(chance.randrange(1, 5000)) / 100, unit_cost=cost)
            return Told("stb", serials=tuple(self.new(chance) if kind == "receipt" else self.known(source, chance)))

        def new(self, chance: random.Random) -> list[str]:
            first, self.made = self.made, self.made + chance.randrange(1, 4)
            return [f"N{number:05d}" for number in range(first, self.made)]

        def known(self, source: str, chance: random.Random) -> list[str]:
            """Mostly boxes that are there, sometimes others."""
            rows = Serial.objects.order_by("number")
            there = rows.filter(place__code=source) if chance.random() < 0.8 else rows
            names = list(there.values_list("number", flat=True)) or ["N99999"]
            return chance.sample(names, min(len(names), chance.randrange(1, 4)))

        def move_on(self, chance: random.Random) -> None:
            if not self.papers:
                return
            number, by = chance.choice(self.papers[-6:]), actor("ku")
            state = Document.objects.get(number=number).state
            if state == "shipped":
                scanned = None if chance.random() < 0.5 else self.some_of(number, chance)
                services.receive_transfer(number=number, scanned=scanned, by=actor("bai"), key=key())
                return
            step = chance.choice([services.post_document, services.ship_transfer, services.submit_document])
            if state == "submitted":
                step, by = services.approve_document, actor(chance.choice(["ji", "de"]))
            step(number=number, by=by, key=key())

        def some_of(self, number: str, chance: random.Random) -> list[str]:
            lines = Document.objects.get(number=number).lines.all()
            names = [one.number for line in lines for one in line.serials.all()]
            return [name for name in names if chance.random() < 0.7]

        def take_back(self, chance: random.Random) -> None:
            if self.papers:
                posted = Document.objects.filter(state="posted").exclude(kind__in=("transfer", "claim"))
                number = chance.choice(list(posted.values_list("number", flat=True)) or self.papers)
                services.reverse_document(number=number, reason="by chance", by=actor("ku"), key=key())

        def inside(self) -> dict[tuple[str, str], Decimal]:
            rows = Balance.objects.values_list("place__code", "item__code", "quantity")
            return {(place, what): quantity for place, what, quantity in rows if quantity}

        @invariant()
        def the_books_agree(self) -> None:
            if hasattr(self, "papers"):
                stock.check_books()

        @invariant()
        def nothing_appears_or_vanishes(self) -> None:
            """All physical places together hold what the outside ones lack."""
            if not hasattr(self, "papers"):
                return
            rows = Balance.objects.values_list("place__kind", "item__code", "quantity")
            for what in ("stb", "cable"):
                held = sum(quantity for kind, code, quantity in rows if code == what and kind in PHYSICAL)
                owed = sum(quantity for kind, code, quantity in rows if code == what and kind not in PHYSICAL)
                assert held == -owed

    return Store


def test_whatever_papers_are_posted_the_books_agree(lotus_db: Branch) -> None:
    small = settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    DONE.clear()
    run_state_machine_as_test(life_of_a_store(lotus_db), settings=small)
    assert DONE["write"] and DONE["move_on"] > EXAMPLES and DONE["take_back"], DONE
