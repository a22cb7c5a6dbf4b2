"""What a run needs around it: worker processes, the callback's door, one clock."""

from collections.abc import Mapping
from random import Random

from tenants.context import current_branch
from tests.faults import door, scene
from tests.faults.crew import crew
from tests.faults.judge import Findings
from tests.faults.run import Plan, Run
from tests.realtime.processes import eventually
from tests.wechat.stand import Sandbox


def play(plan: Plan, wx: Sandbox, *, port: int, env: Mapping[str, str], processes: int = 2) -> Findings:
    """One run in the branch we stand in. The settings name the sandbox and `port` already; `env` is the workers'."""
    wx.tell("reset", {"seed": plan.seed})
    with crew(current_branch().schema_name, env, processes) as workers:
        found = scene.set_up(wx, crew=plan.crew, dice=Random(plan.seed))
        run = Run(plan, wx, found, workers)
        with door.serving(port, run.moment):
            workers.ready()
            eventually(lambda: wx.tell("verify", {"appid": found.account.appid})["ok"], "the callback answers", 60)
            return run.go()
