"""成本与利润: the addresses below /console/costs/."""

from django.urls import path

from apps.console.views.costs import drill, expenses, months, overview, planning, sheet

urlpatterns = [
    path("", overview.page, name="costs"),
    path("by/<slug:dimension>/", drill.by, name="costs-by"),
    path("tickets/", drill.tickets, name="costs-tickets"),
    path("t/<slug:ticket>/", sheet.page, name="costs-ticket"),
    path("t/<slug:ticket>/recalculate/", sheet.recalculate, name="costs-recalculate"),
    path("budgets/", planning.budgets, name="costs-budgets"),
    path("budgets/copy/", planning.copy, name="costs-budgets-copy"),
    path("norms/", planning.norms, name="costs-norms"),
    path("plans/", planning.plans, name="costs-plans"),
    path("control/", overview.control, name="costs-control"),
    path("expenses/", expenses.listed, name="costs-expenses"),
    path("expenses/new/", expenses.enter, name="costs-expense-new"),
    path("expenses/<slug:expense>/<slug:step>/", expenses.decide, name="costs-expense"),
    path("months/", months.listed, name="costs-months"),
    path("months/<slug:month>/close/", months.close, name="costs-month-close"),
]
