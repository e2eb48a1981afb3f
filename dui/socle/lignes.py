"""One gesture for a whole unit (a round, a service of meals): a line for each person, beside those
that a colleague had already written. A line corrected gives its place to another."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import LigneNotee

DITES_POURQUOI = "Dites pourquoi : le motif reste dans l’historique."


@dataclass
class Bilan:
    """What one gesture wrote, and what a colleague had written before it."""

    ecrits: list[Any] = field(default_factory=list)
    deja: list[Any] = field(default_factory=list)
    # (what is in force, the departure marked here, its detail): read, never dropped in silence
    contredits: list[tuple[Any, str, str]] = field(default_factory=list)

    @property
    def ecarts(self) -> list[Any]:
        return [x for x in self.ecrits if x.ecart]

    def constater(self, habilitation, ecrit, dit: tuple[str, str], cle_saisie) -> None:
        """`dit`: departure and detail, empty when nothing departs. The same gesture sent twice is
        one; where mine differs from a colleague's, it is said."""
        if ecrit.cle_saisie == cle_saisie and ecrit.auteur_id == habilitation.compte.pk:
            return
        self.deja.append(ecrit)
        ecart, precision = dit
        if ecart and (ecrit.motif != ecart or precision not in ("", ecrit.precision)):
            self.contredits.append((ecrit, ecart, precision))


def deja_corrigee(ancienne, version_lue: int, cle_saisie, conflit: str) -> Any:
    """None when it is still to be corrected. By this very gesture, sent twice: what it wrote; by
    any other, it is a conflict."""
    if ancienne.courante and ancienne.version == version_lue:
        return None
    suivante = type(ancienne).objects.filter(remplace=ancienne).first()
    if suivante and suivante.cle_saisie == cle_saisie:
        return suivante
    raise ConflitDeVersion(conflit, actuel=suivante or ancienne)


def exiger_un_motif(motif: str) -> None:
    if not motif.strip():
        raise ValidationError({"motif": DITES_POURQUOI})


def remplacer(ancienne: LigneNotee, nouvelle: LigneNotee, habilitation, *, motif, cle_saisie):
    """A new version takes its place; the former stays in the history with the reason."""
    nouvelle.unite_id, nouvelle.jour = ancienne.unite_id, ancienne.jour
    nouvelle.auteur = habilitation.compte
    nouvelle.fonction = habilitation.fonction_pour(nouvelle.dossier)
    nouvelle.cle_saisie, nouvelle.motif_correction = cle_saisie, motif.strip()
    nouvelle.version, nouvelle.remplace = ancienne.version + 1, ancienne
    ancienne.courante = False
    ancienne.save(update_fields=["courante"])
    nouvelle.save()
    return nouvelle


def par_qui(lignes: Iterable[LigneNotee]) -> str:
    """« 12 par N. Bensaïd à 14:02 ; 3 par L. Petit à 14:10 »."""
    lots = defaultdict(int)
    for x in lignes:
        lots[x.auteur.signature, f"{timezone.localtime(x.ecrit_le):%H:%M}"] += 1
    return " ; ".join(f"{nombre} par {qui} à {quand}" for (qui, quand), nombre in lots.items())
