"""Who may open which address: one row per route of the product, one list of roles per row.

The roles follow the separation of duties (case, analysis, decision, execution, resilience, oversight), not the code.
All else is derived in `expected`: whoever has no grant on the case meets a 404, whoever has one in a role that does
not need the page a 403 with a reason, and of some records not even the row exists for another role.
"""

from dataclasses import dataclass
from enum import Enum

from stelsel.kernel.authorisation import Role

OK, CREATED, FOUND, UNAUTHORISED, FORBIDDEN, ABSENT, CONFLICT, INVALID = 200, 201, 302, 401, 403, 404, 409, 422

CM, DEC, DUTY = frozenset({Role.CASE_MANAGER}), frozenset({Role.DECIDER}), frozenset({Role.DUTY_OFFICER})
AUTHORITY = CM | DEC | DUTY
ANALYSTS = frozenset({Role.THREAT_ANALYST, Role.HEAD_OF_ANALYSIS})
ANALYST = frozenset({Role.THREAT_ANALYST})
HEAD = frozenset({Role.HEAD_OF_ANALYSIS})
SUPPLIER = frozenset({Role.PRODUCT_SUPPLIER})
POLICE = frozenset({Role.POLICE_RCCB})
PROSECUTION = frozenset({Role.PROSECUTION_ADVISER, Role.CHIEF_PROSECUTOR})
MAYORS_CONTACT = frozenset({Role.MAYORS_CONTACT})
CHIEF = frozenset({Role.CHIEF_PROSECUTOR})
COORDINATOR, ADVISER = frozenset({Role.LCC_COORDINATOR}), frozenset({Role.LCC_ADVISER})
LCC = COORDINATOR | ADVISER | {Role.LCC_LIAISON}
PLANNER = frozenset({Role.UNIT_PLANNER})
EXPERT = frozenset({Role.RESILIENCE_EXPERT})
RESILIENCE = EXPERT | {Role.BUDDY_COORDINATOR}
QUALITY = frozenset({Role.QUALITY_MANAGER})
BOARD = frozenset({Role.METHOD_BOARD})
LEGAL, SECURITY = frozenset({Role.LEGAL_OFFICER}), frozenset({Role.SECURITY_OFFICER})
CHIEF, MAYOR = frozenset({Role.CHIEF_PROSECUTOR}), frozenset({Role.MAYORS_CONTACT})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
MEMBER = frozenset({Role.TABLE_MEMBER})
PEOPLE = frozenset(Role) - {Role.SYSTEM}

# The case itself: advisory body and inspector get figures, suppliers, policy, control and method nothing of a case.
ON_A_CASE = (
    AUTHORITY | ANALYSTS | POLICE | PROSECUTION | LCC | PLANNER | RESILIENCE | QUALITY | LEGAL | SECURITY | MEMBER
)
NOMINATES = POLICE | PROSECUTION
AT_THE_TABLE = AUTHORITY | NOMINATES | MEMBER
MEETS = AUTHORITY | PROSECUTION | COORDINATOR
FOLLOW = ANALYSTS | CM
"""Requests and products: the analysts wholly, the case manager what was asked and came."""
PROTECT = AUTHORITY | LCC
"""Assignments and cover of a case; never analysis or resilience."""
RUNS = LCC | DEC


LISTED = AUTHORITY | LEGAL | PROSECUTION | MAYOR | COORDINATOR
"""Who needs entries of the limitative list."""


class About(Enum):
    """What stands in the address, and so what a stranger finds there."""

    CASE = "a record of a case"
    OWN = "a record of a unit"  # teams and groups: about no person, kept by the planner of the unit
    NOTHING = "no case"  # a list or a form: it opens by role, and shows what its reader sees


@dataclass(frozen=True)
class Row:
    """A route. `sees`: for whom of those with a grant the record exists at all."""

    route: str
    about: About
    record: str
    opens: frozenset[Role]
    purpose: str
    sees: frozenset[Role] = PEOPLE
    post: bool = False
    gives: int = OK  # to those for whom it opens
    query: str = ""
    names: bool = True  # whether the page shows a person's data, so that the read must be in the trail

    def expected(self, role: Role, *, own: bool) -> int:
        """The status for somebody in `role`: with a grant on the case (of the unit), or without one."""
        if self.about is About.CASE and not own:
            return ABSENT
        if self.about is About.OWN and not own and role in PLANNER:
            return FORBIDDEN
        if role in self.opens:
            return self.gives
        return FORBIDDEN if role in self.sees else ABSENT


def case(
    route: str, record: str, opens: frozenset[Role], purpose: str, *, sees: frozenset[Role] = frozenset(Role)
) -> Row:
    return Row(f"cases:{route}", About.CASE, record, opens, purpose, sees=sees)


def entry(route: str, record: str, opens: frozenset[Role]) -> Row:
    return Row(f"cases:{route}", About.CASE, record, opens, "limitative list", names=False)


def listing(route: str, opens: frozenset[Role], purpose: str, *, names: bool = True, query: str = "") -> Row:
    return Row(route, About.NOTHING, "", opens, purpose, names=names, query=query)


def sent(route: str, opens: frozenset[Role], purpose: str, *, gives: int) -> Row:
    """A route that is only posted to; for whom it does not open it is not there."""
    return Row(route, About.NOTHING, "", opens, purpose, sees=frozenset(), post=True, gives=gives, names=False)


def threat(
    route: str, record: str, opens: frozenset[Role], *, sees: frozenset[Role] = ANALYSTS, post: int = 0, for_: str = ""
) -> Row:
    purpose = for_ or "threat analysis"
    return Row(f"threat:{route}", About.CASE, record, opens, purpose, sees=sees, post=bool(post), gives=post or OK)


def unseen(route: str, record: str, purpose: str) -> Row:
    """A page of threat analysis that is there for nobody on the case."""
    return Row(f"threat:{route}", About.CASE, record, frozenset(), purpose, sees=frozenset(), names=False)


def support(route: str, record: str, opens: frozenset[Role] = EXPERT, *, post: int = 0) -> Row:
    return Row(
        f"resilience:{route}",
        About.CASE,
        record,
        opens,
        "resilience",
        sees=RESILIENCE,
        post=bool(post),
        gives=post or OK,
    )


def supply(route: str, opens: frozenset[Role], record: str = "") -> Row:
    about = About.OWN if record else About.NOTHING
    return Row(f"capacity:{route}", about, record, opens, "rosters", names=False)


DAYS = "first=2026-03-04&days=7"  # the first days on which teams are needed
SUPPLY = FOLLOW | SUPPLIER

KERNEL = (
    listing("home", PEOPLE, "work", names=False),
    sent("switch_role", frozenset(), "role", gives=FOUND),  # an empty form names no role of one's own
    sent("set_language", PEOPLE, "", gives=FOUND),
    sent("demo_login", frozenset(), "", gives=FOUND),  # of the demonstration alone
    listing("health", PEOPLE, "", names=False),
)

CASES = (
    listing("cases:list", ON_A_CASE, "case work"),
    Row("cases:list_view", About.NOTHING, "", ON_A_CASE, "case work", post=True, gives=FOUND, names=False),
    listing("cases:search", ON_A_CASE, "case work", names=False),
    listing("cases:report", POLICE, "intake", names=False),
    listing("cases:call", DUTY | NOMINATES, "urgent call", names=False),
    listing("cases:emergency", AUTHORITY, "emergency", names=False),
    Row(
        "cases:emergency_review",
        About.NOTHING,  # judged by security officers without the case
        "emergency",
        SECURITY,
        "review of emergency access",
        names=False,
    ),
    listing("cases:entries", LISTED, "limitative list", names=False),
    listing("cases:entry_new", CM, "limitative list", names=False),
    entry("entry", "entry", LISTED),
    entry("entry_decide", "entry", DEC),
    entry("entry_holder", "entry", CM),
    entry("entry_purpose", "entry", DEC | CHIEF | MAYOR),
    entry("entry_advise", "entry", DEC),
    entry("entry_order", "entry", LISTED),
    entry("entry_end", "entry", DEC),
    entry("entry_measure", "entry_measure", LISTED),
    entry("entry_follow", "entry_advice", LISTED),
    case("case", "case", ON_A_CASE, "case work"),
    case("identity", "case", CM | DUTY | NOMINATES | COORDINATOR, "identity"),
    case("aliases", "case", CM | DUTY | NOMINATES | COORDINATOR, "identity"),
    case("passed_report", "passed_report", CM | DUTY | NOMINATES, "nomination", sees=CM | DUTY | NOMINATES),
    case("same_person", "case", CM | DEC | DUTY | NOMINATES | COORDINATOR, "identity"),
    case("assign", "case", DUTY, "triage"),
    case("urgent", "case", DUTY | NOMINATES, "urgent call"),
    case("contact", "case", CM | DUTY, "contact"),
    case("risk_moment", "case", CM | DUTY | COORDINATOR | POLICE, "contact"),
    case("contact_plan", "case", AUTHORITY, "contact"),
    case("promise", "case", CM | DUTY, "contact"),
    case("agenda", "case", CM | DUTY, "contact"),
    case("tell", "case", CM | DUTY, "contact"),
    case("plan", "plan", CM | DUTY, "contact", sees=AUTHORITY),
    case("settle_promise", "promise", CM | DUTY, "contact", sees=AUTHORITY),
    case("telling", "telling", AUTHORITY, "contact", sees=AUTHORITY),
    case("tell_again", "telling", CM | DUTY, "contact", sees=AUTHORITY),
    case("mayor", "case", AUTHORITY, "mayor"),
    case("mayor_notice", "mayor_notice", AUTHORITY, "mayor", sees=AUTHORITY | MAYORS_CONTACT),
    listing("cases:notices", MAYORS_CONTACT | CHIEF, "mayor", names=False),
    Row("cases:notice", About.CASE, "mayor_notice", MAYORS_CONTACT, "mayor", sees=MAYORS_CONTACT, names=False),
    case("meetings", "case", MEETS, "meeting"),
    case("meeting_agreement", "meeting_agreement", MEETS - DEC, "meeting", sees=MEETS),
    case("moment", "moment", PROTECT | PLANNER | NOMINATES, "contact"),
    listing("cases:events", NOMINATES | {Role.POLICY_OFFICER}, "events", names=False),
    Row("cases:event", About.CASE, "event", CHIEF, "events", sees=CHIEF, names=False),  # its owner alone
    case("access", "case", CM | SECURITY, "access"),
    case("conflicts", "case", CM | DEC | SECURITY, "access"),
    case("letters", "case", AUTHORITY, "letters"),
    case("letter", "letter", AUTHORITY, "letters"),
    case("letter_preview", "draft_letter", AUTHORITY, "letters"),
    case("letter_copy", "letter_copy", AUTHORITY, "letters"),
    case("attachments", "case", AUTHORITY | NOMINATES | ANALYSTS, "attachments"),
    case("attachment", "attachment", CM | DEC | PROSECUTION, "attachments"),
    case("answers", "case", CM | DEC | LEGAL | PROSECUTION, "duty of care"),
    case("answered", "answers", CM | DEC | LEGAL | PROSECUTION, "duty of care", sees=CM | DEC | LEGAL | PROSECUTION),
    case("responsibility", "case", CM | DEC | PROSECUTION, "duty of care"),
    case("responsible", "measure", CM | DEC | PROSECUTION, "duty of care"),
    case("activities", "case", CM | DEC, "duty of care"),
    case("activity", "activity", CM | DEC, "duty of care", sees=CM | DEC),
    case("compensations", "case", CM | DEC, "duty of care"),
    case("compensation", "compensation", CM | DEC, "duty of care", sees=CM | DEC),
    case("complaints", "case", CM | DUTY | LEGAL, "complaint"),
    case("complaint", "complaint", CM | LEGAL, "complaint", sees=CM | DUTY | LEGAL),
    case("expectations", "case", CM | DEC, "duty of care"),
    case("employer", "case", CM | DEC, "duty of care"),
    case("cooperation", "case", CM | DEC, "duty of care"),
    case("breach", "breach", CM | DEC, "duty of care", sees=CM | DEC),
    case("authority", "case", ON_A_CASE, "case work"),
    case("post", "case", PROSECUTION, "case work"),
    Row("cases:college", About.CASE, "case", PROSECUTION, "case work", post=True, gives=CONFLICT),
    case("return", "case", DEC, "decision"),
    case("returned", "returned", CM | DEC | PROSECUTION, "decision"),
    case("escalation", "case", CM | DEC | PROSECUTION, "decision"),
    case("demarcation", "case", CM | DEC | DUTY | NOMINATES, "case work"),
    case("close", "case", PROSECUTION, "case work"),
    case("reopen", "case", PROSECUTION, "case work"),
    case("nomination", "nomination", AT_THE_TABLE | ANALYSTS, "nomination"),
    case("framework", "nomination", AT_THE_TABLE | ANALYSTS, "triage"),
    listing("cases:frameworks", AT_THE_TABLE, "triage", names=False),
    listing("cases:tables", AT_THE_TABLE, "triage", names=False),
    listing("cases:table_new", PROSECUTION, "triage", names=False),
    Row("cases:table", About.CASE, "table", AT_THE_TABLE, "triage", sees=AT_THE_TABLE, names=False),
    Row("cases:seat", About.CASE, "seat", AT_THE_TABLE, "triage", sees=AT_THE_TABLE, names=False, gives=FOUND),
    case("agenda_item", "agenda_item", AT_THE_TABLE, "triage", sees=AT_THE_TABLE),
    case("prepare", "nomination", CM, "triage"),
    case("judge", "nomination", DEC, "triage"),
    case("ratify", "urgent_designation", DEC, "triage"),
    case("handover", "handover", CM | DEC | PROSECUTION, "handover"),
    case("continuity", "handover", CM | DEC | PROSECUTION, "handover"),
    Row(
        "cases:key_holder_withdraw",
        About.CASE,
        "key_holder",
        PROSECUTION,
        "handover",
        post=True,
        gives=FOUND,
        names=False,
    ),
    listing("cases:batches", CM | DEC | PROSECUTION, "handover", names=False),
    listing("cases:batch_new", CM | DEC | PROSECUTION, "handover", names=False),
    Row("cases:batch", About.CASE, "batch", CM | PROSECUTION, "handover", sees=CM | PROSECUTION),
    listing("cases:promises", AUTHORITY, "promises"),
    case("promises_of", "case", AUTHORITY, "promises"),
    listing("cases:night_desk", AUTHORITY, "night duty"),
    case("night", "case", AUTHORITY, "night duty"),
    case("then", "case", CM | DEC | QUALITY, "looking back"),
    case("incident_new", "measure", LCC - ADVISER | PLANNER | POLICE, "measures"),
    case("incident", "incident", PROTECT | PLANNER | NOMINATES, "measures"),
    case("level", "adopted_picture", DEC, "decision"),
    case("advice", "level", ADVISER, "advice"),
    case("package_start", "level", CM, "decision"),
    case("package", "package", CM, "decision"),
    case("package_decide", "package", DEC, "decision"),
    case("condition", "condition", CM | DEC, "decision", sees=CM | DEC),
    listing("cases:decisions", CM | DEC, "decision"),
    case("case_decisions", "case", CM | DEC, "decision"),
    case("relatives", "case", CM | DEC, "decision"),
    case("relative", "relative", CM | DEC, "decision"),
    case("review", "review", CM | DEC, "decision"),
    case("ratify_decision", "ratification", CM | DEC, "decision"),
    case("measure", "measure", PROTECT | PLANNER | NOMINATES, "measures"),
    case("duty", "duty", CM | DUTY, "contact"),
)

THREAT = (
    listing("threat:desk", ANALYSTS, "threat analysis"),
    listing("threat:gaps", ANALYSTS, "threat analysis"),
    listing("threat:calibration", HEAD, "comparison of assessors", names=False),
    threat("compare", "picture", HEAD, for_="comparison of assessors"),
    unseen("coding", "coding", "comparison of assessors"),  # its coder does not see the case
    unseen("coding_decline", "coding", "comparison of assessors"),
    threat("comparison", "comparison", HEAD, for_="comparison of assessors"),
    threat("comparison_withdraw", "comparison", HEAD, post=FOUND, for_="comparison of assessors"),
    threat("gap_escalate", "case", ANALYSTS, sees=PEOPLE, post=FOUND),
    threat("gap_take", "case", HEAD, sees=PEOPLE, post=FOUND),
    threat("check", "request", SUPPLIER, sees=SUPPLY, for_="supplying information"),
    listing("threat:requests", SUPPLIER, "supplying information"),
    listing("threat:methods", BOARD, "method", names=False),
    listing("threat:method_register", BOARD, "method", names=False),
    Row("threat:method_definition", About.NOTHING, "method_version", BOARD, "method", names=False),
    Row("threat:method_try", About.NOTHING, "method_version", BOARD, "method", names=False),
    Row("threat:shadow_run", About.NOTHING, "shadow_run", BOARD | ANALYSTS, "method", names=False),
    Row("threat:method_propose", About.NOTHING, "method_version", BOARD, "method", names=False),
    Row("threat:method_approve", About.NOTHING, "method_use", BOARD, "method", post=True, gives=FOUND, names=False),
    Row("threat:method_refuse", About.NOTHING, "method_use", BOARD, "method", post=True, gives=FOUND, names=False),
    listing("threat:double_run", ANALYSTS, "threat analysis", names=False),
    threat("consult", "picture", ANALYSTS),
    listing("threat:needs", BOARD | FOLLOW | SUPPLIER, "method", names=False),
    listing("threat:need_propose", BOARD, "method", names=False),
    Row("threat:need_approve", About.NOTHING, "need", BOARD, "method", post=True, gives=FOUND, names=False),
    Row("threat:need_refuse", About.NOTHING, "need", BOARD, "method", post=True, gives=FOUND, names=False),
    listing("threat:templates", BOARD, "method", names=False),
    listing("threat:template_propose", BOARD, "method", names=False),
    Row("threat:template_approve", About.NOTHING, "template", BOARD, "method", post=True, gives=FOUND, names=False),
    Row("threat:template_refuse", About.NOTHING, "template", BOARD, "method", post=True, gives=FOUND, names=False),
    listing("threat:mappings", BOARD, "method", names=False),
    listing("threat:mapping_propose", BOARD, "method", names=False),
    Row("threat:mapping_approve", About.NOTHING, "mapping", BOARD, "method", post=True, gives=FOUND, names=False),
    Row("threat:mapping_refuse", About.NOTHING, "mapping", BOARD, "method", post=True, gives=FOUND, names=False),
    threat("local_level", "product", ANALYSTS, sees=SUPPLY),
    threat("product_entities", "product", ANALYST, sees=SUPPLY, for_="matching over cases"),
    threat("signal_entities", "signal", ANALYST, for_="matching over cases"),
    threat("entity_remove", "entity", ANALYST, sees=ANALYST, post=FOUND, for_="matching over cases"),
    threat("hit", "hit", ANALYST, sees=ANALYST, for_="matching over cases"),
    threat("hit_take", "hit", ANALYST, sees=ANALYST, post=FOUND, for_="matching over cases"),
    listing("threat:matches", HEAD, "matching over cases", names=False),
    Row("threat:match_ask", About.NOTHING, "blind_match", HEAD, "matching over cases", names=False),
    Row("threat:match_settle", About.NOTHING, "blind_match", HEAD, "matching over cases", names=False),
    threat("match_question", "match_question", SUPPLIER, sees=SUPPLIER, for_="supplying information"),
    threat("information", "case", FOLLOW, sees=PEOPLE),
    threat("commission", "case", FOLLOW, sees=PEOPLE),
    threat("register", "case", ANALYSTS, sees=PEOPLE),
    threat("urgent", "case", CM, sees=PEOPLE),
    threat("register_elsewhere", "case", ANALYSTS, sees=PEOPLE),
    threat("elsewhere", "elsewhere", ANALYSTS),
    threat("elsewhere_drop", "elsewhere", ANALYSTS, post=FOUND),
    threat("start", "case", ANALYSTS, sees=PEOPLE),
    threat("request", "request", SUPPLY, sees=SUPPLY),
    threat("deliver", "request", SUPPLIER, sees=SUPPLY, for_="supplying information"),
    threat("refuse", "request", SUPPLIER, sees=SUPPLY, for_="supplying information"),
    threat("again", "request", FOLLOW, sees=SUPPLY),
    threat("note", "request", CM, sees=SUPPLY, post=FOUND),
    threat("product", "product", SUPPLY, sees=SUPPLY),
    threat("withdraw", "product", ANALYSTS | SUPPLIER, sees=SUPPLY),
    threat("acknowledge", "product", ANALYSTS, sees=SUPPLY, post=FOUND),
    threat("review", "product", ANALYSTS, sees=SUPPLY, for_="quality of products"),
    threat("review_answer", "product_review", SUPPLIER, sees=ANALYSTS | SUPPLIER, for_="supplying information"),
    listing("threat:reviews", ANALYSTS | QUALITY, "quality of products", names=False),
    threat("signal", "signal", ANALYSTS),
    threat("picture", "picture", ANALYSTS),
    threat("add_line", "picture", ANALYSTS),
    threat("severity", "picture", ANALYSTS),
    threat("changes", "picture", ANALYSTS),
    threat("print", "picture", ANALYSTS, post=OK),
    threat("add_assumption", "picture", ANALYSTS),
    threat("add_hypothesis", "picture", ANALYSTS),
    threat("assumption", "assumption", ANALYSTS),
    threat("remove_assumption", "assumption", ANALYSTS, post=FOUND),
    threat("remove_hypothesis", "hypothesis", ANALYSTS, post=FOUND),
    threat("score", "picture", ANALYSTS, post=FOUND),
    threat("propose", "picture", ANALYSTS),
    threat("adopt", "picture", ANALYSTS),
    threat("second", "picture", ANALYSTS, post=CONFLICT),
    threat("give_back", "picture", ANALYSTS),
    threat("abandon", "picture", ANALYSTS),
    threat("new_version", "picture", ANALYSTS),
    threat("add_evidence", "line", ANALYSTS),
    threat("remove_line", "line", ANALYSTS, post=FOUND),
    threat("evidence", "evidence", ANALYSTS),
    threat("lapse", "evidence", ANALYSTS),
    threat("remove_evidence", "evidence", ANALYSTS, post=FOUND),
)

CAPACITY = (
    listing("capacity:board", PROTECT | PLANNER, "cover", names=False),
    listing("capacity:wall", PROTECT | PLANNER, "cover", names=False),
    listing("capacity:lines", PROTECT | PLANNER, "cover", query=DAYS),
    listing("capacity:runs", RUNS, "prioritisation", names=False),
    Row("capacity:run", About.NOTHING, "run", RUNS, "prioritisation"),
    Row("capacity:stop", About.NOTHING, "run", COORDINATOR, "prioritisation", post=True, gives=CONFLICT),
    Row("capacity:publish", About.NOTHING, "run", COORDINATOR, "prioritisation", post=True, gives=FORBIDDEN),
    Row("capacity:plan", About.CASE, "case", PROTECT, "cover", query=DAYS),
    Row("capacity:feasibility", About.CASE, "assignment", ADVISER, "cover", sees=PROTECT),
    Row("capacity:displacement", About.CASE, "displacement", PROTECT, "prioritisation", sees=PROTECT),
    supply("teams", PROTECT | PLANNER),
    supply("team_new", PLANNER),
    supply("availability", PLANNER, "team"),
    supply("absence", PLANNER | COORDINATOR, "team"),
    supply("loans", PLANNER | COORDINATOR, "team"),
    supply("groups", PROTECT | PLANNER),
    supply("group_new", PLANNER),
    supply("group", PLANNER, "group"),
)

SUPPORT = (
    listing("resilience:worklist", RESILIENCE, "resilience", query="show=files"),
    support("file", "file", RESILIENCE),
    support("about", "file"),
    support("phase", "file"),
    support("plan", "file"),
    support("offer", "file"),
    support("talk", "talk", RESILIENCE),
    support("move", "talk"),
    support("hold", "talk"),
    support("miss", "talk"),
    support("refuse", "talk"),
    support("cancel", "talk"),
    support("follow_up", "talk", post=INVALID),
    support("answer", "offer"),
)


@dataclass(frozen=True)
class ApiRow:
    """A route of the API and a method: the roles whose clients it opens for, and for whom the record exists."""

    route: str
    opens: frozenset[Role]
    method: str = "GET"
    record: str = ""
    sees: frozenset[Role] = PEOPLE

    def expected(self, role: Role, *, own: bool) -> int:
        if (self.method == "POST" or self.record) and not own:
            return ABSENT
        if role in self.opens:
            return CREATED if self.method == "POST" else OK
        return FORBIDDEN if role in self.sees else ABSENT


API_CLIENTS = COORDINATOR | PLANNER | SUPPLIER | {Role.THREAT_ANALYST}
"""Whose systems ask: those the API is for, and one it is not for."""

API = (
    ApiRow("api:assignments", COORDINATOR),
    ApiRow("api:demand-lines", COORDINATOR | PLANNER),
    ApiRow("api:teams", COORDINATOR | PLANNER),
    ApiRow("api:published-plan", COORDINATOR | PLANNER),
    ApiRow("api:case-authority", COORDINATOR | PLANNER | {Role.THREAT_ANALYST}, record="case"),
    ApiRow("api:list-entries", COORDINATOR),
    ApiRow("api:entry-authority", COORDINATOR, record="entry"),
    ApiRow("api:measures", COORDINATOR | PLANNER),
    ApiRow("api:measure-reports", COORDINATOR | PLANNER, "POST", "measure"),
    ApiRow("api:measure-incidents", COORDINATOR | PLANNER, "POST", "measure"),
    ApiRow("api:raised-risk-moments", COORDINATOR | PLANNER),
    ApiRow("api:raised-risk-moments", COORDINATOR, "POST"),
    ApiRow("api:readiness-word", COORDINATOR, "POST", "readiness"),
    ApiRow("api:information-requests", SUPPLIER),
    ApiRow("api:products", SUPPLIER, "POST", "open_request", sees=SUPPLY),
)
API_OPEN = {"api:openapi", "api:token"}
"""The schema, and the door where a client shows who it is."""

AGREES = (
    AUTHORITY - CM | PROSECUTION | LCC | PLANNER | QUALITY | LEGAL | frozenset({Role.POLICY_OFFICER, Role.INSPECTOR})
)


def agreement(route: str, record: str, opens: frozenset[Role]) -> Row:
    return Row(f"legal:{route}", About.NOTHING, record, opens, "agreements", names=False)


REGISTER = (
    agreement("agreements", "", AGREES),
    agreement("agreement_new", "", LEGAL),
    agreement("agreement", "agreement", AGREES),
    agreement("agreement_version", "agreement", LEGAL),
    agreement("agreement_conflict", "agreement_conflict", LEGAL),
)

ROWS = (*KERNEL, *CASES, *THREAT, *CAPACITY, *SUPPORT, *REGISTER)
WITHOUT_LOG_IN = {"set_language": FOUND, "health": OK, "demo_login": ABSENT}
"""Answers without a log-in, and shows nothing of anybody; all else leads to the log-in."""
