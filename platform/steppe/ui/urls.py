"""Pages of the foundation itself: the language switch and the style guide."""

from django.urls import path
from django.views.i18n import set_language

from steppe.ui import views

urlpatterns = [
    path("favicon.ico", views.favicon, name="favicon"),  # asked for wherever no page names an icon
    path("i18n/language/", set_language, name="set_language"),
    path("styleguide/", views.styleguide, {"page": "components"}, name="styleguide"),
    path("styleguide/<slug:page>/", views.styleguide, name="styleguide_page"),
]
