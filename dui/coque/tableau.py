"""The residents' board: rows, columns of the blocks, filters, order.

Cells are functions: drawing two hundred of them by templates took a fifth of the page's time.
"""

from django.urls import reverse
from django.utils.html import format_html

from dui.socle import registres
from dui.socle.enums import Action, Bloc, StatutIdentite
from dui.socle.templatetags.listes import ferme, neant, vignettes
from habilitations.lieux import presents
from habilitations.pages import vignettes_de

# A plain piece of information stays in the record: a board shows what one must act upon.
TONS_DU_TABLEAU = {"rouge", "ambre", "violet"}
RANG_DES_VIGILANCES = 1


def tableau(habilitation, lieu, parametres) -> dict:
    """The board of the place: rows with their columns, and the filters with their counts."""
    sejours = presents(habilitation, lieu)
    signes = vignettes_de(habilitation, [s.dossier for s in sejours], tableau=True)
    colonnes = registres.colonnes_residents.permis(habilitation)
    valeurs = {c.nom: c.valeurs(habilitation, sejours) for c in colonnes}
    ouverts = {c.nom: habilitation.ouverts(sejours, c.bloc, c.action) for c in colonnes}
    vigilances = habilitation.ouverts(sejours, Bloc.ANT, Action.RESUME)
    lignes = [
        {
            "sejour": s,
            "dossier": s.dossier,
            "usager": s.dossier.usager,
            "chambre": str(s.place or ""),
            "url": reverse("dossier", args=[s.dossier_id]),
            "vignettes": [v for v in signes.get(s.dossier_id, []) if v.ton in TONS_DU_TABLEAU],
            "vigilances_ouvertes": s.dossier_id in vigilances,
            "cellules": [
                c.cellule(valeurs[c.nom].get(s.dossier_id), s.dossier.usager)
                if s.dossier_id in ouverts[c.nom]
                else ferme()
                for c in colonnes
            ],
            "absence": valeurs.get("presence", {}).get(s.dossier_id),
        }
        for s in sejours
    ]
    vigilantes = habilitation.peut(Bloc.ANT, Action.RESUME) or any(signes.values())
    for ligne in lignes:
        ligne["alerte"] = any(v.alerte for v in ligne["vignettes"])
        if vigilantes:
            ligne["cellules"].insert(RANG_DES_VIGILANCES, _vigilances(ligne))
    filtre = parametres.get("filtre", "")
    return {
        "lieu": lieu,
        "lignes": trier(filtrer(lignes, filtre), parametres.get("tri", "")),
        "entetes": _entetes(colonnes, vigilantes),
        "vigilantes": vigilantes,
        "avec_chambre": any(x["chambre"] for x in lignes),
        "avec_gir": any(x["dossier"].gir for x in lignes),
        "filtres": [
            f
            for f in _filtres(lignes, lieu, filtre, parametres)
            if vigilantes or f["code"] != ALERTE
        ],
        "total": len(lignes),
        "presents": sum(not x["absence"] for x in lignes),
        "vue": "cartes" if parametres.get("vue") == "cartes" else "liste",
        "vues": _vues(lieu, filtre, parametres),
        "filtre": filtre,
    }


def _entetes(colonnes, vigilantes) -> list[str]:
    entetes = [c.libelle for c in colonnes]
    if vigilantes:
        entetes.insert(RANG_DES_VIGILANCES, "Vigilances")
    return entetes


def _vigilances(ligne):
    if not ligne["vigilances_ouvertes"]:
        return format_html("{} {}", vignettes(ligne["vignettes"]), ferme())
    return vignettes(ligne["vignettes"]) or neant("aucune vigilance")


ALERTE = "alerte"
FILTRES = {
    "": ("Tous", "", lambda x: True),
    ALERTE: ("En alerte", "urgence", lambda x: x["alerte"]),
    "absents": ("Absents", "sortie", lambda x: bool(x["absence"])),
    "identite": (
        "Identité à qualifier",
        "identite",
        lambda x: x["usager"].statut_identite != StatutIdentite.QUALIFIEE,
    ),
}
TRIS = {
    "chambre": lambda x: (len(x["chambre"]), x["chambre"], x["usager"].recherche),
    "nom": lambda x: x["usager"].recherche,
    "gir": lambda x: (x["dossier"].gir or 9, x["usager"].recherche),
}


def filtrer(lignes, filtre):
    condition = FILTRES.get(filtre, FILTRES[""])[2]
    return [x for x in lignes if condition(x)]


def trier(lignes, tri):
    """By room unless asked otherwise; `-` turns the order round."""
    cle = TRIS.get(tri.removeprefix("-"))
    return sorted(lignes, key=cle, reverse=tri.startswith("-")) if cle else lignes


def _filtres(lignes, lieu, actif, parametres) -> list[dict]:
    vue = f"&vue={parametres['vue']}" if parametres.get("vue") == "cartes" else ""
    return [
        {
            "code": code,
            "libelle": libelle,
            "icone": icone,
            "nombre": sum(condition(x) for x in lignes),
            "url": f"?{lieu.parametre}&filtre={code}{vue}",
            "courant": code == actif,
        }
        for code, (libelle, icone, condition) in FILTRES.items()
    ]


def _vues(lieu, filtre, parametres) -> list[dict]:
    courante = "cartes" if parametres.get("vue") == "cartes" else "liste"
    return [
        {
            "libelle": libelle,
            "icone": icone,
            "url": f"?{lieu.parametre}&filtre={filtre}&vue={vue}",
            "courant": vue == courante,
        }
        for vue, libelle, icone in (("liste", "Liste", "liste"), ("cartes", "Cartes", "cartes"))
    ]
