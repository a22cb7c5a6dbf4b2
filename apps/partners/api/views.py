"""TMF621 trouble tickets, TMF697 work orders, and the hubs: questions in, our records in their shapes out."""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from apps.partners import cases_read, services
from apps.partners.api import bodies
from apps.partners.api.base import Interface
from apps.partners.api.bodies import HubInput, TroubleList, TroubleTicketChange, TroubleTicketCreate, WorkList
from apps.partners.cases_read import TROUBLE, WORK, Wanted
from apps.partners.errors import HubNotFound
from apps.partners.rules import incoming, scopes, shapes
from apps.partners.rules.asked import only
from steppe.kernel.api.views import UNKNOWN
from steppe.kernel.errors import Invalid


class _List(Interface):
    """A page of one kind. Five queries, however many there are: token, count, rows, external names, address."""

    kind: ClassVar[str]
    query: ClassVar[type[bodies.Query]]
    words: ClassVar[tuple[str, str, str]]  # how the interface calls state, type and the day of the report

    def page(self, request: Request) -> Response:
        told = self._asked(request)
        state, type_code, day = self.words
        moments = told.get(day, {})
        wanted = Wanted(
            state=told.get(state, ""), type_code=told.get(type_code, ""), external_id=told.get("externalId", ""),
            since=moments.get("gt"), until=moments.get("lt"), offset=told["offset"], limit=told["limit"],
        )  # fmt: skip
        found, root = cases_read.cases_for(self.caller, self.kind, wanted), self.root
        shown = [only(shape_of(self.kind)(case, root), request.query_params.get("fields", "")) for case in found.cases]
        return Response(shown, headers={"X-Total-Count": str(found.total), "X-Result-Count": str(len(shown))})

    def _asked(self, request: Request) -> dict[str, Any]:
        """Raises Invalid for a parameter that nobody knows: to pass over a filter would be to tell too much."""
        given = {name: value for name, value in request.query_params.items() if name != "fields"}
        if unknown := set(given) - set(self.query().fields):
            raise Invalid({name[:40]: [str(UNKNOWN)] for name in sorted(unknown)})
        return self.checked(self.query, given)


class _One(Interface):
    """One of a kind, by our public id. Four queries."""

    kind: ClassVar[str]

    def shown(self, request: Request, ticket: str) -> Response:
        case = cases_read.case_for(self.caller, self.kind, ticket)
        return Response(only(shape_of(self.kind)(case, self.root), request.query_params.get("fields", "")))


class TroubleTickets(_List):
    """TMF621 `/troubleTicket`: list and create."""

    interface, kind, query = "troubleTicket", TROUBLE, TroubleList
    words = ("status", "ticketType", "creationDate")

    def get(self, request: Request) -> Response:
        return self.page(request)

    def post(self, request: Request) -> Response:
        """201 for a new ticket, 200 for one that was opened under this externalId before."""
        self.caller.needs(scopes.OPEN)
        told = incoming.told(self.checked(TroubleTicketCreate, request.data))
        public_id, new = services.open_for_partner(told=told, caller=self.caller, key=self.key)
        shown = shapes.trouble_ticket(cases_read.opened_case(self.caller, public_id), self.root)
        return Response(shown, status=201 if new else 200, headers={"Location": shown["href"]})


class TroubleTicket(_One):
    """TMF621 `/troubleTicket/{id}`: read, and what may be changed from outside."""

    interface, kind = "troubleTicket", TROUBLE

    def get(self, request: Request, ticket: str) -> Response:
        return self.shown(request, ticket)

    def patch(self, request: Request, ticket: str) -> Response:
        self.caller.needs(scopes.OPEN)
        told = self.checked(TroubleTicketChange, request.data)
        services.change_ticket(
            public_id=ticket, status=told.get("status", ""), reason=told.get("statusChangeReason", ""),
            note=next((one["text"] for one in told.get("note", ())), ""), caller=self.caller, key=self.key,
        )  # fmt: skip
        return Response(shapes.trouble_ticket(cases_read.opened_case(self.caller, ticket), self.root))


class WorkOrders(_List):
    """TMF697 `/workOrder`: list."""

    interface, kind, query = "workOrder", WORK, WorkList
    words = ("state", "category", "orderDate")

    def get(self, request: Request) -> Response:
        return self.page(request)


class WorkOrder(_One):
    """TMF697 `/workOrder/{id}`: read."""

    interface, kind = "workOrder", WORK

    def get(self, request: Request, ticket: str) -> Response:
        return self.shown(request, ticket)


class Hub(Interface):
    """`/hub` of an interface: register a listener."""

    def post(self, request: Request, interface: str) -> Response:
        self.caller.needs(scopes.EVENTS)
        told = self.checked(HubInput, request.data)
        query = told.get("query") or ""
        made = services.register_listener(
            interface=interface, callback=told["callback"], query=query, caller=self.caller, key=self.key
        )
        body = {"id": made.public_id, "callback": told["callback"], "query": query}
        return Response(body, status=201, headers={"Location": f"{request.path}/{made.public_id}"})


class HubListener(Interface):
    """`/hub/{id}`: remove it."""

    def delete(self, request: Request, interface: str, listener: str) -> Response:
        self.caller.needs(scopes.EVENTS)
        if interface not in scopes.HUBS:
            raise HubNotFound
        services.end_listener(public_id=listener, by=self.caller.actor, key=self.key)
        return Response(status=204)


def shape_of(kind: str) -> Any:
    """The pure function that tells a case of this kind."""
    return shapes.work_order if kind == WORK else shapes.trouble_ticket
