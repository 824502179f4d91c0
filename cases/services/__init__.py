"""Acts on a case, one module per concept; other apps call them from here."""

from cases.services.access import give_access, who_has_access
from cases.services.attachments import attach, list_attachments, open_attachment
from cases.services.care.cooperation import (
    decide_breach,
    make_agreement,
    record_breach,
    submit_breach,
    talk_about,
    warn,
)
from cases.services.care.life import Answers, sign_answers, write_answers
from cases.services.care.responsibility import settle_responsibility
from cases.services.contact import (
    log_contact,
    open_inform_duty,
    report_risk_moment,
    set_signal_state,
    settle_duty,
)
from cases.services.emergency import break_glass, review_emergency
from cases.services.handover import Supplied, accept_file, offer, return_file, supply
from cases.services.intake import (
    Intake,
    Relation,
    complete_nomination,
    fill_nomination,
    hand_in,
    open_intake,
    send_back,
    sign_nomination,
    withdraw_nomination,
)
from cases.services.letters import (
    issue_copy,
    list_letters,
    open_copy,
    preview,
    read_letter,
    return_letter,
    sign_letter,
    start_letter,
    submit_letter,
    withdraw_letter,
    write_letter,
)
from cases.services.level import adopt_picture, decide_level, give_advice
from cases.services.measures import end_measure, report_measure
from cases.services.package import (
    Planned,
    decide_package,
    mark_assigned,
    return_package,
    start_package,
    submit_package,
    write_package,
)
from cases.services.triage import assign_case, judge, prepare_judgement
from cases.services.urgent import open_urgent_case, order_urgent_measures, ratify_designation
from cases.services.watch import watch

__all__ = [
    "Answers",
    "Intake",
    "Planned",
    "Relation",
    "Supplied",
    "accept_file",
    "adopt_picture",
    "assign_case",
    "attach",
    "break_glass",
    "complete_nomination",
    "decide_breach",
    "decide_level",
    "decide_package",
    "end_measure",
    "fill_nomination",
    "give_access",
    "give_advice",
    "hand_in",
    "issue_copy",
    "judge",
    "list_attachments",
    "list_letters",
    "log_contact",
    "make_agreement",
    "mark_assigned",
    "offer",
    "open_attachment",
    "open_copy",
    "open_inform_duty",
    "open_intake",
    "open_urgent_case",
    "order_urgent_measures",
    "prepare_judgement",
    "preview",
    "ratify_designation",
    "read_letter",
    "record_breach",
    "report_measure",
    "report_risk_moment",
    "return_file",
    "return_letter",
    "return_package",
    "review_emergency",
    "send_back",
    "set_signal_state",
    "settle_duty",
    "settle_responsibility",
    "sign_answers",
    "sign_letter",
    "sign_nomination",
    "start_letter",
    "start_package",
    "submit_breach",
    "submit_letter",
    "submit_package",
    "supply",
    "talk_about",
    "warn",
    "watch",
    "who_has_access",
    "withdraw_letter",
    "withdraw_nomination",
    "write_answers",
    "write_letter",
    "write_package",
]
