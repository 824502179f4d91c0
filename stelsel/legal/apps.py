from django.apps import AppConfig


class LegalConfig(AppConfig):
    name = "stelsel.legal"
    label = "legal"
