"""What a delay holds up beyond a reset is no call of what comes after."""

from types import SimpleNamespace

from sandbox.protocol import Call
from sandbox.state import State


def test_a_late_call_is_noted_with_those_before_the_reset():
    world = SimpleNamespace(state=State())
    late = Call(world=world, method="POST", path="/cgi-bin/message/template/send", query={}, body=b"")
    world.state.reset()
    late.notes.append({"path": late.path})
    assert list(world.state.calls) == []
