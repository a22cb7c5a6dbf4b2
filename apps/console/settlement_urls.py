"""Addresses below /console/settlement/, named `console:settlement…`. A month is named `2026-10`."""

from django.urls import path

from apps.console.views.settlement import bases, disputes, lines, months

urlpatterns = [
    path("", months.listed, name="settlement"),
    path("disputes/", disputes.waiting, name="settlement-disputes"),
    path("disputes/<slug:name>/", disputes.one, name="settlement-dispute"),
    path("<slug:month>/", months.one, name="settlement-month"),
    path("<slug:month>/bases/", bases.page, name="settlement-bases"),
    path("<slug:month>/terms/", months.terms, name="settlement-terms"),
    path("<slug:month>/calculate/", months.calculate, name="settlement-calculate"),
    path("<slug:month>/progress/", months.progress, name="settlement-progress"),
    path("<slug:month>/cancel/", months.cancel, name="settlement-cancel"),
    path("<slug:month>/publish/", months.publish, name="settlement-publish"),
    path("<slug:month>/review/", months.review, name="settlement-review"),
    path("<slug:month>/approve/", months.approve, name="settlement-approve"),
    path("<slug:month>/lock/", months.lock, name="settlement-lock"),
    path("<slug:month>/export/", months.export, name="settlement-export"),
    path("<slug:month>/payroll/<slug:form>/", months.payroll, name="settlement-payroll"),
    path("<slug:month>/lines/<int:technician_id>/", lines.one, name="settlement-line"),
]
