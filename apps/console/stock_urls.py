"""Addresses below /console/stock/, named `console:stock-…`. A document is named by its number, goods by their code."""

from django.urls import path

from apps.console.views.stock import (
    books,
    counts,
    ending,
    files,
    goods,
    overview,
    papers,
    printing,
    reports,
    stores,
    values,
    warnings,
    writing,
)

urlpatterns = [
    path("", overview.page, name="stock"),
    path("find/", overview.find, name="stock-find"),
    path("items/", goods.listed, name="stock-items"),
    path("new-item/", goods.make, name="stock-new-item"),
    path("items/<slug:code>/", goods.edit, name="stock-item"),
    path("items/<slug:code>/picture/", goods.picture, name="stock-picture"),
    path("items/<slug:code>/picture.jpg", goods.picture_file, name="stock-picture-file"),
    path("places/", stores.listed, name="stock-places"),
    path("places/vans/", stores.open_van, name="stock-vans"),
    path("balances/", books.balances, name="stock-balances"),
    path("card/", books.card, name="stock-card"),
    path("serials/<path:number>/", books.serial, name="stock-serial"),
    path("documents/", papers.listed, name="stock-documents"),
    path("documents/new/<slug:kind>/", writing.make, name="stock-new"),
    path("documents/<slug:number>/", papers.one, name="stock-document"),
    path("documents/<slug:number>/lines/", writing.change, name="stock-lines"),
    path("documents/<slug:number>/receive/", ending.receive, name="stock-receive"),
    path("documents/<slug:number>/reverse/", ending.reverse, name="stock-reverse"),
    path("documents/<slug:number>/print/", printing.document, name="stock-print"),
    path("documents/<slug:number>/file/", files.document, name="stock-document-file"),
    path("counts/", counts.listed, name="stock-counts"),
    path("counts/new/", counts.make, name="stock-new-count"),
    path("counts/<slug:number>/", counts.one, name="stock-count"),
    path("counts/<slug:number>/close/", counts.close, name="stock-count-close"),
    path("counts/<slug:number>/withdraw/", counts.withdraw, name="stock-count-withdraw"),
    path("counts/<slug:number>/work-out/", counts.work_out, name="stock-count-work-out"),
    path("counts/<slug:number>/send-back/", counts.send_back, name="stock-count-send-back"),
    path("counts/<slug:number>/approve/", counts.approve, name="stock-count-approve"),
    path("labels/", printing.label_sheet, name="stock-labels"),
    path("files/items/", files.items, name="stock-items-file"),
    path("files/balances/", files.balances, name="stock-balances-file"),
    path("files/pattern/<slug:what>/", files.pattern, name="stock-pattern"),
    path("bring/<slug:what>/", files.bring, name="stock-bring"),
    path("brought/<slug:name>/", files.progress, name="stock-import"),
    path("brought/<slug:name>/marked/", files.marked, name="stock-import-marked"),
]
urlpatterns += [
    path(f"documents/<slug:number>/{step}/", papers.step, {"step": step}, name=f"stock-{step}") for step in papers.STEPS
]
urlpatterns += [
    path("warnings/", warnings.page, name="stock-warnings"),
    path("warnings/look/", warnings.look, name="stock-warnings-look"),
    path("levels/", warnings.levels, name="stock-levels"),
    path("values/", values.page, name="stock-values"),
    path("reports/", reports.page, name="stock-reports"),
    path("reports/<slug:code>/", reports.page, name="stock-report"),
    path("reports/<slug:code>/<slug:form>/", reports.file, name="stock-report-file"),
]
