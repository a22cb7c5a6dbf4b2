"""manage.py relay: numbers committed events and wakes screens and subscribers, until SIGTERM or Ctrl-C."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tenants.context import active_branches, in_public
from tenants.relay import Relay, settle


class Command(BaseCommand):
    help = "Number each branch's committed events and tell screens and subscribers. Any number may run."
    requires_system_checks = ()  # it serves no page: `manage.py check` is the deployment's, and costs a second

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what there is to do, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            return _once()
        stop = threading.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: stop.set())
        Relay(stop).run()
        return None


def _once() -> None:
    with in_public():
        branches = active_branches()
    for tenant in branches:
        settle(tenant)
