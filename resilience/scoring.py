"""Whether free text looks clinical: a warning before it is saved, never a judgement about the person (R029).

The expertise informs, educates, signals and refers; it does not treat. So a diagnosis, a medicine or a treatment has no
place in its files. The list is small on purpose: it reminds the writer, who decides.
"""

import re
import unicodedata
from typing import Final

# Beginnings of words, Dutch and English, without accents.
STEMS: Final = (
    "diagnos",
    "gediagnos",
    "ptss",
    "ptsd",
    "depress",
    "antidepress",
    "angststoorn",
    "paniekstoorn",
    "persoonlijkheidsstoorn",
    "disorder",
    "psychos",
    "psychot",
    "psychiat",
    "schizo",
    "bipola",
    "borderline",
    "autis",
    "suicid",
    "zelfmoord",
    "zelfbeschadig",
    "self-harm",
    "verslav",
    "verslaafd",
    "addict",
    "burn-out",
    "burnout",
    "overspannen",
    "medicat",
    "medicijn",
    "medicine",
    "slaappil",
    "sleeping pill",
    "antipsychot",
    "kalmeringsmiddel",
    "benzodiaz",
    "oxazepam",
    "diazepam",
    "temazepam",
    "lorazepam",
    "sertraline",
    "citalopram",
    "escitalopram",
    "fluoxetine",
    "paroxetine",
    "mirtazapine",
    "quetiapine",
    "methylfenidaat",
    "methylphenidate",
    "ritalin",
    "emdr",
    "traumabehandel",
    "opgenomen in een kliniek",
    "kanker",
    "epilep",
    "zwanger",
    "pregnan",
    "miskraam",
    "miscarriage",
)
WHOLE: Final = (
    "adhd",
    "hiv",
    "soa",
    "cancer",
    "ggz-behandeling",
    "therapie",
    "therapy",
    "stoornis",
    "pillen",
    "pills",
)
_LOOKS: Final = re.compile(
    r"\b(?:(?:" + "|".join(map(re.escape, STEMS)) + r")[\w-]*|(?:" + "|".join(map(re.escape, WHOLE)) + r")\b|\d+ ?mg\b)"
)


def clinical_words(text: str) -> tuple[str, ...]:
    """The words of `text` that look clinical, each once, in order, as they read without accents and capitals."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    return tuple(dict.fromkeys(_LOOKS.findall(plain)))
