"""The parts of one running sandbox, handed to every request."""

from dataclasses import dataclass

from sandbox.pusher import Pusher
from sandbox.state import State


@dataclass
class World:
    """The memory and the pusher."""

    state: State
    pusher: Pusher
