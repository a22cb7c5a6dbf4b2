"""Every table of the exports but the tickets: something in it, hostile words too, and what the database says of it.

`fill` writes the rows; `say` reads them another way than the export does. October 2026, Lotus.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from apps.costing.models import (
    Budget,
    CostPeriod,
    Expense,
    MoneyLine,
    Period,
    PeriodStep,
    SettlementLine,
    TicketAccount,
    WorkPointEntry,
)
from apps.inventory.models import Balance
from apps.people.accounts.models import User
from apps.people.models import DutySpan, OrgUnit, Technician
from apps.tickets.models import Breach, CallbackRecord, Ticket
from steppe.kernel.clock import BUSINESS_ZONE
from steppe.kernel.journal.models import AuditEntry
from tests.inventory import stock
from tests.make import make_ticket

HOSTILE = ["=1+1", "+8613900", "-2", "@SUM(A1)", "\t=1", "\r=1", '"; quoted, "x"', "一行\n两行", "＝1", "<b>&amp;", "'"]
MONTH = "2026-10"
NOON = datetime(2026, 10, 10, 12, tzinfo=BUSINESS_ZONE)
BY = {"by": "staff:1", "by_name": "Lin"}


def technician(who="wu"):
    return Technician.objects.select_related("user", "org_unit").get(user__username=who)


def fill_settlement():
    month = Period.objects.create(month=MONTH, starts_at=NOON, ends_at=NOON)
    for version in (1, 2):
        if version > 1:
            PeriodStep.objects.create(
                period=month, version=1, step="unlock", by="hq:1", by_name="Hq", reason="wrong", at=NOON
            )
        Period.objects.update(state="open", version=version)
        for number, who in enumerate(("wu", "bo", "yun", "xi")):
            one = technician(who)
            SettlementLine.objects.create(
                period=month, version=version, technician=one, name=HOSTILE[number], org_unit=one.org_unit,
                org_path=one.org_unit.path, tickets=number, gross=Decimal("100.25"), deducted=Decimal("1.50"),
                points=Decimal("98.75"), coefficient=Decimal("1.075"), unit_price=Decimal("350.1234"),
                base_fen=300_000, guarantee_fen=250_001, pay_fen=345_678 + version, state="confirmed",
                inputs={"kinds": {"earn": "90.25", "travel": "10.00", "adjustment": "-1.00"}},
            )  # fmt: skip
        Period.objects.update(state="locked")


def say_settlement():
    return [
        {
            "month": MONTH, "month_state": "已锁定", "version": 2, "name": one.name,
            "work_no": one.technician.user.work_no, "unit": one.org_unit.name, "tickets": one.tickets,
            "work": "90.25", "travel": "10", "bonus": 0, "corrected": -1, "gross": one.gross,
            "deducted": one.deducted, "points": one.points, "coefficient": one.coefficient,
            "unit_price": one.unit_price, "base_fen": one.base_fen,
            "guarantee_fen": one.guarantee_fen, "pay_fen": 345_680, "state": "已确认", "confirmed_at": None,
        }
        for one in SettlementLine.objects.filter(version=2).order_by("id")
    ]  # fmt: skip


def fill_points():
    for number, word in enumerate(HOSTILE):
        WorkPointEntry.objects.create(
            ticket=f"t{number}", ticket_no=f"LO-{number}", technician=technician(("wu", "bo")[number % 2]),
            kind=("earn", "deduction")[number % 2], stage="earned", points=Decimal(number) / 4, period=MONTH,
            reason=word, key=f"k{number}", at=NOON + timedelta(minutes=number), late=number == 3, **BY,
        )  # fmt: skip


def say_points():
    rows = sorted(WorkPointEntry.objects.all(), key=lambda one: (one.technician_id, one.pk))
    return [
        {
            "at": one.at, "month": MONTH, "stage": "已核", "name": one.technician.user.name,
            "work_no": one.technician.user.work_no, "unit": one.technician.org_unit.name,
            "ticket_no": one.ticket_no, "ticket": one.ticket,
            "kind": {"earn": "作业", "deduction": "扣分"}[one.kind], "code": "", "points": one.points,
            "late": one.late, "reason": one.reason, "rules": None, "by": "Lin", "id": one.pk, "corrects": None,
        }
        for one in rows
    ]  # fmt: skip


def fill_lines():
    CostPeriod.objects.create(month=MONTH)
    grid = OrgUnit.objects.get(code="E1")
    account = TicketAccount.objects.create(
        ticket="t1", ticket_no="LO-1", type_code="fault_bb", grid=grid, sub_branch=grid.parent, org_path=grid.path,
        technician=technician(), area_class="B", cause_code="x", period=MONTH, closed_at=NOON, frozen_at=NOON,
        version=1,
    )  # fmt: skip
    for number, word in enumerate(HOSTILE):
        MoneyLine.objects.create(
            account=account, side=("cost", "revenue")[number % 2], element=("material", "on_site_fee")[number % 2],
            fen=number * 101 - 300, period=MONTH, technician=technician("bo"), item="cable", note=word,
            quantity=Decimal("2.50"), source=f"stock/{number}/1", inputs={"document": word}, at=NOON, **BY,
        )  # fmt: skip
    CostPeriod.objects.update(state="closed")


def say_lines():
    rows = sorted(MoneyLine.objects.all(), key=lambda one: (one.side, one.element, one.pk))
    return [
        {
            "month": MONTH, "ticket_no": "LO-1", "ticket": "t1", "type": "宽带故障",
            "side": {"cost": "成本", "revenue": "收入"}[one.side],
            "element": {"cost": "材料", "revenue": "上门费"}[one.side], "fen": one.fen, "quantity": one.quantity,
            "item": "cable", "category": "", "sub_branch": one.account.sub_branch.name, "department": None,
            "grid": one.account.grid.name, "area_class": "B", "cause_code": "x", "technician": "Bo",
            "ticket_technician": "Wu", "closed_at": NOON, "receipt_no": "", "note": one.note, "origin": "库存单据",
            "origin_name": one.note, "late": 0, "id": one.pk, "reverses": None, "by": "Lin", "at": NOON,
        }
        for one in rows
    ]  # fmt: skip


def fill_expenses():
    for number, word in enumerate(HOSTILE):
        Expense.objects.create(
            public_id=f"e{number}", ticket=f"t{number}", element="travel", code="tolls", fen=1 + number, note=word,
            receipt_no=word[:40], org_path="/1/2/4/", technician=technician(), state="approved", entered_by="staff:3",
            entered_by_name="Wu", entered_at=NOON, decided_by="staff:1", decided_by_name="Yun", decided_at=NOON,
            answer=word, quantity=Decimal("1.25"),
        )  # fmt: skip


def say_expenses():
    return [
        {
            "entered_at": NOON, "ticket": one.ticket, "public_id": one.public_id, "what": "过路费", "element": "交通",
            "fen": one.fen, "quantity": one.quantity, "receipt_no": one.receipt_no, "note": one.note,
            "technician": "Wu", "state": "已批准", "entered_by": "Wu", "decided_by": "Yun", "decided_at": NOON,
            "answer": one.answer,
        }
        for one in Expense.objects.order_by("id")
    ]  # fmt: skip


def fill_budgets():
    fill_lines()
    OrgUnit.objects.filter(code="EAST").update(name=HOSTILE[0])
    told = {"month": MONTH, "changed_by": "staff:1", "changed_at": NOON}
    Budget.objects.create(fen=100_000, tickets=40, **told)
    Budget.objects.create(fen=0, sub_branch=OrgUnit.objects.get(code="EAST"), element="material", **told)
    Budget.objects.create(fen=50_000, type_code="fault_bb", **told)


def say_budgets():
    spent = sum(one.fen for one in MoneyLine.objects.filter(side="cost"))
    told = []
    for one in sorted(Budget.objects.all(), key=lambda one: (one.sub_branch_id or 10**9, one.pk)):
        used = round(Decimal(spent) * 100 / one.fen, 1) if one.fen else None
        told.append({
            "month": MONTH, "unit": HOSTILE[0] if one.sub_branch else "", "tickets": one.tickets,
            "type": "宽带故障" if one.type_code else "", "element": "材料" if one.element else "",
            "budget_fen": one.fen, "actual_fen": spent, "left_fen": one.fen - spent, "used": used,
            "light": "预算内" if one.fen else "已超支",
        })  # fmt: skip
    return told


def fill_sheets():
    for who, word in (("wu", HOSTILE[0]), ("bo", HOSTILE[5])):
        User.objects.filter(username=who).update(name=word, work_no=word)
    fill_points()
    fill_duty()


def say_sheets():
    told = []
    for one in Technician.objects.filter(user__username__in=("wu", "bo")):
        mine = WorkPointEntry.objects.filter(technician=one)
        earned = sum(row.points for row in mine if row.kind == "earn")
        taken = sum(row.points for row in mine if row.kind == "deduction")
        duty = sum((row.ended_at - row.started_at).total_seconds() for row in one.duty_spans.exclude(ended_at=None))
        told.append({
            "month": MONTH, "name": one.user.name, "work_no": one.user.work_no, "unit": one.org_unit.name,
            "tickets": sum(row.kind == "earn" for row in mine), "work": earned, "travel": 0, "bonus": 0,
            "deducted": taken, "corrected": 0, "points": earned + taken, "standard_hours": round(earned / 6, 2),
            "duty_hours": round(Decimal(duty) / 3600, 2), "used": round(earned * 1000 / (Decimal(duty) / 60), 1),
        })  # fmt: skip
    return sorted(told, key=lambda row: -row["points"])


def fill_duty():
    DutySpan.objects.all().delete()
    for day, who in enumerate(("wu", "bo", "wu"), 3):
        start = datetime(2026, 10, day, 8, 30, tzinfo=BUSINESS_ZONE)
        DutySpan.objects.create(technician=technician(who), started_at=start, ended_at=start + timedelta(hours=7.75))


def say_duty():
    return [
        {
            "name": one.technician.user.name, "work_no": one.technician.user.work_no,
            "unit": one.technician.org_unit.name, "started_at": one.started_at, "ended_at": one.ended_at,
            "hours": "7.75",
        }
        for one in DutySpan.objects.order_by("id")
    ]  # fmt: skip


def fill_balances():
    stock.item(name=HOSTILE[0])
    stock.item("cable", "quantity", unit="m", usual_cost=50, name=HOSTILE[5])
    stock.receive(stock.boxes("SN0001", "SN0002", cost=12_345))


def say_balances():
    rows = Balance.objects.filter(place__physical=True).exclude(quantity=0).select_related("item", "place")
    return [
        {
            "item_code": one.item.code, "item": one.item.name, "category": one.item.category, "unit": one.item.unit,
            "batch": None, "place_code": one.place.code, "place": one.place.name, "place_kind": "分公司仓库",
            "quantity": one.quantity,
        }
        for one in sorted(rows, key=lambda one: (one.item.code, one.place.code))
    ]  # fmt: skip


def fill_answers():
    ticket = make_ticket(status="closed")
    CallbackRecord.objects.all().delete()
    for number, word in enumerate(HOSTILE):
        CallbackRecord.objects.create(
            ticket=ticket, channel=("phone", "wechat", "none")[number % 3], fixed=(True, False, None)[number % 3],
            on_time=True, overcharged=None, score=5 - number % 3, complaint="late", note=word,
            actor=f"staff:{User.objects.get(username='hui').pk}", at=NOON,
        )  # fmt: skip


def say_answers():
    words = {"phone": "电话回访", "wechat": "用户微信自评", "none": "无人应答"}
    return [
        {
            "at": NOON, **ticket(one.ticket), "technician": "Wu", "channel": words[one.channel], "fixed": one.fixed,
            "on_time": 1, "overcharged": None, "score": one.score, "complaint": "不准时", "note": one.note, "by": "Hui",
        }
        for one in CallbackRecord.objects.order_by("id")
    ]  # fmt: skip


def fill_breaches():
    broken = make_ticket()
    for number, word in enumerate(HOSTILE):
        due = NOON + timedelta(minutes=number)
        Breach.objects.create(
            ticket=broken, clock="resolve", due_at=due, breached_at=due, ended_at=due + timedelta(minutes=61.5),
            cause_class="material", technician=technician(), exempted_at=NOON, exempted_by="staff:1",
            exempted_by_name=word, exemption=word,
        )  # fmt: skip


def say_breaches():
    return [
        {
            **ticket(one.ticket), "technician": "Wu", "department": None, "clock": "修复（用户承诺）",
            "due_at": one.due_at, "breached_at": one.breached_at, "ended_at": one.ended_at,
            "late_minutes": 61, "cause": "缺料",
            "exempted_at": NOON, "exempted_by": one.exempted_by_name, "exemption": one.exemption,
        }
        for one in Breach.objects.order_by("id")
    ]  # fmt: skip


def ticket(one: Ticket):
    return {
        "ticket_no": one.ticket_no, "public_id": one.public_id, "type": one.type.name_zh, "priority": one.priority,
        "grid": one.grid.name, "area_class": one.area_class,
    }  # fmt: skip


def fill_audit():
    for number, word in enumerate(HOSTILE):
        AuditEntry.objects.create(
            action="test.done", actor="staff:1", actor_name=word, entity="thing", entity_id=number, outcome=word,
            details={"args": word}, at=NOON + timedelta(seconds=number),
        )  # fmt: skip


def say_audit():
    return [
        {
            "at": one.at, "name": one.actor_name, "actor": "staff:1", "action": "test.done", "outcome": one.outcome,
            "entity": "thing", "entity_id": one.entity_id, "details": one.actor_name, "id": one.pk,
        }
        for one in AuditEntry.objects.filter(action="test.done").order_by("id")
    ]  # fmt: skip


# source: who takes it away, its period, and how it is filled and said
TABLES = {
    "settlement_lines": ("ji", "month", fill_settlement, say_settlement),
    "points": ("ji", "month", fill_points, say_points),
    "money_lines": ("ji", "month", fill_lines, say_lines),
    "expenses": ("ji", "entered", fill_expenses, say_expenses),
    "budgets": ("ji", "month", fill_budgets, say_budgets),
    "work_sheets": ("ji", "month", fill_sheets, say_sheets),
    "duty_hours": ("ji", "begun", fill_duty, say_duty),
    "stock_balances": ("ku", "end", fill_balances, say_balances),
    "callbacks": ("bai", "answered", fill_answers, say_answers),
    "breaches": ("bai", "breached", fill_breaches, say_breaches),
    "audit": ("bai", "done", fill_audit, say_audit),
}
