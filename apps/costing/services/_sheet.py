"""What a batch of accounts is to say more, gathered first and written at once: lines, accounts, versions. No judgement.

The months are taken (and held, `_cost_months.py`) once for the whole batch.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Sum

from apps.costing.models import AccountVersion, MoneyLine, TicketAccount
from apps.costing.rules import account_lines as rules
from apps.costing.rules.account_lines import Line
from apps.costing.services import _cost_months
from steppe.kernel import clock
from steppe.kernel.actors import Actor

SAID_ONCE = ("id", "ticket")
DIMENSIONS = [one.name for one in TicketAccount._meta.concrete_fields if one.name not in SAID_ONCE]
BATCH = 500


class Sheet:
    """One writing, by one actor, at one moment."""

    def __init__(self, by: Actor) -> None:
        self.by, self.now = by, clock.now()
        self.lines: list[MoneyLine] = []
        self._open: list[TicketAccount] = []
        self._frozen: list[TicketAccount] = []
        self._closing: dict[tuple[str, bool], list[TicketAccount]] = defaultdict(list)
        self._versions: list[tuple[TicketAccount, str]] = []
        self._months: dict[str, str] = {}

    def month(self, own: str) -> str:
        """The month that takes what belongs to this one."""
        if own not in self._months:
            self._months[own] = _cost_months.taking(own)
        return self._months[own]

    def add(self, account: TicketAccount, lines: Iterable[Line], month: str, own: str = "") -> None:
        """Lines for an account: each in its own month if it has one and that is open, else in the account's."""
        for one in lines:
            into = self.month(one.month) if month and one.month else month
            self.lines.append(_row(account, one, into, own, self))

    def keep(self, account: TicketAccount) -> None:
        """The account's columns as they are now."""
        self._open.append(account)

    def close(self, account: TicketAccount, own: str) -> None:
        """Its first freezing: the lines that waited get the account's month."""
        self._open.append(account)
        self._closing[account.period, account.period != own].append(account)
        self._versions.append((account, ""))

    def version(self, account: TicketAccount, reason: str) -> None:
        """One more freezing of a frozen account."""
        self._frozen.append(account)
        self._versions.append((account, reason))

    def write(self) -> None:
        """Seven queries, however much there is; one more for each other month of the accounts that close."""
        MoneyLine.objects.bulk_create(self.lines, batch_size=BATCH)
        for (month, late), accounts in self._closing.items():
            MoneyLine.objects.filter(account__in=accounts, period="").update(period=month, late=late)
        _store(self._open, DIMENSIONS)
        _store(self._frozen, ["version"])
        totals = _totals([account for account, _reason in self._versions])
        AccountVersion.objects.bulk_create(
            AccountVersion(
                account=account, number=account.version, totals=rules.totals(totals.get(account.pk, ())),
                reason=reason, by=self.by.ref, at=self.now,
            )
            for account, reason in self._versions
        )  # fmt: skip


def _store(accounts: Sequence[TicketAccount], columns: Collection[str]) -> None:
    """All of them in one statement; they are there already and held, so nothing is made anew."""
    TicketAccount.objects.bulk_create(
        accounts, update_conflicts=True, unique_fields=["ticket"], update_fields=columns, batch_size=BATCH
    )


def _totals(accounts: Collection[TicketAccount]) -> Mapping[int, Sequence[tuple[str, str, int]]]:
    rows = MoneyLine.objects.filter(account__in=accounts).values_list("account", "side", "element")
    found: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for account, side, element, fen in rows.annotate(total=Sum("fen")):
        found[account].append((side, element, fen))
    return found


def _row(account: TicketAccount, line: Line, month: str, own: str, sheet: Sheet) -> MoneyLine:
    by, now = sheet.by, sheet.now
    return MoneyLine(
        account=account, side=line.side, element=line.element, fen=line.fen, period=month,
        technician_id=line.technician_id, item=line.item, category=line.category, quantity=line.quantity,
        receipt_no=line.receipt_no, note=line.note, inputs=dict(line.inputs), source=line.source,
        reverses_id=line.reverses, late=bool(month) and month != own, by=by.ref, by_name=by.name, at=now,
    )  # fmt: skip
