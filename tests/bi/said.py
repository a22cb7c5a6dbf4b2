"""The tables of docs/bi.md and the contract's lines, as the code has them: `python -m tests.bi.said` prints both."""

from apps.bi.rules import sets
from apps.bi.rules.shapes import RowSet

HEAD = "| column | kind | |\n| --- | --- | --- |\n"


def table_of(rows: RowSet) -> str:
    """One set: its heading, and a line for each column. `?` says that a cell may be empty."""
    lines = [f"| `{c.name}`{' (key)' if c.name in rows.key else ''} | {c.kind}{'?' if c.null else ''} | {c.about} |"
             for c in rows.columns]  # fmt: skip
    return (
        f"### `{rows.view}`, in the feed `{rows.name}`\n\n{rows.about[0].upper()}{rows.about[1:]}.\n\n{HEAD}"
        + "\n".join(lines)
    )


def contract() -> list[str]:
    found = [f"{one.name} {one.view} {c.name} {c.kind}" for one in sets.ALL for c in one.columns]
    return sorted(found + [f"{one.name} key {' '.join(one.key)}" for one in sets.ALL])


if __name__ == "__main__":
    print("\n\n".join(map(table_of, sets.ALL)))
