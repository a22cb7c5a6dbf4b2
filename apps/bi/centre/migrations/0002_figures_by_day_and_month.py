"""Headquarters' figures for reports: sums by branch, day, type, grid, area class and department, and by branch and month.

The columns are those of headquarters' tables as they are now; a figure that comes later is a column at the end.
"""

from django.db import migrations

FACT = (
    "bi_hq_fact_v1",
    "分公司每日指标合计，按类型、网格、地区类别、部门",
    "headquarters_dailyfact f JOIN tenants_tenant b ON b.id = f.branch_id",
    (
        ("branch_code", "b.code", "分公司编码"),
        ("business_day", "f.day", "日期"),
        ("type_code", "f.type_code", "类型编码"),
        ("grid_code", "f.grid", "网格编码"),
        ("area_class", "f.area_class", "地区类别 A–D"),
        ("department_code", "f.department", "部门编码"),
        ("created", "f.created", "建单数"),
        ("voided", "f.voided", "其中无效"),
        ("volume", "f.volume", "工单量"),
        ("handed_in", "f.handed_in", "他分公司移交来"),
        ("ended", "f.ended", "结束数"),
        ("closed", "f.closed", "完结数"),
        ("finished", "f.finished", "完工数"),
        ("handed_out", "f.handed_out", "移交他分公司"),
        ("trouble", "f.trouble", "故障单"),
        ("trouble_direct", "f.trouble_direct", "线下直报"),
        ("trouble_closed", "f.trouble_closed", "故障单完结"),
        ("installs", "f.installs", "装机完结"),
        ("accepted", "f.accepted", "已接单"),
        ("grabbed", "f.grabbed", "其中抢单"),
        ("dispatched", "f.dispatched", "其中派单"),
        ("accept_timed", "f.accept_timed", "接单计时数"),
        ("accept_seconds", "f.accept_seconds", "接单用时，秒"),
        ("accept_on_time", "f.accept_on_time", "按时接单"),
        ("contact_on_time", "f.contact_on_time", "按时联系"),
        ("booked", "f.booked", "有预约"),
        ("kept", "f.kept", "守约"),
        ("rescheduled", "f.rescheduled", "改约"),
        ("arrived", "f.arrived", "已到场"),
        ("arrive_seconds", "f.arrive_seconds", "到场用时，秒"),
        ("on_time", "f.on_time", "按时完工"),
        ("late", "f.late", "超时完工"),
        ("open_late", "f.open_late", "超时未完"),
        ("late_open", "f.late_open", "到期超时"),
        ("repaired", "f.repaired", "修复数"),
        ("repair_seconds", "f.repair_seconds", "修复用时（净），秒"),
        ("repair_gross_seconds", "f.repair_gross_seconds", "修复用时（毛），秒"),
        ("fixed_first", "f.fixed_first", "一次修复"),
        ("repeats", "f.repeats", "重复报障"),
        ("early_failures", "f.early_failures", "早期故障"),
        ("reopened", "f.reopened", "重开"),
        ("callbacks_due", "f.callbacks_due", "应回访"),
        ("callbacks_done", "f.callbacks_done", "已回访"),
        ("calls", "f.calls", "回访拨打"),
        ("calls_reached", "f.calls_reached", "回访接通"),
        ("scored", "f.scored", "有评分"),
        ("score_sum", "f.score_sum", "评分合计"),
        ("satisfied", "f.satisfied", "满意"),
        ("complaints", "f.complaints", "投诉"),
        ("urged", "f.urged", "被催单"),
        ("returns", "f.returns", "退单次数"),
        ("reassigns", "f.reassigns", "改派次数"),
        ("transfers", "f.transfers", "转单次数"),
        ("held", "f.held", "曾挂起"),
        ("hold_seconds", "f.hold_seconds", "挂起时长，秒"),
        ("hold_customer_seconds", "f.hold_customer_seconds", "其中客户原因，秒"),
        ("hold_force_majeure_seconds", "f.hold_force_majeure_seconds", "其中不可抗力，秒"),
        ("hold_third_party_seconds", "f.hold_third_party_seconds", "其中第三方原因，秒"),
        ("hold_material_seconds", "f.hold_material_seconds", "其中缺料，秒"),
        ("hold_internal_seconds", "f.hold_internal_seconds", "其中内部原因，秒"),
    ),
)
MONTH = (
    "bi_hq_month_v1",
    "分公司每月合计：积分、收支、库存、工时",
    "headquarters_branchmonth m JOIN tenants_tenant b ON b.id = m.branch_id",
    (
        ("branch_code", "b.code", "分公司编码"),
        ("month_code", "m.month", "月份"),
        ("settlement_state", "m.settlement", "核定状态"),
        ("costs_closed", "m.costs_closed", "成本已结账"),
        ("counted_at", "m.counted_at", "数据截至"),
        ("settled_points", "m.settled_points", "已核积分，百分之一分"),
        ("provisional_points", "m.provisional_points", "待核积分，百分之一分"),
        ("pay", "m.pay", "工量工资，分"),
        ("settlement_lines", "m.settlement_lines", "核定行数"),
        ("settlement_confirmed", "m.settlement_confirmed", "其中已确认"),
        ("revenue", "m.revenue", "收入，分"),
        ("share", "m.share", "分摊收入，分"),
        ("cost_material", "m.cost_material", "材料成本，分"),
        ("cost_labour", "m.cost_labour", "人工成本，分"),
        ("cost_travel", "m.cost_travel", "交通成本，分"),
        ("cost_outsource", "m.cost_outsource", "外包成本，分"),
        ("cost_other", "m.cost_other", "其他成本，分"),
        ("closed_tickets", "m.closed_tickets", "完结工单数"),
        ("km_tenths", "m.km_tenths", "里程，十分之一公里"),
        ("budget", "m.budget", "预算，分"),
        ("budget_used", "m.budget_used", "已用预算，分"),
        ("standard_seconds", "m.standard_seconds", "标准工时，秒"),
        ("duty_seconds", "m.duty_seconds", "值班时长，秒"),
        ("subscribers", "m.subscribers", "在网用户数（期末）"),
        ("active_technicians", "m.active_technicians", "出勤装维人员数"),
        ("cost_upkeep", "m.cost_upkeep", "维护成本，分"),
        ("stock_value", "m.stock_value", "库存金额（期末），分"),
        ("stock_fen_days", "m.stock_fen_days", "库存金额×天，分"),
        ("stock_used", "m.stock_used", "领用，分"),
        ("stock_received", "m.stock_received", "入库，分"),
        ("stock_lost", "m.stock_lost", "盘亏，分"),
        ("lines_counted", "m.lines_counted", "盘点行数"),
        ("lines_right", "m.lines_right", "其中相符"),
        ("recovered", "m.recovered", "终端回收数"),
        ("to_recover", "m.to_recover", "应回收终端数"),
        ("low_stock", "m.low_stock", "低于安全库存（期末）"),
        ("idle_stock", "m.idle_stock", "呆滞物料（期末）"),
    ),
)
VIEWS = (FACT, MONTH)


def making(name, about, source, columns):
    listed = ", ".join(f"{expression} AS {column}" for column, expression, _ in columns)
    yield f"CREATE VIEW {name} WITH (security_barrier = true) AS SELECT {listed} FROM {source}"
    yield f"COMMENT ON VIEW {name} IS '{about}'"
    for column, _, words in columns:
        yield f"COMMENT ON COLUMN {name}.{column} IS '{words}'"


class Migration(migrations.Migration):
    dependencies = [
        ("bi_centre", "0001_views_of_headquarters"),
        ("headquarters", "0007_what_a_branchs_month_came_to"),
    ]
    operations = [migrations.RunSQL(list(making(*view)), f"DROP VIEW {view[0]}") for view in VIEWS]
