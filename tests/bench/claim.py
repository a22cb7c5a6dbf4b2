"""pgbench's own claim: a conditional UPDATE and one INSERT in a transaction, the least a grab could cost."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

import psycopg

from tests.bench.report import Report
from tests.bench.sizes import PGBENCH_SECONDS

TABLES = """
DROP SCHEMA IF EXISTS claim CASCADE;
CREATE SCHEMA claim;
CREATE TABLE claim.ticket (id bigint PRIMARY KEY, status text NOT NULL, who int, version int NOT NULL DEFAULT 1);
CREATE TABLE claim.event (id bigserial PRIMARY KEY, ticket bigint NOT NULL, at timestamptz NOT NULL);
INSERT INTO claim.ticket SELECT n, 'pooled' FROM generate_series(1, 200000) AS n;
"""
SCRIPT = r"""
\set t random(1, 200000)
BEGIN;
UPDATE claim.ticket SET status = 'accepted', who = 1, version = version + 1 WHERE id = :t AND status = 'pooled';
INSERT INTO claim.event (ticket, at) VALUES (:t, now());
COMMIT;
"""


def measure(report: Report, _made: object = None) -> None:
    """Eight clients, eight seconds."""
    url = os.environ["STEPPE_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLES)
    pgbench = Path(os.environ["STEPPE_PG_BIN"]) / "pgbench" if os.environ.get("STEPPE_PG_BIN") else Path("pgbench")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(SCRIPT)
        script.flush()
        command = [str(pgbench), "-n", "-c", "8", "-j", "2", "-T", str(PGBENCH_SECONDS), "-f", script.name, url]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([\d.]+)", said.stdout)
    if found is None:
        print(f"# pgbench did not run: {said.stderr.strip()[:200]}")
        return
    claims = float(found[1])
    report.add("pgbench claim: rate", claims, "1/s")
    grab = next((row.value for row in report.rows if row.name == "grab: rate"), None)
    if grab is not None:
        report.add("grab rate / pgbench claim", grab / claims * 100, "%")
