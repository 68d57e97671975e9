from django.apps import AppConfig


class BankConfig(AppConfig):
    name = "otdacha.site.bank"
    label = "bank"
