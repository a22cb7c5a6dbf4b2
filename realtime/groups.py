"""Names of channel groups: made here and nowhere else, so that every one carries its branch."""


def stream_group(schema: str) -> str:
    """The group in which a branch's news go to every realtime process."""
    return f"t.{schema}.stream"
