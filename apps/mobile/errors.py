"""Refusals of the phone pages."""

from django.utils.translation import gettext_lazy as _

from steppe.kernel.errors import NotFound, TooMany


class TooManyReports(TooMany):
    """A network address that reports again and again without a name."""

    code = "mobile.too_many_reports"
    message = _("Many reports came from this network just now. Please try again in %(minutes)s minutes, or call 96066.")


class LinkExpired(NotFound):
    """A status link that is too old, changed, or another branch's: the answer is the same for all three."""

    code = "mobile.link_expired"
    message = _("This link is no longer valid. Please call 96066 and tell us your phone number.")
