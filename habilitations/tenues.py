"""What an account holds today, in one query that every page runs: its affectations with their
places, the rights of their roles, what is granted or closed to it by name.

The policy alone asks for it; what these rows open, it alone says.
"""

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS
from django.db.models import (
    Case,
    Exists,
    Expression,
    F,
    Field,
    Func,
    JSONField,
    OuterRef,
    QuerySet,
    Subquery,
    When,
    Window,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject, RowNumber
from django.db.models.lookups import Exact
from django.utils import timezone

from dui.socle.compilation import Compilee
from dui.socle.models import Brouillon, Compte, Unite
from habilitations.models import (
    AccesNominatif,
    Affectation,
    Droit,
    Interdiction,
    PriseDePoste,
    ReglageDroit,
)
from habilitations.reglages.regles import effectifs

ORDRE = ("debut", "pk")


def nominatifs(compte: int, le: date | None = None) -> QuerySet:
    """Codes of the permissions held by name, on whatever dossier."""
    droits = AccesNominatif.objects.en_cours(le).filter(user=compte).order_by()
    return droits.values_list("permission__codename", flat=True).distinct()


def interdictions(compte: int) -> QuerySet:
    lignes = Interdiction.objects.en_cours().filter(compte=compte).order_by()
    return lignes.values_list(JSONObject(dossier="dossier", blocs="blocs"), flat=True)


def _construire(*, compte: int, le: date) -> QuerySet:
    """Head office has two hundred affectations and one role: what depends on the role, on the
    house or on nothing is read with the first row that has it, and shared by the others."""
    droits = Droit.objects.filter(role=OuterRef("role")).order_by()
    reglages = ReglageDroit.objects.filter(
        role=OuterRef("role"), organisme=OuterRef("etablissement__organisme")
    ).order_by()
    unites = Unite.objects.filter(etablissement=OuterRef("etablissement"))
    reglage = JSONObject(bloc="bloc", action="action", accorde="accorde")
    role = ("role", "etablissement__organisme")
    return (
        Affectation.objects.en_cours(le)
        .filter(compte=compte)
        .select_related("role", "etablissement", "unite")
        .annotate(
            droits=_premiere(droits.values(d=JSONObject(bloc="bloc", action="action")), *role),
            reglages=_premiere(reglages.values(r=reglage), *role),
            unites_du_lieu=_premiere(
                unites.order_by("ordre", "nom", "pk").values(u=JSONObject(id="pk", nom="nom")),
                "etablissement",
            ),
            nominatifs=_premiere(nominatifs(compte, le).filter(qualite="")),
            interdictions=_premiere(interdictions(compte)),
            releve_depuis=_une_fois(_derniere_prise(compte)),
            ecrit=_une_fois(Exists(Brouillon.objects.commences(compte))),
            titulaire=_une_fois(JSONObject(**{nom: f"compte__{nom}" for nom in _champs()})),
        )
        .order_by(*ORDRE)
    )


def _champs() -> dict[str, Field]:
    return {champ.attname: champ for champ in Compte._meta.concrete_fields}


def _derniere_prise(compte: int) -> Subquery:
    """Since when « depuis mon dernier poste » runs."""
    prises = PriseDePoste.objects.filter(compte=compte).order_by("-le")
    return Subquery(prises.values("releve_depuis")[:1])


def _premiere(requete: QuerySet, *memes: str) -> Expression:
    """The list on the first row of those that have these fields in common. As one JSON: an array
    of them is decoded element by element."""
    liste = Func(ArraySubquery(requete), function="to_jsonb", output_field=JSONField())
    return _une_fois(liste, *memes)


def _une_fois(valeur: Combinable, *memes: str) -> Expression:
    """On the first row of those that have these fields in common; NULL on the others."""
    rang = Window(RowNumber(), partition_by=[F(m) for m in memes] or None, order_by=ORDRE)
    return Case(When(Exact(rang, 1), then=valeur))


_LIRE = Compilee(_construire, compte=-730_100_001, le=date(1, 1, 1))


def affectations(compte: int, le: date) -> list[Affectation]:
    lues = list(_LIRE(compte=compte, le=le))
    droits: dict[tuple, list] = {}
    unites: dict[object, list] = {}
    for a in lues:
        role, maison = (a.role_id, a.etablissement.organisme_id), a.etablissement_id
        if role not in droits:  # what the organisme changed in the shipped matrix
            droits[role] = effectifs(a.droits, a.reglages)
        if maison not in unites:
            unites[maison] = a.unites_du_lieu
        a.droits, a.unites_du_lieu = droits[role], unites[maison]
        a.nominatifs, a.interdictions = lues[0].nominatifs, lues[0].interdictions
        a.releve_depuis = lues[0].releve_depuis
    return lues


def compte(cle: int) -> Compte | None:
    """Who signed in, with what they hold (`tenues`): every page of a professional asks for both,
    so that one query answers. None when no affectation is in force."""
    lues = affectations(cle, timezone.localdate())
    if not lues:
        return None
    noms, valeurs = [], []
    for nom, champ in _champs().items():
        noms.append(nom)
        valeurs.append(champ.to_python(lues[0].titulaire[nom]))
    lui = Compte.from_db(DEFAULT_DB_ALIAS, noms, valeurs)
    lui.tenues, lui.sans_brouillon = lues, not lues[0].ecrit
    return lui
