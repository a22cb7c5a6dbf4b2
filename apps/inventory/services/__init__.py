"""Every write of this room, one file per kind of use case."""

from apps.inventory.services._lines import Told
from apps.inventory.services.count_decisions import approve_count, send_back_count, work_out_count
from apps.inventory.services.counts import close_count, open_count, withdraw_count
from apps.inventory.services.documents import (
    approve_document,
    change_document,
    post_document,
    reverse_document,
    submit_document,
    withdraw_document,
    write_document,
)
from apps.inventory.services.imports import FILES, bring_file
from apps.inventory.services.items import open_place, open_van, save_item
from apps.inventory.services.material import change_material, enter_material, enter_unit, take_off_material
from apps.inventory.services.material_rules import save_material_rule
from apps.inventory.services.pictures import remove_item_picture, set_item_picture
from apps.inventory.services.recovered import enter_not_recovered, enter_recovered, take_off_recovered
from apps.inventory.services.revaluation import withdraw_revaluation, write_revaluation
from apps.inventory.services.tallying import count_again, tally_numbers, tally_quantity, tally_scan, undo_tally
from apps.inventory.services.transfers import receive_transfer, ship_transfer
from apps.inventory.services.watching import note_warnings, set_level

__all__ = [
    "FILES", "Told", "approve_count", "approve_document", "bring_file", "change_document", "change_material",
    "close_count",
    "count_again", "enter_material", "enter_not_recovered", "enter_recovered", "enter_unit", "note_warnings",
    "open_count", "open_place", "open_van", "post_document", "receive_transfer", "remove_item_picture",
    "reverse_document", "save_item", "save_material_rule", "send_back_count", "set_item_picture", "set_level",
    "ship_transfer", "submit_document", "take_off_material", "take_off_recovered", "tally_numbers",
    "tally_quantity", "tally_scan", "undo_tally", "withdraw_count", "withdraw_document", "withdraw_revaluation",
    "work_out_count", "write_document", "write_revaluation",
]  # fmt: skip
