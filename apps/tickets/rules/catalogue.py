"""The template set: the types a new branch starts from (domain.md §2.2 to §2.4). Pure.

Numbers are our defaults; each branch publishes its own versions. Fees are demo values, in fen. Hours of the promise
and of the law by area class: A town, B sumu, C near, D far; 0 leaves it to the branch.
"""

from dataclasses import dataclass
from typing import Any

from apps.tickets.rules import field_sets as f
from apps.tickets.rules.definitions import Definition, Fee, Field

# What a technician may be taught, as the editor of a type offers it: code, Chinese, English.
SKILLS = (
    ("broadband", "宽带", "Broadband"), ("tv", "电视", "TV"), ("cpe", "牧区无线", "Pastoral wireless"),
    ("line", "线路", "Lines"), ("site", "站点与电源", "Sites and power"), ("enterprise", "集团专线", "Leased lines"),
)  # fmt: skip
ICONS = (
    "wifi", "tv", "mast", "plus", "box", "swap", "refresh", "bolt", "wrench", "globe", "camera", "yen", "list",
    "search", "urge", "call", "home", "dots",
)  # fmt: skip

TOWN = (24.0, 36.0, 48.0, 72.0)
PASTURE = (0.0, 48.0, 72.0, 120.0)
ORDER = (48.0, 72.0, 120.0, 240.0)
LAW_FAULT, LAW_PASTURE, LAW_ORDER = (48.0, 48.0, 72.0, 72.0), (72.0,) * 4, (240.0, 240.0, 360.0, 360.0)
NO_LAW = (0.0,) * 4
# A complaint is answered in two hours (domain.md §2.4). The answer is the first word with the customer, so the clock of
# it is `contact`, which ends with the first call or appointment. It begins when somebody takes the complaint on, for
# which a P1 has a quarter of an hour (`accept`): the two targets together are the two hours.
ANSWER_MINUTES = 120.0 - 15.0
ASK = "您好，这里是{branch}，对刚才的服务做个回访。故障修好了吗？人员是否按时到达？有没有收取不该收的费用？"
ASK_NEW = "您好，这里是{branch}。新装的业务使用正常吗？人员是否按时上门、讲解清楚？收费是否与告知的一致？"


@dataclass(frozen=True)
class Template:
    """A type as headquarters offers it. `family`: types about the same thing, where a second report is a duplicate."""

    code: str
    zh: str
    en: str
    kind: str
    icon: str
    definition: Definition
    family: str
    customer: bool = False


def _type(
    code: str, zh: str, en: str, icon: str, *, kind: str = "work", family: str = "", customer: bool = False, **more: Any
) -> Template:
    return Template(code, zh, en, kind, icon, Definition(**more), family or code.partition("_")[0], customer)


def _fault(code: str, zh: str, en: str, icon: str, points: str, seen: Field, *fields: Field, **more: Any) -> Template:
    """A fault: what is seen at the report; cause, blame and readings at the end, as far as they are known."""
    asked = (seen, f.CAUSES, f.RESPONSIBILITY, *fields, f.SERIAL_SWAPPED)
    base: dict[str, Any] = {
        "kind": "trouble", "fields": asked, "legal_hours": LAW_FAULT,
        "remote_allowed": True, "script": ASK, "base_points": points,
    }  # fmt: skip
    return _type(code, zh, en, icon, **(base | more))


def _install(code: str, zh: str, en: str, points: str, fee: int, skills: tuple[str, ...], *readings: Field) -> Template:
    """A new connection: pictures, serial, readings and the customer's hand."""
    proof = (f.DOOR, f.PORT, f.DEVICE, f.READING, f.SIGNATURE)
    return _type(
        code, zh, en, "plus", skills=skills,
        fields=(f.PLAN, f.SERIAL_IN, f.PORT_LABEL, f.CABLE, *readings, f.REAL_NAME, *proof),
        base_points=points, fees=(Fee("install", "初装工料费", fee, "Installation"),) if fee else (),
        resolve_hours=ORDER, legal_hours=LAW_ORDER, appointment="required", callback_pct=100, script=ASK_NEW,
    )  # fmt: skip


def _repair(code: str, zh: str, en: str, icon: str, points: str, skill: str, queue: str, *fields: Field) -> Template:
    """Many are without service: P0, pictures of the whole course, the end confirmed."""
    asked = (
        Field("affected_users", "number", "影响户数", "Users affected", unit="户", least=0, most=100_000),
        f.DOWN_SINCE, *fields,
        f.finish("fault_point", "location", "故障点位置", "Fault point"), f.CAUSES, f.RESPONSIBILITY, f.THIRD_PARTY,
        f.finish("restored_at", "datetime", "恢复时间", "Restored at", required=True),
        f.finish("supervisor", "text", "主管确认人", "Confirmed by", required=True), f.BEFORE, f.DURING, f.AFTER,
    )  # fmt: skip
    return _type(
        code, zh, en, icon, kind="trouble", fields=asked, skills=(skill,), base_points=points, priority=0,
        resolve_hours=(6.0, 8.0, 12.0, 24.0), legal_hours=LAW_FAULT, appointment="no", callback_pct=0,
        first_queue=queue,
    )  # fmt: skip


FAULTS = (
    _fault("fault_bb", "宽带故障", "Broadband fault", "wifi", "5", f.symptom(*f.OPTICAL), f.power(), f.speed(),
           skills=("broadband",), customer=True),
    _fault("fault_tv", "电视故障", "TV fault", "tv", "4", f.symptom(*f.PICTURE), f.level(),
           skills=("tv",), customer=True),
    _fault("fault_cpe", "牧区无线故障", "Pastoral wireless fault", "mast", "6", f.symptom(*f.WIRELESS),
           f.reading("signal_dbm", "信号强度", "Signal", "dBm", -140, 0), skills=("cpe",), resolve_hours=PASTURE,
           legal_hours=LAW_PASTURE, customer=True),
    _fault("fault_interactive", "互动/点播故障", "Interactive TV fault", "refresh", "4", f.symptom(*f.DEMAND),
           skills=("tv",)),
    _fault("fault_enterprise", "集团/专线故障", "Leased line fault", "globe", "10", f.symptom(*f.LEASED), f.power(),
           skills=("enterprise",), resolve_hours=(4.0, 8.0, 12.0, 24.0), legal_hours=NO_LAW, priority=0,
           appointment="no", callback_pct=100, first_queue="enterprise"),
    _fault("satellite", "直播卫星户户通服务", "Satellite TV service", "mast", "6", f.symptom(*f.SATELLITE),
           Field("card_no", "text", "智能卡号", "Smart card no.", most=30), skills=("tv",), resolve_hours=PASTURE,
           legal_hours=LAW_PASTURE, appointment="required",
           fees=(Fee("visit", "上门服务费", 3000, "Visit"), Fee("visit_far", "边远上门服务费", 10_000, "Visit, far"))),
    _repair("line_repair", "线路抢修", "Line repair", "bolt", "36", "line", "engineering",
            Field("section", "text", "光缆段落", "Cable section", most=80),
            f.reading("otdr_m", "OTDR 距离", "OTDR distance", "m", 0, 200_000),
            f.reading("cores", "受影响芯数", "Cores", "芯", 0, 1000)),
    _repair("site_repair", "铁塔/基站/机房/电源抢修", "Site repair", "bolt", "30", "site", "transmission",
            Field("site", "text", "站点名称", "Site", most=60)),
)  # fmt: skip
ORDERS = (
    _install("install_bb", "宽带新装", "Broadband installation", "9", 10_000, ("broadband",),
             f.power(required=True), f.speed(required=True)),
    _install("install_tv", "电视新装", "TV installation", "6", 30_000, ("tv",), f.CARD, f.level(required=True)),
    _install("install_combo", "电视+宽带融合新装", "TV and broadband installation", "12", 10_000, ("broadband", "tv"),
             f.CARD, f.power(required=True), f.speed(required=True), f.level(required=True)),
    _install("install_cpe", "牧区无线宽带安装", "Pastoral wireless installation", "14", 0, ("cpe",),
             f.reading("signal_dbm", "信号强度", "Signal", "dBm", -140, 0, required=True), f.speed(required=True)),
    _type("relocate", "移机", "Relocation", "box", skills=("broadband",), base_points="8", resolve_hours=ORDER,
          legal_hours=LAW_ORDER, appointment="required", fees=(Fee("relocate", "移机费", 5000, "Relocation"),),
          fields=(Field("new_address", "text", "新地址", "New address", most=120), f.PORT_LABEL, f.CABLE, f.power(),
                  f.speed(), f.REAL_NAME, f.DOOR, f.PORT, f.DEVICE, f.READING, f.SIGNATURE), script=ASK_NEW),
    _type("add_outlet", "加装副机/分机", "Additional outlet", "plus", family="install", skills=("tv",), base_points="4",
          resolve_hours=ORDER, legal_hours=LAW_ORDER, appointment="required",
          fees=(Fee("outlet", "加装费（每终端）", 3000, "Per outlet"),),
          fields=(f.reading("outlets", "加装终端数", "Outlets", "个", 1, 20, required=True), f.level(), f.DEVICE)),
    _type("smart_home", "智能组网/监控", "Home network", "home", skills=("broadband",), base_points="6",
          resolve_hours=ORDER, legal_hours=LAW_ORDER, appointment="required",
          fields=(f.PLAN, f.reading("devices", "安装设备数", "Devices", "台", 1, 50, required=True), f.speed(),
                  f.DEVICE)),
    _type("swap_device", "更换终端", "Device swap", "swap", skills=("tv",), base_points="3", resolve_hours=TOWN,
          fees=(Fee("ont", "光猫（超保）", 10_000, "ONT out of warranty"),
                Fee("stb", "机顶盒（超保）", 26_000, "Set-top box out of warranty")),
          fields=(f.SERIAL_OUT, f.SERIAL_IN, f.CONDITION, f.ACCESSORIES, f.OLD_LABEL), script=ASK),
    _type("disconnect", "拆机", "Disconnection", "box", base_points="3", resolve_hours=(72.0, 120.0, 168.0, 360.0),
          appointment="required", fields=(f.SERIAL_OUT, f.CONDITION, f.ACCESSORIES, f.OLD_LABEL, f.SIGNATURE)),
)  # fmt: skip
OTHERS = (
    _type("inspection", "巡检", "Inspection", "search", skills=("line",), base_points="3", priority=3, appointment="no",
          resolve_hours=(168.0,) * 4, callback_pct=0, dispatch_rule="by_hand", first_queue="ops", photos=1,
          fields=(Field("plan_no", "text", "巡检计划号", "Plan no.", most=30),
                  f.reading("points_ok", "正常点数", "Points in order", "点", 0, 1000, required=True),
                  f.reading("points_ng", "异常点数", "Points with defects", "点", 0, 1000, required=True),
                  f.finish("defects", "text", "异常说明", "Defects"))),
    _type("rectify", "入户整改", "Rectification", "wrench", base_points="6", resolve_hours=(168.0, 168.0, 240.0, 360.0),
          appointment="required", fields=(f.BEFORE, f.AFTER)),
    _type("complaint", "投诉", "Complaint", "urge", kind="trouble", base_points="5", priority=1,
          contact_minutes=ANSWER_MINUTES, resolve_hours=(48.0,) * 4, callback_pct=100, remote_allowed=True,
          dispatch_rule="by_hand", first_queue="service", script=ASK,
          fields=(Field("level", "choice", "投诉级别", "Level", options=f.options(
                      ("ordinary", "一般", "Ordinary"), ("serious", "重大", "Serious"),
                      ("regulator", "监管转办", "From the regulator"))),
                  Field("source", "choice", "投诉来源", "Source", options=f.options(
                      ("hotline", "热线", "Hotline"), ("shop", "营业厅", "Shop"), ("online", "网络", "Online"),
                      ("letter", "信访", "Letter or petition"), ("authority", "主管部门", "Authority"))),
                  Field("claim", "text", "诉求", "Claim", most=300),
                  Field("regulator_no", "text", "监管编号", "Regulator's no.", most=40),
                  f.finish("answer", "text", "书面答复", "Written answer", required=True),
                  f.finish("accepted", "yes_no", "用户认可", "Customer agrees", required=True))),
    _type("collect", "上门收费/续费", "Collection", "yen", base_points="1.5",
          resolve_hours=(168.0, 168.0, 240.0, 360.0), callback_pct=10, dispatch_rule="owner_first",
          first_queue="market",
          fields=(f.reading("amount", "收款金额", "Amount", "元", 0, 100_000, required=True),
                  f.finish_choice("method", "收款方式", "Paid by", ("cash", "现金", "Cash"),
                                  ("wechat", "微信支付", "WeChat Pay"), ("bank", "银行卡", "Bank card"),
                                  ("transfer", "转账", "Transfer")),
                  f.finish("receipt_no", "text", "BOSS 收据号", "BOSS receipt", required=True),
                  f.photo("receipt", "收据", "Receipt"))),
    _type("survey", "装机勘察/资源核查", "Survey", "search", skills=("line",), base_points="3", appointment="required",
          resolve_hours=(48.0, 72.0, 120.0, 168.0), callback_pct=0, first_queue="engineering",
          fields=(f.finish("feasible", "yes_no", "具备安装条件", "Can be installed", required=True),
                  f.finish("port", "text", "可用端口", "Free port"),
                  f.reading("distance_m", "距分纤箱", "Distance to the box", "m", 0, 50_000))),
    _type("other", "其他", "Other", "dots", base_points="2", resolve_hours=NO_LAW, customer=True, remote_allowed=True),
)  # fmt: skip
TEMPLATES: tuple[Template, ...] = (*FAULTS, *ORDERS, *OTHERS)
CODES = tuple(one.code for one in TEMPLATES)
