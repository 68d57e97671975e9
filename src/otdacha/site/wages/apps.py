from django.apps import AppConfig


class WagesConfig(AppConfig):
    name = "otdacha.site.wages"
    label = "wages"
