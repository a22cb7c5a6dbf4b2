"""The only place that calls a partner: checked addresses, no proxy, no redirect, little time, few bytes.

A name is resolved here and the connection goes to the very address that was judged; asking twice would let a name mean
the open internet when it is judged and our own network when it is called. TLS still proves the name.
"""

import socket
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass

from django.conf import settings
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError

from apps.partners.rules.addresses import Address, is_loopback, is_public

CONNECT_S, READ_S, WHOLE_S = 3, 5, 10
ANSWER_BYTES = 2000
Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Answer:
    """What came back: a status, or none with the reason why nobody could be asked or nothing was heard."""

    status: int | None
    text: str

    @property
    def arrived(self) -> bool:
        """Only 2xx says that it was taken: a redirect is not followed, and is a failure."""
        return self.status is not None and 200 <= self.status < 300


class Refused(Exception):
    """We do not call there."""


def resolve(host: str, port: int) -> list[str]:
    """Every address of the name, in the system's order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def post(to: Address, body: bytes, headers: Mapping[str, str], *, resolver: Resolver | None = None) -> Answer:
    """One POST of JSON. Never raises for what the other side does; takes up to about 15 s, with no transaction open."""
    try:
        where = checked(to, (resolver or resolve)(to.host, to.port))
    except Refused as refusal:
        return Answer(None, str(refusal))
    except (OSError, UnicodeError):
        return Answer(None, "the name cannot be resolved")
    try:
        return _asked(to, where, body, headers)
    except (HTTPError, OSError, ValueError) as error:
        return Answer(None, type(error).__name__)  # its text holds the address, which may hold a secret


def checked(to: Address, addresses: list[str]) -> str:
    """The address to connect to. One forbidden address among them condemns the name. Raises Refused."""
    loopback = bool(addresses) and all(is_loopback(one) for one in addresses)
    if loopback and settings.STEPPE_PARTNERS_LOOPBACK:
        return addresses[0]
    if to.scheme != "https":
        raise Refused("only https is called")
    if not addresses or not all(is_public(one) for one in addresses):
        raise Refused("the name leads to an address that is not public")
    return addresses[0]


def _asked(to: Address, where: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    sent = {"Host": to.allowed_as, "Content-Type": "application/json", "User-Agent": "Steppe", **headers}
    with closing(_pool(to, where)) as pool:
        answer = pool.urlopen(
            "POST", to.path, body=body, headers=sent, retries=False, redirect=False, preload_content=False,
            assert_same_host=False,
        )  # fmt: skip
        try:
            return Answer(answer.status, _beginning(answer))  # type: ignore[arg-type]
        finally:
            answer.close()


def _pool(to: Address, where: str) -> HTTPConnectionPool:
    """A connection to the judged address, which must prove the name."""
    timeout = Timeout(connect=CONNECT_S, read=READ_S)
    if to.scheme == "http":
        return HTTPConnectionPool(where, to.port, timeout=timeout)
    return HTTPSConnectionPool(
        where, to.port, timeout=timeout, cert_reqs="CERT_REQUIRED", ca_certs=DEFAULT_CA_BUNDLE_PATH,
        server_hostname=to.host, assert_hostname=to.host,
    )  # fmt: skip


def _beginning(answer: HTTPResponse) -> str:
    """The first bytes of the answer, as text that a page can show; the rest is not read."""
    body, deadline = b"", time.monotonic() + WHOLE_S
    while len(body) < ANSWER_BYTES and time.monotonic() < deadline:
        part = answer.read1(ANSWER_BYTES - len(body), decode_content=False)
        if not part:
            break
        body += part
    return body.decode("utf-8", "replace").replace("\x00", "")
