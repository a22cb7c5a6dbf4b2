#!/usr/bin/env python
"""Django's command line. The repository root stays first on the path, then the source root `platform/`."""

import os
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent / "platform"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steppe.boot.settings.dev")

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
