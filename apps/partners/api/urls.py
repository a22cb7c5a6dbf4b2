"""The interfaces, as TM Forum spells their addresses: no final slash."""

from django.urls import path

import steppe.kernel.api.paths  # noqa: F401  (registers <public:…>)
from apps.partners.api import views

urlpatterns = [
    path("troubleTicket/v4/troubleTicket", views.TroubleTickets.as_view(), name="trouble-tickets"),
    path("troubleTicket/v4/troubleTicket/<public:ticket>", views.TroubleTicket.as_view(), name="trouble-ticket"),
    path("workOrder/v4/workOrder", views.WorkOrders.as_view(), name="work-orders"),
    path("workOrder/v4/workOrder/<public:ticket>", views.WorkOrder.as_view(), name="work-order"),
    path("<slug:interface>/v4/hub", views.Hub.as_view(), name="hub"),
    path("<slug:interface>/v4/hub/<public:listener>", views.HubListener.as_view(), name="hub-listener"),
]
