"""`make bench`: the budgets of architecture.md section 8, as ratios within one run. About seven minutes.

CPU is user + system of the web and database processes, per operation; `bare` is measured in the same run.
Arguments pick parts: `http`, `claim`, `sockets`, `search`, `stock`, `settlement`, `exports`, `figures`,
`first-page`; without any, all of them.
"""

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steppe.boot.settings.dev")
PARTS = ("http", "claim", "sockets", "search", "stock", "settlement", "exports", "figures", "first-page")


def main(*wanted: str) -> None:
    """Build the world, start the real servers, measure, print, write build/bench.json."""
    from tests.bench.report import Report

    parts, report = wanted or PARTS, Report()
    if set(parts) - {"first-page"}:
        _in_a_branch(report, parts)
    if "first-page" in parts:
        from tests.bench import first_page

        first_page.measure(report)
    report.write()
    for row in report.over:
        print(f"over budget: {row.name}: {row.value:g} {row.unit}, wanted {row.budget}")


def _in_a_branch(report: "Report", parts: tuple[str, ...]) -> None:  # type: ignore[name-defined]  # noqa: F821
    """Django reads the environment once: ports and database are chosen before it wakes."""
    from infra.local import ports
    from tests.bench.scratch import fresh_database

    os.environ["STEPPE_WEB_PORT"] = str(ports.any_free())
    os.environ["STEPPE_REALTIME_PORT"] = str(ports.any_free())
    fresh_database("steppe_bench")

    import django

    django.setup()
    from tests.bench import claim, exporting, figures, over_http, searching, settling, sockets, stocking, world

    if set(parts) & {"http", "claim", "sockets"}:
        began = time.perf_counter()
        made = world.build()
        print(f"# a branch with 10,000 tickets in its pool: {time.perf_counter() - began:.1f} s", flush=True)
        for name, measure in {"http": over_http.measure, "claim": claim.measure, "sockets": sockets.measure}.items():
            if name in parts:
                measure(report, made)
    if "search" in parts:
        searching.measure(report)
    if "stock" in parts:
        stocking.measure(report)
    if "settlement" in parts:
        settling.measure(report)
    if "exports" in parts:
        exporting.measure(report)
    if "figures" in parts:
        figures.measure(report)


if __name__ == "__main__":
    main(*sys.argv[1:])
