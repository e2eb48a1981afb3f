"""What waits for the cellule d'identitovigilance and for the team: made by the very services."""

from dataclasses import replace
from datetime import timedelta
from itertools import cycle

from django.db import transaction
from django.utils import timezone

from dui.socle import quarantaine
from dui.socle.annuaire import ecarts
from dui.socle.models import (
    BalAnnuaire,
    ControlePiece,
    ExerciceAnnuaire,
    Professionnel,
    Sejour,
    Usager,
)
from dui.socle.recue import Recue
from habilitations.models import Affectation
from habilitations.politique import Habilitation

PIECES = ("CN", "CN", "PA", "CN", "CS", "CN", "PA")
# Whose lines of the directory differ, by rank among the staff that has a number.
DIVERGENCES = {1: "nom", 3: "mssante", 5: "profession", 7: "absent"}


@transaction.atomic
def peupler() -> None:
    secretaire = Affectation.objects.filter(role="SECRETAIRE").order_by("compte", "pk").first()
    if secretaire is None:
        return
    habilitation = Habilitation(secretaire.compte)
    _mettre_en_quarantaine(habilitation, secretaire.etablissement)
    _controler(secretaire)
    _repertorier()
    ecarts.relever()


def _mettre_en_quarantaine(habilitation, maison) -> None:
    presents = Sejour.objects.en_cours().filter(etablissement=maison)
    personnes = list(
        Usager.objects.filter(dossiers__sejours__in=presents)
        .exclude(matricule_ins="")
        .order_by("recherche", "pk")[:4]
    )
    for personne, transformer in zip(personnes, cycle((_faute, _jour, _conjoint)), strict=False):
        recue = transformer(_recue(personne))
        quarantaine.recevoir(habilitation, maison, recue, source="import", repere="liste 2")


def _recue(u: Usager) -> Recue:
    return Recue(
        nom_naissance=u.nom_naissance,
        prenoms=u.prenoms,
        sexe=u.sexe,
        date_naissance=u.date_naissance,
        naissance_incomplete=u.naissance_incomplete,
        lieu_naissance_cog=u.lieu_naissance_cog,
        commune_naissance=u.commune_naissance,
        autres={"gir": 3},
        matricule=u.matricule_ins,
        oid=u.oid_ins,
    )


def _faute(recue: Recue) -> Recue:
    return replace(recue, nom_naissance=f"{recue.nom_naissance}E", matricule="", oid="")


def _jour(recue: Recue) -> Recue:
    return replace(recue, date_naissance=recue.date_naissance + timedelta(days=1))


def _conjoint(recue: Recue) -> Recue:
    sexe = "M" if recue.sexe == "F" else "F"
    return replace(recue, prenoms="CAMILLE", sexe=sexe)


def _controler(secretaire) -> None:
    """Documents compared over the last year."""
    maintenant = timezone.now()
    presents = Sejour.objects.en_cours().filter(
        etablissement=secretaire.etablissement, dossier__usager__identite_validee=True
    )
    sejours = presents.select_related("dossier__usager").order_by("entree_le", "pk")[:40]
    ControlePiece.objects.bulk_create(
        ControlePiece(
            dossier=s.dossier,
            usager=s.dossier.usager,
            resultat="conforme",
            piece=piece,
            confiance="elevee",
            statut_avant="RECUP",
            statut_apres=s.dossier.usager.statut_identite,
            fait_par=secretaire.compte,
            fait_le=maintenant - timedelta(days=8 * rang + 1),
        )
        for rang, (s, piece) in enumerate(zip(sejours, cycle(PIECES), strict=False))
    )


def _repertorier() -> None:
    """The staff in the local copy of the directory, four of them otherwise than in the house."""
    connus = set(ExerciceAnnuaire.objects.order_by("rpps").values_list("rpps", flat=True))
    personnel = Professionnel.objects.exclude(rpps="").exclude(compte=None).order_by("compte", "pk")
    exercices, bals = [], []
    for rang, p in enumerate(x for x in personnel if x.rpps not in connus):
        ecart = DIVERGENCES.get(rang, "")
        if ecart == "absent":
            continue
        idnps = f"8{p.rpps}"
        exercices.append(
            ExerciceAnnuaire(
                cle=f"demonstration-{p.rpps}",
                idnps=idnps,
                rpps=p.rpps,
                nom="DESLANDES" if ecart == "nom" else p.nom.upper(),
                prenom=p.prenom.upper(),
                profession="10" if ecart == "profession" else p.profession,
                mode="S",
            )
        )
        adresse = f"nouvelle.{p.mssante}" if ecart == "mssante" else p.mssante
        if adresse:
            bals.append(
                BalAnnuaire(cle=f"demonstration-{p.rpps}", adresse=adresse, type="PER", idnps=idnps)
            )
    ExerciceAnnuaire.objects.bulk_create(exercices)
    BalAnnuaire.objects.bulk_create(bals)
