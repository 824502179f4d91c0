"""Letters: written by the case manager, signed by the decider, sent in numbered copies, accessible on paper."""

from dataclasses import replace
from datetime import date
from http import HTTPStatus

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.urls import reverse

from cases import services
from cases.models import Designation, Judgement, Letter, LetterCopy
from cases.services.letters import Writing
from stelsel.kernel import signing
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid, Stale
from stelsel.kernel.models import WorkItem
from stelsel.kernel.models.trail import ReadEntry
from tests.browsing import as_client
from tests.cases.stations import urgently_designated
from tests.cases.walk import Walk
from tests.world import World, code_for

WRITING = Writing(
    reasons="Er is een opdracht bekend.\n#set text(red) *geen* opmaak",
    meaning="De NCTV beslist nu over uw beveiliging.",
    reach="Uw casemanager, op het afgesproken nummer.",
    marking="DEP_V",
    marked_until=date(2036, 3, 2),
)


@pytest.fixture
def walk(world: World) -> Walk:
    walk = Walk(world)
    walk.designated()
    return walk


def a_letter(walk: Walk, *, kind: str = "designation", language: str = "nl", to_office: bool = False) -> Letter:
    manager = walk.actor(Role.CASE_MANAGER)
    with acting(manager, at=walk.at):
        if kind == "designation":
            subject = Designation.objects.get(case=walk.case).pk
        else:
            subject = Judgement.objects.get(case=walk.case).pk
        person = walk.case.person_id
    return services.start_letter(
        case_id=walk.case.pk,
        kind=kind,
        subject_id=subject,
        person_id=None if to_office else person,
        language=language,
        actor=manager,
        at=walk.tick(),
    )


def written(walk: Walk, **changes: object) -> Letter:
    letter = a_letter(walk)
    return services.write_letter(
        letter_id=letter.pk,
        writing=replace(WRITING, **changes),  # type: ignore[arg-type]  # fields of Writing
        version=letter.version,
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )


def submitted(walk: Walk) -> Letter:
    letter = written(walk)
    return services.submit_letter(
        letter_id=letter.pk, version=letter.version, actor=walk.actor(Role.CASE_MANAGER), at=walk.tick()
    )


def signed(walk: Walk) -> Letter:
    letter, decider = submitted(walk), walk.actor(Role.DECIDER)
    return services.sign_letter(
        letter_id=letter.pk, version=letter.version, code=code_for(decider), actor=decider, at=walk.tick()
    )


def a_copy(walk: Walk, letter: Letter, *, recipient: str = "F. van der Wold") -> LetterCopy:
    return services.issue_copy(
        letter_id=letter.pk,
        recipient=recipient,
        channel="in_person",
        version=letter.version,
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )


def test_r038_a_designation_is_told_in_a_letter_that_names_the_instant_and_the_household(walk: Walk) -> None:
    shown = services.read_letter(letter_id=written(walk).pk, actor=walk.actor(Role.CASE_MANAGER), at=walk.at)

    decision = shown.pages.parts[0]
    assert decision.items == ("Fenna van der Wold", "Sietse van der Wold")
    assert "2 maart 2026" in " ".join(decision.paragraphs)
    assert [part.heading for part in shown.pages.parts] == ["Besluit", "Waarom", "Wat dit voor u betekent", "Vragen"]
    assert shown.pages.address == ["Fenna van der Wold", "Lindelaan 3", "Noorderveen"]


def test_a_letter_reads_in_the_language_of_its_reader(walk: Walk) -> None:
    letter = a_letter(walk, language="en")

    shown = services.read_letter(letter_id=letter.pk, actor=walk.actor(Role.CASE_MANAGER), at=walk.at)

    assert shown.pages.subject == "Decision: you are placed in the system for protecting persons"


def test_a_letter_without_reasons_or_whom_to_ask_is_not_laid_before_the_decider(walk: Walk) -> None:
    letter = written(walk, reasons="", reach=" ")

    with pytest.raises(Invalid) as refused:
        services.submit_letter(
            letter_id=letter.pk, version=letter.version, actor=walk.actor(Role.CASE_MANAGER), at=walk.tick()
        )

    assert {fault.field for fault in refused.value.faults} == {"reasons", "reach"}


def test_the_decider_signs_what_the_letter_reads_and_the_work_is_done(walk: Walk) -> None:
    letter = signed(walk)

    decider = walk.actor(Role.DECIDER)
    shown = services.read_letter(letter_id=letter.pk, actor=decider, at=walk.at)
    parts = {"subject": shown.pages.subject, "marking": shown.pages.marking, "reference": shown.pages.reference}
    content = {
        **parts,
        "address": shown.pages.address,
        "parts": [
            {"heading": one.heading, "paragraphs": one.paragraphs, "items": one.items} for one in shown.pages.parts
        ],
    }
    assert signing.holds(letter.signature, content)
    assert shown.pages.closing[1] == decider.name
    with acting(decider, at=walk.at):
        assert not WorkItem.objects.filter(kind="letter.sign", closed_at=None).exists()


def test_who_wrote_a_letter_does_not_sign_it(walk: Walk) -> None:
    letter = submitted(walk)
    manager = walk.actor(Role.CASE_MANAGER)

    with pytest.raises(Forbidden):
        services.sign_letter(
            letter_id=letter.pk, version=letter.version, code=code_for(manager), actor=manager, at=walk.tick()
        )


def test_the_database_refuses_a_letter_signed_by_who_wrote_it(walk: Walk) -> None:
    letter = submitted(walk)

    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at), pytest.raises(IntegrityError, match="signed_by_another"):
        Letter.objects.filter(pk=letter.pk).update(signed_by=letter.prepared_by_id)


def test_a_signed_letter_and_its_copies_never_change(walk: Walk) -> None:
    letter = signed(walk)
    copy = a_copy(walk, letter)

    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        with pytest.raises(IntegrityError, match="final"), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(language="en")
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            LetterCopy.objects.filter(pk=copy.pk).update(number=9)


def test_a_letter_that_was_sent_back_says_why_and_is_written_again(walk: Walk) -> None:
    letter, decider = submitted(walk), walk.actor(Role.DECIDER)

    back = services.return_letter(
        letter_id=letter.pk, remark="Noem de contactpersoon.", version=letter.version, actor=decider, at=walk.tick()
    )

    shown = services.read_letter(letter_id=back.pk, actor=walk.actor(Role.CASE_MANAGER), at=walk.at)
    assert (back.state, shown.texts["remark"]) == ("draft", "Noem de contactpersoon.")


def test_a_letter_that_somebody_else_changed_is_refused_with_their_text(walk: Walk) -> None:
    letter = written(walk)

    with pytest.raises(Stale) as refused:
        services.write_letter(
            letter_id=letter.pk,
            writing=WRITING,
            version=letter.version - 1,
            actor=walk.actor(Role.CASE_MANAGER),
            at=walk.tick(),
        )

    assert refused.value.theirs["meaning"] == WRITING.meaning


def test_a_letter_above_the_ceiling_is_refused(walk: Walk) -> None:
    with pytest.raises(Invalid, match="ceiling"):
        written(walk, marking="STG_G")


def test_copies_are_numbered_and_each_is_an_accessible_pdf_for_its_recipient(walk: Walk) -> None:
    letter = signed(walk)
    manager = walk.actor(Role.CASE_MANAGER)

    copies = [a_copy(walk, letter), a_copy(walk, letter, recipient="Parket Noord")]

    papers = [services.open_copy(copy_id=copy.pk, actor=manager, at=walk.at) for copy in copies]
    assert [copy.number for copy in copies] == [1, 2]
    assert [paper.name for paper in papers] == [f"{walk.case.number}-1-1.pdf", f"{walk.case.number}-1-2.pdf"]
    for paper in papers:
        assert paper.content.startswith(b"%PDF-")
        assert b"pdfuaid:part" in paper.content
    assert papers[0].content != papers[1].content


def test_a_copy_of_a_letter_that_is_not_signed_is_refused(walk: Walk) -> None:
    letter = submitted(walk)

    with pytest.raises(Conflict):
        a_copy(walk, letter)


def test_the_draft_on_paper_is_no_copy_and_a_signed_letter_has_no_draft(walk: Walk) -> None:
    letter, manager = submitted(walk), walk.actor(Role.CASE_MANAGER)
    assert services.preview(letter_id=letter.pk, actor=manager, at=walk.at).content.startswith(b"%PDF-")
    decider = walk.actor(Role.DECIDER)
    services.sign_letter(
        letter_id=letter.pk, version=letter.version, code=code_for(decider), actor=decider, at=walk.tick()
    )

    with pytest.raises(Conflict):
        services.preview(letter_id=letter.pk, actor=manager, at=walk.at)


def test_every_copy_that_is_opened_is_in_the_trail_as_a_print(walk: Walk) -> None:
    copy = a_copy(walk, signed(walk))
    client = as_client(walk.actor(Role.DECIDER))

    answer = client.get(reverse("cases:letter_copy", args=[copy.pk]))

    assert answer.status_code == HTTPStatus.OK
    assert answer["Cache-Control"] == "no-store"
    with acting(walk.world.actor(Role.CONTROLLER), at=walk.at):
        assert ReadEntry.objects.filter(
            kind="print", route="cases:letter_copy", subject_id=walk.case.person_id
        ).exists()


@pytest.mark.parametrize(("kinds", "there"), [([], False), (["designation"], True)])
def test_an_objection_clause_stands_only_where_the_setting_says_so(
    walk: Walk,
    kinds: list[str],
    there: bool,  # noqa: FBT001  # a value of the table
) -> None:
    letter = written(walk)

    with override_settings(OBJECTION_CLAUSE_FOR=kinds):
        shown = services.read_letter(letter_id=letter.pk, actor=walk.actor(Role.CASE_MANAGER), at=walk.at)

    assert ("Bezwaar" in [part.heading for part in shown.pages.parts]) is there


def test_an_oral_decision_waits_for_its_confirmation_in_writing(world: World) -> None:
    walk = Walk(world)
    designation = urgently_designated(walk)

    officer = walk.actor(Role.DUTY_OFFICER)
    with acting(officer, at=walk.at):
        item = WorkItem.objects.get(kind="letter.confirm", subject_id=designation.pk)
    assert item.due_at is not None
    assert (item.due_at - designation.starts_at).days == 7


def test_a_letter_about_a_decision_of_another_case_does_not_exist(walk: Walk) -> None:
    other = Walk(walk.world, at=walk.at)
    other.opened(name="Wiebe Hoekstra", birth_date="1972-08-30", relations=())
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        designation = Designation.objects.get(case=walk.case)

    with pytest.raises(Exception, match="does not exist"):
        services.start_letter(
            case_id=other.nomination.case_id,
            kind="designation",
            subject_id=designation.pk,
            person_id=None,
            language="nl",
            actor=walk.actor(Role.CASE_MANAGER),
            at=walk.tick(),
        )


def test_a_letter_is_written_laid_before_the_decider_and_signed_on_its_pages(walk: Walk) -> None:
    manager, decider = as_client(walk.actor(Role.CASE_MANAGER)), as_client(walk.actor(Role.DECIDER))
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        designation = Designation.objects.get(case=walk.case)
    begun = manager.post(
        reverse("cases:letters", args=[walk.case.pk]),
        {"about": f"designation:{designation.pk}", "to": str(walk.case.person_id), "language": "nl"},
    )
    address = begun["Location"]
    texts = {"reasons": "Opdracht bekend.", "meaning": "", "reach": "", "marking": "DEP_V", "marked_until": ""}

    refused = manager.post(address, {**texts, "version": "1", "act": "submit"})
    laid = manager.post(address, {**texts, "reach": "Uw casemanager.", "version": "1", "act": "submit"})
    done = decider.post(address, {"version": "3", "code": code_for(walk.actor(Role.DECIDER)), "act": "sign"})

    assert (refused.status_code, laid.status_code, done.status_code) == (422, 302, 302)
    assert "Opdracht bekend." in refused.content.decode()
    copied = manager.post(address, {"version": "4", "recipient": "F.", "channel": "file", "act": "copy"})
    assert copied.status_code == HTTPStatus.FOUND
    assert "/cases/letters/copies/" in manager.get(address).content.decode()
