"""The registry. Rooms below are read by modules here; rooms above (headquarters) register their own in `ready()`."""

from apps.exports.columns import Source
from apps.exports.errors import SourceNotFound
from steppe.kernel.actors import Actor

SOURCES: dict[str, Source] = {}


def register(source: Source) -> None:
    """Make a source known by its code; twice the same code is a programming error."""
    if SOURCES.setdefault(source.code, source) is not source:
        raise TypeError(f"two sources are called {source.code}")


def sources_for(actor: Actor) -> list[Source]:
    """What this actor may take away, in the order of registration. No query."""
    return [one for one in SOURCES.values() if may_have(actor, one)]


def may_have(actor: Actor, source: Source) -> bool:
    """May this actor take the table away at all? What of it they see, it decides itself. No query."""
    if actor.kind == "system":
        return True
    paths = actor.scopes(source.may)
    return any(path.count("/") <= 2 for path in paths) if source.whole else bool(paths)


def source_for(actor: Actor, code: str) -> Source:
    """One of these. Raises SourceNotFound, also for what others may have."""
    found = next((one for one in sources_for(actor) if one.code == code), None)
    if found is None:
        raise SourceNotFound
    return found


def roles_of_all() -> tuple[str, ...]:
    """Everybody who may take anything away."""
    return tuple(dict.fromkeys(role for one in SOURCES.values() for role in one.may))
