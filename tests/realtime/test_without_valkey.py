"""Valkey is never truth: without it screens are slower, and afterwards they are as quick as before."""

import time

import pytest

from realtime.room import LOOK_EVERY
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.realtime.conftest import Stage
from tests.realtime.processes import eventually
from tests.realtime.screen import Screen

pytestmark = pytest.mark.live


def test_screens_go_on_while_valkey_is_away_and_are_quick_again_after_it(own_stage: Stage, lotus: Branch) -> None:
    """Both links are cut: command to relay, relay to socket. The same sockets stay open throughout."""
    own_stage.realtime()
    own_stage.relay()
    lin = own_stage.screen(lotus, "lin")
    own_stage.valkey.stop()
    with in_branch(lotus.tenant):
        make.make_ticket()
        lin.read_to(lin.seq + 2, 3 * LOOK_EVERY + 10)
        own_stage.valkey.start()
        eventually(lambda: quickest(lin) < LOOK_EVERY / 4, "news are quicker than looking")


def test_a_socket_opened_without_valkey_still_follows(own_stage: Stage, lotus: Branch) -> None:
    own_stage.valkey.stop()
    own_stage.realtime()
    own_stage.relay()
    lin = own_stage.screen(lotus, "lin")
    with in_branch(lotus.tenant):
        make.make_ticket()
        lin.read_to(lin.seq + 2, 3 * LOOK_EVERY + 10)
        own_stage.valkey.start()
        eventually(lambda: quickest(lin) < LOOK_EVERY / 4, "news are quicker than looking")


def quickest(screen: Screen) -> float:
    """Commit to socket, the best of three."""
    took = []
    for _ in range(3):
        make.make_ticket()
        started = time.monotonic()
        screen.read_to(screen.seq + 2)
        took.append(time.monotonic() - started)
    return min(took)
