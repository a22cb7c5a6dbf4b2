"""Addresses below /api/v1/: points of people and tickets."""

from django.urls import path

from apps.costing.api import points, settlement, slips

app_name = "costing-api"
urlpatterns = [
    path("points/mine", points.MyMonth.as_view(), name="my-points"),
    path("points/mine/<public:public_id>", points.MyTicket.as_view(), name="my-ticket-points"),
    path("points/entries", points.EnterPoints.as_view(), name="enter-points"),
    path("points/entries/<int:entry_id>", points.OneEntry.as_view(), name="points-entry"),
    path("points/entries/<int:entry_id>/take-back", points.TakeBackPoints.as_view(), name="take-back-points"),
    path("points/team", points.TeamMonth.as_view(), name="team-points"),
    path("points/team/<int:technician_id>", points.PersonMonth.as_view(), name="person-points"),
    path("points/waiting", points.Waiting.as_view(), name="points-waiting"),
    path("points/tickets/<public:public_id>/claim", points.ClaimWork.as_view(), name="claim-work"),
    path("points/tickets/<public:public_id>/claim/decide", points.DecideClaim.as_view(), name="decide-claim"),
    path("points/tickets/<public:public_id>/shares/answer", points.AnswerShares.as_view(), name="answer-shares"),
    path("points/tickets/<public:public_id>/shares/decide", points.DecideShares.as_view(), name="decide-shares"),
    path("points/tickets/<public:public_id>/repeat/decide", points.DecideRepeat.as_view(), name="decide-repeat"),
    path("points/tickets/<public:public_id>/book", points.BookTicket.as_view(), name="book-ticket"),
]
MONTH = "settlement/months/<slug:month>"
DISPUTE = "settlement/disputes/<slug:name>"
urlpatterns += [
    path("settlement/months", settlement.Months.as_view(), name="months"),
    path(MONTH, settlement.OneMonth.as_view(), name="month"),
    path(f"{MONTH}/terms", settlement.Terms.as_view(), name="month-terms"),
    path(f"{MONTH}/pay-bases", settlement.PayBases.as_view(), name="pay-bases"),
    path(f"{MONTH}/calculate", settlement.Calculate.as_view(), name="month-calculate"),
    path("settlement/runs/<slug:name>", settlement.OneRun.as_view(), name="run"),
    path("settlement/runs/<slug:name>/cancel", settlement.CancelRun.as_view(), name="run-cancel"),
    path(f"{MONTH}/lines", settlement.Lines.as_view(), name="month-lines"),
    path(f"{MONTH}/lines/<int:technician_id>", settlement.OneLine.as_view(), name="month-line"),
    path(f"{MONTH}/publish", settlement.Publish.as_view(), name="month-publish"),
    path(f"{MONTH}/review", settlement.Review.as_view(), name="month-review"),
    path(f"{MONTH}/approve", settlement.Approve.as_view(), name="month-approve"),
    path(f"{MONTH}/lock", settlement.Lock.as_view(), name="month-lock"),
    path(f"{MONTH}/export", settlement.Export.as_view(), name="month-export"),
    path(f"{MONTH}/payroll/<slug:form>", settlement.Payroll.as_view(), name="month-payroll"),
    path("settlement/mine", slips.MySlips.as_view(), name="my-slips"),
    path("settlement/mine/<slug:month>", slips.MySlip.as_view(), name="my-slip"),
    path("settlement/mine/<slug:month>/confirm", slips.Confirm.as_view(), name="slip-confirm"),
    path("settlement/mine/<slug:month>/dispute", slips.Dispute.as_view(), name="slip-dispute"),
    path("settlement/disputes", slips.Disputes.as_view(), name="disputes"),
    path(DISPUTE, slips.OneDispute.as_view(), name="dispute"),
    path(f"{DISPUTE}/answer", slips.Answer.as_view(), name="dispute-answer"),
    path(f"{DISPUTE}/decide", slips.Decide.as_view(), name="dispute-decide"),
    path(f"{DISPUTE}/appeal", slips.Appeal.as_view(), name="dispute-appeal"),
    path(f"{DISPUTE}/accept", slips.Accept.as_view(), name="dispute-accept"),
    path(f"{DISPUTE}/withdraw", slips.Withdraw.as_view(), name="dispute-withdraw"),
]
