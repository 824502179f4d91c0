"""The assessment framework (toetsingskader, Circulaire 2026 par. 2.3.3) as a decision tree. Plain Python.

A question leads by each of its answers to a later question or to an outcome, so every way through the tree ends, and
ends in exactly one outcome. Versions are added and published, never edited.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from stelsel.kernel.errors import Fault, Invalid, gettext_noop

LEAST_ANSWERS = 2
ALL = 100  # percent


class Outcome(StrEnum):
    """Where the framework leads: a line of triage, or the regime that the case belongs to instead."""

    DIRECT = "direct"  # directe opname
    TABLE = "table"  # triagetafel
    LOCAL = "local"
    BASIC_POLICE_CARE = "basic_police_care"
    WITNESS_PROTECTION = "witness_protection"
    OTHER = "other"


FOR_THE_SCHEME = frozenset({Outcome.DIRECT, Outcome.TABLE})


@dataclass(frozen=True)
class Answer:
    """One answer to a question: `leads` to the code of a later question, or to an outcome."""

    code: str
    text: str
    leads: str


@dataclass(frozen=True)
class Question:
    code: str
    text: str
    answers: tuple[Answer, ...]
    explanation: str = ""


@dataclass(frozen=True)
class Tree:
    """Questions in their order; the first is asked always."""

    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Walked:
    """How far the answers lead: the answers on the way, then an outcome, or the question that is asked next."""

    way: Mapping[str, str]
    outcome: Outcome | None = None
    asks: str = ""


@dataclass
class _Reader:
    faults: list[Fault] = field(default_factory=list)

    def fault(self, code: str, sentence: str) -> None:
        self.faults.append(Fault("document", code, sentence))

    def text(self, row: Mapping[str, object], name: str) -> str:
        value = row.get(name, "")
        if not isinstance(value, str) or (name != "explanation" and not value.strip()):
            self.fault("text", gettext_noop("Each question and answer has a code and a text."))
            return ""
        return value

    def rows(self, value: object) -> list[Mapping[str, object]]:
        if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
            self.fault("shape", gettext_noop("The document is a list of questions, each with a list of answers."))
            return []
        return value

    def question(self, row: Mapping[str, object]) -> Question:
        return Question(
            code=self.text(row, "code"),
            text=self.text(row, "text"),
            explanation=self.text(row, "explanation"),
            answers=tuple(
                Answer(self.text(answer, "code"), self.text(answer, "text"), self.text(answer, "leads"))
                for answer in self.rows(row.get("answers"))
            ),
        )

    def check(self, questions: Sequence[Question]) -> None:
        """Forward only, so that every way ends; nothing that is never asked; every code once."""
        codes = [question.code for question in questions]
        if not questions or len(set(codes)) != len(codes) or set(codes) & set(Outcome):
            self.fault("codes", gettext_noop("There is at least one question, and each has a code of its own."))
            return
        reached = {codes[0]}
        for nth, question in enumerate(questions):
            answers = [answer.code for answer in question.answers]
            if len(answers) < LEAST_ANSWERS or len(set(answers)) != len(answers):
                self.fault("answers", gettext_noop("Each question has two answers or more, each with its own code."))
            onward = {*codes[nth + 1 :], *Outcome}
            if not {answer.leads for answer in question.answers} <= onward:
                self.fault("leads", gettext_noop("Each answer leads to a later question or to an outcome."))
            if question.code not in reached:
                self.fault("unreached", gettext_noop("No answer leads to one of the questions."))
            reached |= {answer.leads for answer in question.answers}


def read_tree(document: object) -> Tree:
    """The tree a document holds: `[{code, text, explanation?, answers: [{code, text, leads}]}]`.

    Raises:
        Invalid: it is no such tree; every fault is named.
    """
    reader = _Reader()
    questions = tuple(reader.question(row) for row in reader.rows(document))
    if not reader.faults:
        reader.check(questions)
    if reader.faults:
        raise Invalid(
            "no_tree", gettext_noop("This is no assessment framework that always ends."), faults=tuple(reader.faults)
        )
    return Tree(questions)


def follow(tree: Tree, answers: Mapping[str, str]) -> Walked:
    """Follow the answers from the first question on; answers to questions that are not asked do not count."""
    known = {question.code: question for question in tree.questions}
    asked, way = tree.questions[0].code, dict[str, str]()
    while asked in known:
        given = answers.get(asked, "")
        leads = next((answer.leads for answer in known[asked].answers if answer.code == given), None)
        if leads is None:
            return Walked(way=way, asks=asked)
        way[asked], asked = given, leads
    return Walked(way=way, outcome=Outcome(asked))


def assess(tree: Tree, answers: Mapping[str, str]) -> Walked:
    """The one outcome that these answers lead to.

    Raises:
        Invalid: a question on the way has no answer, or one that it does not offer.
    """
    walked = follow(tree, answers)
    if walked.outcome is None:
        fault = Fault(walked.asks, "required", gettext_noop("The answers so far lead to this question: answer it."))
        raise Invalid("unanswered", gettext_noop("The assessment is not complete."), faults=(fault,))
    return walked


def require_whole(shares: Mapping[str, int]) -> None:
    """Several phenomena carry shares that make a hundred together; one alone needs none.

    Raises:
        Invalid: they make something else, or one of them is nothing.
    """
    if shares and (sum(shares.values()) != ALL or min(shares.values()) <= 0):
        fault = Fault("shares", "shares", gettext_noop("The shares of the phenomena make 100 per cent together."))
        raise Invalid("shares", fault.message, faults=(fault,))
