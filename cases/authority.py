"""Who may order what (bevoegd gezag), by rule, place, purpose and day. Plain Python: no Django, no clock, no database.

Every question has one answer: an authority, or a refusal with its name. The rules are tried in their order, and the
first that fits holds; each says from which day until which day, and on which article. What the circulars do not settle
is marked not `sure`: there a dated ruling may name another authority, and every page that shows it says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.lifecycle import Authority
from stelsel.kernel.errors import gettext_noop

CIRCULAR_2026 = date(2026, 1, 1)  # in force 24 February 2026, working back to 1 January
BEFORE = date(2013, 1, 1)  # the first circular that these rules were read in
FOREVER = date.max


class Direction(StrEnum):
    """What a measure is aimed at."""

    PERSON = "person"  # goes with the person: close protection, escort
    LOCATION = "location"  # stands where the person is: supervision, camera, alarm
    OBJECT = "object"
    SERVICE = "service"


class Place(StrEnum):
    """Where the measure is carried out."""

    HOME = "home"
    WORK = "work"
    HOLIDAY = "holiday"
    EVENT = "event"  # a public event
    ELSEWHERE = "elsewhere"  # another place, in another district
    KMAR_AREA = "kmar_area"  # an airport or another place where the KMar polices
    ABROAD = "abroad"


class Regime(StrEnum):
    """Under which regime the subject falls on that day."""

    SCHEME = "scheme"  # designated
    LOCAL = "local"
    LIST_I = "list_1"  # limitative list, category I
    LIST_II = "list_2"
    MILITARY = "military"
    ROYAL = "royal"


class Purpose(StrEnum):
    PUBLIC_ORDER = "public_order"
    CRIMINAL_ENFORCEMENT = "criminal_enforcement"


class Post(StrEnum):
    """A post of the threatened person that would have authority over themselves (Circulaire 2026 par. 2.4.2)."""

    NONE = "none"
    MAYOR = "mayor"
    POLICE_CHIEF = "police_chief"
    CHIEF_PROSECUTOR = "chief_prosecutor"
    PROSECUTION_STAFF = "prosecution_staff"


class Whose(StrEnum):
    """Which office or municipality, where there are many."""

    ONE = "one"  # there is only one
    RESIDENCE = "residence"
    PLACE = "place"  # where the measure is carried out
    ANOTHER = "another"  # a district in which the person neither lives nor works
    COORDINATING = "coordinating"  # the one that acts for several municipalities


@dataclass(frozen=True)
class Question:
    """A measure (or, with a person, authority as such) on a day."""

    direction: Direction
    on: date
    regime: Regime = Regime.LOCAL
    place: Place = Place.HOME
    purpose: Purpose = Purpose.CRIMINAL_ENFORCEMENT
    post: Post = Post.NONE
    own_district: bool = False  # lives and works in the district (unit) of the post
    official_function: bool = False  # a function that stands on the list permanently
    kmar_object: bool = False  # an object that the KMar guards
    several_municipalities: bool = False


@dataclass(frozen=True)
class Rule:
    """One rule in one version. `gives` is None where the answer is no: there is no authority for such a measure."""

    code: str
    name: str
    article: str
    fits: Callable[[Question], bool]
    gives: Authority | None
    whose: Whose = Whose.ONE
    start: date = BEFORE
    end: date = FOREVER  # the first day on which it does not hold
    sure: bool = True

    def holds(self, on: date) -> bool:
        return self.start <= on < self.end


@dataclass(frozen=True)
class Ruling:
    """What the register rules where the circulars are silent: another authority for a rule that is not sure."""

    rule: str
    gives: Authority
    article: str
    start: date
    end: date | None = None

    def holds(self, on: date) -> bool:
        return self.start <= on and (self.end is None or on < self.end)


@dataclass(frozen=True)
class Answer:
    """Exactly one authority, or none with the rule that says why. `sure`: read in the document itself."""

    rule: str
    name: str
    article: str
    authority: Authority | None
    whose: Whose
    sure: bool
    ruled: bool = False


def _person(question: Question) -> bool:
    return question.direction in (Direction.PERSON, Direction.LOCATION)


def _thing(question: Question) -> bool:
    return question.direction in (Direction.OBJECT, Direction.SERVICE)


def _protected(question: Question) -> bool:
    return question.regime in (Regime.SCHEME, Regime.LIST_I, Regime.LIST_II)


def _located(*places: Place) -> Callable[[Question], bool]:
    return lambda question: question.direction is Direction.LOCATION and question.place in places


def _for(purpose: Purpose) -> Callable[[Question], bool]:
    return lambda question: question.purpose is purpose


def _all(*parts: Callable[[Question], bool]) -> Callable[[Question], bool]:
    return lambda question: all(part(question) for part in parts)


def _several(question: Question) -> bool:
    return question.direction is Direction.SERVICE and question.several_municipalities


_ORDER, _ENFORCEMENT = _for(Purpose.PUBLIC_ORDER), _for(Purpose.CRIMINAL_ENFORCEMENT)
_HOME_AND_WORK = _located(Place.HOME, Place.WORK)
_N, _HO, _MAYOR, _DEFENCE = Authority.NCTV, Authority.CHIEF_PROSECUTOR, Authority.MAYOR, Authority.DEFENCE

RULES: tuple[Rule, ...] = (
    # --- things ---
    Rule(
        "kmar_object",
        gettext_noop("Object that the Royal Marechaussee guards"),
        "Politiewet 2012 art. 4(1)(a), (e), (h)",
        _all(_thing, lambda question: question.direction is Direction.OBJECT and question.kmar_object),
        _N,
    ),
    Rule(
        "service_order_coordinating",
        gettext_noop("Service in several municipalities, public order: one coordinating mayor"),
        "Politiewet 2012 art. 11, 16(1)",
        _all(_several, _ORDER),
        _MAYOR,
        Whose.COORDINATING,
        sure=False,
    ),
    Rule(
        "service_enforcement_coordinating",
        gettext_noop("Service in several municipalities, criminal enforcement: one coordinating chief prosecutor"),
        "Politiewet 2012 art. 12, 16(1)",
        _all(_several, _ENFORCEMENT),
        _HO,
        Whose.COORDINATING,
        sure=False,
    ),
    Rule(
        "thing_order",
        gettext_noop("Object or service, public order: the mayor"),
        "Politiewet 2012 art. 11, 16(1)",
        _all(_thing, _ORDER),
        _MAYOR,
        Whose.PLACE,
    ),
    Rule(
        "thing_enforcement",
        gettext_noop("Object or service, criminal enforcement: the chief prosecutor"),
        "Politiewet 2012 art. 12, 16(1)",
        _all(_thing, _ENFORCEMENT),
        _HO,
        Whose.PLACE,
    ),
    # --- abroad ---
    Rule(
        "abroad_official",
        gettext_noop("Abroad: an official function that stands on the list permanently"),
        "Circulaire 2015 par. 5.4",
        lambda question: question.place is Place.ABROAD and question.official_function,
        _N,
        sure=False,
    ),
    Rule(
        "abroad",
        gettext_noop("Abroad: in principle no measures"),
        "Circulaire 2015 par. 5.4",
        lambda question: question.place is Place.ABROAD,
        None,
    ),
    # --- persons with a regime of their own ---
    Rule(
        "military",
        gettext_noop("Military person: the Minister of Defence, carried out by the Royal Marechaussee"),
        "Politiewet 2012 art. 4(1)(b)",
        lambda question: question.regime is Regime.MILITARY,
        _DEFENCE,
        sure=False,
    ),
    Rule(
        "royal",
        gettext_noop("Royal House: the national unit watches, the Minister may instruct"),
        "Politiewet 2012 art. 42(1), 43(2)-(3)",
        lambda question: question.regime is Regime.ROYAL,
        _N,
    ),
    # --- persons in the scheme or on the list ---
    Rule(
        "scheme_person",
        gettext_noop("Person in the scheme or on the list: the NCTV"),
        "Politiewet 2012 art. 42(1)(c); Circulaire 2026 par. 2.3, 2.5",
        _all(_protected, lambda question: question.direction is Direction.PERSON),
        _N,
    ),
    Rule(
        "scheme_home_work",
        gettext_noop("Home and workplace of a person in the scheme: the NCTV"),
        "Circulaire 2026 par. 2.3, 2.5",
        _all(_protected, _HOME_AND_WORK),
        _N,
        start=CIRCULAR_2026,
    ),
    Rule(
        "scheme_home_work_local",
        gettext_noop("Home and workplace of a person in the scheme: until 2026 the chief prosecutor"),
        "Politiewet 2012 art. 1(2), 12",
        _all(_protected, _HOME_AND_WORK),
        _HO,
        Whose.RESIDENCE,
        end=CIRCULAR_2026,
    ),
    Rule(
        "scheme_holiday",
        gettext_noop("Holiday address of a person in the scheme: treated as a home for the time"),
        "Circulaire 2026 par. 2.5",
        _all(_protected, _located(Place.HOLIDAY)),
        _N,
        start=CIRCULAR_2026,
        sure=False,
    ),
    Rule(
        "scheme_holiday_local",
        gettext_noop("Holiday address of a person in the scheme: until 2026 the chief prosecutor of that place"),
        "Politiewet 2012 art. 1(2), 12",
        _all(_protected, _located(Place.HOLIDAY)),
        _HO,
        Whose.PLACE,
        end=CIRCULAR_2026,
        sure=False,
    ),
    # --- the local domain has no person-directed measures ---
    Rule(
        "local_person_directed",
        gettext_noop("Person-directed measures exist in the scheme alone: nominate, or designate by telephone"),
        "Circulaire 2026 par. 2.3.4",
        lambda question: question.direction is Direction.PERSON,
        None,
        start=CIRCULAR_2026,
    ),
    # --- a post that would have authority over itself ---
    Rule(
        "post_chief_prosecutor",
        gettext_noop("Chief prosecutor who lives and works in the same district: another chief prosecutor"),
        "Circulaire 2026 par. 2.4.2",
        lambda question: _person(question) and question.post is Post.CHIEF_PROSECUTOR and question.own_district,
        _HO,
        Whose.ANOTHER,
    ),
    Rule(
        "post_local",
        gettext_noop("Threatened mayor or chief of police: the chief prosecutor of the residence"),
        "Circulaire 2026 par. 2.4.2",
        lambda question: _person(question) and question.post in (Post.MAYOR, Post.POLICE_CHIEF),
        _HO,
        Whose.RESIDENCE,
    ),
    # --- where things happen ---
    Rule(
        "public_order",
        gettext_noop("At the place itself, public order: the mayor"),
        "Politiewet 2012 art. 11; Gemeentewet art. 172",
        _all(_located(Place.EVENT, Place.ELSEWHERE, Place.KMAR_AREA), _ORDER),
        _MAYOR,
        Whose.PLACE,
    ),
    Rule(
        "kmar_area",
        gettext_noop("Where the Royal Marechaussee polices: the chief prosecutor directs the Royal Marechaussee"),
        "Politiewet 2012 art. 12, 14",
        _located(Place.KMAR_AREA),
        _HO,
        Whose.PLACE,
    ),
    Rule(
        "event",
        gettext_noop("Public event, criminal enforcement: the chief prosecutor of that place"),
        "Politiewet 2012 art. 1(2), 12",
        _located(Place.EVENT),
        _HO,
        Whose.PLACE,
        sure=False,
    ),
    Rule(
        "scheme_elsewhere",
        gettext_noop("Person in the scheme in another district: the NCTV keeps authority"),
        "Circulaire 2026 par. 2.5",
        _all(_protected, _located(Place.ELSEWHERE)),
        _N,
        start=CIRCULAR_2026,
        sure=False,
    ),
    # --- the local domain ---
    Rule(
        "local",
        gettext_noop("Safety of a person is criminal enforcement: the chief prosecutor of the residence"),
        "Politiewet 2012 art. 1(2), 12; Circulaire 2026 par. 2.5",
        lambda _question: True,
        _HO,
        Whose.RESIDENCE,
    ),
)


def decide(question: Question, *, rulings: Sequence[Ruling] = ()) -> Answer:
    """The one authority for this measure on that day, with the rule that says so; or None with the rule that refuses.

    `rulings` count only for rules that are not sure, and only on days on which they hold.

    Raises:
        ValueError: the day lies before the first circular.
    """
    if question.on < BEFORE:
        raise ValueError("before the first circular")
    rule = next(rule for rule in RULES if rule.holds(question.on) and rule.fits(question))
    ruling = next((one for one in rulings if one.rule == rule.code and one.holds(question.on)), None)
    if ruling is None or rule.sure:
        return Answer(rule.code, rule.name, rule.article, rule.gives, rule.whose, rule.sure)
    whose = rule.whose if ruling.gives in (_HO, _MAYOR) else Whose.ONE
    return Answer(rule.code, rule.name, ruling.article, ruling.gives, whose, sure=False, ruled=True)


def over_person(
    *, on: date, designated: bool, post: Post = Post.NONE, own_district: bool = False, rulings: Sequence[Ruling] = ()
) -> Answer:
    """Who has authority over a person as such: the NCTV from designation on, else a chief prosecutor."""
    direction = Direction.PERSON if designated else Direction.LOCATION
    regime = Regime.SCHEME if designated else Regime.LOCAL
    return decide(Question(direction, on, regime, post=post, own_district=own_district), rulings=rulings)


def colleges_are_told(post: Post) -> bool:
    """Whether the College of Procurators General is told: prosecution staff are threatened (par. 2.4.2)."""
    return post in (Post.CHIEF_PROSECUTOR, Post.PROSECUTION_STAFF)


def by_code(code: str) -> Rule | None:
    return next((rule for rule in RULES if rule.code == code), None)
