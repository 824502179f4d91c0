from django.apps import AppConfig


class ThreatConfig(AppConfig):
    name = "threat"
