"""The locks name versions and hashes and no host, so that they work with whatever mirror a machine has."""

import json
import re

import pytest

from infra.local.paths import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^([a-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / "requirements" / f"{name}.txt").read_text()))


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_python_lock_names_no_host_and_hashes_every_package(path) -> None:  # type: ignore[no-untyped-def]
    text = path.read_text()

    assert not re.search(r"https?://|file://|--(extra-)?index-url|--find-links", text)
    blocks = re.split(r"\n(?=[a-z0-9])", "\n" + text)
    assert all("--hash=sha256:" in block for block in blocks if "==" in block.partition("\n")[0])


def test_there_are_three_python_locks() -> None:
    assert [path.stem for path in LOCKS] == ["dev", "installer", "runtime"]


def test_development_has_the_very_versions_that_run() -> None:
    runtime, dev = pins("runtime"), pins("dev")

    assert {name: dev.get(name) for name in runtime} == runtime


def test_the_npm_lock_names_no_host_and_hashes_every_package() -> None:
    text = (ROOT / "frontend" / "package-lock.json").read_text()

    assert "resolved" not in text
    assert not re.search(r"https?://", text)
    packages = {name: facts for name, facts in json.loads(text)["packages"].items() if name}
    assert all(facts["integrity"].startswith("sha512-") for facts in packages.values())


def test_page_assets_have_exact_versions() -> None:
    package = json.loads((ROOT / "frontend" / "package.json").read_text())
    wanted = {**package["dependencies"], **package["devDependencies"]}

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values()), wanted
