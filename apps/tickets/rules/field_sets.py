"""The fields that types of a kind share (domain.md §2.3), as the template set uses them. Pure.

Symptom codes have two levels: where it shows, and what. A field called `symptom`, `cause` or `responsibility` fills
the ticket's own column of that meaning, whatever type it stands in.
"""

from apps.tickets.rules.definitions import Field, Option

COLUMNS = {"symptom": "symptom_code", "cause": "cause_code", "responsibility": "responsibility"}


def options(*rows: tuple[str, str, str]) -> tuple[Option, ...]:
    """code, Chinese, English."""
    return tuple(Option(*row) for row in rows)


def _finish(key: str, kind: str, zh: str, en: str, **more: object) -> Field:
    return Field(key, kind, zh, en, stage="finish", **more)  # type: ignore[arg-type]


def photo(key: str, zh: str, en: str) -> Field:
    """A picture that completion demands."""
    return _finish(f"photo_{key}", "photo", zh, en, required=True)


def symptom(*rows: tuple[str, str, str]) -> Field:
    """What the customer sees; nobody has to know it."""
    return Field("symptom", "choice", "故障现象", "Symptom", options=options(*rows, ("other", "其他", "Other")))


OPTICAL = (
    ("optical.los", "LOS 红灯", "LOS light is red"),
    ("optical.pon", "PON 灯闪烁", "PON light blinks"),
    ("access.dial", "无法拨号 691/678", "Cannot dial, 691 or 678"),
    ("access.slow", "网速慢", "Slow"),
    ("access.drop", "经常掉线", "Drops often"),
    ("wifi.weak", "Wi-Fi 信号弱", "Weak Wi-Fi"),
)
PICTURE = (
    ("signal.none", "无图像", "No picture"),
    ("signal.mosaic", "马赛克", "Mosaic"),
    ("signal.silent", "有图无声", "Picture without sound"),
    ("card.unauthorised", "未授权", "Not authorised"),
    ("device.remote", "遥控器失灵", "Remote control dead"),
)
DEMAND = (
    ("vod.fail", "点播失败", "Video on demand fails"),
    ("vod.offline", "互动无法联网", "Interactive box is offline"),
    ("vod.login", "无法登录", "Cannot sign in"),
    ("device.remote", "遥控器失灵", "Remote control dead"),
)
WIRELESS = (
    ("radio.none", "无法上网", "No connection"),
    ("radio.weak", "信号弱", "Weak signal"),
    ("radio.weather", "大风后中断", "Gone after a storm"),
    ("power.none", "设备不通电", "No power"),
)
LEASED = (
    ("line.down", "专线中断", "Line is down"),
    ("line.slow", "速率不足", "Below its rate"),
    ("line.loss", "丢包、延时大", "Loss or delay"),
    ("line.voice", "语音故障", "Voice fails"),
)
# The codes a direct-broadcast box shows on the screen.
SATELLITE = (
    ("card.e01", "E01 无卡", "E01 no card"),
    ("card.e02", "E02 卡无法识别", "E02 card not recognised"),
    ("card.e04", "E04 授权丢失", "E04 rights lost"),
    ("card.e05", "E05", "E05"),
    ("card.e06", "E06 未授权", "E06 not authorised"),
    ("card.e08", "E08", "E08"),
    ("card.e09", "E09", "E09"),
    ("card.e11", "E11", "E11"),
    ("card.e14", "E14 机卡不配对", "E14 card of another box"),
    ("module.1", "模块异常 1", "Module fault 1"),
    ("module.2", "模块异常 2", "Module fault 2"),
    ("module.3", "模块异常 3", "Module fault 3"),
    ("module.4", "模块异常 4", "Module fault 4"),
    ("signal.none", "无图像", "No picture"),
)

CAUSES = _finish(
    "cause", "choice", "故障原因", "Cause",
    options=options(
        ("connector", "接头、冷接子", "Connector or splice"), ("drop_cable", "皮线、入户线", "Drop cable"),
        ("splitter", "分光器、分支器", "Splitter"), ("trunk", "光缆、干线", "Trunk cable"),
        ("node", "光节点、OLT", "Optical node or OLT"), ("device", "终端设备", "Device"),
        ("power", "供电", "Power"), ("config", "数据、配置", "Configuration"),
        ("platform", "平台、授权", "Platform or rights"), ("indoor", "户内线、路由器", "Indoor line or router"),
        ("weather", "雷雨风雪", "Weather"), ("damage", "外力损坏", "Damaged by others"),
        ("none_found", "未发现异常", "Nothing found"),
    ),
)  # fmt: skip
RESPONSIBILITY = _finish(
    "responsibility", "choice", "责任划分", "Responsibility",
    options=options(
        ("network", "网络", "Network"), ("line", "线路", "Line"), ("device", "终端", "Device"),
        ("platform", "平台/授权", "Platform"), ("customer", "用户自身", "Customer"),
        ("third_party", "外力", "Third party"), ("force_majeure", "不可抗力", "Force majeure"),
        ("no_fault_found", "误报", "No fault found"),
    ),
)  # fmt: skip
SERIAL_IN = _finish("serial_in", "serial", "新终端序列号", "Serial of the new device", required=True)
SERIAL_OUT = _finish("serial_out", "serial", "旧终端序列号", "Serial of the old device", required=True)
SERIAL_SWAPPED = _finish("serial_in", "serial", "更换的终端序列号", "Serial of a replaced device")
SIGNATURE = _finish("signature", "signature", "用户签名", "Customer's signature", required=True)
CABLE = _finish("cable_m", "number", "皮线长度", "Drop cable", required=True, unit="m", least=0, most=2000)
PLAN = Field("plan", "text", "套餐", "Plan", most=60)
REAL_NAME = _finish("real_name", "yes_no", "已实名核验", "Identity checked", required=True)
CONDITION = _finish(
    "condition", "choice", "旧终端状况", "Condition of the old device", required=True,
    options=options(
        ("good", "完好", "Good"), ("worn", "有磨损", "Worn"), ("broken", "损坏", "Broken"),
        ("missing", "缺失", "Missing"),
    ),
)  # fmt: skip
ACCESSORIES = _finish(
    "accessories", "choices", "收回的附件", "Accessories taken back",
    options=options(
        ("power", "电源", "Power supply"), ("remote", "遥控器", "Remote control"), ("card", "智能卡", "Smart card"),
        ("cable", "连接线", "Cable"),
    ),
)  # fmt: skip
PORT_LABEL = _finish("splitter_port", "text", "分光器端口", "Splitter port", most=40)
CARD = _finish("card_no", "text", "智能卡号", "Smart card no.", most=30)
THIRD_PARTY = _finish("third_party", "text", "外力责任方", "Who damaged it", most=80)
DOWN_SINCE = Field("down_since", "datetime", "中断时间", "Down since")
DOOR, PORT = photo("door", "门牌或入户", "Door or entry"), photo("port", "分纤箱端口标签", "Label of the port")
DEVICE, READING = photo("device", "终端安装", "Device in place"), photo("reading", "光功率或测速", "Reading")
OLD_LABEL = photo("old_label", "旧终端标签", "Label of the old device")
BEFORE, DURING, AFTER = (
    photo("before", "抢修前", "Before"), photo("during", "抢修中", "During"), photo("after", "抢修后", "After")
)  # fmt: skip


def reading(key: str, zh: str, en: str, unit: str, least: float, most: float, *, required: bool = False) -> Field:
    """A measured value within what its instrument can show."""
    return _finish(key, "number", zh, en, unit=unit, least=least, most=most, required=required)


def power(*, required: bool = False) -> Field:
    return reading("power_dbm", "光功率", "Optical power", "dBm", -50, 10, required=required)


def level(*, required: bool = False) -> Field:
    """45 to 75 is normal at the user."""
    return reading("level_dbuv", "入户电平", "Level at the entry", "dBμV", 0, 120, required=required)


def speed(*, required: bool = False) -> Field:
    return reading("speed_mbps", "测速", "Measured speed", "Mbps", 0, 10_000, required=required)


def finish(key: str, kind: str, zh: str, en: str, *, required: bool = False, unit: str = "") -> Field:
    """Another field of completion."""
    return _finish(key, kind, zh, en, required=required, unit=unit)


def finish_choice(key: str, zh: str, en: str, *rows: tuple[str, str, str]) -> Field:
    """A choice of completion that must be made."""
    return _finish(key, "choice", zh, en, required=True, options=options(*rows))
