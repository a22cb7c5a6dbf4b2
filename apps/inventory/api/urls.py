"""Addresses of this room's API, below /api/v1/."""

from django.urls import path

from apps.inventory.api import books, counts, documents, goods, material, reports, watching

app_name = "inventory-api"
ONE = "stock/documents/<slug:number>"
TICKET = "tickets/<public:public_id>"
urlpatterns = [
    path("stock/items", goods.Items.as_view(), name="items"),
    path("stock/items/<slug:code>", goods.OneItem.as_view(), name="item"),
    path("stock/items/<slug:code>/balances", goods.ItemBalances.as_view(), name="item-balances"),
    path("stock/places", goods.Places.as_view(), name="places"),
    path("stock/vans", goods.Vans.as_view(), name="vans"),
    path("stock/places/<slug:code>/balances", goods.Balances.as_view(), name="balances"),
    path("stock/card", books.Card.as_view(), name="card"),
    path("stock/at", goods.At.as_view(), name="at"),
    path("stock/serials/<path:number>", books.Lives.as_view(), name="serial"),
    path("stock/documents", documents.Documents.as_view(), name="documents"),
    path(ONE, documents.OneDocument.as_view(), name="document"),
    path(f"{ONE}/lines", documents.Lines.as_view(), name="lines"),
    path(f"{ONE}/submit", documents.Submit.as_view(), name="submit"),
    path(f"{ONE}/approve", documents.Approve.as_view(), name="approve"),
    path(f"{ONE}/withdraw", documents.Withdraw.as_view(), name="withdraw"),
    path(f"{ONE}/post", documents.Post.as_view(), name="post"),
    path(f"{ONE}/ship", documents.Ship.as_view(), name="ship"),
    path(f"{ONE}/receive", documents.Receive.as_view(), name="receive"),
    path(f"{ONE}/reverse", documents.Reverse.as_view(), name="reverse"),
]
COUNT = "stock/counts/<slug:number>"
urlpatterns += [
    path("stock/counts", counts.StockCounts.as_view(), name="counts"),
    path("stock/count-accuracy", counts.CountAccuracy.as_view(), name="count-accuracy"),
    path(COUNT, counts.CountSheet.as_view(), name="count"),
    path(f"{COUNT}/result", counts.CountResult.as_view(), name="count-result"),
    path(f"{COUNT}/tallies", counts.CountTally.as_view(), name="count-tally"),
    path(f"{COUNT}/scans", counts.CountScan.as_view(), name="count-scan"),
    path(f"{COUNT}/lists", counts.CountList.as_view(), name="count-list"),
    path(f"{COUNT}/undo", counts.CountUndo.as_view(), name="count-undo"),
    path(f"{COUNT}/again", counts.CountAgain.as_view(), name="count-again"),
    path(f"{COUNT}/close", counts.CountClose.as_view(), name="count-close"),
    path(f"{COUNT}/withdraw", counts.CountWithdraw.as_view(), name="count-withdraw"),
    path(f"{COUNT}/work-out", counts.CountWorkOut.as_view(), name="count-work-out"),
    path(f"{COUNT}/send-back", counts.CountSendBack.as_view(), name="count-send-back"),
    path(f"{COUNT}/approve", counts.CountApprove.as_view(), name="count-approve"),
    path(f"{TICKET}/material", material.TicketMaterial.as_view(), name="ticket-material"),
    path(f"{TICKET}/material/units", material.TicketUnits.as_view(), name="ticket-units"),
    path(f"{TICKET}/material/counter", material.TicketCounter.as_view(), name="ticket-counter"),
    path(f"{TICKET}/material/<int:line>", material.TicketLine.as_view(), name="ticket-line"),
    path(f"{TICKET}/material/<int:line>/take-off", material.TakeOff.as_view(), name="ticket-take-off"),
    path(f"{TICKET}/recovered", material.TicketRecovered.as_view(), name="ticket-recovered"),
    path(f"{TICKET}/not-recovered", material.TicketNotRecovered.as_view(), name="ticket-not-recovered"),
    path(
        f"{TICKET}/recovered/<int:line>/take-off", material.TakeOffRecovered.as_view(), name="ticket-take-off-recovered"
    ),
    path("stock/material-rules", material.MaterialRules.as_view(), name="material-rules"),
    path("stock/material-rules/<slug:code>", material.OneMaterialRule.as_view(), name="material-rule"),
]
urlpatterns += [
    path("stock/places/<slug:code>/levels", watching.Levels.as_view(), name="levels"),
    path("stock/places/<slug:code>/levels/<slug:item>", watching.OneLevel.as_view(), name="level"),
    path("stock/warnings", watching.Warnings.as_view(), name="warnings"),
    path("stock/warnings/look", watching.LookNow.as_view(), name="warnings-look"),
    path("stock/reports/<slug:code>", reports.Reports.as_view(), name="reports"),
    path("stock/revaluations", watching.Revaluations.as_view(), name="revaluations"),
    path("stock/revaluations/<slug:number>/withdraw", watching.WithdrawRevaluation.as_view(), name="withdraw-value"),
]
