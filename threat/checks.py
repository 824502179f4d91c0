"""Refuse to start where a version of the method that may be used is not the one that was published."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from stelsel.kernel.checks import SOUND
from threat.models import MethodVersion
from threat.services.methods import is_sound, read_versions


@register(Tags.database, SOUND)
def method_versions(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:  # noqa: ANN401  # Django's
    """Each version that may be used now or later is coded as it was published, and its document is unchanged."""
    at = _now_if_readable() if databases else None
    if at is None:
        return []
    used = [each.row for each in read_versions(at=at) if each.usable or each.last]
    faults: list[CheckMessage] = [
        Error(f"Method version {row.code} may be used, but is not coded as it was published.", id="threat.E001")
        for row in used
        if not is_sound(row)
    ]
    faults += [
        Error(f"The document of method version {row.code} is not the one that was published.", id="threat.E002")
        for row in used
        if not _document_stands(row)
    ]
    return faults


def _now_if_readable() -> datetime | None:
    """The database's clock; None before the first migration, and for roles that may not read the table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now() WHERE has_table_privilege(to_regclass('threat_methoduse'), 'SELECT')")
        row = cursor.fetchone()
    return row[0] if row else None


def _document_stands(version: MethodVersion) -> bool:
    """The document is published with the source; an image that holds the product alone goes without."""
    path = settings.ROOT / "docs" / "method" / f"{version.code.lower()}.md"
    return not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() == version.document_hash
