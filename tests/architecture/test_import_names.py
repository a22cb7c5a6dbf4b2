"""`platform/` is a source root, never a package: a package of that name shadows Python's own and breaks `uuid`."""

import importlib
import platform
import sys
import uuid
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "steppe",
    "steppe.kernel",
    "steppe.ui",
    "steppe.boot",
    "tenants",
    "apps",
    "realtime",
    "sandbox",
    "infra",
    "tests",
)


def test_pythons_own_platform_is_whole() -> None:
    assert platform.system()
    assert uuid.uuid4()
    assert not str(platform.__file__).startswith(str(ROOT / "platform"))


def test_the_source_root_is_no_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_nothing_under_the_source_root_has_a_name_of_the_standard_library() -> None:
    names = {path.stem for path in (ROOT / "platform").iterdir()}
    assert not names & sys.stdlib_module_names


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_the_one_of_this_checkout(room: str) -> None:
    found = importlib.import_module(room).__file__
    assert found is not None, f"{room} is a folder without __init__.py: any installed package of that name wins"
    assert Path(found).is_relative_to(ROOT)


def test_the_repository_comes_first_on_the_path() -> None:
    ours = [index for index, entry in enumerate(sys.path) if Path(entry or ".").resolve() in {ROOT, ROOT / "platform"}]
    theirs = [index for index, entry in enumerate(sys.path) if "site-packages" in entry]
    assert min(ours) < min(theirs)
