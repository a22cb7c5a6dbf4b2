"""The setup starts from nothing, does not repeat itself, and keeps secrets to itself."""

import ast
import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local import assets, bootstrap, keys, run_tests, table
from infra.local.paths import ROOT, VENDOR

# Run before anything is installed, or between fork and exec.
ALONE = ("bootstrap.py", "leash.py", "browser.py")


@pytest.mark.parametrize("name", ALONE)
def test_what_runs_first_needs_only_the_standard_library(name: str) -> None:
    tree = ast.parse((ROOT / "infra" / "local" / name).read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    froms = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names = {alias.name for node in imports for alias in node.names} | set(froms)

    assert {each.partition(".")[0] for each in names} <= sys.stdlib_module_names


def test_an_unchanged_lock_is_not_installed_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = tmp_path / "stamp.json"
    monkeypatch.setattr(bootstrap, "STAMP", stamp)
    monkeypatch.setattr(bootstrap, "PYTHON", Path(sys.executable))
    assert not bootstrap.is_current("runtime")

    stamp.write_text(json.dumps({"runtime": bootstrap.fingerprint("runtime")}))
    assert bootstrap.is_current("runtime")
    assert not bootstrap.is_current("dev")

    stamp.write_text(json.dumps({"runtime": "of another lock"}))
    assert not bootstrap.is_current("runtime")


def test_secrets_are_made_once_and_only_their_owner_may_read_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in keys.MADE:
        monkeypatch.delenv(name, raising=False)

    first = keys.load(tmp_path)

    assert keys.load(tmp_path) == first
    assert len(set(first.values())) == len(keys.MADE)
    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600


def test_page_assets_are_the_ones_their_manifest_names() -> None:
    assert assets.is_current(), "make test makes them; or: python -m infra.local anything true"
    named = json.loads((VENDOR / "manifest.json").read_text())["files"]

    for name, fingerprint in named.items():
        assert assets.sha384(VENDOR / name) == fingerprint, name
    assert {"htmx/htmx.min.js", "leaflet/leaflet.js", "leaflet/leaflet.css", "weui/weui.min.css"} <= set(named)
    for package in ("htmx", "leaflet", "weui"):
        assert f"{package}/LICENSE" in named


def test_without_chromium_the_journeys_are_loudly_not_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STEPPE_CHROMIUM", "")
    seen: list[dict[str, str]] = []
    monkeypatch.setattr(run_tests, "with_services", lambda commands, more, careless: seen.append(dict(more)) or 0)

    assert run_tests.test([]) == 0

    assert seen == [{"STEPPE_CHROMIUM": ""}]
    assert capsys.readouterr().out.count("BROWSER JOURNEYS NOT RUN") == 2


def test_journeys_run_after_the_rest_and_a_file_stays_with_one_site() -> None:
    rest, journeys = run_tests.runs([], "/usr/bin/chromium")
    assert rest[-2:] == ["--ignore", "tests/journeys"] and "loadgroup" in rest
    assert journeys[-3:] == ["loadfile", "--no-loadscope-reorder", "tests/journeys"]

    assert run_tests.runs(["tests/tickets"], "/usr/bin/chromium")[0][-1] == "tests/tickets"


def test_addresses_are_shown_at_the_ports_in_use() -> None:
    used = {"web": 8003, "sandbox": 8005}
    row = {"site": "锡林郭勒", "url": "http://xilingol.localhost:8000/console/"}

    assert table.at_port(row, used)["url"] == "http://xilingol.localhost:8003/console/"
    assert table.at_port({"url": "http://localhost:8002/phone"}, used)["url"] == "http://localhost:8005/phone"
    assert table.at_port({"url": "https://hq.example.cn/"}, used)["url"] == "https://hq.example.cn/"


def test_help_lists_the_commands_everybody_uses() -> None:
    text = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    for command in ("up", "test", "lint", "bench", "nightly", "pushes", "sandbox", "reset", "help"):
        assert f"make {command} " in text
