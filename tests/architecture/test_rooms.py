"""The order of the rooms (docs/architecture.md §2), and a few things a layer list cannot say."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("apps", "platform", "realtime", "tenants")


def _sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def test_rooms_import_only_what_stands_below_them() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    path = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


# What → why. Searched in the code of the product, so a comment that names it is fine, a call is not.
BANNED = {
    r"^\s*with tenant:": "django-tenants keeps that stack in a class attribute all threads share; use tenants.context",
    r"connection\.pool\b": "a raw pooled connection stands in the last branch's schema",
    r"cache\.clear\(": "it clears every branch's cache",
    r"AuthMiddlewareStack|AllowedHostsOriginValidator": "wrong schema; lets any sibling branch in",
    r"\bdatetime\.now\(|timezone\.now\(|datetime\.utcnow\(|\btime\.time\(": "ask steppe.kernel.clock",
    r"transaction\.on_commit\(.*\.delay": "a kill between commit and publish loses it; emit an event",
    r"(?<!\.)\beval\(|(?<!\.)\bexec\(|\bpickle\b|mark_safe\(": "never",
    r"thread_sensitive=False|asyncio\.to_thread": "lands in `public`; use realtime's run_in_tenant",
    r"gen_random_uuid|clock_timestamp\(": "volatile SQL: compute it in Python",
    r"\.objects\.raw\(|\.extra\(": "plain SQL stands in a module's constants",
}
ALLOWED = {
    ("platform/steppe/kernel/clock.py", "timezone.now("),
    ("platform/steppe/kernel/sessions.py", "timezone.now("),  # Django writes their end by the same clock
    ("realtime/db.py", "thread_sensitive=False"),  # run_in_tenant itself: the branch is entered inside the thread
    (
        "realtime/middleware.py",
        "branch_at, thread_sensitive=False",
    ),  # enters `public` by itself, returns no row's worth
}


@pytest.mark.parametrize("pattern", BANNED)
def test_house_rules(pattern: str) -> None:
    found = []
    for path in _sources(*PRODUCT):
        name = str(path.relative_to(ROOT))
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(pattern, line) and not any(name == file and part in line for file, part in ALLOWED):
                found.append(f"{name}:{number}: {line.strip()}")
    assert not found, BANNED[pattern] + "\n" + "\n".join(found)


def test_no_sql_is_put_together_from_values() -> None:
    """`cursor.execute(f"…")` and friends; schema and table names go through psycopg's `sql.Identifier`."""
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in _sources(*PRODUCT)
        for call in _calls(path, {"execute", "executemany"})
        if call.args and isinstance(call.args[0], (ast.JoinedStr, ast.BinOp))
    ]
    assert not found, found


def test_services_take_keywords_only() -> None:
    """`grab_ticket(public_id=…, by=…, key=…)` cannot mix up two ids."""
    found = []
    for path in _sources("apps", "tenants"):
        if path.name != "services.py" and path.parent.name != "services":
            continue
        for node in ast.parse(path.read_text()).body:
            if _is_command(node) and (node.args.args or node.args.posonlyargs):
                found.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert not found, found


def test_every_migration_is_named_by_a_sentence() -> None:
    """`0003_a_sentence.py`: `_auto_` tells a reader nothing, twenty of them tell less."""
    names = [path for path in _sources(*PRODUCT) if path.parent.name == "migrations" and path.name != "__init__.py"]
    wrong = [
        str(p.relative_to(ROOT))
        for p in names
        if "_auto_" in p.name
        or not re.fullmatch(r"\d{4}_[a-z]+(_[a-z0-9]+)+\.py|\d{4}_(extensions|branches)\.py", p.name)
    ]
    assert names and not wrong, wrong


def test_migrations_import_no_code_of_the_rooms() -> None:
    """A migration runs years later: the code it would import has moved on. Operations are made for it and stay."""
    rooms = re.compile(
        r"^(from|import) (?!steppe\.kernel\.postgres\.operations )(apps|tenants|realtime|steppe)\b", re.M
    )
    wrong = [
        str(path.relative_to(ROOT))
        for path in _sources(*PRODUCT)
        if path.parent.name == "migrations" and rooms.search(path.read_text())
    ]
    assert not wrong, wrong


def test_nobody_formats_a_phone_into_a_log() -> None:
    """Log lines carry ids; personal fields never (PIPL)."""
    wrong = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in _sources(*PRODUCT)
        for call in _calls(path, {"info", "warning", "error", "debug", "exception"})
        if re.search(r"phone|contact_name|address|password|secret", ast.unparse(call))
        and ast.unparse(call.func).startswith(("log.", "logger."))
    ]
    assert not wrong, wrong


def _is_command(node: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    marks = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    return any(isinstance(mark, ast.Call) and getattr(mark.func, "id", "") == "command" for mark in marks)


def _calls(path: Path, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
            yield node
