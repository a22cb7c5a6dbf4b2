"""Items and places, documents, and the books that only grow."""

from apps.inventory.models.counts import Count, CountFinding, CountLine, CountUnit, Tally
from apps.inventory.models.documents import Document, Line, LineSerial
from apps.inventory.models.imports import Import
from apps.inventory.models.items import Batch, Item, Place, Serial
from apps.inventory.models.ledger import Balance, Entry, Movement, SerialStep, Valuation
from apps.inventory.models.on_tickets import Material, MaterialNorm, MaterialRule, Recovered
from apps.inventory.models.watching import Level, StockWarning

__all__ = [
    "Balance", "Batch", "Count", "CountFinding", "CountLine", "CountUnit", "Document", "Entry", "Import", "Item",
    "Level", "Line", "LineSerial", "Material", "MaterialNorm", "MaterialRule", "Movement", "Place", "Recovered",
    "Serial", "SerialStep", "StockWarning", "Tally", "Valuation",
]  # fmt: skip
