"""The views of a branch that reports stand on, release 1. Names and meanings never change; columns may be added.

Nothing in them is a person's: no name, phone, address, account number, position or text that somebody wrote.
No view leaves rows out, so none is a barrier: a page by key goes by the table's own index.
Moments are `timestamp with time zone`; a column that ends with `_on` is the business day (Asia/Shanghai). Money is fen.
"""

from django.db import migrations

DAY = "({} AT TIME ZONE 'Asia/Shanghai')::date"
UNIT = "LEFT JOIN people_orgunit {0} ON {0}.id = {1}"

TICKET = (
    "bi_ticket_v1",
    "工单：每单一行，不含个人信息",
    f"""tickets_ticket t JOIN tickets_tickettype y ON y.id = t.type_id JOIN tickets_typeversion v ON v.id = t.type_version_id
    {UNIT.format("g", "t.grid_id")} {UNIT.format("d", "t.department_id")}
    LEFT JOIN tickets_ticket p ON p.id = t.parent_id LEFT JOIN tickets_ticket m ON m.id = t.merged_into_id
    LEFT JOIN tickets_ticket i ON i.id = t.incident_id LEFT JOIN tickets_ticket r ON r.id = t.repeat_of_id""",
    (
        ("ticket_no", "t.ticket_no", "工单号"),
        ("type_code", "y.code", "类型编码"),
        ("type_version", "v.number::bigint", "类型版本"),
        ("work_kind", "y.kind", "故障 trouble 或业务 work"),
        ("family", "y.family", "类型族"),
        ("status", "t.status", "状态"),
        ("priority", "t.priority::bigint", "优先级，0 最高"),
        ("channel", "t.channel", "来源渠道"),
        ("area_class", "t.area_class", "地区类别 A–D"),
        ("grid_code", "g.code", "网格编码"),
        ("department_code", "d.code", "部门编码"),
        ("org_path", "t.org_path", "组织路径"),
        ("technician_id", "t.technician_id", "装维人员编号"),
        ("node_code", "t.node_code", "网络节点"),
        ("symptom_code", "t.symptom_code", "现象编码"),
        ("cause_code", "t.cause_code", "原因编码"),
        ("responsibility", "t.responsibility", "责任编码"),
        ("reported_at", "t.reported_at", "建单时刻"),
        ("reported_on", DAY.format("t.reported_at"), "建单日"),
        ("pooled_at", "t.pooled_at", "入池时刻"),
        ("assigned_at", "t.assigned_at", "派单时刻"),
        ("accepted_at", "t.accepted_at", "接单时刻"),
        ("contacted_at", "t.contacted_at", "联系客户时刻"),
        ("arrived_at", "t.arrived_at", "到场时刻"),
        ("first_finished_at", "t.first_finished_at", "首次完工时刻"),
        ("finished_at", "t.finished_at", "完工时刻"),
        ("closed_at", "t.closed_at", "完结时刻"),
        ("closed_on", DAY.format("t.closed_at"), "完结日"),
        ("accept_due_at", "t.accept_due_at", "接单时限"),
        ("resolve_due_at", "t.resolve_due_at", "完工时限"),
        ("was_overdue", "t.was_overdue", "曾超时"),
        (
            "is_overdue",
            "(cardinality(t.overdue_clocks) > 0 AND t.status IN ('submitted', 'pooled', 'assigned', 'accepted', 'in_progress', 'on_hold'))",
            "正超时",
        ),
        ("accept_mode", "t.accept_mode", "接单方式：抢单、派单…"),
        ("remote", "t.remote", "远程处理"),
        ("hold_class", "t.hold_class", "挂起类别"),
        ("close_code", "t.close_code", "完结结果"),
        ("satisfaction", "t.satisfaction::bigint", "满意度 1–5"),
        ("urge_count", "t.urge_count::bigint", "催单次数"),
        ("return_count", "t.return_count::bigint", "退单次数"),
        ("reassign_count", "t.reassign_count::bigint", "改派次数"),
        ("reopen_count", "t.reopen_count::bigint", "重开次数"),
        ("transfer_count", "t.transfer_count::bigint", "转单次数"),
        ("is_incident", "t.is_incident", "大面积故障"),
        ("incident_no", "i.ticket_no", "所属大面积故障的工单号"),
        ("repeat_of_no", "r.ticket_no", "重复报障的前一工单号"),
        ("parent_no", "p.ticket_no", "后续工单的前一工单号"),
        ("merged_into_no", "m.ticket_no", "并入的工单号"),
    ),
)
ASSIGNMENT = (
    "bi_assignment_v1",
    "工单的主办与协办，每段一行",
    "tickets_assignment a JOIN tickets_ticket t ON t.id = a.ticket_id",
    (
        ("assignment_id", "a.id", "编号"),
        ("ticket_no", "t.ticket_no", "工单号"),
        ("org_path", "t.org_path", "组织路径"),
        ("technician_id", "a.technician_id", "装维人员编号"),
        ("work_role", "a.role", "主办 main 或协办 assist"),
        ("share_pct", "a.share_pct::bigint", "分配比例，百分数"),
        ("assigned_by", "a.mode", "如何到手：抢单、派单…"),
        ("started_at", "a.started_at", "开始时刻"),
        ("ended_at", "a.ended_at", "结束时刻"),
    ),
)
STEP = (
    "bi_step_v1",
    "工单经过的每一步，只增不改",
    "tickets_ticketevent e JOIN tickets_ticket t ON t.id = e.ticket_id",
    (
        ("step_id", "e.id", "编号"),
        ("ticket_no", "t.ticket_no", "工单号"),
        ("org_path", "t.org_path", "组织路径"),
        ("ticket_version", "e.version::bigint", "工单版本"),
        ("step_code", "e.action", "动作"),
        ("from_status", "e.before", "之前的状态"),
        ("to_status", "e.after", "之后的状态"),
        ("actor_kind", "split_part(e.actor, ':', 1)", "何人：staff、customer、system、partner"),
        ("happened_at", "e.at", "时刻"),
        ("happened_on", DAY.format("e.at"), "日期"),
    ),
)
BREACH = (
    "bi_breach_v1",
    "超时记录，每个时钟每次一行",
    f"tickets_breach b JOIN tickets_ticket t ON t.id = b.ticket_id {UNIT.format('d', 'b.department_id')}",
    (
        ("breach_id", "b.id", "编号"),
        ("ticket_no", "t.ticket_no", "工单号"),
        ("org_path", "t.org_path", "组织路径"),
        ("clock_code", "b.clock", "时钟"),
        ("due_at", "b.due_at", "时限"),
        ("breached_at", "b.breached_at", "超时时刻"),
        ("breached_on", DAY.format("b.breached_at"), "超时日"),
        ("ended_at", "b.ended_at", "结束时刻"),
        ("cause_class", "b.cause_class", "原因类别"),
        ("department_code", "d.code", "责任部门编码"),
        ("technician_id", "b.technician_id", "装维人员编号"),
        ("is_exempt", "(b.exempted_at IS NOT NULL)", "已免责，不计入指标"),
    ),
)
CALLBACK = (
    "bi_callback_v1",
    "回访与评价，每个答复一行",
    "tickets_callbackrecord c JOIN tickets_ticket t ON t.id = c.ticket_id",
    (
        ("callback_id", "c.id", "编号"),
        ("ticket_no", "t.ticket_no", "工单号"),
        ("org_path", "t.org_path", "组织路径"),
        ("channel", "c.channel", "方式"),
        ("is_fixed", "c.fixed", "已修好"),
        ("is_on_time", "c.on_time", "准时"),
        ("is_overcharged", "c.overcharged", "多收费"),
        ("satisfaction", "c.score::bigint", "满意度 1–5"),
        ("complaint_code", "c.complaint", "不满意原因"),
        ("called_at", "c.at", "时刻"),
        ("called_on", DAY.format("c.at"), "日期"),
    ),
)
BALANCE = (
    "bi_stock_balance_v1",
    "库存结存：某地点某物料（某盘）现有多少",
    """inventory_balance b JOIN inventory_place p ON p.id = b.place_id JOIN inventory_item i ON i.id = b.item_id
    LEFT JOIN inventory_batch n ON n.id = b.batch_id""",
    (
        ("balance_id", "b.id", "编号"),
        ("place_code", "p.code", "地点编码"),
        ("place_kind", "p.kind", "地点种类"),
        ("org_path", "p.org_path", "组织路径"),
        ("technician_id", "p.technician_id", "车载库的装维人员编号"),
        ("item_code", "i.code", "物料编码"),
        ("item_name", "i.name", "物料"),
        ("category", "i.category", "物料类别"),
        ("unit_of_measure", "i.unit", "单位"),
        ("batch_no", "n.number", "盘号"),
        ("is_physical", "b.physical", "实物地点"),
        ("quantity", "b.quantity", "结存"),
        ("reserved", "b.reserved", "其中预占"),
        ("changed_at", "b.changed_at", "最近变动"),
    ),
)
MOVE = (
    "bi_stock_move_v1",
    "库存流水：每次过账在每个地点一行，只增不改",
    """inventory_movement m JOIN inventory_entry e ON e.id = m.entry_id JOIN inventory_document o ON o.id = e.document_id
    JOIN inventory_place p ON p.id = m.place_id JOIN inventory_item i ON i.id = m.item_id
    LEFT JOIN inventory_batch n ON n.id = m.batch_id LEFT JOIN tickets_ticket t ON t.public_id = e.ticket AND e.ticket <> ''""",
    (
        ("move_id", "m.id", "编号"),
        ("document_no", "o.number", "单据号"),
        ("document_kind", "o.kind", "单据种类"),
        ("ticket_no", "t.ticket_no", "工单号"),
        ("place_code", "p.code", "地点编码"),
        ("place_kind", "p.kind", "地点种类"),
        ("org_path", "p.org_path", "组织路径"),
        ("technician_id", "p.technician_id", "车载库的装维人员编号"),
        ("item_code", "i.code", "物料编码"),
        ("item_name", "i.name", "物料"),
        ("category", "i.category", "物料类别"),
        ("unit_of_measure", "i.unit", "单位"),
        ("batch_no", "n.number", "盘号"),
        ("delta", "m.delta", "增减"),
        ("balance_after", "m.balance", "变动后结存"),
        ("value_fen", "m.value", "金额，分"),
        ("moved_at", "m.at", "过账时刻"),
        ("moved_on", DAY.format("m.at"), "过账日"),
    ),
)
POINTS = (
    "bi_points_v1",
    "工量积分账：只增不改，余额为合计",
    "costing_workpointentry w JOIN people_technician c ON c.id = w.technician_id JOIN people_orgunit u ON u.id = c.org_unit_id",
    (
        ("entry_id", "w.id", "编号"),
        ("ticket_no", "w.ticket_no", "工单号"),
        ("technician_id", "w.technician_id", "装维人员编号"),
        ("unit_code", "u.code", "装维人员所在单位编码"),
        ("org_path", "u.path", "组织路径"),
        ("entry_kind", "w.kind", "种类"),
        ("reason_code", "w.code", "扣分或奖励编码"),
        ("stage", "w.stage", "待回访 provisional 或已核 earned"),
        ("points", "w.points", "分值"),
        ("settlement_month", "w.period", "核定月份"),
        ("is_late", "w.late", "补记"),
        ("corrects_id", "w.corrects_id", "更正的编号"),
        ("booked_at", "w.at", "记账时刻"),
        ("booked_on", DAY.format("w.at"), "记账日"),
    ),
)
ACCOUNT_LINE = (
    "bi_account_line_v1",
    "工单的成本与收入明细：只增不改",
    f"""costing_moneyline l JOIN costing_ticketaccount a ON a.id = l.account_id {UNIT.format("s", "a.sub_branch_id")}
    {UNIT.format("d", "a.department_id")} {UNIT.format("g", "a.grid_id")}""",
    (
        ("line_id", "l.id", "编号"),
        ("ticket_no", "a.ticket_no", "工单号"),
        ("type_code", "a.type_code", "类型编码"),
        ("family", "a.family", "类型族"),
        ("area_class", "a.area_class", "地区类别 A–D"),
        ("sub_branch_code", "s.code", "旗县编码"),
        ("department_code", "d.code", "部门编码"),
        ("grid_code", "g.code", "网格编码"),
        ("org_path", "a.org_path", "组织路径"),
        ("technician_id", "l.technician_id", "装维人员编号"),
        ("side", "l.side", "成本 cost、收入 revenue、分摊 share"),
        ("element", "l.element", "要素"),
        ("amount_fen", "l.fen", "金额，分"),
        ("quantity", "l.quantity", "数量"),
        ("item_code", "l.item", "物料编码"),
        ("category", "l.category", "类别"),
        ("cost_month", "l.period", "月份"),
        ("is_late", "l.late", "补记"),
        ("booked_at", "l.at", "记账时刻"),
        ("booked_on", DAY.format("l.at"), "记账日"),
    ),
)
TYPE = (
    "bi_type_v1",
    "工单类型",
    "tickets_tickettype y",
    (
        ("type_code", "y.code", "类型编码"),
        ("name_zh", "y.name_zh", "名称"),
        ("name_en", "y.name_en", "英文名称"),
        ("work_kind", "y.kind", "故障 trouble 或业务 work"),
        ("family", "y.family", "类型族"),
        ("hq_code", "y.hq_code", "总部编码"),
        ("is_enabled", "y.enabled", "启用"),
        ("type_version", "y.number::bigint", "现行版本"),
    ),
)
GRID = (
    "bi_grid_v1",
    "组织：分公司、旗县、部门、网格",
    f"people_orgunit u {UNIT.format('p', 'u.parent_id')}",
    (
        ("unit_code", "u.code", "编码"),
        ("unit_kind", "u.kind", "种类"),
        ("unit_name", "u.name", "名称"),
        ("parent_code", "p.code", "上级编码"),
        ("area_class", "u.area_class", "地区类别 A–D"),
        ("org_path", "u.path", "组织路径"),
    ),
)
STAFF = (
    "bi_staff_v1",
    "装维人员的编号与工号，不含姓名电话",
    "people_technician c JOIN accounts_user a ON a.id = c.user_id JOIN people_orgunit u ON u.id = c.org_unit_id",
    (
        ("technician_id", "c.id", "装维人员编号"),
        ("work_no", "a.work_no", "工号"),
        ("unit_code", "u.code", "所在单位编码"),
        ("org_path", "u.path", "组织路径"),
        ("skills", "array_to_string(c.skills, ',')", "技能，逗号分隔"),
        ("ticket_cap", "c.cap::bigint", "在手上限"),
        ("open_count", "c.open_count::bigint", "现在在手"),
        ("is_active", "a.is_active", "在职"),
    ),
)
VIEWS = (TICKET, ASSIGNMENT, STEP, BREACH, CALLBACK, BALANCE, MOVE, POINTS, ACCOUNT_LINE, TYPE, GRID, STAFF)


def making(name, about, source, columns):
    listed = ", ".join(f"{expression} AS {column}" for column, expression, _ in columns)
    yield f"CREATE VIEW {name} AS SELECT {listed} FROM {source}"
    yield f"COMMENT ON VIEW {name} IS '{about}'"
    for column, _, words in columns:
        yield f"COMMENT ON COLUMN {name}.{column} IS '{words}'"


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("accounts", "0002_counts_sessions_and_paths"),
        ("people", "0003_duty_spans"),
        ("tickets", "0012_cases_between_branches"),
        ("inventory", "0009_one_look_also_without_a_drum"),
        ("costing", "0008_what_accounts_are_asked_by"),
    ]
    operations = [migrations.RunSQL(list(making(*view)), f"DROP VIEW {view[0]}") for view in VIEWS]
