"""Kill -9 under load: every acknowledged report is stored once, whatever died; what failed is retried by its key."""

import http.client
import json
import os
import random
import signal
import threading
import time
from typing import Any

import psycopg
from psycopg import sql

from infra.local import probe
from tests.journeys.site import Site, running

VICTIMS = ("web", "relay", "worker", "realtime")
KILLS = 6
PHONE = "12600000003"
_site: list[Any] = []


def under_load(made: Any, seed: int) -> tuple[int, int]:
    """Clerks enter tickets over HTTP while processes are killed; then acked and stored are compared."""
    site = _shared_site()
    dice, stop = random.Random(seed), threading.Event()
    acked: dict[str, str] = {}
    headers = sign_in(site, "clerk")
    clerks = [threading.Thread(target=_clerk, args=[site, headers, f"{seed}-{n}", acked, stop]) for n in range(3)]
    for clerk in clerks:
        clerk.start()
    for _ in range(KILLS):
        time.sleep(dice.uniform(0.5, 2.0))
        os.killpg(site.child(dice.choice(VICTIMS)).process.pid, signal.SIGKILL)
        _until_up(site)
    stop.set()
    for clerk in clerks:
        clerk.join()
    return len(acked), _lost_or_doubled(site, acked)


def _shared_site() -> Site:
    if not _site:
        context = running()
        _site.append(context)
        _site.append(context.__enter__())
        threading.Thread(target=_watch, args=[_site[1]], daemon=True).start()
    site: Site = _site[1]
    return site


def _watch(site: Site) -> None:
    while True:
        site.supervisor.look()
        time.sleep(0.1)


def _until_up(site: Site) -> None:
    """A page answers again, whoever was killed."""
    port = int(site.env["STEPPE_WEB_PORT"])
    if not probe.wait_for(lambda: probe.page_answers(port, "localhost", "/livez"), seconds=60):
        raise SystemExit("the site did not come up again after a kill")


def _clerk(site: Site, headers: dict[str, str], name: str, acked: dict[str, str], stop: threading.Event) -> None:
    number = 0
    while not stop.is_set():
        number += 1
        key = f"kill-{name}-{number}"
        while not stop.is_set():  # unknown outcome: the same key again until there is an answer
            answer = _post(site, headers, key)
            if answer:
                acked[key] = answer
                break
            time.sleep(0.1)


def sign_in(site: Site, username: str) -> dict[str, str]:
    """Cookies of somebody who signed in through the page."""
    import httpx

    from tests.journeys.site import PASSWORD

    base = f"http://127.0.0.1:{site.env['STEPPE_WEB_PORT']}"
    host = {"Host": f"xilingol.localhost:{site.env['STEPPE_WEB_PORT']}"}
    with httpx.Client(base_url=base, headers=host, timeout=60) as client:
        client.get("/sign-in/")
        token = client.cookies["csrftoken"]
        form = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token}
        client.post("/sign-in/", data=form, headers={"Cookie": f"csrftoken={token}"})
        cookies = {cookie.name: cookie.value or "" for cookie in client.cookies.jar}
    joined = "; ".join(f"{key}={value}" for key, value in cookies.items())
    return {**host, "Cookie": joined, "X-CSRFToken": cookies["csrftoken"]}


def _post(site: Site, headers: dict[str, str], key: str) -> str:
    body = {"type_code": "fault_bb", "contact_phone": PHONE, "address": "杭盖街 1", "channel": "shop"}
    try:
        connection = http.client.HTTPConnection("127.0.0.1", int(site.env["STEPPE_WEB_PORT"]), timeout=5)
        sent = {**headers, "Idempotency-Key": key, "Content-Type": "application/json", "Accept": "application/json"}
        connection.request("POST", "/api/v1/tickets", json.dumps(body), sent)
        answer = connection.getresponse()
        text = answer.read()
    except (OSError, http.client.HTTPException):
        return ""
    return str(json.loads(text)["public_id"]) if answer.status in (200, 201) else ""


def _lost_or_doubled(site: Site, acked: dict[str, str]) -> int:
    """Acknowledged reports that are not there, and commands that were done without being the answer to their key."""
    with psycopg.connect(site.env["STEPPE_DATABASE_URL"]) as connection:
        schema = connection.execute("SELECT schema_name FROM tenants_tenant WHERE code = 'XL'").fetchone()
        assert schema is not None
        connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(schema[0])))
        stored = {row[0] for row in connection.execute("SELECT public_id FROM tickets_ticket")}
        answers = connection.execute(
            "SELECT response->>'public_id' FROM journal_idempotencykey WHERE key LIKE 'kill-%'"
        ).fetchall()
        done = connection.execute(
            "SELECT count(*) FROM journal_auditentry WHERE outcome = 'done' AND entity_id IN"
            " (SELECT id FROM tickets_ticket WHERE contact_phone = %s)", [PHONE],
        ).fetchone()  # fmt: skip
    lost = sum(public_id not in stored for public_id in acked.values())
    twice = len(acked) - len(set(acked.values()))
    return lost + twice + abs((done[0] if done else 0) - len(answers))
