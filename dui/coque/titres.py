"""The sentences at the head of the shell's pages."""

from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format

from dui.socle.enums import MotPersonne
from dui.socle.templatetags.dates import age


def du_jour(maintenant: datetime) -> str:
    """Jeudi 19 novembre, 14:10"""
    return f"{date_format(maintenant, 'l j F')}, {maintenant:%H:%M}".capitalize()


def presences(lieu, compte: dict) -> str:
    """Magnolia : 24 résidents, 22 présents."""
    if not lieu.etablissement or not compte["attendus"]:
        return str(lieu)
    mot = lieu.etablissement.mot
    return f"{lieu} : {_accorde(compte['attendus'], mot)}, {_presents(compte['presents'])}."


def _accorde(nombre: int, mot) -> str:
    return f"{nombre} {mot.label if nombre < 2 else mot.pluriel}"


def _presents(nombre: int) -> str:
    return f"{nombre} présents" if nombre > 1 else f"{nombre} présent"


def des_residents(contexte: dict) -> dict:
    """The board's context with its words: those of the establishment."""
    lieu = contexte["lieu"]
    mot = lieu.etablissement.mot if lieu.etablissement else None
    pluriel = mot.pluriel.capitalize() if mot else "Personnes"
    filtre = contexte["filtre"]
    imprimer = f"{reverse('residents_imprimables')}?{lieu.parametre}&filtre={filtre}"
    return contexte | {
        "titre": f"{pluriel} · {lieu}",
        "sous_titre": presences(
            lieu, {"attendus": contexte["total"], "presents": contexte["presents"]}
        ),
        "mot_colonne": mot.label.capitalize() if mot else "Personne",
        "imprimer_url": imprimer,
        "classe_tableau": _classe(contexte),
        "vide_titre": "Personne dans ce filtre" if filtre else "Personne ici pour l’instant",
    }


def _classe(contexte: dict) -> str:
    sans = [nom for nom in ("chambre", "gir") if not contexte[f"avec_{nom}"]]
    return " ".join(["tableau--residents", *(f"tableau--sans-{nom}" for nom in sans)])


def de_l_aide(lieu) -> str:
    """What one may look for: only who resides has a room."""
    maison = lieu.etablissement
    chambre = "une chambre, " if not maison or maison.mot == MotPersonne.RESIDENT else ""
    return (
        f"Un nom, un prénom, {chambre}une date de naissance (28/03/1945) ou un numéro de dossier."
    )


def de_la_recherche(resultats: list[dict]) -> list[dict]:
    """What each suggestion shows beside the name: enough to tell two homonyms apart."""
    for r in resultats:
        usager, sejour = r["usager"], r["sejour"]
        lieu = sejour.unite or sejour.etablissement if sejour else "sans séjour en cours"
        ans = age(usager.date_naissance)
        r["url"] = reverse("dossier", args=[r["dossier"].pk])
        r["chambre"] = str(sejour.place or "") if sejour else ""
        r["detail"] = f"{usager.naissance_affichee}{f' ({ans})' if ans else ''} · {lieu}"
        if usager.homonyme:
            r["detail"] += " · homonyme"
    return resultats
