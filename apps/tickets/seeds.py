"""The ticket types a new branch starts from (a first few of domain.md §2.2; the branch edits its own later)."""

from apps.tickets.models import TicketType
from tenants.models import Tenant
from tenants.provisioning import seed

# code, Chinese, English, kind, skill, points, icon, customer may report
TYPES = (
    ("fault_bb", "宽带故障", "Broadband fault", "trouble", "broadband", 5, "wifi", True),
    ("fault_tv", "电视故障", "TV fault", "trouble", "tv", 4, "tv", True),
    ("fault_cpe", "牧区无线故障", "Pastoral wireless fault", "trouble", "cpe", 6, "mast", True),
    ("install_bb", "宽带新装", "Broadband installation", "work", "broadband", 9, "plus", False),
    ("install_tv", "电视新装", "TV installation", "work", "tv", 6, "plus", False),
    ("relocate", "移机", "Relocation", "work", "broadband", 8, "box", False),
    ("swap_device", "更换终端", "Device swap", "work", "tv", 3, "refresh", False),
    ("line_repair", "线路抢修", "Line repair", "trouble", "line", 36, "bolt", False),
    ("complaint", "投诉", "Complaint", "trouble", "", 5, "urge", False),
    ("other", "其他", "Other", "work", "", 2, "dots", True),
)


@seed("tickets")
def seed_types(tenant: Tenant) -> None:
    """One row per type; a second run adds only what is missing."""
    for position, (code, zh, en, kind, skill, points, icon, customer) in enumerate(TYPES):
        TicketType.objects.get_or_create(
            code=code,
            defaults={
                "name_zh": zh, "name_en": en, "kind": kind, "skill": skill, "base_points": points, "icon": icon,
                "customer_may_report": customer, "hq_code": code, "position": position,
            },
        )  # fmt: skip
