"""« Suite à donner »: what a transmission asks of somebody or of a function, and by when. The task
itself is the kernel's (dui.socle.taches); it belongs to the block of the transmissions."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accompagnement import destinataires
from dui.socle import champs, taches
from dui.socle.enums import Action, Bloc
from dui.socle.models import Tache
from dui.socle.taches import SourceTache
from habilitations.lieux import presents, sejour_ici
from habilitations.prise_en_charge import lectures as equipes

SOURCE = "transmission"
MOI = "moi"
RESERVEE = "Une suite est lue par toute l’équipe : elle ne se demande pas d’une note réservée."
SANS_LIEU = "La personne n’a pas de séjour en cours : choisissez « Moi »."
MONTREES = 20


@dataclass(frozen=True)
class Suite:
    """`pour`: a role, the key of a member of the team, or the author."""

    titre: str = ""
    pour: str = MOI
    le: date | None = None


SANS_SUITE = Suite()


class SuiteMixin(forms.Form):
    suite_titre = forms.CharField(
        label="Suite à donner",
        required=False,
        max_length=200,
        help_text="ce qui reste à faire",
    )
    suite_pour = forms.ChoiceField(label="Par", required=False, initial=MOI)
    suite_le = champs.jour("Pour le", required=False)

    def proposer_a(self, executants) -> None:
        self.fields["suite_pour"].choices = [(MOI, "Moi"), *executants]

    def clean_suite_le(self):
        jour = self.cleaned_data["suite_le"]
        if jour and jour < timezone.localdate():
            raise forms.ValidationError("Choisissez aujourd’hui ou un jour à venir.")
        return jour

    def lire_la_suite(self, donnees) -> Suite:
        titre = donnees.pop("suite_titre", "").strip()
        pour, le = donnees.pop("suite_pour", "") or MOI, donnees.pop("suite_le", None)
        if titre and not le and "suite_le" not in self.errors:
            self.add_error("suite_le", "Dites pour quand.")
        return Suite(titre, pour, le)


def executants(habilitation, dossier) -> list[tuple[str, str]]:
    """Those of the team of the person by name, then the jobs of the house."""
    membres = equipes.du_dossier(habilitation, dossier)
    nommes = [(str(m.compte_id), f"{m.compte} ({m.place.lower()})") for m in membres]
    return [*nommes, *destinataires.metiers(habilitation)]


def demander(habilitation, transmission, suite: Suite) -> Tache | None:
    """In the transaction of the service that writes the transmission."""
    if not suite.titre or suite.le is None:
        return None
    if transmission.reserve:
        raise ValidationError({"suite_titre": RESERVEE})
    return taches.creer(
        habilitation,
        titre=suite.titre,
        bloc=Bloc.TRA,
        dossier=transmission.dossier,
        source=(SOURCE, transmission.pk),
        action=Action.SAISIR,
        echeance_le=taches.fin_de_journee(suite.le),
        **_pour_qui(habilitation, transmission, suite.pour),
    )


def _pour_qui(habilitation, transmission, pour) -> dict:
    if pour == MOI:
        return {"compte": habilitation.compte}
    for membre in equipes.du_dossier(habilitation, transmission.dossier):
        if str(membre.compte_id) == pour:
            return {"compte": membre.compte}
    sejour = sejour_ici(habilitation, transmission.dossier)
    if sejour is None:
        raise ValidationError({"suite_pour": SANS_LIEU})
    return {"role": pour, "etablissement": sejour.etablissement, "unite": sejour.unite}


@transaction.atomic
def faire(habilitation, dossier, suite_id) -> Tache:
    """Done: by whom and when stay with it."""
    tache = Tache.objects.visibles(habilitation).filter(dossier=dossier, source_type=SOURCE)
    return taches.faire(habilitation, tache.get(pk=suite_id).pk)


def ajouter_aux_lignes(habilitation, transmissions) -> None:
    """Their follow-ups, by one query."""
    cles = [t.pk for t in transmissions]
    lignes = Tache.objects.visibles(habilitation).filter(source_type=SOURCE, source_id__in=cles)
    par_source: dict = {}
    for tache in lignes.select_related("compte", "close_par").order_by("creee_le", "pk"):
        tache.pour = pour_qui(habilitation, tache)
        par_source.setdefault(tache.source_id, []).append(tache)
    for t in transmissions:
        t.suites = par_source.get(t.pk, [])


def en_retard(habilitation, sejours: dict):
    """What was due, about those who are here ({dossier: stay})."""
    taches_ = Tache.objects.visibles(habilitation).a_faire().filter(source_type=SOURCE)
    dues = taches_.filter(echeance_le__lt=timezone.now(), dossier__pk__parmi=list(sejours))
    return dues.order_by("echeance_le", "pk")


def du_lieu(habilitation, lieu) -> list[Tache]:
    """Late ones of the ward, with their person and room."""
    sejours = {s.dossier_id: s for s in presents(habilitation, lieu)}
    dues = en_retard(habilitation, sejours).select_related("compte")[:MONTREES]
    lignes = list(dues)
    for tache in lignes:
        sejour = sejours[tache.dossier_id]
        tache.dossier, tache.chambre = sejour.dossier, str(sejour.place or "")
        tache.pour = pour_qui(habilitation, tache)
    return lignes


def pour_qui(habilitation, tache: Tache) -> str:
    if tache.compte_id:
        return tache.compte.signature
    return destinataires.fonctions(habilitation).get(tache.role, tache.role)


def adresse(tache: Tache) -> str:
    fil = reverse("accompagnement:transmissions", args=[tache.dossier_id])
    return f"{fil}#t-{tache.source_id}"


def enregistrer() -> None:
    taches.sources.ajouter(SourceTache(SOURCE, "Transmission", adresse, ordre=20))
