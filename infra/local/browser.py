"""`make browser`: Debian's Chromium, and fonts so that Chinese is no row of boxes. Standard library only."""

import os
import shutil
import subprocess
import sys

PACKAGES = ["chromium", "fonts-noto-cjk"]


def main() -> None:
    """Install what is missing, or say clearly why not."""
    if have_browser() and have_font():
        print("Chromium and a Chinese font are here already.")
        return
    if not shutil.which("apt-get"):
        sys.exit("There is no apt-get here: install a Chromium and the Noto CJK fonts by hand.")
    if os.geteuid() != 0 and not shutil.which("sudo"):
        sys.exit(f"Installing needs root: apt-get install {' '.join(PACKAGES)}")
    apt("update")
    apt("install", "--yes", "--no-install-recommends", *PACKAGES)


def apt(*arguments: str) -> None:
    """As root, asking nothing."""
    rights = [] if os.geteuid() == 0 else ["sudo"]
    command = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", *arguments]
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"{' '.join(command)} failed; its words are above.")


def have_browser() -> bool:
    """One that the journeys would find."""
    return any(map(shutil.which, ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]))


def have_font() -> bool:
    """Any font with Chinese in it."""
    if not shutil.which("fc-list"):
        return False
    found = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=False)
    return bool(found.stdout.strip())


if __name__ == "__main__":
    main()
