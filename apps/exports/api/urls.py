"""Addresses of this room's API, below /api/v1/."""

from django.urls import path

import steppe.kernel.api.paths  # noqa: F401  (registers <public:…>)
from apps.exports.api import exports, schedules

app_name = "exports-api"
ONE = "exports/<public:public_id>"
PLANNED = "export-schedules/<public:public_id>"
urlpatterns = [
    path("exports", exports.Exports.as_view(), name="exports"),
    path("export-sources", exports.Sources.as_view(), name="sources"),
    path(ONE, exports.OneExport.as_view(), name="export"),
    path(f"{ONE}/cancel", exports.Cancel.as_view(), name="cancel"),
    path(f"{ONE}/file", exports.ExportFile.as_view(), name="file"),
    path("export-schedules", schedules.ReportSchedules.as_view(), name="schedules"),
    path(f"{PLANNED}/change", schedules.ChangeReport.as_view(), name="schedule-change"),
    path(f"{PLANNED}/pause", schedules.PauseReport.as_view(), name="schedule-pause"),
    path(f"{PLANNED}/resume", schedules.ResumeReport.as_view(), name="schedule-resume"),
    path(f"{PLANNED}/remove", schedules.RemoveReport.as_view(), name="schedule-remove"),
    path(f"{PLANNED}/leave", schedules.LeaveReport.as_view(), name="schedule-leave"),
]
