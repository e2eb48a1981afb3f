import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from dui.socle.enums import Action, Bloc
from dui.socle.models.dossiers import Dossier

TITRE_MAX, REQUETE_MAX = 120, 500


class BrouillonQuerySet(models.QuerySet):
    def visibles(self, habilitation):
        """A draft belongs to the one who types it, and to nobody else."""
        return self.filter(compte=habilitation.compte, clos_le=None)

    def commences(self, compte):
        """What an account has written and not sent, by its key; whether it opens is not asked."""
        return self.filter(compte=compte, clos_le=None).parlants()

    def parlants(self):
        """Those that say something: a box touched by mistake is no text to come back to."""
        return self.exclude(extrait="")

    def ouverts(self, habilitation):
        """Those whose record, which they name, or whose page of a house still opens."""
        dossiers = Dossier.objects.visibles(habilitation, Bloc.ID, Action.RESUME)
        ouvert = Exists(dossiers.filter(pk=OuterRef("dossier")))
        return self.filter(ouvert | Q(dossier=None) & habilitation.condition_page())

    def montrables(self, habilitation):
        if habilitation.compte.sans_brouillon:  # not even a query
            return self.none()
        return self.parlants().ouverts(habilitation)

    def a_reprendre(self, habilitation):
        return (
            self.montrables(habilitation)
            .select_related("dossier__usager")
            .order_by("-modifie_le", "pk")
        )


class Brouillon(models.Model):
    """What is being typed, kept on the server: {step or form: {field: [raw values]}}."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="brouillons"
    )
    # Its title, for its author to recognise it: no part of what it is known by.
    formulaire = models.CharField(max_length=TITRE_MAX)
    dossier = models.ForeignKey("socle.Dossier", null=True, blank=True, on_delete=models.CASCADE)
    objet = models.CharField("page ouverte", max_length=60, blank=True)
    chemin = models.CharField("page à rouvrir", max_length=300, blank=True)
    requete = models.CharField(
        "ce qui la précise", max_length=REQUETE_MAX, blank=True, db_default="", default=""
    )
    # Two forms may live at one address, one after the other: leaving, coming back.
    forme = models.CharField(max_length=60, blank=True, editable=False, db_default="", default="")
    # What its page asks for (`saisir_AGE`), and of a page about no record, where: who has lost it
    # reads the draft no more.
    droit = models.CharField(max_length=40, blank=True, editable=False, db_default="", default="")
    etablissement = models.ForeignKey(
        "socle.Etablissement", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    unite = models.ForeignKey(
        "socle.Unite", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    saisies = models.JSONField(default=dict)
    # What the page called each field, were it never to open again (lecture_brouillon.retenir).
    libelles = models.JSONField(
        default=list, editable=False, db_default=models.Value([], models.JSONField())
    )
    # What was typed, in short: what lets one recognise the draft; empty when nothing was.
    extrait = models.CharField(max_length=200, blank=True, editable=False)
    modifie_le = models.DateTimeField(auto_now=True)
    # Saved: an autosave still on its way must not bring the draft back.
    clos_le = models.DateTimeField(null=True, editable=False)

    objects = BrouillonQuerySet.as_manager()

    class Meta:
        verbose_name = "brouillon"
        constraints = [
            models.UniqueConstraint(
                fields=["compte", "dossier", "objet"],
                name="brouillon_par_page",
                nulls_distinct=False,
            )
        ]

    def __str__(self):
        return f"{self.formulaire} ({self.compte})"

    @property
    def adresse_reprise(self) -> str:
        precisee = f"{self.requete}&" if self.requete else ""
        return f"{self.chemin}?{precisee}brouillon={self.pk}"


class SaisieEnAttente(models.Model):
    """A POST that met an expired session: kept for its author, replayed after sign-in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    chemin = models.CharField(max_length=500)
    champs = models.JSONField()
    recue_le = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "saisie en attente"
