"""The sets about tickets. Columns as the views have them: names and meanings never change within a version."""

from apps.bi.rules.shapes import RowSet, columns

PATH = "org_path"

TICKETS = RowSet(
    "Tickets", "bi_ticket_v1", "one row per ticket, as it stands now", ("ticket_no",), path=PATH,
    columns=columns("""
        ticket_no text number of the ticket
        type_code text code of its type
        type_version int version of the type it was opened with
        work_kind text `trouble` or `work`
        family text types about the same thing share it
        status text state, see the glossary
        priority int 0 is the most urgent
        channel text how it came
        area_class text A (town) to D (remote)
        grid_code text? grid
        department_code text? department in charge
        org_path text node of the organisation, ids from the root
        technician_id int? who has it, or had it last
        node_code text network node; empty where unknown
        symptom_code text what was seen
        cause_code text what it was
        responsibility text whose it was
        reported_at moment when it was reported
        reported_on day business day of that
        pooled_at moment? when it entered the pool
        assigned_at moment? when it was dispatched
        accepted_at moment? when it was taken
        contacted_at moment? when the customer was called
        arrived_at moment? when somebody was there
        first_finished_at moment? when it was finished for the first time
        finished_at moment? when it was finished
        closed_at moment? when it ended
        closed_on day? business day of that
        accept_due_at moment? by when it was to be taken
        resolve_due_at moment? by when it was to be finished
        was_overdue bool a clock ran out at some time
        is_overdue bool a clock has run out and it is still open
        accept_mode text how it was taken
        remote bool handled from afar
        hold_class text why it is on hold
        close_code text how it ended
        satisfaction int? 1 to 5
        urge_count int how often the customer urged
        return_count int how often it went back to the pool
        reassign_count int how often it was given to another
        reopen_count int how often it was opened again
        transfer_count int how often it was passed on
        is_incident bool it stands for many reports
        incident_no text? the incident it is a report of
        repeat_of_no text? the ticket it repeats
        parent_no text? the ticket it follows
        merged_into_no text? the ticket it was merged into
    """),
)  # fmt: skip
ASSIGNMENTS = RowSet(
    "Assignments", "bi_assignment_v1", "who had a ticket, from when to when", ("assignment_id",), path=PATH,
    columns=columns("""
        assignment_id int number of the row
        ticket_no text ticket
        org_path text node of the ticket
        technician_id int who
        work_role text `main` or `assist`
        share_pct int share of the work points, per cent
        assigned_by text how it came to them
        started_at moment from
        ended_at moment? until
    """),
)  # fmt: skip
STEPS = RowSet(
    "Steps", "bi_step_v1", "every step of a ticket; only ever added to", ("step_id",), path=PATH,
    columns=columns("""
        step_id int number of the row
        ticket_no text ticket
        org_path text node of the ticket
        ticket_version int the ticket's version after it
        step_code text what was done
        from_status text state before; empty for the first
        to_status text state after
        actor_kind text `staff`, `customer`, `system`, `partner` or `hq`
        happened_at moment when
        happened_on day business day of that
    """),
)  # fmt: skip
BREACHES = RowSet(
    "Breaches", "bi_breach_v1", "clocks that ran out", ("breach_id",), path=PATH,
    columns=columns("""
        breach_id int number of the row
        ticket_no text ticket
        org_path text node of the ticket
        clock_code text which clock
        due_at moment by when it was due
        breached_at moment when it ran out
        breached_on day business day of that
        ended_at moment? when what was late came after all
        cause_class text why; empty where nobody said
        department_code text? department in charge
        technician_id int? who had it
        is_exempt bool out of the figures
    """),
)  # fmt: skip
CALLBACKS = RowSet(
    "Callbacks", "bi_callback_v1", "answers of customers after the work", ("callback_id",), path=PATH,
    columns=columns("""
        callback_id int number of the row
        ticket_no text ticket
        org_path text node of the ticket
        channel text how it was asked
        is_fixed bool? it works again
        is_on_time bool? they came in time
        is_overcharged bool? they took too much
        satisfaction int? 1 to 5
        complaint_code text why not satisfied
        called_at moment when
        called_on day business day of that
    """),
)  # fmt: skip
TYPES = RowSet(
    "Types", "bi_type_v1", "ticket types", ("type_code",),
    columns=columns("""
        type_code text code
        name_zh text name
        name_en text English name
        work_kind text `trouble` or `work`
        family text types about the same thing share it
        hq_code text headquarters' code for it
        is_enabled bool may be opened
        type_version int version in force
    """),
)  # fmt: skip
GRIDS = RowSet(
    "Grids", "bi_grid_v1", "the organisation: branch, sub-branches, departments, grids", ("unit_code",), path=PATH,
    columns=columns("""
        unit_code text code
        unit_kind text `branch`, `sub_branch`, `department` or `grid`
        unit_name text name
        parent_code text? unit above
        area_class text A (town) to D (remote)
        org_path text ids from the root
    """),
)  # fmt: skip
STAFF = RowSet(
    "Staff", "bi_staff_v1", "technicians by number; no name, no phone", ("technician_id",), path=PATH,
    columns=columns("""
        technician_id int number in the other sets
        work_no text work number; empty where there is none
        unit_code text their unit
        org_path text its node
        skills text separated by commas
        ticket_cap int how many they may have at once
        open_count int how many they have now
        is_active bool they may sign in
    """),
)  # fmt: skip
