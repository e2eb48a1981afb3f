from django.db import models


class Nomenclature(models.Model):
    """A versioned code list, loaded from `dui/socle/nomenclatures/<code>.json`."""

    code = models.CharField(max_length=40, primary_key=True)
    libelle = models.CharField("libellé", max_length=200)
    version = models.CharField(max_length=20)
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = "nomenclature"

    def __str__(self):
        return f"{self.libelle} ({self.version})"


class CodeNomenclatureQuerySet(models.QuerySet):
    def de(self, nomenclature: str):
        return self.filter(nomenclature=nomenclature, actif=True).order_by("ordre", "code")


class CodeNomenclature(models.Model):
    nomenclature = models.ForeignKey(Nomenclature, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(max_length=60)
    libelle = models.CharField("libellé", max_length=300)
    parent = models.CharField(max_length=60, blank=True)
    ordre = models.PositiveSmallIntegerField(default=0)
    actif = models.BooleanField(default=True)
    proprietes = models.JSONField(default=dict, blank=True)

    objects = CodeNomenclatureQuerySet.as_manager()

    class Meta:
        verbose_name = "code"
        constraints = [models.UniqueConstraint(fields=["nomenclature", "code"], name="code_unique")]

    def __str__(self):
        return self.libelle
