from datetime import UTC, date, datetime

from django.db import migrations

# The rules as they stood when this was written: a migration knows no later ones (rules/rulebook.py).
BODY = {
    "base": {},
    "quantities": [
        {
            "code": "cable",
            "zh": "皮线",
            "en": "Drop cable (m)",
            "field": "cable_m",
            "beyond": "50",
            "per": "10",
            "points": "0.5",
        },
        {
            "code": "splice",
            "zh": "熔接",
            "en": "Splices (cores)",
            "field": "cores",
            "beyond": "0",
            "per": "1",
            "points": "1.5",
        },
        {
            "code": "extra_outlet",
            "zh": "加装分机",
            "en": "Extra outlets",
            "field": "",
            "beyond": "0",
            "per": "1",
            "points": "2",
        },
        {
            "code": "outlets",
            "zh": "加装终端",
            "en": "Outlets of an order",
            "field": "outlets",
            "beyond": "1",
            "per": "1",
            "points": "2",
        },
        {
            "code": "extra_stb",
            "zh": "增加机顶盒",
            "en": "Extra set-top boxes",
            "field": "",
            "beyond": "0",
            "per": "1",
            "points": "1",
        },
        {"code": "pole", "zh": "登杆", "en": "Poles climbed", "field": "", "beyond": "0", "per": "1", "points": "2"},
        {
            "code": "inspection_point",
            "zh": "巡检点",
            "en": "Inspection points",
            "field": "points_ok+points_ng",
            "beyond": "1",
            "per": "1",
            "points": "3",
        },
    ],
    "difficulties": [
        {"code": "easy", "zh": "简单", "en": "Easy", "factor": "0.8", "needs_leader": False},
        {"code": "normal", "zh": "一般", "en": "Normal", "factor": "1.0", "needs_leader": False},
        {"code": "hard", "zh": "困难", "en": "Hard", "factor": "1.2", "needs_leader": True},
        {"code": "very_hard", "zh": "特别困难", "en": "Very hard", "factor": "1.5", "needs_leader": True},
    ],
    "area": {"A": "1.0", "B": "1.1", "C": "1.2", "D": "1.3"},
    "time": {"night_from": "20:00", "night_until": "08:00", "night": "1.2", "rest": "1.2", "holiday": "1.5"},
    "quality": {
        "steps": [
            {"until_pct": "50", "factor": "1.05"},
            {"until_pct": "100", "factor": "1.00"},
            {"until_pct": "125", "factor": "0.90"},
            {"until_pct": "200", "factor": "0.70"},
        ],
        "later": "0.50",
        "scores": {"1": "0.60", "2": "0.80", "3": "0.95", "4": "1.00", "5": "1.05"},
        "floor": "0.5",
        "ceiling": "1.1",
    },
    "shares": [[100], [60, 40], [50, 25, 25]],
    "travel": {"free_km": "20", "per_km": "0.06", "who": "team"},
    "special": {
        "remote": "1",
        "empty_trip": "1.5",
        "verification": "1.5",
        "no_fault_found": "0.60",
        "not_done": "0.50",
    },
    "deductions": [
        {"code": "complaint", "zh": "投诉属实", "en": "Verified complaint", "points": "5", "review": False},
        {
            "code": "complaint_major",
            "zh": "重大投诉属实",
            "en": "Verified major complaint",
            "points": "15",
            "review": False,
        },
        {
            "code": "no_contact",
            "zh": "接单后未联系用户",
            "en": "Accepted, customer not contacted",
            "points": "1",
            "review": False,
        },
        {
            "code": "late_return",
            "zh": "接单 2 小时后退单",
            "en": "Returned later than 2 hours after accepting",
            "points": "1",
            "review": False,
        },
        {"code": "photos", "zh": "照片缺失或虚假", "en": "Missing or false photos", "points": "3", "review": False},
        {"code": "false_check_in", "zh": "虚假签到", "en": "False check-in", "points": "20", "review": True},
        {"code": "unreported_fee", "zh": "收费不入账", "en": "Unreported fee", "points": "20", "review": True},
    ],
    "deduction_cap": "0.20",
    "minutes_per_point": 10,
    "repeat": {"trouble_days": 15, "install_days": 15, "clawback": "1.00"},
    "month": {
        "floor": "0.90",
        "ceiling": "1.10",
        "measures": [
            {"code": "timely", "weight": 40, "low_pct": "80", "high_pct": "100"},
            {"code": "first_fix", "weight": 20, "low_pct": "80", "high_pct": "100"},
            {"code": "satisfaction", "weight": 20, "low_pct": "80", "high_pct": "100"},
            {"code": "data", "weight": 10, "low_pct": "80", "high_pct": "100"},
            {"code": "stock", "weight": 10, "low_pct": "90", "high_pct": "100"},
        ],
    },
    "rates": {
        "point_fen": 350,
        "on_cost": "0.30",
        "own_km_fen": 90,
        "company_km_fen": 160,
        "lodging_km": "250",
        "share_months": 3,
        "share_pct": 10,
        "residual_pct": 30,
    },
}
NOTE = "系统预置的规则；分公司征求职工意见后发布自己的版本。"
# What is published stays as it is, whoever asks.
STAYS = """
CREATE FUNCTION costing_guard_rules() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF OLD.state = 'published' THEN
        RAISE EXCEPTION 'version % of the rules is published', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF NEW.number <> OLD.number OR NEW.id <> OLD.id THEN
        RAISE EXCEPTION 'version % of the rules has its number for ever', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_rules_stay BEFORE UPDATE OR DELETE ON costing_pointruleset
    FOR EACH ROW EXECUTE FUNCTION costing_guard_rules();
CREATE TRIGGER rules_not_emptied BEFORE TRUNCATE ON costing_pointruleset
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
"""
GOES = """
DROP TRIGGER rules_not_emptied ON costing_pointruleset;
DROP TRIGGER published_rules_stay ON costing_pointruleset;
DROP FUNCTION costing_guard_rules();
"""


def begin(apps, schema_editor):
    """Branches that are there already start like new ones (seeds.py)."""
    rules = apps.get_model("costing", "PointRuleSet")
    began = datetime(2000, 1, 1, tzinfo=UTC)
    rules.objects.get_or_create(
        number=1,
        defaults={
            "state": "published", "body": BODY, "note": NOTE, "drafted_by": "system:0", "drafted_by_name": "system",
            "drafted_at": began, "published_by": "system:0", "published_by_name": "system", "published_at": began,
            "effective_from": date(2000, 1, 1),
        },
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("costing", "0002_the_ledger_only_grows"), ("journal", "0003_no_truncate")]
    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.RunSQL(STAYS, GOES),
    ]
