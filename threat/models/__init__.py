"""Requests for information, products, signals, pictures with their lines, evidence and scores; method versions."""

from threat.models.coding import Coding, Comparison
from threat.models.double import Consultation, OldLevel
from threat.models.information import InformationRequest, Product, ProductContent
from threat.models.local import LocalLevel, LocalMapping
from threat.models.method import MethodUse, MethodVersion
from threat.models.picture import EvidenceItem, Picture, PictureScore, ThreatLine
from threat.models.review import ProductReview, ReviewAnswer
from threat.models.shielded import ShieldedCheck
from threat.models.signal import Signal
from threat.models.template import PictureTemplate, TemplateUse

__all__ = [
    "Coding",
    "Comparison",
    "Consultation",
    "EvidenceItem",
    "InformationRequest",
    "LocalLevel",
    "LocalMapping",
    "MethodUse",
    "MethodVersion",
    "OldLevel",
    "Picture",
    "PictureScore",
    "PictureTemplate",
    "Product",
    "ProductContent",
    "ProductReview",
    "ReviewAnswer",
    "ShieldedCheck",
    "Signal",
    "TemplateUse",
    "ThreatLine",
]
