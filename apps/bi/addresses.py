"""Where the doors of this site are: as a spreadsheet and a BI tool know them."""

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest

from apps.bi import roles_sql
from apps.bi.site import code
from steppe.kernel.db import connection


@dataclass(frozen=True)
class Doors:
    """`feed`: the OData address. The rest: where the database is, and who reads there."""

    feed: str
    host: str
    port: str
    database: str
    schema: str
    role: str

    @property
    def uri(self) -> str:
        """As SQLAlchemy (Superset) writes it; the password is put in by who knows it."""
        return f"postgresql+psycopg2://{self.role}:{{password}}@{self.host}:{self.port}/{quote(self.database)}"

    @property
    def jdbc(self) -> str:
        """As JDBC (FineBI) writes it."""
        return f"jdbc:postgresql://{self.host}:{self.port}/{quote(self.database)}?currentSchema={self.schema}"


def doors(request: HttpRequest) -> Doors:
    """One query, for the database's name."""
    host, _, port = settings.STEPPE_BI_DATABASE.rpartition(":")
    database = roles_sql.database()
    return Doors(
        feed=request.build_absolute_uri("/odata/v4/"), host=host, port=port, database=database,
        schema=connection.schema_name, role=roles_sql.role_name(code(), database),
    )  # fmt: skip
