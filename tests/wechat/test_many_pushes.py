"""A hundred cards while everything outside fails now and then: `make pushes` in small."""

import pytest

from tenants.context import in_branch
from tests.faults import stage, told
from tests.faults.crew import environment
from tests.faults.run import Plan
from tests.realtime.processes import free_port

pytestmark = pytest.mark.live

PLAN = Plan(count=100, rate=0.2, seed=7, crew=20, batch=3)


def test_a_hundred_cards_keep_every_promise_while_a_fifth_of_the_calls_goes_wrong(committed, lotus, wx, settings):
    port = settings.STEPPE_WEB_PORT = free_port()
    env = environment(database=committed.url, root=wx.root, port=port)
    with in_branch(lotus.tenant):
        found = stage.play(PLAN, wx, port=port, env=env)
    told.print_report(found, PLAN)
    assert {name: broken for name, broken in found.broken.items() if broken} == {}
    assert found.figures["pushes decided"] >= PLAN.count
