"""Who, in the whole organisme, may be the person one is about to create.

A file of identities is searched beyond one's own dossiers, or it fills with duplicates: the strict
traits and the status are shown, never where the person lives nor their file number, and each
search is journaled. What is closed to the account by an interdiction only tells that it exists.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from admission.creation.criteres import Criteres
from dui.socle.enums import Action, Bloc, Precision
from dui.socle.models import Dossier, Sejour, Usager
from dui.socle.ressemblance import (
    ANNEES_VOISINES,
    Traits,
    inversions,
    memes_traits,
    traits_de,
    traits_proches,
)

MAXIMUM = 40


@dataclass(frozen=True)
class Proche:
    dossier: Dossier
    visible: bool  # the account already opens it
    ferme: bool  # by an interdiction
    present: bool  # has a stay in progress in this establishment
    exacte: bool

    @property
    def usager(self):
        return self.dossier.usager


def rappel(criteres: Criteres) -> dict[str, str]:
    """What was searched, to read again before creating: {what: value}."""
    traits = criteres.scannes
    naissance = Usager(
        date_naissance=criteres.naissance, naissance_incomplete=criteres.incomplete
    ).naissance_affichee
    lus = {
        "Nom de naissance" if traits else "Début du nom": traits.get("nom_naissance", criteres.nom),
        "Prénoms de naissance" if traits else "Début du prénom": traits.get(
            "prenoms", criteres.prenom
        ),
        "Date de naissance": naissance,
    }
    return {quoi: valeur for quoi, valeur in lus.items() if valeur}


def etablissements(habilitation):
    """Where the account may create an identity."""
    return habilitation.etablissements(Bloc.ID, Action.SAISIR)


def chercher(habilitation, etablissement, criteres: Criteres) -> list[Proche]:
    """The same date (or day and month swapped, or a date of which a part is unknown), then the
    letters; the same matricule whatever the date."""
    condition = _des_dates(criteres.naissance, criteres.incomplete)
    if criteres.matricule:
        condition |= Q(usager__matricule_ins=criteres.matricule)
    dossiers = [
        d
        for d in _dossiers(etablissement, condition)
        if criteres.convient(traits_de(d.usager))
        or d.usager.matricule_ins == criteres.matricule != ""
    ]
    exactes = {d.garde.pk for d in dossiers if criteres.exact(traits_de(d.usager))}
    return _proches(habilitation, etablissement, dossiers, exactes)


def ressemblants(habilitation, etablissement, usager) -> list[Proche]:
    """Whoever has nearly the traits that are about to be written."""
    cherchee = traits_de(usager)
    condition = _des_dates(usager.date_naissance, usager.naissance_incomplete)
    if usager.matricule_ins:
        condition |= Q(usager__matricule_ins=usager.matricule_ins)
    dossiers = [
        d
        for d in _dossiers(etablissement, condition)
        if traits_proches(traits_de(d.usager), cherchee)
        or (usager.matricule_ins and d.usager.matricule_ins == usager.matricule_ins)
    ]
    exactes = {
        d.garde.pk for d in dossiers if memes_traits(_sans_usage(d.usager), _sans_usage(usager))
    }
    return _proches(habilitation, etablissement, dossiers, exactes)


def _sans_usage(usager) -> Traits:
    """The list of first names may be known on one side only: the first one decides."""
    lus = traits_de(usager)
    return Traits(lus.reference, lus.naissance, lus.nom, lus.premier_prenom, lus.sexe, lus.cog)


def _des_dates(jour: date, incomplete: str) -> Q:
    mois = {"usager__date_naissance__year": jour.year, "usager__date_naissance__month": jour.month}
    annees = (jour.year - ANNEES_VOISINES, jour.year + ANNEES_VOISINES)
    condition = (
        Q(usager__date_naissance__in=inversions(jour))
        | Q(usager__naissance_incomplete=Precision.JOUR, **mois)
        | Q(
            usager__naissance_incomplete__in=[Precision.JOUR_MOIS, Precision.MOIS],
            usager__date_naissance__year=jour.year,
        )
        | Q(
            usager__naissance_incomplete=Precision.ANNEE,
            usager__date_naissance__year__range=annees,
        )
    )
    if incomplete == Precision.JOUR:
        condition |= Q(**mois)
    elif incomplete in (Precision.JOUR_MOIS, Precision.MOIS):
        condition |= Q(usager__date_naissance__year=jour.year)
    elif incomplete == Precision.ANNEE:
        condition |= Q(usager__date_naissance__year__range=annees)
    return condition


def _dossiers(etablissement, condition: Q) -> list[Dossier]:
    tous = Dossier.objects.filter(condition, organisme=etablissement.organisme_id)
    tous = tous.select_related("usager", "fusionne_dans__usager")
    return list(tous.order_by("usager__recherche", "pk"))


def _proches(habilitation, etablissement, trouves, exactes) -> list[Proche]:
    """Somebody known by the traits of a merged identity is shown as the one that was kept."""
    dossiers = {d.garde.pk: d.garde for d in trouves}.values()
    cles = [d.pk for d in dossiers]
    visibles = Dossier.objects.visibles(habilitation, Bloc.ID, Action.RESUME).filter(pk__in=cles)
    vus = set(visibles.order_by("pk").values_list("pk", flat=True))
    sejours = Sejour.objects.en_cours().filter(etablissement=etablissement, dossier__in=cles)
    ici = set(sejours.order_by("pk").values_list("dossier", flat=True))
    fermes = habilitation.fermes(Bloc.ID)
    proches = [
        Proche(d, d.pk in vus, d.pk in fermes, d.pk in ici, d.pk in exactes) for d in dossiers
    ]
    return sorted(proches, key=lambda p: not p.exacte)[:MAXIMUM]
