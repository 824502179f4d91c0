"""Which kind of file some content is, told from the content alone: neither name nor declared type is believed."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

PNG_START: Final = b"\x89PNG\r\n\x1a\n"
PDF_END_WITHIN: Final = 1024  # bytes; ISO 32000-1, annex H, implementation note 18
PNG_FRAME: Final = 12  # bytes of a chunk around its data: length, type, checksum
JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # start-of-frame markers, ITU-T T.81 table B.1
JPEG_SCAN: Final = 0xDA
IMAGE_HEADER: Final = 13  # bytes of IHDR
LINE_BREAKS: Final = frozenset("\t\n\r\f")


@dataclass(frozen=True)
class Kind:
    """A kind of file that may be attached."""

    media_type: str
    extension: str


PDF, PNG = Kind("application/pdf", "pdf"), Kind("image/png", "png")
JPEG, TEXT = Kind("image/jpeg", "jpg"), Kind("text/plain", "txt")
EXTENSIONS: Final = {kind.media_type: kind.extension for kind in (PDF, PNG, JPEG, TEXT)}


def kind_of(content: bytes) -> Kind | None:
    """The kind, or None for anything else: another kind, cut short, or with something behind its end."""
    for start, kind, whole in STARTS:
        if content.startswith(start):
            return kind if whole(content) else None
    return TEXT if _is_text(content) else None


def _is_pdf(content: bytes) -> bool:
    return content[5:6].isdigit() and b"%%EOF" in content[-PDF_END_WITHIN:] and b"startxref" in content


def _is_png(content: bytes) -> bool:
    """Chunks with true checksums from the header to the end, and nothing behind it (ISO/IEC 15948)."""
    place, first = len(PNG_START), True
    while place + PNG_FRAME <= len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        end = place + PNG_FRAME + length
        name, checked = content[place + 4 : place + 8], content[place + 4 : end - 4]
        if end > len(content) or zlib.crc32(checked) != int.from_bytes(content[end - 4 : end], "big"):
            return False
        if first and (name, length) != (b"IHDR", IMAGE_HEADER):
            return False
        if name == b"IEND":
            return end == len(content)
        place, first = end, False
    return False


def _is_jpeg(content: bytes) -> bool:
    """Segments up to the scan, with a frame among them, and the end of the image at the end (ITU-T T.81)."""
    place, framed = 2, False
    while place + 4 <= len(content) and content[place] == 0xFF:  # noqa: PLR2004  # every marker begins so
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4], "big")
        framed = framed or marker in JPEG_FRAMES
        if marker == JPEG_SCAN:
            return framed and content.endswith(b"\xff\xd9")
        place += 2 + length
    return False


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not any(
        (char < " " and char not in LINE_BREAKS) or "\x7f" <= char <= "\x9f" for char in text
    )


STARTS: Final[tuple[tuple[bytes, Kind, Callable[[bytes], bool]], ...]] = (
    (b"%PDF-", PDF, _is_pdf),
    (PNG_START, PNG, _is_png),
    (b"\xff\xd8\xff", JPEG, _is_jpeg),
)
