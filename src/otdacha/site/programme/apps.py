from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "otdacha.site.programme"
    label = "programme"
