"""Headquarters' figures: whole numbers that may be added up over branches, days and grids, never averaged.

Which of three days a figure counts on, and how rates are made of two figures, stands in apps/headquarters/rules.
"""

from apps.bi.rules.shapes import HEADQUARTERS, RowSet, columns

FACTS = RowSet(
    "DailyFacts", "bi_hq_fact_v1", "sums of tickets by branch, day, type, grid, area class and department",
    ("branch_code", "business_day", "type_code", "grid_code", "area_class", "department_code"), site=HEADQUARTERS,
    columns=columns("""
        branch_code text branch
        business_day day day
        type_code text type
        grid_code text grid; empty where there is none
        area_class text A (town) to D (remote)
        department_code text department; empty where there is none
        created int opened, whatever became of it
        voided int of these void
        volume int opened without void ones and duplicates
        handed_in int came from other branches
        ended int ended in whatever way
        closed int closed after the work
        finished int work done
        handed_out int went to other branches
        trouble int faults that ended
        trouble_direct int of these reported straight to a technician
        trouble_closed int faults closed after the work
        installs int installations closed
        accepted int taken by somebody
        grabbed int of these grabbed
        dispatched int of these dispatched
        accept_timed int of these with a measured wait
        accept_seconds int seconds until they were taken
        accept_on_time int taken in time
        contact_on_time int customer called in time
        booked int with an appointment
        kept int appointments kept
        rescheduled int appointments moved
        arrived int somebody was there
        arrive_seconds int seconds until somebody was there
        on_time int finished in time
        late int finished late
        open_late int late and still open, on the day they were due
        late_open int late when they were due, open or not
        repaired int faults repaired
        repair_seconds int seconds of repair, holds taken off
        repair_gross_seconds int seconds of repair, holds included
        fixed_first int fixed by the first visit
        repeats int came again within thirty days
        early_failures int failed soon after the installation
        reopened int opened again
        callbacks_due int to be called about
        callbacks_done int called about or rated
        calls int calls made
        calls_reached int calls that reached somebody
        scored int with a score
        score_sum int sum of the scores
        satisfied int scored 4 or 5
        complaints int with a complaint
        urged int urged by the customer
        returns int times sent back to the pool
        reassigns int times given to another
        transfers int times passed on
        held int were on hold
        hold_seconds int seconds on hold
        hold_customer_seconds int of these for the customer
        hold_force_majeure_seconds int of these by force majeure
        hold_third_party_seconds int of these for a third party
        hold_material_seconds int of these for material
        hold_internal_seconds int of these for ourselves
    """),
)  # fmt: skip
MONTHS = RowSet(
    "BranchMonths", "bi_hq_month_v1", "sums of a branch's month", ("branch_code", "month_code"), site=HEADQUARTERS,
    columns=columns("""
        branch_code text branch
        month_code text `2026-11`
        settlement_state text state of the settlement
        costs_closed bool the month of costs is closed
        counted_at moment? when the branch was read
        settled_points int points settled, hundredths
        provisional_points int points that wait, hundredths
        pay int pay by points, fen
        settlement_lines int lines of the settlement
        settlement_confirmed int of these confirmed by the technician
        revenue int revenue, fen
        share int share of subscriptions, fen
        cost_material int material, fen
        cost_labour int labour, fen
        cost_travel int travel, fen
        cost_outsource int outside teams, fen
        cost_other int other costs, fen
        closed_tickets int tickets closed
        km_tenths int kilometres, tenths
        budget int budget, fen
        budget_used int of it used, fen
        standard_seconds int standard hours, seconds
        duty_seconds int time on duty, seconds
        subscribers int active customers, at the end
        active_technicians int technicians who worked
        cost_upkeep int cost of upkeep, fen
        stock_value int value of stock at the end, fen
        stock_fen_days int value of stock by days, fen
        stock_used int used, fen
        stock_received int received, fen
        stock_lost int lost, fen
        lines_counted int shelves counted
        lines_right int of these right
        recovered int devices recovered
        to_recover int devices to be recovered
        low_stock int items too low, at the end
        idle_stock int items idle, at the end
        points_apart int how much any two of a grid differ in points, all pairs, hundredths
        points_by_crew int points of a grid times its technicians, hundredths; points_apart by it is the Gini
    """),
)  # fmt: skip
