"""The database's reader of this branch (or of headquarters): a role that reads the views and nothing else.

Its password is made by who asks, shown once, and comes here as PostgreSQL keeps it. After every grant the server is
asked what the role can reach; if that is more than the views, nothing has happened.
"""

from django_tenants.utils import schema_exists

from apps.bi import roles_sql
from apps.bi.access.models import DatabaseReader
from apps.bi.errors import NoReader, ReachesTooFar, RolesNotMade
from apps.bi.permissions import KEEPERS, keeps_the_reader
from apps.bi.rules.sets import views_of
from apps.bi.site import site
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed


@command("bi.give_password")
def give_password(*, role: str, password: str, by: Actor) -> Receipt:
    """The reader exists, with this password; an older one is refused from now on, and its sessions are ended.

    `password` as PostgreSQL keeps it (roles_sql.verifier); under this name no audit keeps it.

    Raises RolesNotMade, ReachesTooFar, NotAllowed. Locks the reader's row.
    """
    _allow(by)
    if not roles_sql.may_make_roles():
        raise RolesNotMade
    views, now = views_of(site()), clock.now()
    made = {"made_at": now, "made_by_name": by.name[:60]}
    told = {"password_at": now, "password_by_name": by.name[:60], "revoked_at": None}
    reader, _new = DatabaseReader.objects.update_or_create(role=role, defaults=told, create_defaults=made | told)
    roles_sql.make(role, password)
    roles_sql.grant(role, views)
    if further := roles_sql.reaches_beyond(role, views):
        raise ReachesTooFar(what=", ".join(further))
    roles_sql.end_sessions(role)
    return Receipt("database_reader", reader.pk, role)


@command("bi.revoke_reader")
def revoke_reader(*, by: Actor) -> Receipt:
    """Out at once, and the role is gone from the server. Raises NoReader, NotAllowed."""
    _allow(by)
    reader = DatabaseReader.objects.select_for_update().filter(revoked_at=None).first()
    if reader is None:
        raise NoReader
    roles_sql.remove(reader.role)
    reader.revoked_at = clock.now()
    reader.save(update_fields=["revoked_at"])
    return Receipt("database_reader", reader.pk, reader.role)


def agree_grants() -> int:
    """Each night: views that came after the reader are its own too, and its limits are ours again. How many readers."""
    readers = list(DatabaseReader.objects.filter(revoked_at=None).values_list("role", flat=True))
    present = [role for role in readers if roles_sql.exists(role)]
    for role in present:
        roles_sql.grant(role, views_of(site()))
        roles_sql.settle(role)
    return len(present)


def follow_status(*, is_open: bool) -> None:
    """A closed branch has no open door to its database either; with the branch it opens again."""
    for role in DatabaseReader.objects.filter(revoked_at=None).values_list("role", flat=True):
        roles_sql.let_in(role, is_open)


def remove_roles() -> list[str]:
    """Before a branch is removed: every role that stands for it, known to the table or not. Their names."""
    found = roles_sql.roles_here()
    for role in found:
        roles_sql.remove(role)
    DatabaseReader.objects.filter(revoked_at=None).update(revoked_at=clock.now())
    return found


def remove_orphans() -> list[str]:
    """At headquarters: roles of this database whose schema is not there any more. Their names."""
    gone = [role for role, schema in roles_sql.roles_of_database() if schema and not schema_exists(schema)]
    for role in gone:
        roles_sql.remove(role)
    return gone


def _allow(by: Actor) -> None:
    require(by, KEEPERS)
    if by.kind != "system" and not keeps_the_reader(by):
        raise NotAllowed
