"""Tables of the kernel: who, the trail, work, secrets. Nothing here knows a case."""

from stelsel.kernel.models.clients import ApiClient, Interval, Schedule
from stelsel.kernel.models.configuration import Change, ChangeState, CodeValue, NormValue
from stelsel.kernel.models.jobs import OutboxMessage
from stelsel.kernel.models.lists import ListPreference
from stelsel.kernel.models.people import Membership, Organisation, OrganisationKind, User
from stelsel.kernel.models.secrets import LoginLock, PersonKey, SealedBytesField, SealedTextField, Signature
from stelsel.kernel.models.trail import AuditEntry, HistoryEntry, ReadEntry, Seal
from stelsel.kernel.models.work import IdempotencyKey, WorkItem

__all__ = [
    "ApiClient",
    "AuditEntry",
    "Change",
    "ChangeState",
    "CodeValue",
    "HistoryEntry",
    "IdempotencyKey",
    "Interval",
    "ListPreference",
    "LoginLock",
    "Membership",
    "NormValue",
    "Organisation",
    "OrganisationKind",
    "OutboxMessage",
    "PersonKey",
    "ReadEntry",
    "Schedule",
    "Seal",
    "SealedBytesField",
    "SealedTextField",
    "Signature",
    "User",
    "WorkItem",
]
