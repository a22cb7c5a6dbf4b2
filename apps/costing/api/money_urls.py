"""Addresses of costs and profit, below /api/v1/."""

from django.urls import path

from apps.costing.api import money, spending

app_name = "costs-api"
ONE = "costs/expenses/<slug:expense>"
urlpatterns = [
    path("costs/months", spending.CostMonths.as_view(), name="months"),
    path("costs/months/<slug:month>/close", spending.CloseMonth.as_view(), name="month-close"),
    path("costs/months/<slug:month>/budgets", spending.Budgets.as_view(), name="budgets"),
    path("costs/months/<slug:month>/deviations", spending.Deviations.as_view(), name="deviations"),
    path("costs/months/<slug:month>/odd", spending.OddFigures.as_view(), name="odd"),
    path("costs/trend", money.MoneyTrend.as_view(), name="trend"),
    path("costs/by/<slug:dimension>", money.Profit.as_view(), name="by"),
    path("costs/tickets", money.MoneyOfTickets.as_view(), name="tickets"),
    path("costs/tickets/<slug:ticket>", money.TicketMoney.as_view(), name="account"),
    path("costs/tickets/<slug:ticket>/recalculate", money.Recalculate.as_view(), name="recalculate"),
    path("costs/norms", spending.Norms.as_view(), name="norms"),
    path("costs/expenses", spending.Expenses.as_view(), name="expenses"),
    path(f"{ONE}/approve", spending.ApproveExpense.as_view(), name="expense-approve"),
    path(f"{ONE}/refuse", spending.Refuse.as_view(), name="expense-refuse"),
    path(f"{ONE}/reverse", spending.Reverse.as_view(), name="expense-reverse"),
    path(f"{ONE}/withdraw", spending.WithdrawExpense.as_view(), name="expense-withdraw"),
]
