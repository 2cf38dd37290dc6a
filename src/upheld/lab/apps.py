from django.apps import AppConfig


class LabConfig(AppConfig):
    name = "upheld.lab"
    label = "lab"
    verbose_name = "Lab"
