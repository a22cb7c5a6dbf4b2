"""报表: the addresses below /console/reports/."""

from django.urls import path

from apps.console.views import reports

urlpatterns = [
    path("", reports.overview, name="reports"),
    path("figures/", reports.figures, name="report-figures"),
    path("kpi/<slug:code>/", reports.figure, name="report"),
    path("kpi/<slug:code>/tickets/", reports.tickets, name="report-tickets"),
    path("work/", reports.work, name="report-work"),
]
