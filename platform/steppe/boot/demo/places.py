"""Where the demo plays: units, grids, coordinates (facts of domain.md §2.6; a few km off, for demo only). Pure."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Grid:
    """A grid of a unit; `offset` in degrees from the seat, `estates` are the words that lead an address here."""

    name: str
    area_class: str
    offset: tuple[float, float]
    estates: tuple[str, ...]
    technicians: int = 2


@dataclass(frozen=True)
class Unit:
    """A banner, city or county; `share` of the branch's tickets in percent."""

    code: str
    name: str
    lng: float
    lat: float
    share: int
    grids: tuple[Grid, ...] = field(default=())


def _town(seat: str, estates: str, technicians: int = 2) -> Grid:
    return Grid(f"{seat}网格", "B", (0.0, 0.0), tuple(estates.split()), technicians)


def _steppe(name: str, area_class: str, offset: tuple[float, float], estates: str) -> Grid:
    return Grid(f"{name}牧区网格", area_class, offset, tuple(estates.split()), 1)


XILINHOT = (
    Grid("希日塔拉网格", "A", (0.012, 0.004), ("新华小区", "锡林小区", "希日塔拉街"), 4),
    Grid("宝力根网格", "A", (-0.008, 0.021), ("畜牧小区", "宝力根街"), 3),
    Grid("杭盖网格", "A", (0.004, -0.018), ("阳光里", "额尔德木图", "杭盖街"), 4),
    Grid("楚古兰网格", "A", (-0.016, -0.009), ("盛世嘉园", "团结大街", "楚古兰街"), 4),
    Grid("额尔敦网格", "A", (0.02, 0.03), ("学府花园", "额尔敦街"), 3),
    Grid("南郊网格", "B", (-0.06, 0.01), ("南郊新村", "机场路"), 2),
    Grid("巴彦查干网格", "B", (0.05, -0.05), ("巴彦查干街", "达布希勒特"), 2),
    Grid("锡林浩特牧区网格", "D", (0.42, 0.38), ("朝克乌拉苏木", "阿尔善宝拉格", "白音锡勒牧场桃林塔拉分场"), 2),
)

XILINGOL = (
    Unit("152502", "锡林浩特市", 116.0936, 43.9383, 34, XILINHOT),
    Unit("152501", "二连浩特市", 111.9584, 43.6488, 9,
         (_town("二连", "口岸小区 欧亚大街 锡林街北", 3), _steppe("格日勒敖都", "C", (-0.12, 0.2), "格日勒敖都苏木"))),
    Unit("152522", "阿巴嘎旗", 114.9574, 44.0281, 5,
         (_town("别力古台", "别力古台镇 汗贝街"), _steppe("查干淖尔", "D", (-0.55, 0.1), "查干淖尔镇 乌日根温都日勒嘎查"),
          _steppe("吉日嘎朗图", "D", (0.5, 0.3), "吉日嘎朗图苏木 海尔罕嘎查"))),
    Unit("152523", "苏尼特左旗", 113.6735, 43.8656, 4,
         (_town("满都拉图", "满都拉图镇 苏尼特街"), _steppe("达来", "D", (0.4, -0.6), "达来苏木 巴彦宝力格嘎查"))),
    Unit("152524", "苏尼特右旗", 112.6486, 42.7474, 7,
         (_town("赛汉塔拉", "赛汉塔拉镇 新区小区", 3), _steppe("桑宝拉格", "C", (0.2, 0.3), "桑宝拉格苏木"))),
    Unit("152525", "东乌珠穆沁旗", 116.9785, 45.5157, 7,
         (_town("乌里雅斯太", "乌里雅斯太镇 乌珠穆沁大街", 3), _steppe("嘎达布其", "D", (0.3, 0.7), "嘎达布其镇 尚都嘎查"))),
    Unit("152526", "西乌珠穆沁旗", 117.6164, 44.5938, 8,
         (_town("巴拉嘎尔高勒", "巴拉嘎尔高勒镇 罕乌拉街", 3), _steppe("浩勒图高勒", "C", (-0.25, 0.25), "浩勒图高勒镇"))),
    Unit("152527", "太仆寺旗", 115.2905, 41.8823, 8,
         (_town("宝昌", "宝昌镇 建设路 福利院小区", 3), _steppe("贡宝拉格", "C", (0.15, -0.2), "贡宝拉格苏木"))),
    Unit("152528", "镶黄旗", 113.8545, 42.2377, 3,
         (_town("新宝拉格", "新宝拉格镇 镶黄街"), _steppe("翁贡乌拉", "C", (0.2, 0.15), "翁贡乌拉苏木"))),
    Unit("152529", "正镶白旗", 115.0366, 42.2926, 4,
         (_town("明安图", "明安图镇 察哈尔街"), _steppe("伊和淖日", "C", (0.22, 0.2), "伊和淖日苏木"))),
    Unit("152530", "正蓝旗", 115.9986, 42.2471, 5,
         (_town("上都", "上都镇 元都路"), _steppe("桑根达来", "C", (0.45, 0.1), "桑根达来镇"))),
    Unit("152531", "多伦县", 116.4925, 42.2089, 5,
         (_town("多伦诺尔", "多伦诺尔镇 会盟大街"), _steppe("蔡木山", "C", (0.15, 0.2), "蔡木山乡"))),
    Unit("152571", "乌拉盖管理区", 118.8497, 45.7166, 1,
         (_town("巴彦胡硕", "巴彦胡硕镇 乌拉盖大街"), _steppe("哈拉盖图", "D", (0.3, 0.4), "哈拉盖图农牧场"))),
)  # fmt: skip

HULUNBUIR = (
    Unit("150702", "海拉尔区", 119.7362, 49.2122, 70,
         (_town("海拉尔", "河西小区 中央大街 胜利街", 4), _steppe("哈克", "C", (0.1, 0.3), "哈克镇"))),
    Unit("150781", "满洲里市", 117.3786, 49.5978, 30, (_town("满洲里", "国门小区 一道街", 3),)),
)  # fmt: skip

ORDOS = (
    Unit("150602", "东胜区", 109.9633, 39.8226, 65,
         (_town("东胜", "铁西小区 鄂尔多斯大街 天骄路", 4), _steppe("罕台", "C", (0.05, -0.2), "罕台镇"))),
    Unit("150603", "康巴什区", 109.7858, 39.6073, 35, (_town("康巴什", "青春山小区 康巴什大街", 3),)),
)  # fmt: skip


@dataclass(frozen=True)
class Branch:
    """A demo branch: where it plays, how many tickets lie behind it, and how much goes wrong there (1: as usual)."""

    code: str
    slug: str
    name: str
    name_en: str
    units: tuple[Unit, ...]
    past_tickets: int
    trouble: float = 1.0


BRANCHES = (
    Branch("XL", "xilingol", "锡林郭勒盟分公司", "Xilingol branch", XILINGOL, 760),
    Branch("HL", "hulunbuir", "呼伦贝尔市分公司", "Hulunbuir branch", HULUNBUIR, 140, 2.0),
    Branch("OR", "ordos", "鄂尔多斯市分公司", "Ordos branch", ORDOS, 120, 0.7),
)
