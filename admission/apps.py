from django.apps import AppConfig


class AdmissionConfig(AppConfig):
    name = "admission"
    verbose_name = "Admission"

    def ready(self):
        from admission import registre

        registre.enregistrer()
