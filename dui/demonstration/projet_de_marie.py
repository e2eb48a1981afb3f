"""Mme DURAND’s project: three versions, and what the screenshots show."""

from django.utils import timezone

from accompagnement.models import BilanProjet
from accompagnement.projets import contenu as contenus
from accompagnement.projets import trames
from dui.demonstration import projet_ecrit as ecrit


def raconter(h: ecrit.Histoire) -> None:
    recit = ecrit.corpus()["marie"]
    cles = {e["cle"]: h.cle() for es in recit["elements"].values() for e in es}
    base = contenus.vide(trames.pour(h.sejour.etablissement))
    base["participant"] = ecrit.participants(h)
    dates = [h.maintenant - v["il_y_a"] * ecrit.JOUR for v in recit["versions"]]
    projet = ecrit.ouvrir(h, base, dates[-1], "EN_COURS")
    projet.date_debut = timezone.localdate(dates[0]).isoformat()
    versions = []
    for numero, (brut, le) in enumerate(zip(recit["versions"], dates, strict=True), 1):
        contenu = base | {
            genre: [_element(h, e, cles, numero) for e in es if e.get("depuis", 1) <= numero]
            for genre, es in recit["elements"].items()
        }
        besoins = {b for o in contenu["objectif"] for b in o.get("besoin", ())}
        contenu["besoin"] = [b for b in contenu["besoin"] if b["id"] in besoins]
        version = ecrit.arreter(
            h, projet, contenu, numero, le, courante=numero == len(dates),
            motif=brut["motif"], precision=brut["precision"],
        )  # fmt: skip
        versions.append(version)
    _signatures(h, versions[-1], dates[-1])
    for e in recit["elements"]["objectif"]:
        _suivre_marie(h, projet, cles[e["cle"]], e)
    # The review from which the version in force came; the next one is late.
    tenu = dates[-1] - 3 * ecrit.JOUR
    ecrit.faire_le_bilan(h, projet, versions[-2], tenu, recit["bilan"], recit["parole"])
    h.lot.lignes[BilanProjet][-1].prochain_le = timezone.localdate(h.maintenant) - 6 * ecrit.JOUR


def _element(h, brut, cles, numero) -> dict:
    """As it was said in that version; keys of the story become those of the database."""
    hors = {"cle", "avant", "depuis", "echeance", "points", "constat", "termine", "pour", "contre"}
    element = {nom: valeur for nom, valeur in brut.items() if nom not in hors}
    element["id"] = cles[brut["cle"]]
    if "avant" in brut and numero < 3:
        element["titre"] = brut["avant"]
    if "echeance" in brut:
        ecart = brut["echeance"] - (3 - numero) * 190
        element["date_fin"] = (timezone.localdate(h.maintenant) + ecart * ecrit.JOUR).isoformat()
    for lien in ("attente", "besoin", "objectif"):
        if isinstance(element.get(lien), list):
            element[lien] = [cles[c] for c in element[lien]]
        elif element.get(lien):
            element[lien] = cles[element[lien]]
    return element


def _signatures(h: ecrit.Histoire, version, arretee) -> None:
    le = timezone.localdate(arretee)
    usager = h.sejour.dossier.usager.nom_usuel
    ecrit.accorder(h, version, "usager", usager, "personne", "accord", "ecrit", le)
    for c in h.contacts[:1]:
        ecrit.accorder(
            h, version, "usager", str(c), "confiance", "accord", "ecrit", le + 3 * ecrit.JOUR
        )
    ecrit.accorder(h, version, "structure", str(h.referent), "referent", "accord", "ecrit", le)


def _suivre_marie(h, projet, cle, brut) -> None:
    points = brut["points"]
    for rang, valeur in enumerate(points):
        dernier = rang == len(points) - 1
        ecrit.suivre(
            h, projet, cle, (len(points) - 1 - rang) * 32 + 2, valeur,
            brut["constat"] if dernier else "",
            "TERMINE" if dernier and brut.get("termine") else "" if rang else "ACTIF",
        )  # fmt: skip
    h.suivre[cle] = (projet.pk, brut["pour"], brut["contre"])
