"""Render a page of a dossier: identity banner, tabs, neighbours. Every block draws through here."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.shortcuts import render
from django.urls import reverse

from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.ins import datamatrix_svg
from dui.socle.journal import consigner
from dui.socle.models import Dossier, Sejour, Usager
from dui.socle.registres import Vignette
from habilitations import redaction
from habilitations.lieux import Lieu, rangs


@dataclass
class Bandeau:
    """Who the page is about; on screen, in the tab's title and on each printed sheet."""

    usager: Usager
    dossier: Dossier
    sejour: Sejour | None
    vignettes: list[tuple] = field(default_factory=list)
    identite: bool = True  # else the name alone, to know whom the page is about

    @property
    def chambre(self) -> str:
        return str(self.sejour.place) if self.sejour and self.sejour.place else ""

    @property
    def unite(self) -> str:
        return str(self.sejour.unite or "") if self.sejour else ""

    @property
    def etablissement(self):
        return self.sejour.etablissement if self.sejour else None

    @property
    def gir(self) -> int | None:
        return self.dossier.gir if self.identite else None

    @property
    def ins(self) -> str:
        return self.usager.ins_affiche if self.identite else ""

    @cached_property
    def datamatrix(self) -> str:
        """For the sheets that leave: drawn only when the INS may."""
        return datamatrix_svg(self.usager) if self.identite else ""

    @property
    def statut_identite(self):
        return self.usager.statut_identite

    @property
    def portrait(self) -> int:
        return self.usager.portrait

    @property
    def decede(self) -> date | None:
        return self.usager.date_deces


def bandeau(habilitation, dossier) -> Bandeau:
    en_cours = [s for s in habilitation.sejours_ouverts(dossier) if s.est_en_cours()]
    sejour = en_cours[0] if en_cours else None
    vignettes = vignettes_de(habilitation, [dossier]).get(dossier.pk, [])
    return Bandeau(
        usager=dossier.usager,
        dossier=dossier,
        sejour=sejour,
        vignettes=[(v.ton, v.icone, v.libelle, v.plein) for v in vignettes],
        identite=habilitation.peut_pour(dossier, Bloc.ID, Action.RESUME),
    )


def vignettes_de(habilitation, dossiers, *, tableau=False) -> dict:
    """{dossier id: [Vignette]}: the vigilances of the blocks, then the identity attributes."""
    par_dossier: dict = {d.pk: [] for d in dossiers}
    for source in registres.sources_vignettes:
        if source.tableau and not tableau:
            continue
        for dossier_id, vignettes in source.vignettes(habilitation, dossiers).items():
            par_dossier[dossier_id] += vignettes
    for dossier in dossiers:
        par_dossier[dossier.pk] += _attributs(dossier.usager)
    return par_dossier


def _attributs(usager) -> list[Vignette]:
    textes = {
        "homonyme": Vignette("ambre", "homonyme", "Homonyme"),
        "douteuse": Vignette("ambre", "alerte", "Identité douteuse"),
        "fictive": Vignette("gris", "info", "Identité fictive"),
    }
    return [v for attribut, v in textes.items() if getattr(usager, attribut)]


def rendre_dossier(request, dossier, gabarit, contexte, *, status=200):
    """The page `gabarit` (which extends gabarit_dossier.html) with what every such page shows."""
    h = request.habilitation
    tete = bandeau(h, dossier)
    commun = {
        "dossier": dossier,
        "bandeau": tete,
        "onglets": _onglets(request, dossier),
        "voisins": {} if "voisins" in contexte else _voisins(request, tete),
        "peut_transmettre": h.peut_pour(dossier, Bloc.TRA, Action.SAISIR)
        and not dossier.usager.date_deces,
        "lien_transmission": reverse("accompagnement:transmission_nouvelle", args=[dossier.pk]),
        "lien_transmettre": reverse("coordination:transmettre", args=[dossier.pk]),
    }
    if formulaire := contexte.get("formulaire"):
        commun["redaction"] = redaction.preparer(request, dossier, formulaire, contexte["titre"])
    return render(request, gabarit, commun | contexte, status=status)


def rendre_maison(request, gabarit, contexte, *, brouillon="", lieu=None, status=200):
    """A page about no record, in the place where one works, or `lieu` when its row has its own.
    The form that it shows keeps its draft under the words of `brouillon`, its title by default.
    The view that saves closes it (`redaction.clore`)."""
    redige = None
    if formulaire := contexte.get("formulaire"):
        titre = brouillon or contexte["titre"]
        redige = redaction.preparer(request, None, formulaire, titre, lieu=lieu)
    return render(request, gabarit, {"redaction": redige} | contexte, status=status)


def imprimer_dossier(request, dossier, gabarit, contexte, *, bloc):
    """The printable version: identity on each sheet, journaled as a copy that leaves."""
    tete = bandeau(request.habilitation, dossier)
    tracer_impression(request.habilitation, tete, bloc=bloc, cible=contexte["titre"])
    commun = {
        "dossier": dossier,
        "bandeau": tete,
        "imprime_par": signature_pour(request.habilitation, dossier),
    }
    return render(request, gabarit, commun | contexte)


def tracer_impression(habilitation, tete: Bandeau, *, bloc, cible) -> None:
    """A sheet leaves the house, with or without the INS on it."""
    contexte = {"datamatrix": bool(tete.datamatrix)}
    consigner(
        habilitation, "imprimer", dossier=tete.dossier, bloc=bloc, cible=cible, contexte=contexte
    )


def signature(habilitation) -> str:
    """Claire MARTIN, IDE"""
    compte = habilitation.compte
    nom = f"{compte.first_name} {compte.last_name.upper()}".strip() or compte.username
    return f"{nom}, {habilitation.fonction}" if habilitation.fonction else nom


def signature_pour(habilitation, dossier) -> str:
    """On what is printed of this dossier: an exceptional access is said on the sheet."""
    par_bris = habilitation.titre(dossier) == "bris_de_glace"
    return signature(habilitation) + (" (bris de glace)" if par_bris else "")


def _onglets(request, dossier) -> list[dict]:
    nom = request.resolver_match.view_name
    return [
        {
            "url": reverse(o.url_nom, args=[dossier.pk]),
            "libelle": o.libelle,
            # « soins:constante_saisir » belongs to « soins:constantes ».
            "courant": nom == o.url_nom or nom.startswith(f"{o.url_nom.removesuffix('s')}_"),
        }
        for o in registres.onglets_dossier.permis_pour(request.habilitation, dossier)
    ]


def _voisins(request, tete) -> dict:
    """Links to the records before and after this one in the ward's list."""
    if not tete.sejour or not tete.sejour.unite_id:
        return {}
    lieu = Lieu(tete.sejour.etablissement, tete.sejour.unite)
    rang = rangs(request.habilitation, lieu)
    ici = next((i for i, ligne in enumerate(rang) if ligne[0] == tete.dossier.pk), None)
    if ici is None:
        return {}
    voisins = {}
    if ici > 0:
        voisins["precedent"] = _lien_voisin(*rang[ici - 1])
    if ici < len(rang) - 1:
        voisins["suivant"] = _lien_voisin(*rang[ici + 1])
    return voisins


def _lien_voisin(dossier_id, chambre, nom) -> dict:
    return {
        "url": reverse("dossier", args=[dossier_id]),
        "libelle": f"Ch. {chambre}" if chambre else nom,
    }
