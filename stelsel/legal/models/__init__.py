"""Markings, legal grounds and the provision matrix; agreements between organisations."""

from stelsel.legal.models.agreement import (
    AgreementConflict,
    AgreementSignature,
    AgreementVersion,
    InteragencyAgreement,
    LentCapacity,
)
from stelsel.legal.models.matrix import (
    DataRegime,
    InformationType,
    LegalGround,
    Marked,
    Marking,
    Provision,
    ProvisionQuerySet,
    Sharing,
)

__all__ = [
    "AgreementConflict",
    "AgreementSignature",
    "AgreementVersion",
    "DataRegime",
    "InformationType",
    "InteragencyAgreement",
    "LegalGround",
    "LentCapacity",
    "Marked",
    "Marking",
    "Provision",
    "ProvisionQuerySet",
    "Sharing",
]
