"""Words for the small codes of stock: kinds of documents, of places and of goods, and how far a document is."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Labels = Mapping[str, "str | Promise"]

KINDS: Labels = {
    "receipt": pgettext_lazy("stock document", "Receipt"),
    "issue": pgettext_lazy("stock document", "Issue to a van"),
    "return": pgettext_lazy("stock document", "Return from a van"),
    "transfer": pgettext_lazy("stock document", "Transfer"),
    "supplier_return": pgettext_lazy("stock document", "Return to the maker"),
    "repair": pgettext_lazy("stock document", "Into repair"),
    "scrap": pgettext_lazy("stock document", "Scrap"),
    "claim": pgettext_lazy("stock document", "Claim"),
    "consumption": pgettext_lazy("stock document", "Used on a ticket"),
    "recovery": pgettext_lazy("stock document", "Recovered from a customer"),
    "surplus": pgettext_lazy("stock document", "Surplus of a count"),
    "shortage": pgettext_lazy("stock document", "Shortage of a count"),
    "relocation": pgettext_lazy("stock document", "Found elsewhere"),
    "revaluation": pgettext_lazy("stock document", "Revaluation"),
}
STATES: Labels = {
    "draft": pgettext_lazy("stock state", "Draft"),
    "submitted": pgettext_lazy("stock state", "Waits for approval"),
    "approved": pgettext_lazy("stock state", "Approved"),
    "shipped": pgettext_lazy("stock state", "On the way"),
    "posted": pgettext_lazy("stock state", "In the books"),
    "reversed": pgettext_lazy("stock state", "Taken back"),
    "withdrawn": pgettext_lazy("stock state", "Withdrawn"),
}
PLACES: Labels = {
    "warehouse": pgettext_lazy("stock place", "Warehouse"),
    "store": pgettext_lazy("stock place", "Store"),
    "counter": pgettext_lazy("stock place", "Shop counter"),
    "van": pgettext_lazy("stock place", "Van"),
    "repair": pgettext_lazy("stock place", "Repair"),
    "in_transit": pgettext_lazy("stock place", "On the way"),
    "scrap": pgettext_lazy("stock place", "Scrap"),
    "supplier": pgettext_lazy("stock place", "Supplier"),
    "customer": pgettext_lazy("stock place", "Customers"),
    "loss": pgettext_lazy("stock place", "Losses and surpluses"),
}
ITEMS: Labels = {
    "quantity": pgettext_lazy("stock item", "By quantity"),
    "serialized": pgettext_lazy("stock item", "Each by its number"),
    "batch": pgettext_lazy("stock item", "Drums by the metre"),
    "tool": pgettext_lazy("stock item", "Tool, lent"),
}
UNITS: Labels = {
    "in_stock": pgettext_lazy("stock unit", "In a store"),
    "with_technician": pgettext_lazy("stock unit", "With a technician"),
    "in_transit": pgettext_lazy("stock unit", "On the way"),
    "repair": pgettext_lazy("stock unit", "In repair"),
    "scrapped": pgettext_lazy("stock unit", "Scrapped"),
    "returned": pgettext_lazy("stock unit", "Returned to the maker"),
    "installed": pgettext_lazy("stock unit", "Installed"),
    "lost": pgettext_lazy("stock unit", "Lost"),
}
# In what condition a device came back from the customer; or why none did.
RECOVERED: Labels = {
    "good": pgettext_lazy("recovered", "Good, back into the van"),
    "repairable": pgettext_lazy("recovered", "To be repaired"),
    "scrap": pgettext_lazy("recovered", "Scrap"),
    "kept": pgettext_lazy("recovered", "The customer keeps it"),
    "lost": pgettext_lazy("recovered", "The customer lost it"),
}


def word(labels: Labels, code: str) -> str:
    """The word in the reader's language; a code nobody knows stays as it is."""
    return str(labels.get(code, code))
