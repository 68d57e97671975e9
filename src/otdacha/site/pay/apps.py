from django.apps import AppConfig


class PayConfig(AppConfig):
    name = "otdacha.site.pay"
    label = "pay"
