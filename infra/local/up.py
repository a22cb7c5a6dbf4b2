"""`make up`: services, assets, words, tables, demo, processes; then the addresses; then watch for Ctrl-C."""

import json
import os
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from infra.local import assets, keys, messages, ports, probe, programs, run_lock, services, table
from infra.local.output import Output
from infra.local.paths import data_dir, run_dir
from infra.local.steps import manage, run, step
from infra.local.supervisor import StopRequested, Supervisor, sweep

FIRST_PAGE_PATIENCE = 90.0
RUNNING = "Steppe runs already (process {pid}; Ctrl-C there stops it). Its addresses: make addresses"


def up() -> None:
    """Everything, until a signal says stop; then everything down again, in order."""
    with run_lock.hold(RUNNING):
        output = Output(data_dir() / "logs")
        supervisor = Supervisor(output, run_dir() / "pids.json")
        sweep(supervisor.pid_file, output)
        supervisor.stop_on_signals()
        try:
            env = set_up(supervisor)
            start(supervisor, env)
            supervisor.watch()
        except StopRequested:
            output.say("stopping; Ctrl-C again to stop without waiting")
        finally:
            supervisor.stop()


def set_up(supervisor: Supervisor) -> dict[str, str]:
    """All that must be there before the first process starts; what is there already is found, not remade."""
    secrets = keys.load(run_dir())
    with step("PostgreSQL and Valkey"):
        addresses = services.start(supervisor, data_dir(), secrets)
    chosen, moved = ports.choose()
    for sentence in moved:
        supervisor.output.say(sentence)
    ports.remember(chosen, run_dir())
    env = programs.environment(chosen, addresses, secrets)
    _remember(env)
    with ports.held(chosen):
        _fill(supervisor, env)
    return env


def _fill(supervisor: Supervisor, env: dict[str, str]) -> None:
    """Words before the demo, which is written in Chinese; assets beside it all, on the other core."""
    look = supervisor.look
    with ThreadPoolExecutor(1) as beside:
        vendor = beside.submit(assets.ensure)
        with step("translations"):
            messages.compile_all()
        with step("database tables"):
            run(manage("migrate_schemas", "--shared"), env, meanwhile=look)
            run(manage("migrate_branches"), env, show=True, meanwhile=look)  # those of an earlier release
        with step("branches and demo"):
            run(manage("seed_demo"), env, show=True, meanwhile=look)
        with step("page assets"):
            vendor.result()
            run(manage("collectstatic", "--noinput"), env, meanwhile=look)


def _remember(env: dict[str, str]) -> None:
    """For `python -m infra.local manage`, which talks to the running demo from another window."""
    path = run_dir() / "environment.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(env, indent=2))


def start(supervisor: Supervisor, env: dict[str, str]) -> None:
    """The pages; then the sandbox is told whom it stands in for; then who sends cards, which it would refuse before."""

    def introduce() -> None:
        threading.Thread(target=_introduce, args=[env], daemon=True).start()

    supervisor.start(programs.sandbox(env, after_restart=introduce))
    for program in programs.pages(env):
        supervisor.start(program)
    with step("first page"):
        _first_page(supervisor, env)
    seconds = time.time() - float(os.environ.get("STEPPE_STARTED") or time.time())
    with step("accounts and people to the WeChat sandbox"):
        probe.wait_for(lambda: _sandbox_answers(env), seconds=20, meanwhile=supervisor.look)
        run(manage("introduce_sandbox"), env, meanwhile=supervisor.look)
    for program in programs.senders(env):
        supervisor.start(program)
    table.show(data_dir())
    threading.Thread(target=_keep_books, args=[env], daemon=True).start()
    supervisor.output.say(f"first page after {seconds:.1f} s; Ctrl-C stops everything")


def _first_page(supervisor: Supervisor, env: dict[str, str]) -> None:
    port, host = int(env["STEPPE_WEB_PORT"]), f"hq.{os.environ.get('STEPPE_BASE_DOMAIN') or 'localhost'}"
    patience = FIRST_PAGE_PATIENCE
    if not probe.wait_for(lambda: probe.page_answers(port, host), seconds=patience, meanwhile=supervisor.look):
        raise SystemExit(f"The web process gives no page; see {supervisor.output.logs / 'web.log'}")


def _sandbox_answers(env: dict[str, str]) -> bool:
    return probe.page_answers(int(env["STEPPE_SANDBOX_PORT"]), "localhost", "/phone")


def _keep_books(env: dict[str, str]) -> None:
    """The demo's points and profit, while a visitor looks at the pool; what is booked already costs a look."""
    subprocess.run(manage("keep_demo_books"), env={**os.environ, **env}, stdout=subprocess.DEVNULL, check=False)


def _introduce(env: dict[str, str]) -> None:
    """After the sandbox was restarted; a failure is said by the command itself, in the terminal."""
    if probe.wait_for(lambda: _sandbox_answers(env), seconds=20):
        subprocess.run(manage("introduce_sandbox"), env={**os.environ, **env}, check=False)
