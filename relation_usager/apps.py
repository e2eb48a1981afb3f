from django.apps import AppConfig


class RelationUsagerConfig(AppConfig):
    name = "relation_usager"
