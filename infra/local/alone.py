"""`make sandbox`: the WeChat stand-in by itself, for whoever writes against WeChat without the rest."""

from infra.local import ports, programs
from infra.local.output import Output
from infra.local.paths import data_dir, run_dir
from infra.local.supervisor import StopRequested, Supervisor, sweep


def sandbox() -> None:
    """Until Ctrl-C."""
    output = Output(data_dir() / "logs")
    chosen, moved = ports.choose({"sandbox": ports.USUAL["sandbox"]})
    supervisor = Supervisor(output, run_dir() / "sandbox.pids.json")
    sweep(supervisor.pid_file, output)
    supervisor.stop_on_signals()
    try:
        env = {**programs.basics(), "STEPPE_SANDBOX_PORT": str(chosen["sandbox"])}
        supervisor.start(programs.sandbox(env))
        for sentence in [*moved, f"phone simulator: http://localhost:{chosen['sandbox']}/phone"]:
            output.say(sentence)
        supervisor.watch()
    except StopRequested:
        output.say("stopping")
    finally:
        supervisor.stop()
