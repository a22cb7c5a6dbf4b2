"""A file of lines whose maker was killed is gone on with where it stopped: the bytes of an undisturbed run."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from apps.exports import services
from apps.exports.models import ExportJob
from apps.exports.services import desks
from apps.people.accounts.models import RoleGrant, User
from apps.tickets import records_read
from apps.tickets.models import Ticket
from infra.local.paths import ROOT
from steppe.kernel import clock
from tenants.context import in_branch
from tests.exports.asked import NARROW, ask, job, made
from tests.make import make_ticket

# A maker with pages of two rows that says a dot after each and then waits to be killed.
KILLED = """
import os, sys, time
import django; django.setup()
from apps.exports import services
from apps.exports.services import making
from apps.tickets import records_read
from tenants.context import branch_by_schema, in_branch
records_read.PAGE = 2
real = making._tell
def tell(*told):
    real(*told)
    os.write(1, b".")
    time.sleep(0.5)
making._tell = tell
with in_branch(branch_by_schema(sys.argv[1])):
    services.make(sys.argv[2])
"""


def killed_after(pages, database, branch, public_id):
    """A real process makes the file and dies by kill -9 after so many pages; its row looks left behind."""
    env = {**os.environ, "STEPPE_DATABASE_URL": database.url, "DJANGO_SETTINGS_MODULE": "steppe.boot.settings.test"}
    command = [sys.executable, "-c", KILLED, branch.tenant.schema_name, public_id]
    maker = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE)
    assert maker.stdout.read(pages) == b"." * pages
    os.kill(maker.pid, signal.SIGKILL)
    maker.wait()
    ExportJob.objects.filter(public_id=public_id).update(touched_at=clock.now() - timedelta(minutes=4))


@pytest.fixture
def behind(monkeypatch):
    """The keys behind which the source was read."""
    seen, real = [], records_read.records

    def records(actor, by, start, end, codes, after=None, *more):
        seen.append(after)
        return real(actor, by, start, end, codes, after, *more)

    monkeypatch.setattr(records_read, "records", records)
    return seen


def content(public_id):
    with default_storage.open(job(public_id).path) as file:
        return file.read()


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_kill_9_twice_and_the_file_is_gone_on_with(committed, lotus, behind, form):
    with in_branch(lotus.tenant):
        for word in ("plain", '"quoted", twice', "一行\r\n两行", "=1+1", "", "x", "y", "z", "end"):
            one = make_ticket()
            Ticket.objects.filter(pk=one.pk).update(description=word)
        columns = [*NARROW, "description"]
        _row, whole = made(form=form, columns=columns)
        public_id = ask(form=form, columns=columns)
        killed_after(2, committed, lotus, public_id)
        first = job(public_id)
        assert (first.state, first.done, first.mark["rows"]) == ("running", 4, 4)
        killed_after(1, committed, lotus, public_id)
        second = job(public_id)
        assert (second.attempt, second.done) == (2, 6) and second.mark["size"] > first.mark["size"]
        behind.clear()
        assert services.make(public_id) == "done"
        assert [list(map(str, after)) for after in behind] == [list(map(str, second.mark["key"]))]
        assert content(public_id) == whole and job(public_id).total == 9
        assert desks.left_behind(public_id) == []


def test_what_cannot_grow_is_begun_anew(committed, lotus, behind):
    with in_branch(lotus.tenant):
        for _ in range(5):
            make_ticket()
        _row, whole = made(form="parquet", columns=NARROW)
        public_id = ask(form="parquet", columns=NARROW)
        killed_after(2, committed, lotus, public_id)
        behind.clear()
        assert job(public_id).mark is None and services.make(public_id) == "done"
        assert behind == [None] and content(public_id) == whole


@pytest.fixture
def half(lotus_db, monkeypatch):
    """An export of five tickets of which three pages of two are told of; its maker is gone, its file is there."""
    monkeypatch.setattr(records_read, "PAGE", 2)
    for _ in range(7):
        make_ticket()
    public_id, real, seen = ask(columns=NARROW), services.making._tell, []

    def tell(*told):
        real(*told)
        seen.append(told)
        if len(seen) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(services.making, "_tell", tell)
    with monkeypatch.context() as kept:
        kept.setattr(services.making, "rmtree", lambda *_args, **_more: None)
        with pytest.raises(KeyboardInterrupt):
            services.make(public_id)
    monkeypatch.setattr(services.making, "_tell", real)
    ExportJob.objects.update(touched_at=clock.now() - timedelta(minutes=4))
    return public_id


def test_what_the_file_holds_beyond_the_mark_is_dropped(half, behind):
    (left,) = desks.left_behind(half)
    with left.open("ab") as file:
        file.write(b"half a li")
    assert services.make(half) == "done" and behind[-1] is not None
    assert content(half) == made(columns=NARROW)[1]


def test_other_bytes_are_not_trusted(half, behind):
    (left,) = desks.left_behind(half)
    whole = left.read_bytes()
    left.write_bytes(whole[:40] + b"9" + whole[41:])
    assert services.make(half) == "done" and behind[-1] is None
    assert content(half) == made(columns=NARROW)[1]


def test_without_the_file_it_is_begun_anew(half, behind):
    """Another machine took it over."""
    desks.sweep_desk(half)
    assert services.make(half) == "done" and behind[-1] is None
    assert content(half) == made(columns=NARROW)[1]


def test_what_was_read_with_other_rights_is_not_kept(half, behind):
    RoleGrant.objects.create(user=User.objects.get(username="bai"), role="clerk", org_path="/1/")
    assert services.make(half) == "done" and behind[-1] is None


def test_the_old_maker_may_live_and_writes_into_nobody_s_file(half):
    """It had not died but slept: it still holds its file open."""
    (left,) = desks.left_behind(half)
    with left.open("ab") as file:
        assert services.make(half) == "done"
        file.write(b"too late\r\n" * 1000)
    assert b"too late" not in content(half)
