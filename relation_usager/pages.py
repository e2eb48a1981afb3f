"""Render a page of the portal: who it is about, where one can go."""

from django.shortcuts import render
from django.urls import reverse

from relation_usager import lectures, mots


def rendre_portail(request, dossier, nom, contexte):
    """The page `relation_usager/<nom>.html` about this person."""
    h = request.habilitation
    sejour = lectures.sejour_actuel(dossier)
    qualite = h.qualite(dossier)
    portail = {
        "usager": dossier.usager,
        "titre": mots.nom_familier(dossier.usager),
        "sous_titre": _sous_titre(qualite, sejour),
        "soi": qualite == "USAGER",
        "prenom": dossier.usager.prenom_utilise or dossier.usager.premier_prenom.title(),
        "rail": _rail(request, dossier, nom),
        "plusieurs": len(lectures.dossiers_ouverts(h)) > 1,
        "sejour": sejour,
    }
    contexte |= {
        "portail": portail,
        "dossier": dossier,
        "titre": mots.titre(nom, soi=portail["soi"]),
        "droits_titre": mots.titre("droits", soi=portail["soi"]),
    }
    return render(request, f"relation_usager/{nom}.html", contexte)


def _sous_titre(qualite, sejour) -> str:
    texte = mots.QUALITES.get(qualite, "")
    if sejour and sejour.place:
        return f"{texte}, chambre {sejour.place}" if texte else f"Chambre {sejour.place}"
    return texte


def _rail(request, dossier, nom) -> list[dict]:
    return [
        {
            "url": reverse(f"relation_usager:{page.nom}", args=[dossier.pk]),
            "libelle": page.libelle,
            "icone": page.icone,
            "courant": page.nom == nom,
        }
        for page in lectures.pages_ouvertes(request.habilitation, dossier)
    ]
