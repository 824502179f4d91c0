"""Requests for information, products, signals, pictures with their lines, evidence and scores; method versions."""

from threat.models.coding import Coding, Comparison
from threat.models.double import Consultation, OldLevel
from threat.models.elsewhere import ElsewherePicture
from threat.models.entity import BlindMatch, Entity, Hit, MatchQuestion
from threat.models.information import InformationRequest, Product, ProductContent
from threat.models.local import LocalLevel, LocalMapping
from threat.models.method import MethodUse, MethodVersion
from threat.models.need import InformationNeed
from threat.models.picture import EvidenceItem, Picture, PicturePrint, PictureScore, ThreatLine
from threat.models.reasoning import Assumption, AssumptionCheck, Hypothesis
from threat.models.rescoring import AgedReading, ShadowReading, ShadowRun
from threat.models.review import ProductReview, ReviewAnswer
from threat.models.shielded import ShieldedCheck
from threat.models.signal import Signal
from threat.models.template import PictureTemplate, TemplateUse

__all__ = [
    "AgedReading",
    "Assumption",
    "AssumptionCheck",
    "BlindMatch",
    "Coding",
    "Comparison",
    "Consultation",
    "ElsewherePicture",
    "Entity",
    "EvidenceItem",
    "Hit",
    "Hypothesis",
    "InformationNeed",
    "InformationRequest",
    "LocalLevel",
    "LocalMapping",
    "MatchQuestion",
    "MethodUse",
    "MethodVersion",
    "OldLevel",
    "Picture",
    "PicturePrint",
    "PictureScore",
    "PictureTemplate",
    "Product",
    "ProductContent",
    "ProductReview",
    "ReviewAnswer",
    "ShadowReading",
    "ShadowRun",
    "ShieldedCheck",
    "Signal",
    "TemplateUse",
    "ThreatLine",
]
