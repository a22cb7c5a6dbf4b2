"""What this room does every few seconds, and every night, in every branch."""

from apps.tickets.services import (
    sweep_archive,
    sweep_bonuses,
    sweep_calls,
    sweep_clocks,
    sweep_hoarded,
    sweep_holds,
    sweep_incidents,
    sweep_photos,
    sweep_places,
    sweep_silence,
    sweep_waves,
)
from tenants.fanout import nightly, sweep

sweep("tickets.clocks")(sweep_clocks)
sweep("tickets.hoarded")(sweep_hoarded)
sweep("tickets.waves")(sweep_waves)
sweep("tickets.bonuses")(sweep_bonuses)
sweep("tickets.holds")(sweep_holds)
sweep("tickets.silence")(sweep_silence)
sweep("tickets.incidents")(sweep_incidents)
sweep("tickets.calls")(sweep_calls)
nightly("tickets.photos")(sweep_photos)
nightly("tickets.places")(sweep_places)
nightly("tickets.archive")(sweep_archive)
