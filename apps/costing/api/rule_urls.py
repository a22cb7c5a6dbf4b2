"""Addresses of rules and hours in the API, below /api/v1/points/. A version is named by its number."""

from django.urls import path

from apps.costing.api import hours, rules, tries

app_name = "rules-api"
urlpatterns = [
    path("points/rules", rules.RuleSets.as_view(), name="rules"),
    path("points/rules/<int:number>", rules.OneRuleSet.as_view(), name="rule-set"),
    path("points/rules/<int:number>/changes", rules.Changes.as_view(), name="rules-changes"),
    path("points/rules/<int:number>/publish", rules.PublishRules.as_view(), name="rules-publish"),
    path("points/rules/<int:number>/withdraw", rules.WithdrawRules.as_view(), name="rules-withdraw"),
    path("points/rules/<int:number>/tries", tries.Tries.as_view(), name="rules-tries"),
    path("points/tries/<slug:name>", tries.OneTry.as_view(), name="try-out"),
    path("points/tries/<slug:name>/stop", tries.Stop.as_view(), name="try-out-stop"),
    path("points/hours", hours.AllHours.as_view(), name="hours"),
    path("points/hours/mine", hours.MyHours.as_view(), name="my-hours"),
]
