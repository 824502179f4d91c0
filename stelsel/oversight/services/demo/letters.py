"""Decisions told in writing: some letters went out in copies, some wait for the decider, some are drafts."""

import random
from datetime import timedelta

from cases import services
from cases.models import Designation
from cases.services.letters import Writing
from stelsel.kernel.access import acting
from stelsel.oversight.services.demo import texts
from stelsel.oversight.services.demo.walk import Walk

MARKED_FOR = timedelta(days=3650)


def told_in_writing(walk: Walk) -> None:
    """The designation in a letter to the person, as far as this case's letter came."""
    chance = random.Random(walk.case.number)  # noqa: S311  # made-up letters; apart, so that the stories stay as they are
    reached = chance.choice(("none", "none", "draft", "submitted", "signed", "signed"))
    if reached == "none":
        return
    manager, at = walk.manager, walk.clock.after(6)
    with acting(manager, at=at):
        designation = Designation.objects.filter(case=walk.case, ends_at=None).first()
    if designation is None:
        return
    letter = services.start_letter(
        case_id=walk.case.pk,
        kind="designation",
        subject_id=designation.pk,
        person_id=walk.case.person_id,
        language=chance.choice(("nl", "nl", "nl", "en")),
        actor=manager,
        at=at,
    )
    writing = Writing(
        reasons=chance.choice(texts.LETTER_REASONS),
        meaning=texts.LETTER_MEANING,
        reach=texts.LETTER_REACH,
        marking="DEP_V",
        marked_until=(at + MARKED_FOR).date(),
    )
    letter = services.write_letter(
        letter_id=letter.pk, writing=writing, version=letter.version, actor=manager, at=walk.clock.after(1)
    )
    if reached == "draft":
        return
    letter = services.submit_letter(letter_id=letter.pk, version=letter.version, actor=manager, at=walk.clock.after(1))
    if reached == "submitted":
        return
    letter = services.sign_letter(
        letter_id=letter.pk,
        version=letter.version,
        code=walk.code(walk.decider),
        actor=walk.decider,
        at=walk.clock.after(8),
    )
    for recipient, channel in (("De geadresseerde", "in_person"), ("Dossier NCTV", "file")):
        services.issue_copy(
            letter_id=letter.pk,
            recipient=recipient,
            channel=channel,
            version=letter.version,
            actor=manager,
            at=walk.clock.after(1),
        )
