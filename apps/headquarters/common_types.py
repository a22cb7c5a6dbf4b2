"""Which of the branches' own type codes mean the same at headquarters."""

from collections.abc import Mapping


def common_codes() -> Mapping[tuple[int, str], str]:
    """(branch, its own code) → the common code, where it is another one. Called in `public`."""
    return {}
