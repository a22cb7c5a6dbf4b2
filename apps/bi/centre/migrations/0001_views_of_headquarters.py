"""Headquarters' views, release 1: counts by branch, never a ticket. More facts are more views, each in a migration of
its own; names and meanings never change.
"""

from django.db import migrations

BRANCH = (
    "bi_hq_branch_v1",
    "分公司",
    "tenants_tenant b LEFT JOIN headquarters_appliedseq a ON a.branch_id = b.id WHERE b.schema_name <> 'public'",
    (
        ("branch_code", "b.code", "分公司编码"),
        ("branch_name", "b.name", "名称"),
        ("branch_name_en", "b.name_en", "英文名称"),
        ("branch_status", "b.status", "状态"),
        ("counted_at", "a.changed_at", "数据截至"),
    ),
)
DAY = (
    "bi_hq_day_v1",
    "分公司每日计数（建单、完结、作废、超时）",
    "headquarters_branchdaily d JOIN tenants_tenant b ON b.id = d.branch_id",
    (
        ("branch_code", "b.code", "分公司编码"),
        ("business_day", "d.day", "日期"),
        ("metric", "d.metric", "计数项"),
        ("n", "d.n::bigint", "数"),
    ),
)
STATE = (
    "bi_hq_state_v1",
    "分公司现有工单数，按状态",
    "headquarters_branchstatecount s JOIN tenants_tenant b ON b.id = s.branch_id",
    (
        ("branch_code", "b.code", "分公司编码"),
        ("status", "s.state", "状态"),
        ("n", "s.n::bigint", "数"),
    ),
)
VIEWS = (BRANCH, DAY, STATE)


def making(name, about, source, columns):
    listed = ", ".join(f"{expression} AS {column}" for column, expression, _ in columns)
    barrier = " WITH (security_barrier = true)" if " WHERE " in source else ""  # what leaves rows out, lets none leak
    yield f"CREATE VIEW {name}{barrier} AS SELECT {listed} FROM {source}"
    yield f"COMMENT ON VIEW {name} IS '{about}'"
    for column, _, words in columns:
        yield f"COMMENT ON COLUMN {name}.{column} IS '{words}'"


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("tenants", "0004_what_a_branch_decided"),
        ("headquarters", "0003_what_was_said_of_a_case_stays"),
    ]
    operations = [migrations.RunSQL(list(making(*view)), f"DROP VIEW {view[0]}") for view in VIEWS]
