"""The fingerprint behind “the same request”."""

from dataclasses import dataclass

import pytest

from steppe.kernel.hashing import digest


@dataclass(frozen=True)
class Told:
    text: str
    photos: tuple[str, ...] = ()


def test_the_same_arguments_have_one_fingerprint_in_any_order() -> None:
    one = digest("x", {"a": Told("t", ("p",)), "b": b"picture", "c": {1, 2}})
    assert one == digest("x", {"c": {2, 1}, "b": b"picture", "a": Told("t", ("p",))})
    assert one != digest("y", {"a": Told("t", ("p",)), "b": b"picture", "c": {1, 2}})


def test_an_object_that_is_no_value_is_refused() -> None:
    class Upload:
        def __init__(self) -> None:
            self.name = "a.jpg"

    with pytest.raises(TypeError):
        digest("x", {"file": Upload()})
