"""The roles (domain.md §1.2). Pure names; what each may do stands in each room's permissions.py."""

from django.utils.translation import gettext_lazy as _

TECHNICIAN = "technician"
GRID_LEADER = "grid_leader"
CLERK = "clerk"
AGENT = "agent"
DISPATCHER = "dispatcher"
CALLBACK_AGENT = "callback_agent"
STOREKEEPER = "storekeeper"
ACCOUNTANT = "accountant"
DEPT_MANAGER = "dept_manager"
BRANCH_ADMIN = "branch_admin"
HQ_VIEWER = "hq_viewer"
HQ_ADMIN = "hq_admin"

LABELS = {
    TECHNICIAN: _("Technician"),
    GRID_LEADER: _("Grid leader"),
    CLERK: _("Clerk"),
    AGENT: _("Call-centre agent"),
    DISPATCHER: _("Dispatcher"),
    CALLBACK_AGENT: _("Callback agent"),
    STOREKEEPER: _("Storekeeper"),
    ACCOUNTANT: _("Accountant"),
    DEPT_MANAGER: _("Department manager"),
    BRANCH_ADMIN: _("Branch administrator"),
    HQ_VIEWER: _("Headquarters viewer"),
    HQ_ADMIN: _("Headquarters administrator"),
}
BRANCH_ROLES = tuple(role for role in LABELS if not role.startswith("hq_"))
HQ_ROLES = (HQ_VIEWER, HQ_ADMIN)
