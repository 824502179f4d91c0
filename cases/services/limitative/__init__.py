"""Acts on the limitative list: entries, holders, purpose and measures on objects and services."""

from cases.services.limitative.entries import Entry, change_holder, decide_entry, end_entry, propose_entry
from cases.services.limitative.objects import (
    change_purpose,
    end_entry_measure,
    give_entry_advice,
    order_entry_measure,
    report_entry_measure,
    settle_entry_advice,
)

__all__ = [
    "Entry",
    "change_holder",
    "change_purpose",
    "decide_entry",
    "end_entry",
    "end_entry_measure",
    "give_entry_advice",
    "order_entry_measure",
    "propose_entry",
    "report_entry_measure",
    "settle_entry_advice",
]
