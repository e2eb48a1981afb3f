from django.apps import AppConfig


class RelationUsagerConfig(AppConfig):
    name = "relation_usager"
    verbose_name = "Relation avec la personne et ses proches"

    def ready(self):
        from relation_usager import registre

        registre.enregistrer()
