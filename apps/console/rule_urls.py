"""Addresses below /console/points/ that are about the rules and the hours. A version is named by its number."""

from django.urls import path

from apps.console.views import point_hours, point_rules, point_tries

urlpatterns = [
    path("rules/", point_rules.listed, name="rules"),
    path("rules/new/", point_rules.make, name="new-rules"),
    path("rules/<int:number>/", point_rules.edit, name="rule-set"),
    path("rules/<int:number>/publish/", point_rules.publish, name="rules-publish"),
    path("rules/<int:number>/withdraw/", point_rules.withdraw, name="rules-withdraw"),
    path("rules/<int:number>/try/", point_tries.start, name="rules-try"),
    path("rules/tries/<slug:name>/", point_tries.one, name="try-out"),
    path("rules/tries/<slug:name>/stop/", point_tries.stop, name="try-out-stop"),
    path("hours/", point_hours.page, name="hours"),
]
