"""A client that knows nothing of us (python-odata) reads the feed over real HTTP: metadata, filters, pages, sums."""

import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
import requests
from django.core.wsgi import get_wsgi_application
from django.db import connections
from odata import ODataService
from requests.auth import HTTPBasicAuth

from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests.bi.reading import asked, reading
from tests.cast import Branch
from tests.databases import Database
from tests.inventory import stock
from tests.make import make_ticket

ROUNDS = 7


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


class Server(ThreadingMixIn, WSGIServer):
    """The product itself on this machine, under Lotus's host name whatever the client calls it."""

    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


@pytest.fixture
def address(committed: Database, lotus: Branch, settings: Any) -> Iterator[str]:
    """Where it listens. `lotus.localhost` is this machine for every program that asks for it by number."""
    product = get_wsgi_application()

    def at_lotus(environ: dict[str, Any], start: Any) -> Any:
        return product(environ | {"HTTP_HOST": f"lotus.localhost:{environ['SERVER_PORT']}"}, start)

    server = make_server("127.0.0.1", 0, at_lotus, Server, Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/odata/v4/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_client_reads_metadata_filters_follows_pages_and_has_sqls_sums(
    address: str, lotus: Branch, ji: Actor
) -> None:
    with in_branch(lotus.tenant):
        token = reading(lotus, ji).token
        stock.cable()
        for n in range(1, ROUNDS + 1):
            stock.receive(stock.metres(n, 3))
        for priority in (0, 1, 2):
            make_ticket(priority=priority)
    session = requests.Session()
    session.auth = HTTPBasicAuth("reports", token)
    session.headers["Prefer"] = "odata.maxpagesize=3"
    session.hooks["response"] = [by_number]
    service = ODataService(address, reflect_entities=True, session=session, quiet_progress=True)
    assert {"Tickets", "StockMoves", "Staff"} <= set(service.entities)
    moves = service.entities["StockMoves"]
    told = list(service.query(moves).filter(moves.place_code == "main"))
    with in_branch(lotus.tenant):
        [(number, delta, value)] = asked(
            "SELECT count(*), sum(delta), sum(value_fen) FROM bi_stock_move_v1 WHERE place_code = 'main'"
        )
    assert len(told) == number == ROUNDS
    assert (sum(one.delta for one in told), sum(one.value_fen for one in told)) == (delta, value)
    tickets = service.entities["Tickets"]
    urgent = list(service.query(tickets).filter(tickets.priority < 2).order_by(tickets.priority.desc()))
    assert [one.priority for one in urgent] == [1, 0] and urgent[0].closed_at is None
    assert all(one.reported_at.tzinfo is not None for one in urgent)


def by_number(answer: requests.Response, **_: Any) -> requests.Response:
    """This machine has no name service for `lotus.localhost`: links lead to the same place by number."""
    answer._content = answer.content.replace(b"lotus.localhost", b"127.0.0.1")
    return answer
