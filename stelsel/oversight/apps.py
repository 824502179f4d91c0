from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "stelsel.oversight"
    label = "oversight"
