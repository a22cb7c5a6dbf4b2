"""The whole product on ports of its own, for journeys, fault runs and measurements.

with stack.running({**services, "STEPPE_DATA_DIR": str(tmp_path)}, folder=tmp_path) as (env, supervisor):
    page = f"http://lotus.localhost:{env['STEPPE_WEB_PORT']}/"
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from infra.local import ports, probe, programs
from infra.local.output import Output, tail
from infra.local.supervisor import Supervisor

ALL = ("sandbox", "realtime", "web", "relay", "worker", "beat")


@contextmanager
def running(
    services: Mapping[str, str], *, folder: Path, names: Collection[str] = ALL
) -> Iterator[tuple[dict[str, str], Supervisor]]:
    """Started and listening, then stopped in order. Restarts what dies only when `supervisor.look()` is called.

    `services` holds STEPPE_DATABASE_URL, STEPPE_VALKEY_URL and STEPPE_DATA_DIR; `folder` takes logs/.
    """
    env = programs.environment({name: ports.any_free() for name in ports.USUAL}, services, {})
    supervisor = Supervisor(Output(folder / "logs", terminal=(folder / "terminal.log").open("a")), folder / "pids.json")
    try:
        for program in [programs.sandbox(env), *programs.product(env)]:
            if program.name in names:
                supervisor.start(program)
        _wait(env, supervisor, names)
        yield env, supervisor
    finally:
        supervisor.stop()
        supervisor.output.terminal.close()


def _wait(env: Mapping[str, str], supervisor: Supervisor, names: Collection[str]) -> None:
    for name in {"web", "realtime", "sandbox"}.intersection(names):
        port = int(env[f"STEPPE_{name.upper()}_PORT"])
        if not probe.wait_for(lambda port=port: probe.listens(port), seconds=60):  # type: ignore[misc]
            raise RuntimeError(f"{name} did not start:\n{tail(supervisor.output.logs / f'{name}.log')}")
