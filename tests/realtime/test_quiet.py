"""The socket server does not paint lines that nobody reads."""

import os
import sys
from subprocess import run

ASK = """
import steppe.boot.asgi
from autobahn.websocket import protocol
print(protocol.hlval(7, color="red"), protocol.hltype(7))
"""


def test_a_frames_debug_line_is_plain_in_the_socket_process() -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(["platform", "."])}
    said = run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True, env=env)
    assert said.stdout.split() == ["7", "7"]
