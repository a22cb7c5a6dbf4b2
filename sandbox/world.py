"""The parts of one running sandbox, handed to every request."""

from dataclasses import dataclass

from .pusher import Pusher
from .state import State


@dataclass
class World:
    """The memory and the pusher."""

    state: State
    pusher: Pusher
