"""Addresses of the phone pages: /h5/ for customers, /w/ for technicians. None ends with a slash."""

from django.urls import path
from django.views.generic import RedirectView

from apps.mobile.views import (
    direct,
    hours,
    me,
    points,
    pool,
    progress,
    report,
    slips,
    spending,
    steps,
    stock_counts,
    stock_handover,
    stock_material,
    story,
    work,
)
from apps.tickets.step_forms import CUSTOMER, PHONE

app_name = "mobile"
urlpatterns = [
    path("h5/", RedirectView.as_view(pattern_name="mobile:report"), name="customer-home"),
    path("h5/report", report.report, name="report"),
    path("h5/photos", report.photo, name="report-photo"),
    path("h5/mine", progress.mine, name="mine"),
    path("h5/mine/rows", progress.mine_rows, name="mine-rows"),
    path("h5/t/<slug:public_id>", progress.ticket, name="ticket"),
    path("h5/t/<slug:public_id>/rows", progress.ticket_rows, name="ticket-rows"),
    path("h5/t/<slug:public_id>/rate", progress.rate, name="rate"),
    path("h5/t/<slug:public_id>/answer-hold", progress.answer_hold, name="answer-hold"),
    path("h5/s/<str:token>", progress.status, name="status"),
    path("h5/s/<str:token>/answer-hold", progress.answer_by_link, name="status-answer-hold"),
    path("w/", RedirectView.as_view(pattern_name="mobile:pool"), name="technician-home"),
    path("w/pool", pool.pool, name="pool"),
    path("w/pool/rows", pool.pool_rows, name="pool-rows"),
    path("w/duty", pool.duty, name="duty"),
    path("w/report", direct.enter, name="direct"),
    path("w/mine", me.held, name="held"),
    path("w/mine/rows", me.held_rows, name="held-rows"),
    path("w/me", me.me, name="me"),
    path("w/points", points.mine, name="points"),
    path("w/points/<slug:public_id>", points.ticket, name="points-ticket"),
    path("w/hours", hours.page, name="hours"),
    path("w/slips", slips.listed, name="slips"),
    path("w/slips/<slug:month>", slips.one, name="slip"),
    path("w/counts", stock_counts.listed, name="counts"),
    path("w/counts/open", stock_counts.opened, name="count-open"),
    path("w/counts/<slug:number>", stock_counts.one, name="count"),
    path("w/counts/<slug:number>/scan", stock_counts.scan, name="count-scan"),
    path("w/counts/<slug:number>/tally", stock_counts.tally, name="count-tally"),
    path("w/counts/<slug:number>/list", stock_counts.scan_list, name="count-list"),
    path("w/counts/<slug:number>/undo", stock_counts.undo, name="count-undo"),
    path("w/counts/<slug:number>/again", stock_counts.again, name="count-again"),
    path("w/counts/<slug:number>/close", stock_counts.close, name="count-close"),
    path("w/handovers", stock_handover.listed, name="handovers"),
    path("w/handovers/<slug:number>", stock_handover.one, name="handover"),
    path("w/photos", work.photo, name="finish-photo"),
    path("w/t/<slug:public_id>", work.work, name="work"),
    path("w/t/<slug:public_id>/rows", work.work_rows, name="work-rows"),
    path("w/t/<slug:public_id>/story", story.story, name="work-story"),
    path("w/t/<slug:public_id>/grab", work.grab, name="grab"),
    path("w/t/<slug:public_id>/confirm", work.confirm, name="confirm"),
    path("w/t/<slug:public_id>/decline", work.decline, name="decline"),
    path("w/t/<slug:public_id>/check-in", work.arrive, name="check-in"),
    path("w/t/<slug:public_id>/complete", work.complete, name="complete"),
    path("w/t/<slug:public_id>/expenses", spending.expenses, name="w-expenses"),
    path("w/t/<slug:public_id>/material", stock_material.material, name="w-material"),
]
urlpatterns += [
    path(f"w/t/<slug:public_id>/{form.slug}", steps.at_work, {"form_class": form}, name=f"w-{form.slug}")
    for form in PHONE
]
urlpatterns += [
    path(f"h5/t/<slug:public_id>/{form.slug}", steps.of_report, {"form_class": form}, name=f"h5-{form.slug}")
    for form in CUSTOMER
]
