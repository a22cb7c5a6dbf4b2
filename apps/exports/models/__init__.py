"""Exports that were asked for, and those that go out by mail at their time."""

from apps.exports.models.jobs import STATES, UNFINISHED, ExportJob
from apps.exports.models.mail import Letter, MailAddress, Mailing, Schedule

__all__ = ["STATES", "UNFINISHED", "ExportJob", "Letter", "MailAddress", "Mailing", "Schedule"]
