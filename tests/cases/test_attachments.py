"""Attachments: kinds told by content, encrypted at rest, opened by those who need that part, every fetch logged."""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as product
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from psycopg2 import extensions
from pytest_django import Settings

from cases import services
from cases.models import Attachment, Case
from cases.services.kinds import JPEG, PDF, PNG, TEXT, Kind, kind_of
from stelsel.kernel import vault
from stelsel.kernel.access import Principal, acting, give
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Forbidden, Invalid, Unavailable
from stelsel.kernel.models import ReadEntry
from stelsel.kernel.vault import Unreadable
from tests.browsing import as_client, shown
from tests.cases.walk import Walk
from tests.clamd import Clamd
from tests.world import World

Connect = Callable[[str], extensions.connection]
TEXT_FILE = b"A note about what the neighbours saw.\n"
NAME = "Statement of Fenna van der Wold.pdf"
ABSENT = "00000000-0000-4000-8000-000000000000"
PDF_FILE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
JPEG_FILE = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    b"\xff\xc0\x00\x0b\x08\0\1\0\1\1\1\x11\0\xff\xda\x00\x08\1\1\0\0\x3f\0\xd2\xff\xd9"
)


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


PNG_START = b"\x89PNG\r\n\x1a\n"
PIXEL = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"\0\0"))
PNG_FILE = PNG_START + PIXEL + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF_FILE, PDF), (PNG_FILE, PNG), (JPEG_FILE, JPEG), (TEXT_FILE, TEXT), ("Één brief\r\n".encode(), TEXT)],
    ids=["pdf", "png", "jpeg", "text", "accents"],
)
def test_a_kind_is_told_from_the_content(content: bytes, kind: Kind) -> None:
    assert kind_of(content) == kind


WRONG = {
    "a program": b"MZ\x90\x00\x03\x00\x00\x00",
    "an archive": b"PK\x03\x04\x14\x00\x06\x00",
    "another text encoding": "Één brief".encode("latin-1"),
    "white space": b" \n\t\n",
    "a text with a zero": b"text\0text",
    "a text with terminal codes": b"\x1b[31mred",
    "a pdf cut short": PDF_FILE[:20],
    "a pdf of no version": PDF_FILE.replace(b"1.4", b"x.4"),
    "a png cut short": PNG_FILE[:-1],
    "a png with a changed byte": PNG_FILE.replace(b"\0\0\0\1\x08", b"\0\0\0\2\x08"),
    "a png with a program behind it": PNG_FILE + b"MZ\x90\x00",
    "a png without a header": PNG_START + chunk(b"IEND", b""),
    "a jpeg cut short": JPEG_FILE[:-1],
    "a jpeg without a frame": JPEG_FILE.replace(b"\xff\xc0", b"\xff\xe1"),
    "a jpeg with a program behind it": JPEG_FILE + b"MZ\x90\x00",
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
def test_another_kind_or_half_a_file_is_no_kind(content: bytes) -> None:
    assert kind_of(content) is None


# --- the services -------------------------------------------------------------------------------------------


@dataclass
class Desk:
    """A designated case, and attaching to it in one word."""

    walk: Walk

    def actor(self, role: Role, *, nth: int = 1) -> Actor:
        return self.walk.world.actor(role, nth=nth)

    def attach(self, content: bytes = TEXT_FILE, *, by: Role = Role.CASE_MANAGER, **changes: Any) -> Attachment:
        given: dict[str, Any] = {"name": NAME, "marking": "DEP_V", "part": "handover", **changes}
        case_id = self.walk.nomination.case_id
        return services.attach(case_id=case_id, content=content, actor=self.actor(by), at=self.walk.at, **given)

    def open(self, attachment: Attachment, actor: Actor) -> Any:
        return services.open_attachment(attachment_id=attachment.pk, actor=actor, at=self.walk.at)

    def names(self, actor: Actor) -> list[str]:
        case_id = self.walk.nomination.case_id
        _case, rows = services.list_attachments(case_id=case_id, actor=actor, at=self.walk.at)
        return [each.name for each in rows]

    def rows(self) -> list[Attachment]:
        with acting(self.actor(Role.CASE_MANAGER), at=self.walk.at):
            return list(Attachment.objects.order_by("number"))

    def let_see(self, role: Role, *, nth: int) -> Actor:
        actor = self.actor(role, nth=nth)
        with acting(self.actor(Role.CASE_MANAGER), at=self.walk.at):
            give(Case.objects.get(), to=Principal(role=role, user_id=actor.user_id), reason="test", ground="test")
        return actor


@pytest.fixture
def desk(world: World) -> Desk:
    walk = Walk(world)
    walk.designated()
    return Desk(walk)


def test_what_was_attached_comes_out_the_same_under_a_neutral_name(desk: Desk) -> None:
    first, second = desk.attach(), desk.attach(PDF_FILE, by=Role.PROSECUTION_ADVISER)
    decider = desk.actor(Role.DECIDER)

    assert desk.names(decider) == [NAME, NAME]
    file = desk.open(second, decider)
    assert (file.content, file.media_type) == (PDF_FILE, "application/pdf")
    assert file.name == f"{desk.walk.case.number}-2.pdf"
    assert desk.open(first, decider).name == f"{desk.walk.case.number}-1.txt"


@pytest.mark.parametrize(
    ("content", "changes", "code"),
    [
        (b"", {}, "empty"),
        (WRONG["a program"], {}, "wrong_kind"),
        (TEXT_FILE, {"marking": "STG_C"}, "above_ceiling"),
        (TEXT_FILE, {"part": "picture"}, "unknown_part"),
    ],
)
def test_what_may_not_come_in_leaves_nothing(desk: Desk, content: bytes, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        desk.attach(content, **changes)

    assert [fault.code for fault in refusal.value.faults] == [code]
    assert desk.rows() == []


def test_the_limit_of_size_is_exact(desk: Desk, settings: Settings) -> None:
    settings.ATTACHMENT_MAX_BYTES = len(TEXT_FILE)
    desk.attach()

    with pytest.raises(Invalid) as refusal:
        desk.attach(TEXT_FILE + b"\n")

    assert refusal.value.code == "too_large"


@pytest.fixture
def clamd(tmp_path: Path, settings: Settings) -> Iterator[Clamd]:
    daemon = Clamd(b"stream: OK\0", path=tmp_path / "clamd")
    settings.SCANNER = daemon.setting
    yield daemon
    daemon.close()


def test_every_file_is_scanned_before_it_is_taken_in(desk: Desk, clamd: Clamd) -> None:
    desk.attach()

    assert clamd.received == [TEXT_FILE]
    assert len(desk.rows()) == 1


def test_malware_is_refused(desk: Desk, clamd: Clamd) -> None:
    clamd.answer = b"stream: Eicar-Test-Signature FOUND\0"

    with pytest.raises(Invalid) as refusal:
        desk.attach()

    assert refusal.value.code == "infected"
    assert desk.rows() == []


def test_without_an_answer_of_the_scanner_nothing_comes_in(desk: Desk, clamd: Clamd) -> None:
    clamd.close()

    with pytest.raises(Unavailable):
        desk.attach()

    assert desk.rows() == []


def test_a_role_that_attaches_nothing_is_refused_before_the_scan(desk: Desk, clamd: Clamd) -> None:
    with pytest.raises(Forbidden):
        desk.attach(by=Role.DECIDER)

    assert clamd.received == []


def test_a_role_opens_what_belongs_to_a_part_it_needs(desk: Desk) -> None:
    talk, file = desk.attach(part="contact", name="talk"), desk.attach(part="handover", name="file")
    officer, adviser = desk.let_see(Role.DUTY_OFFICER, nth=2), desk.actor(Role.PROSECUTION_ADVISER)

    assert desk.names(officer) == ["talk"]
    assert desk.names(adviser) == ["file"]
    assert desk.open(talk, officer).content == TEXT_FILE
    for attachment, actor in ((file, officer), (talk, adviser)):
        with pytest.raises(Forbidden):
            desk.open(attachment, actor)


def test_who_attached_a_file_opens_it_and_a_colleague_in_that_role_does_not(desk: Desk) -> None:
    attached = desk.attach(by=Role.POLICE_RCCB)
    colleague = desk.let_see(Role.POLICE_RCCB, nth=2)

    assert desk.open(attached, desk.actor(Role.POLICE_RCCB)).content == TEXT_FILE
    assert desk.names(colleague) == []
    with pytest.raises(Forbidden):
        desk.open(attached, colleague)


def test_for_a_stranger_there_is_no_attachment(desk: Desk) -> None:
    attached, stranger = desk.attach(), desk.actor(Role.CASE_MANAGER, nth=2)

    with pytest.raises(Attachment.DoesNotExist):
        desk.open(attached, stranger)
    with pytest.raises(Case.DoesNotExist):
        desk.names(stranger)
    with acting(stranger, at=desk.walk.at):
        assert not Attachment.objects.exists()


def test_content_of_another_row_does_not_open(desk: Desk) -> None:
    first, second = desk.attach(b"first"), desk.attach(b"second")
    assert first.content != second.content
    box = vault.box(desk.walk.case.person.key_id)
    first.content = second.content

    with pytest.raises(Unreadable):
        box.open_bytes(first, "content")


def test_content_changed_by_who_holds_the_key_is_found_by_the_hash(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    attached = desk.attach()
    open_bytes = vault.Box.open_bytes

    def changed(box: vault.Box, row: Attachment, field: str) -> bytes:
        return b"another" if field == "content" else open_bytes(box, row, field)

    monkeypatch.setattr(vault.Box, "open_bytes", changed)
    with pytest.raises(Unreadable):
        desk.open(attached, desk.actor(Role.CASE_MANAGER))


def test_nothing_of_a_file_stands_in_the_database_in_clear_and_its_content_not_in_the_history(
    fresh_db: str, world: World, as_role: Connect
) -> None:
    walk = Walk(world)
    walk.opened()
    attached = Desk(walk).attach(by=Role.POLICE_RCCB)

    with as_role("owner") as owner, owner.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text, a::text FROM cases_attachment a")
        (row,) = cursor.fetchall()
        cursor.execute("SELECT data FROM kernel_historyentry WHERE table_name = 'cases_attachment'")
        ((history,),) = cursor.fetchall()
    for clear in (TEXT_FILE, NAME.encode()):
        for form in (clear.hex(), clear.decode().strip()):
            assert form not in " ".join(row) + str(history)
    assert history["id"] == str(attached.pk)
    assert {"name", "sha256"} <= set(history)
    assert "content" not in history


def test_an_attachment_is_never_changed_or_removed(desk: Desk) -> None:
    attached = desk.attach()
    for act in (lambda: Attachment.objects.update(part="other"), lambda: Attachment.objects.all().delete()):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            acting(desk.actor(Role.CASE_MANAGER), at=desk.walk.at),
        ):
            act()
    assert [row.pk for row in desk.rows()] == [attached.pk]


# --- the pages ----------------------------------------------------------------------------------------------


def upload(client: Client, case_id: UUID, content: bytes = PNG_FILE, **changes: str) -> Any:
    file = SimpleUploadedFile(NAME, content, content_type="application/x-anything")
    return client.post(
        f"/cases/{case_id}/attachments", {"file": file, "part": "handover", "marking": "DEP_V", **changes}
    )


def test_a_file_goes_in_and_out_by_the_pages(desk: Desk) -> None:
    client, case_id = as_client(desk.actor(Role.CASE_MANAGER)), desk.walk.nomination.case_id
    assert f"/cases/{case_id}/attachments" in client.get(f"/cases/{case_id}").text

    assert upload(client, case_id).status_code == 302

    (attached,) = desk.rows()
    listed = client.get(f"/cases/{case_id}/attachments")
    assert NAME in listed.text
    assert f"/cases/attachments/{attached.pk}" in listed.text
    fetched = client.get(f"/cases/attachments/{attached.pk}")
    assert fetched.content == PNG_FILE
    assert fetched["Content-Type"] == "image/png"
    assert fetched["Content-Disposition"] == f'attachment; filename="{desk.walk.case.number}-1.png"'
    assert fetched["X-Content-Type-Options"] == "nosniff"
    assert fetched["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert fetched["Cache-Control"] == "no-store"


def test_every_fetch_is_logged_as_an_export(desk: Desk, world: World) -> None:
    attached, manager = desk.attach(), desk.actor(Role.CASE_MANAGER)

    as_client(manager).get(f"/cases/attachments/{attached.pk}")

    with acting(world.actor(Role.CONTROLLER), at=desk.walk.at):
        (read,) = ReadEntry.objects.filter(kind="export")
    assert (read.actor_id, read.scope_id, read.purpose) == (manager.user_id, attached.case_id, "attachments")


def test_a_stranger_meets_the_same_page_as_for_no_attachment_and_a_wrong_role_a_reason(desk: Desk) -> None:
    attached = desk.attach()
    addresses = (f"/cases/attachments/{attached.pk}", f"/cases/{attached.case_id}/attachments")
    stranger = as_client(desk.actor(Role.CASE_MANAGER, nth=2))
    wrong = as_client(desk.let_see(Role.LCC_ADVISER, nth=2))

    for address in addresses:
        unseen = stranger.get(address)
        assert unseen.status_code == 404
        nothing = re.sub(r"[0-9a-f-]{36}", ABSENT, address)
        assert shown(unseen.text) == shown(stranger.get(nothing).text)
    assert [wrong.get(address).status_code for address in addresses] == [403, 403]


def test_who_only_reads_has_no_form_and_cannot_send_it(desk: Desk) -> None:
    desk.attach()
    client, case_id = as_client(desk.actor(Role.DECIDER)), desk.walk.nomination.case_id

    page = client.get(f"/cases/{case_id}/attachments")

    assert NAME in page.text
    assert 'type="file"' not in page.text
    assert upload(client, case_id).status_code == 403
    assert len(desk.rows()) == 1


def test_a_refused_file_says_why(desk: Desk) -> None:
    client, case_id = as_client(desk.actor(Role.CASE_MANAGER)), desk.walk.nomination.case_id

    wrong, marked = upload(client, case_id, WRONG["a program"]), upload(client, case_id, marking="STG_C")

    assert (wrong.status_code, marked.status_code) == (422, 422)
    assert "Only whole PDF, PNG, JPEG and plain text files" in wrong.text
    assert "above what this system may hold" in marked.text


def test_a_file_too_large_for_memory_is_not_read_at_all(
    desk: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert product.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
    monkeypatch.setattr("django.core.files.temp.NamedTemporaryFile", lambda *_a, **_k: pytest.fail("written to disk"))
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    client, case_id = as_client(desk.actor(Role.CASE_MANAGER)), desk.walk.nomination.case_id

    answer = upload(client, case_id, b"x" * 2000)

    assert answer.status_code == 422
    assert "Choose a file of at most 10.0\xa0MB." in answer.text
    assert desk.rows() == []
