"""Addresses of this room: headquarters' site only."""

from django.urls import path

import steppe.kernel.api.paths  # noqa: F401  (registers <public:…>)
from apps.headquarters.views import (
    audit,
    branch,
    handovers,
    kpis,
    months,
    overview,
    settlement,
    templates,
    tickets,
)

app_name = "headquarters"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("branches/<slug:code>/", branch.card, name="branch"),
    path("branches/<slug:code>/place/", branch.place, name="branch-place"),
    path("kpi/", kpis.index, name="kpis"),
    path("kpi/file/<slug:form>/", kpis.take, name="figures-file"),
    path("kpi/<slug:code>/", kpis.kpi, name="kpi"),
    path("kpi/<slug:code>/tickets/", kpis.tickets, name="kpi-tickets"),
    path("tickets/<slug:code>/<public:ticket>/", tickets.page, name="ticket"),
    path("tickets/<slug:code>/<public:ticket>/hand-over/", tickets.hand_over, name="ticket-hand-over"),
    path("audit/", audit.page, name="audit"),
    path("handovers/", handovers.page, name="handovers"),
    path("handovers/<public:link_id>/", handovers.case, name="handover"),
    path("handovers/<public:link_id>/route/", handovers.route, name="handover-route"),
    path("handovers/<public:link_id>/decline/", handovers.decline, name="handover-decline"),
    path("handovers/<public:link_id>/take-back/", handovers.take_back, name="handover-take-back"),
    path("settlement/", settlement.page, name="settlement"),
    path("money/", months.money, name="money"),
    path("stock/", months.stock, name="stock"),
    path("templates/", templates.page, name="templates"),
    path("templates/map/", templates.map_type, name="template-map"),
    path("templates/publish/", templates.publish, name="template-publish"),
]
