"""How an invented project is written, row by row; `Lot` keeps them until all are copied at once."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from django.utils import timezone

from accompagnement.models import (
    AccordProjet,
    BilanProjet,
    ElementProjet,
    Preuve,
    Projet,
    SuiviProjet,
    VersionProjet,
)
from accompagnement.projets import contenu as contenus
from accompagnement.projets import echeances, trames
from dui.demonstration.tirage import identifiant
from dui.socle.models import Sejour

FONCTIONS = {"ime": "Éducateur", "ehpad": "AS", "ssiad": "AS"}
JOUR = timedelta(days=1)


@cache
def corpus() -> dict:
    fichier = Path(__file__).parent / "corpus" / "projets.json"
    return json.loads(fichier.read_text(encoding="utf-8"))


@dataclass
class Lot:
    """What is written at once, in the order of the foreign keys."""

    lignes: dict = field(default_factory=lambda: defaultdict(list))

    def ajouter(self, ligne):
        self.lignes[type(ligne)].append(ligne)
        return ligne

    def ecrire(self) -> int:
        ordre = (Projet, VersionProjet, ElementProjet, AccordProjet, BilanProjet, SuiviProjet)
        for modele in (*ordre, Preuve):
            modele.objects.bulk_create(self.lignes[modele], batch_size=1000)
        return len(self.lignes[Projet])


@dataclass
class Histoire:
    """One person and their project, while it is invented."""

    sejour: Sejour
    referent: object
    contacts: list
    a: Random
    lot: Lot
    maintenant: datetime
    genre: str
    suivre: dict = field(default_factory=dict)  # {objective: (pattern for, pattern against)}

    def cle(self) -> str:
        return identifiant(self.a)

    @property
    def commun(self) -> dict:
        return {"fonction": FONCTIONS[self.genre]}


def nommer(compte) -> str:
    return f"{compte.pk}|{compte}"


def participants(h: Histoire) -> list[dict]:
    lignes = [(h.sejour.dossier.usager.nom_usuel, "personne")]
    for c in h.contacts[:2]:
        lignes.append((str(c), "rep_legal" if c.representant_legal else "confiance"))
    return [{"id": h.cle(), "nom": nom, "qualite": qualite} for nom, qualite in lignes]


def cadrer(h: Histoire, contenu, arretee) -> None:
    trame = trames.pour(h.sejour.etablissement)
    le = timezone.localdate(arretee or h.maintenant)
    contenu["cadre"] = {
        "titre": trame.titre,
        "type": trame.type,
        "communication": ["parole"] if h.genre != "ime" else ["parole", "pictogrammes"],
        "referent": nommer(h.referent),
        "date_debut": le.isoformat(),
        "revision": echeances.ajouter_mois(le, trame.revue_mois).isoformat(),
    }


def ouvrir(h: Histoire, contenu, arretee, statut) -> Projet:
    cadrer(h, contenu, arretee)
    cadre = contenu["cadre"]
    return h.lot.ajouter(
        Projet(
            id=h.cle(),
            dossier=h.sejour.dossier,
            etablissement=h.sejour.etablissement,
            trame=contenu["trame"],
            titre=cadre["titre"],
            type=cadre["type"],
            statut=statut,
            referent=h.referent,
            date_debut=cadre["date_debut"],
            revision_le=cadre["revision"],
            cree_le=(arretee or h.maintenant) - 12 * JOUR,
            cree_par=h.referent,
        )
    )


def arreter(h, projet, contenu, numero, arretee, *, courante=True, **champs) -> VersionProjet:
    """A draft when it is not settled."""
    courante = courante and arretee is not None
    version = h.lot.ajouter(
        VersionProjet(
            id=h.cle(),
            projet=projet,
            numero=numero,
            contenu=contenu,
            etat="arretee" if arretee else "brouillon",
            courante=courante,
            auteur=h.referent,
            ecrite_le=(arretee or h.maintenant) - 12 * JOUR,
            arretee_le=arretee,
            arretee_par=h.referent if arretee else None,
            fonction_arret=FONCTIONS[h.genre] if arretee else "",
            **champs,
            **h.commun,
        )
    )
    if courante:
        for genre, element in contenus.suivis(contenu):
            h.lot.ajouter(ElementProjet(id=element["id"], projet=projet, genre=genre))
    return version


def accorder(h, version, partie, qui, qualite, avis, moyen, le, commentaire="") -> None:
    aujourdhui = timezone.localdate(h.maintenant)
    h.lot.ajouter(
        AccordProjet(
            id=h.cle(),
            version=version,
            partie=partie,
            qui=qui,
            qualite=qualite,
            avis=avis,
            moyen=moyen,
            le=min(le, aujourdhui),
            commentaire=commentaire,
            saisi_par=h.referent,
            saisi_le=h.maintenant - (aujourdhui - min(le, aujourdhui)),
            **h.commun,
        )
    )


def suivre(h, projet, objectif, jours, pourcentage, constat="", statut="") -> None:
    h.lot.ajouter(
        SuiviProjet(
            id=h.cle(),
            projet=projet,
            element_id=objectif,
            pourcentage=pourcentage,
            constat=constat,
            statut=statut,
            le=timezone.localdate(h.maintenant) - jours * JOUR,
            auteur=h.referent,
            ecrit_le=h.maintenant - jours * JOUR,
            **h.commun,
        )
    )


def faire_le_bilan(h, projet, version, le, synthese, parole="") -> None:
    if le > h.maintenant:
        return
    h.lot.ajouter(
        BilanProjet(
            id=h.cle(),
            projet=projet,
            version=version,
            nature="INTERMEDIAIRE",
            le=timezone.localdate(le),
            invites=", ".join(p["nom"] for p in version.contenu["participant"]),
            synthese=synthese,
            parole=parole,
            prochain_le=echeances.ajouter_mois(timezone.localdate(le), 6),
            auteur=h.referent,
            ecrit_le=le,
            **h.commun,
        )
    )
