"""Accounts in number: the same services as one by one, all or nothing."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from dui.socle.champs import FORMATS
from dui.socle.models import Compte, Etablissement, Unite
from habilitations.equipe import lectures, services
from habilitations.equipe.liste import Bilan, Ligne
from habilitations.models import Role

ACTIONS = ("creer", "ajouter", "modifier", "terminer")


class _ToutAnnuler(Exception):
    pass


class _Rejet(Exception):
    def __init__(self, colonne: str, raison: str):
        super().__init__(raison)
        self.colonne, self.raison = colonne, raison


def importer(
    habilitation, *, etablissement: Etablissement, lignes: list[Ligne], simulation: bool
) -> Bilan:
    """Each line is tried; one refused line, or a dry run, and nothing is written."""
    bilan = Bilan(simulation=simulation)
    lieux = {u.nom.casefold(): u.pk for u in Unite.objects.filter(etablissement=etablissement)}
    try:
        with transaction.atomic():
            for ligne in lignes:
                _essayer(habilitation, etablissement, lieux, ligne, bilan)
            if simulation or bilan.rejets:
                raise _ToutAnnuler
    except _ToutAnnuler:
        bilan.codes = []
    return bilan


def _essayer(habilitation, etablissement, lieux, ligne: Ligne, bilan: Bilan) -> None:
    if refusees := list(_cellules_refusees(lieux, ligne)):
        for rejet in refusees:
            _rejeter(bilan, ligne, rejet.colonne, rejet.raison)
        return
    try:
        with transaction.atomic():
            _appliquer(habilitation, etablissement, lieux, ligne, bilan)
    except _Rejet as rejet:
        _rejeter(bilan, ligne, rejet.colonne, rejet.raison)
    except PermissionDenied as refus:
        _rejeter(bilan, ligne, "role", str(refus))
    except ValidationError as refus:
        par_colonne = getattr(refus, "error_dict", None)
        colonne = next(iter(par_colonne)) if par_colonne else "identifiant"
        _rejeter(bilan, ligne, colonne, " ".join(refus.messages))


def _cellules_refusees(lieux, ligne: Ligne) -> Iterator[_Rejet]:
    """What is unreadable, all at once: a list is not corrected one cell after the other."""
    for lire in (
        lambda: _unite(lieux, ligne),
        lambda: _role(ligne) if ligne["role"] else None,
        lambda: _date(ligne, "debut"),
        lambda: _date(ligne, "fin"),
    ):
        try:
            lire()
        except _Rejet as rejet:
            yield rejet


def _rejeter(bilan, ligne, colonne, raison) -> None:
    bilan.rejets.append({"ligne": ligne.numero, "colonne": colonne, "raison": raison})


def _appliquer(habilitation, etablissement, lieux, ligne: Ligne, bilan: Bilan) -> None:
    action = ligne["action"].casefold().replace("é", "e") or (
        "ajouter" if ligne["identifiant"] else "creer"
    )
    if action not in ACTIONS:
        raise _Rejet("action", f"Action inconnue ; au choix : {', '.join(ACTIONS)}.")
    lieu = (etablissement.pk, _unite(lieux, ligne))
    if action == "creer":
        return _creer(habilitation, lieu, ligne, bilan)
    compte = _compte(habilitation, ligne)
    if action == "modifier":
        services.renommer(habilitation, compte, prenom=ligne["prenom"], nom=ligne["nom"])
        bilan.modifies += 1
    elif action == "ajouter":
        services.deleguer(habilitation, compte, cle=uuid4(), lieu=lieu, **_acte(ligne))
        bilan.ajoutees += 1
    else:
        _terminer(habilitation, compte, lieu, ligne)
        bilan.terminees += 1
    return None


def _creer(habilitation, lieu, ligne, bilan) -> None:
    noms = {"prenom": ligne["prenom"], "nom": ligne["nom"]}
    if not all(noms.values()):
        raise _Rejet("nom", "Écrivez le prénom et le nom.")
    if lectures.homonymes(habilitation, **noms).exists():
        raise _Rejet("nom", "Une personne de ce nom a un compte : donnez son identifiant.")
    compte, code = services.ouvrir_compte(
        habilitation, cle=uuid4(), lieu=lieu, **noms, **_acte(ligne)
    )
    bilan.crees += 1
    bilan.codes.append({"identifiant": compte.username, "nom": str(compte), "code": code})


def _terminer(habilitation, compte, lieu, ligne) -> None:
    role = _role(ligne)
    fin = _date(ligne, "fin") or timezone.localdate()
    siennes = lectures.affectations(habilitation).filter(
        compte=compte, role=role, etablissement=lieu[0]
    )
    if lieu[1]:
        siennes = siennes.filter(unite=lieu[1])
    ouvertes = lectures.ouvertes(siennes.order_by("pk"))
    if not ouvertes:
        raise _Rejet("role", "Aucune affectation en cours dans ce rôle ici.")
    for affectation in ouvertes:
        services.terminer(habilitation, affectation.pk, fin=fin)


def _compte(habilitation, ligne) -> Compte:
    trouve = lectures.comptes(habilitation).filter(username=ligne["identifiant"].lower()).first()
    if trouve is None:
        raise _Rejet("identifiant", "Aucune personne de l’équipe n’a cet identifiant.")
    return trouve


def _acte(ligne) -> dict:
    debut = _date(ligne, "debut") or timezone.localdate()
    return {"role": _role(ligne), "debut": debut, "fin": _date(ligne, "fin")}


def _role(ligne) -> Role:
    trouve = Role.objects.filter(pk=ligne["role"].upper()).first()
    if trouve is None:
        raise _Rejet("role", "Rôle inconnu : écrivez son code (IDE, AS…).")
    return trouve


def _unite(lieux, ligne):
    if not ligne["unite"]:
        return None
    if ligne["unite"].casefold() not in lieux:
        raise _Rejet("unite", "Cette unité n’existe pas dans l’établissement.")
    return lieux[ligne["unite"].casefold()]


def _date(ligne, colonne) -> date | None:
    if not ligne[colonne]:
        return None
    for forme in FORMATS:
        try:
            return datetime.strptime(ligne[colonne], forme).date()
        except ValueError:
            continue
    raise _Rejet(colonne, "Écrivez la date comme 19/11/2026.")
