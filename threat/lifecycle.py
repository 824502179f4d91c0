"""Legal steps of requests and pictures, and the closed lists of threat analysis. Plain Python: no clock."""

from enum import StrEnum
from typing import Final

from stelsel.kernel.configuration import CodeList, HouseNorm, Unit, named
from stelsel.kernel.errors import gettext_noop
from stelsel.kernel.lifecycle import Lifecycle, Move


class RequestState(StrEnum):
    """Where a request for information stands; silence is a recorded answer too (R053)."""

    ASKED = "asked"
    ANSWERED = "answered"
    REFUSED = "refused"  # the supplier gives nothing, on a ground, until a review date
    WITHHELD = "withheld"  # it exists and is kept back, on a ground, until a review date
    SILENT = "silent"  # the due date passed without any answer


OPEN_REQUESTS: Final = frozenset({RequestState.ASKED, RequestState.SILENT, RequestState.REFUSED, RequestState.WITHHELD})
"""States in which the factors of a request count as withheld: silence and refusal never lower a level."""

REQUEST_LIFECYCLE: Final = Lifecycle(
    initial=RequestState.ASKED,
    moves=(
        Move("answer", set(OPEN_REQUESTS), RequestState.ANSWERED),
        Move("refuse", set(OPEN_REQUESTS), RequestState.REFUSED),
        Move("withhold", set(OPEN_REQUESTS), RequestState.WITHHELD),
        Move("fall_silent", {RequestState.ASKED}, RequestState.SILENT),
        Move(
            "ask_again",
            {RequestState.SILENT, RequestState.REFUSED, RequestState.WITHHELD},
            RequestState.ASKED,
        ),
    ),
)


class PictureState(StrEnum):
    DRAFT = "draft"  # evidence is being gathered, or changed since the last score
    SCORED = "scored"
    PROPOSED = "proposed"  # frozen, waits for a second analyst
    ADOPTED = "adopted"  # final, bound by its hash
    ABANDONED = "abandoned"


OPEN_PICTURES: Final = frozenset({PictureState.DRAFT, PictureState.SCORED, PictureState.PROPOSED})
WORKABLE: Final = frozenset({PictureState.DRAFT, PictureState.SCORED})

PICTURE_LIFECYCLE: Final = Lifecycle(
    initial=PictureState.DRAFT,
    moves=(
        Move("change", set(WORKABLE), PictureState.DRAFT),
        Move("store_score", set(WORKABLE), PictureState.SCORED),
        Move("propose", {PictureState.SCORED}, PictureState.PROPOSED),
        Move("return", {PictureState.PROPOSED}, PictureState.SCORED),
        Move("adopt", {PictureState.PROPOSED}, PictureState.ADOPTED),
        Move("abandon", set(OPEN_PICTURES), PictureState.ABANDONED),
    ),
)


class ComparisonState(StrEnum):
    OPEN = "open"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class CodingState(StrEnum):
    """A blind coding; final once answered."""

    ASKED = "asked"
    HANDED_IN = "handed_in"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class CheckOutcome(StrEnum):
    """What came of looking along shielded investigations; never which, or what stands there (R094)."""

    NOTHING = "nothing"
    SHARES = "shares"  # a product follows
    CANNOT_SHARE = "cannot_share"


class BlindState(StrEnum):
    """A match between cases that nobody may see both of, as the head of analysis settles it."""

    OPEN = "open"
    DISMISSED = "dismissed"
    FOLLOWED_UP = "followed_up"
    LAPSED = "lapsed"  # a side was taken out, its product withdrawn, its case closed, or its ground ended


BLIND_LIFECYCLE: Final = Lifecycle(
    initial=BlindState.OPEN,
    moves=(
        Move("dismiss", {BlindState.OPEN}, BlindState.DISMISSED),
        Move("follow_up", {BlindState.OPEN}, BlindState.FOLLOWED_UP),
        Move("lapse", {BlindState.OPEN}, BlindState.LAPSED),
    ),
)


class BlindReason(StrEnum):
    """Why a blind match was settled as it was: in codes, as words could betray a case."""

    COINCIDENCE = "coincidence"
    KNOWN = "known"
    NOT_SHARED = "not_shared"
    ANALYST_NAMED = "analyst_named"
    INFORMATION_ASKED = "information_asked"
    SUPPLIERS_MEET = "suppliers_meet"


DISMISSALS: Final = frozenset({BlindReason.COINCIDENCE, BlindReason.KNOWN, BlindReason.NOT_SHARED})
"""Reasons that end a blind match; by the others it is followed up."""


class MatchAnswer(StrEnum):
    """What a supplier answers about its own product in a blind match."""

    ASKED = "asked"
    MAY_SHARE = "may_share"
    MAY_NOT = "may_not"
    NOTHING = "nothing"  # it has nothing to say to it
    LAPSED = "lapsed"  # no answer is needed any more


class ProductKind(StrEnum):
    """Partial products of suppliers (deelproducten, Circulaire 2026 par. 3.2)."""

    THREAT_REPORT = "threat_report"  # dreigingsmelding
    INITIAL_REPORT = "initial_report"  # informatierapport dreiging
    SIGNAL_REPORT = "signal_report"  # signaalrapport
    ESTIMATE = "estimate"  # dreigingsinschatting
    ANALYSIS = "analysis"  # dreigingsanalyse
    RISK_ANALYSIS = "risk_analysis"  # risicoanalyse
    OTHER = "other"


class RefusalGround(StrEnum):
    """Why a supplier gives nothing, or keeps something back. Protection and detection rank equally (par. 3.2)."""

    INVESTIGATION = "investigation"
    SOURCE_PROTECTION = "source_protection"
    THIRD_PARTY = "third_party"
    NO_GROUND = "no_ground"
    NOTHING_KNOWN = "nothing_known"


class Caveat(StrEnum):
    """How a product may be handled beside its marking."""

    NONE = "none"
    THIRD_PARTY_RULE = "third_party_rule"  # derdenregel: not passed on without the originator's consent
    ANALYSIS_ONLY = "analysis_only"  # not quoted outside the analysis
    SOURCE_AT_RISK = "source_at_risk"


class Informant(StrEnum):
    """In which role somebody told what they saw; never who."""

    PERSON = "person"
    RELATION = "relation"
    EMPLOYER = "employer"
    GUARD = "guard"
    POLICE = "police"
    OTHER = "other"


class Disposition(StrEnum):
    USED = "used"
    NOT_USED = "not_used"


class ElsewhereState(StrEnum):
    """A picture made elsewhere: registered by one analyst, confirmed or taken back by another."""

    REGISTERED = "registered"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


class Weighing(StrEnum):
    """How likely another explanation was found, beside the picture itself."""

    AS_LIKELY = "as_likely"
    LESS_LIKELY = "less_likely"
    UNLIKELY = "unlikely"
    NOT_JUDGED = "not_judged"


class RunState(StrEnum):
    RUNNING = "running"
    FINISHED = "finished"


class DepartureGround(StrEnum):
    """Why the level that is put up for adoption departs from the score."""

    TRIGGER_EVENT = "trigger_event"
    NEWER_INFORMATION = "newer_information"
    EXPERT_JUDGEMENT = "expert_judgement"
    METHOD_MISSES = "method_misses"


class UrgentAnswer(StrEnum):
    """What the case manager answers when the analysis asks whether urgent measures are needed."""

    IN_FORCE = "in_force"
    ORDERED_NOW = "ordered_now"
    NOT_NEEDED = "not_needed"


class ReviewCriterion(StrEnum):
    """On what the quality of a product is reviewed (R093), each from 1 to 4."""

    QUESTION_ANSWERED = "question_answered"
    SOURCES_GRADED = "sources_graded"  # sources and grades are stated
    FACTS_APART = "facts_apart"  # facts stand apart from judgement
    TIMELY = "timely"
    TRACEABLE = "traceable"  # dated, and traceable to where it came from
    CONFIDENCE_STATED = "confidence_stated"


REVIEW_SCORES: Final = range(1, 5)
REVIEWS_SHOWN_FROM: Final = 5
"""Of a supplier with fewer reviews no figures are shown: they would point at one product or one reviewer."""


# The circular names no terms, so the house sets them. Terms that are part of the method stand in the method.
NORMS: Final = (
    HouseNorm("threat.signal", gettext_noop("Dispose of a signal"), Unit.HOURS, 24, 1, 168),
    HouseNorm("threat.product", gettext_noop("Take note of a product"), Unit.HOURS, 24, 1, 168),
    HouseNorm("threat.refused", gettext_noop("Answer a refusal by a supplier"), Unit.DAYS, 2, 1, 30),
    HouseNorm("threat.adopt", gettext_noop("Adopt a proposed threat picture"), Unit.HOURS, 24, 1, 168),
    HouseNorm("threat.coding", gettext_noop("Code evidence blind"), Unit.DAYS, 7, 1, 60),
    HouseNorm("threat.product_review", gettext_noop("Acknowledge the review of a product"), Unit.DAYS, 14, 1, 60),
    HouseNorm("threat.shielded", gettext_noop("Look along shielded investigations again"), Unit.DAYS, 14, 1, 180),
    HouseNorm("threat.match", gettext_noop("Look at a match between products"), Unit.HOURS, 24, 1, 168),
    HouseNorm("threat.blind_match", gettext_noop("Settle a blind match"), Unit.DAYS, 5, 1, 30),
    HouseNorm("threat.match_question", gettext_noop("Answer about a product that matches"), Unit.DAYS, 3, 1, 30),
    HouseNorm("threat.urgent_question", gettext_noop("Answer if urgent measures are needed"), Unit.HOURS, 1, 1, 24),
)

LOCAL_SCALES: Final = CodeList(
    "local_scale",
    gettext_noop("Scale of the local domain"),
    (
        named("police_estimate", gettext_noop("Estimate of the threat by the police region")),
        named("office_level", gettext_noop("Level set by the prosecutor's office")),
        named("local_state", gettext_noop("State of the local protection")),
    ),
    open=True,
)
"""Scales and states that products of the local domain use (lokaal domein); the method board maps each to the scheme."""
