"""The sets about goods, points and money. Money is whole fen, quantities have two decimals."""

from apps.bi.rules.shapes import RowSet, columns

PATH = "org_path"

BALANCES = RowSet(
    "StockBalances", "bi_stock_balance_v1", "how much of an item is in a place now", ("balance_id",), path=PATH,
    columns=columns("""
        balance_id int number of the row
        place_code text place
        place_kind text `store`, `van`, …
        org_path text node whose people use it
        technician_id int? whose van it is
        item_code text item
        item_name text its name
        category text its category
        unit_of_measure text piece, metre, …
        batch_no text? drum
        is_physical bool goods can be touched there
        quantity decimal how much
        reserved decimal how much of it is spoken for
        changed_at moment last change
    """),
)  # fmt: skip
MOVES = RowSet(
    "StockMoves", "bi_stock_move_v1", "what each posting changed in each place; only ever added to", ("move_id",),
    path=PATH,
    columns=columns("""
        move_id int number of the row
        document_no text document
        document_kind text its kind
        ticket_no text? ticket it was used on
        place_code text place
        place_kind text `store`, `van`, `customer`, `supplier`, …
        org_path text node whose people use it
        technician_id int? whose van it is
        item_code text item
        item_name text its name
        category text its category
        unit_of_measure text piece, metre, …
        batch_no text? drum
        delta decimal more, or less
        balance_after decimal how much was there then
        value_fen int fen that entered the branch's stock with it
        moved_at moment when it was posted
        moved_on day business day of that
    """),
)  # fmt: skip
POINTS = RowSet(
    "Points", "bi_points_v1", "the ledger of work points; a balance is a sum", ("entry_id",), path=PATH,
    columns=columns("""
        entry_id int number of the row
        ticket_no text ticket; empty for none
        technician_id int whose
        unit_code text their unit
        org_path text its node
        entry_kind text `earn`, `travel`, `bonus`, `deduction`, …
        reason_code text which deduction or bonus
        stage text `provisional` or `earned`
        points decimal how many
        settlement_month text `2026-11`; empty while provisional
        is_late bool its own month was closed
        corrects_id int? the row it corrects
        booked_at moment when
        booked_on day business day of that
    """),
)  # fmt: skip
LINES = RowSet(
    "AccountLines", "bi_account_line_v1", "what tickets cost and brought in; only ever added to", ("line_id",),
    path=PATH,
    columns=columns("""
        line_id int number of the row
        ticket_no text ticket
        type_code text its type
        family text types about the same thing share it
        area_class text A (town) to D (remote)
        sub_branch_code text? sub-branch
        department_code text? department
        grid_code text? grid
        org_path text node of the ticket
        technician_id int? whose work it was
        side text `cost`, `revenue` or `share`
        element text material, labour, travel, …
        amount_fen int fen
        quantity decimal? how much of it
        item_code text item; empty for none
        category text its category
        cost_month text `2026-11`; empty before the close
        is_late bool its own month was closed
        booked_at moment when
        booked_on day business day of that
    """),
)  # fmt: skip
