"""Acts of threat analysis, one module per concept; other apps and the doors call them from here."""

from threat.services.adoption import (
    Proposal,
    adopt,
    blockers,
    content_of,
    departure_of,
    hash_of,
    propose_adoption,
    return_proposal,
    second_departure,
)
from threat.services.evidence import (
    Finding,
    add_evidence,
    change_evidence,
    lapse_evidence,
    proposed_merges,
    regroup_evidence,
    remove_evidence,
)
from threat.services.information import (
    Order,
    Refusal,
    ask_again,
    commission_information,
    follow_request,
    note_refusal,
    refuse_request,
    suppliers,
)
from threat.services.pictures import (
    LineOf,
    abandon_picture,
    add_line,
    remove_line,
    set_severity,
    start_new_version,
    start_picture,
)
from threat.services.products import (
    Delivery,
    acknowledge_product,
    deliver_product,
    register_product,
    withdraw_product,
)
from threat.services.scores import compute_score, request_score, score_document, store_score
from threat.services.signals import dispose_signal, take_signal
from threat.services.urgent import answer_urgent_question
from threat.services.watch import watch

__all__ = [
    "Delivery",
    "Finding",
    "LineOf",
    "Order",
    "Proposal",
    "Refusal",
    "abandon_picture",
    "acknowledge_product",
    "add_evidence",
    "add_line",
    "adopt",
    "answer_urgent_question",
    "ask_again",
    "blockers",
    "change_evidence",
    "commission_information",
    "compute_score",
    "content_of",
    "deliver_product",
    "departure_of",
    "dispose_signal",
    "follow_request",
    "hash_of",
    "lapse_evidence",
    "note_refusal",
    "propose_adoption",
    "proposed_merges",
    "refuse_request",
    "register_product",
    "regroup_evidence",
    "remove_evidence",
    "remove_line",
    "request_score",
    "return_proposal",
    "score_document",
    "second_departure",
    "set_severity",
    "start_new_version",
    "start_picture",
    "store_score",
    "suppliers",
    "take_signal",
    "watch",
    "withdraw_product",
]
