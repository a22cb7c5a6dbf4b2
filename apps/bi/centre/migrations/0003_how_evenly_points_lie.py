"""The sides of the Gini of points at the end of the view of branches' months; nothing before them moves."""

from django.db import migrations

VIEW = "bi_hq_month_v1"
SOURCE = "headquarters_branchmonth m JOIN tenants_tenant b ON b.id = m.branch_id"
LED_BY = "b.code AS branch_code, m.month AS month_code, m.settlement AS settlement_state, m.costs_closed, m.counted_at"
SUMS = (
    "settled_points", "provisional_points", "pay", "settlement_lines", "settlement_confirmed", "revenue",
    "share", "cost_material", "cost_labour", "cost_travel", "cost_outsource", "cost_other", "closed_tickets",
    "km_tenths", "budget", "budget_used", "standard_seconds", "duty_seconds", "subscribers",
    "active_technicians", "cost_upkeep", "stock_value", "stock_fen_days", "stock_used", "stock_received",
    "stock_lost", "lines_counted", "lines_right", "recovered", "to_recover", "low_stock", "idle_stock",
)  # fmt: skip
NEW = {
    "points_apart": "网格内两两积分差之和，百分之一分",
    "points_by_crew": "网格积分合计×人数之和，百分之一分；前者除以本列为忙闲均衡",
}


def listed(names):
    return ", ".join([LED_BY, *(f"m.{name}" for name in names)])


def made(kind, names):
    return f"{kind} {VIEW} WITH (security_barrier = true) AS SELECT {listed(names)} FROM {SOURCE}"


class Migration(migrations.Migration):
    dependencies = [
        ("bi_centre", "0002_figures_by_day_and_month"),
        ("headquarters", "0010_how_evenly_points_lie"),
    ]
    operations = [
        migrations.RunSQL(
            [
                made("CREATE OR REPLACE VIEW", [*SUMS, *NEW]),
                *(f"COMMENT ON COLUMN {VIEW}.{name} IS '{words}'" for name, words in NEW.items()),
            ],
            [f"DROP VIEW {VIEW}", made("CREATE VIEW", SUMS)],
        )
    ]
