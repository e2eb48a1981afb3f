"""Reads of one project: the same number of queries whatever its length."""

from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_

from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.text import Truncator

from accompagnement.models import Absence, BilanProjet, Projet, VersionProjet
from accompagnement.projets import comparaison, echeances, trames
from accompagnement.projets.arbre import Lecteur, ObjectifVu
from accompagnement.projets.mots import Diseur, jour
from accompagnement.projets.vie import Vie, preuves, vie
from dui.socle import codes, graphes

__all__ = ["Lecteur", "ObjectifVu", "Vie", "preuves", "vie"]


def projets(habilitation, dossier) -> list[Projet]:
    siens = Projet.objects.visibles(habilitation).filter(dossier=dossier)
    return list(avec_la_vie(siens).select_related("etablissement").plus_recents())


def avec_la_vie(requete):
    """With the end of the last absence long enough (data) to ask whether the project still holds:
    `absence` is {motif, fin}."""
    regles = trames.reglages()["evenements"]["absences"]
    assez = reduce(
        or_,
        (
            Q(motif=motif, fin__gte=F("debut") + timedelta(days=regle["duree_min_jours"]))
            for motif, regle in regles.items()
        ),
    )
    absences = Absence.objects.filter(assez, dossier=OuterRef("dossier")).order_by("-fin", "pk")
    return requete.annotate(
        absence_fin=Subquery(absences.values("fin")[:1]),
        absence_motif=Subquery(absences.values("motif")[:1]),
    )


def evenement(projet, arretee_le) -> str:
    """« Retour d’hospitalisation le… », since the version in force was settled."""
    fin = projet.absence_fin
    if not (fin and arretee_le and fin > arretee_le):
        return ""
    regle = trames.reglages()["evenements"]["absences"][projet.absence_motif]
    mot = codes.libelle("evenement_de_vie", regle["motif"])
    return f"{mot} le {timezone.localtime(fin):%d/%m/%Y}"


def versions(projet) -> list[VersionProjet]:
    """The last first, each with what it changed of the one before, in sentences."""
    lignes = list(
        VersionProjet.objects.filter(projet=projet)
        .avec_accords()
        .select_related("auteur", "arretee_par")
        .order_by("numero")
    )
    precedente = None
    for version in lignes:
        version.raison = codes.libelle("evenement_de_vie", version.motif) if version.motif else ""
        version.change = en_phrases(precedente, version) if precedente else []
        version.ton = "vert" if version.courante else "gris"
        version.en_bref = _en_bref(version)
        version.en_titre = f"Version {version.numero} en préparation"
        precedente = version
    return lignes[::-1]


def _en_bref(version) -> str:
    """The first change, and how many others."""
    if not version.change:
        return version.precision
    sur_un_objectif = [c.phrase for c in version.change if c.phrase.startswith("Objectif")]
    premier = (sur_un_objectif or [version.change[0].phrase])[0].rstrip(".")
    autres, court = len(version.change) - 1, Truncator(premier).chars(90)
    suite = f" Et {autres} autre{'s' if autres > 1 else ''} changement{'s' if autres > 1 else ''}."
    return f"{court}.{suite if autres else ''}"


@dataclass(frozen=True)
class Phrase:
    phrase: str
    mot: str
    ton: str
    icone: str


SORTES = {
    comparaison.AJOUT: ("Ajouté", "vert", "plus"),
    comparaison.RETRAIT: ("Retiré", "ambre", "moins"),
    comparaison.MODIFICATION: ("Modifié", "bleu", "ecrire"),
}


def en_phrases(avant: VersionProjet, apres: VersionProjet) -> list[Phrase]:
    trame = trames.trame(apres.contenu["trame"])
    dire = Diseur(trame, apres.contenu, avant.contenu)
    changements = comparaison.comparer(avant.contenu, apres.contenu, trame)
    return [Phrase(comparaison.en_phrase(c, dire), *SORTES[c.sorte]) for c in changements]


AVIS = {
    "accord": ("D’accord", "vert", "signature"),
    "refus": ("Refuse", "rouge", "refus"),
    "sans_expression": ("Ne peut s’exprimer", "gris", "info"),
}
ATTENDUS = {
    "usager": "l’avis de la personne ou de qui la représente",
    "structure": "l’accord de la structure",
}


@dataclass(frozen=True)
class AccordLu:
    """One column each, and how it is shown."""

    partie: str
    qui: str
    qualite: str
    avis: str
    moyen: str
    le: str
    duree_mois: int | None
    commentaire: str

    @property
    def qualite_dite(self) -> str:
        return codes.libelle("qualite_accord", self.qualite)

    @property
    def moyen_dit(self) -> str:
        return codes.libelle("moyen_accord", self.moyen)

    @property
    def mention(self) -> str:
        return f"{AVIS[self.avis][0]}, {jour(self.le)}"

    @property
    def ton(self) -> str:
        return AVIS[self.avis][1]

    @property
    def icone(self) -> str:
        return AVIS[self.avis][2]


def accords(version) -> dict:
    """The last word of each on this version, and what is still awaited."""
    if not hasattr(version, "accords_dits"):
        version = VersionProjet.objects.avec_accords().get(pk=version.pk)
    lignes = [AccordLu(**brut) for brut in version.accords_dits]
    derniers = {(a.partie, a.qualite, a.qui.casefold()): a for a in lignes}
    dits = sorted(derniers.values(), key=lambda a: a.partie != "usager")
    parties = {a.partie for a in dits}
    return {
        "titre": f"Accords sur la version {version.numero}",
        "dits": dits,
        "attendus": [mot for partie, mot in ATTENDUS.items() if partie not in parties],
        "anciens": len(lignes) - len(dits),
    }


def bilans(projet) -> list[BilanProjet]:
    requete = BilanProjet.objects.filter(projet=projet).select_related("auteur", "version")
    lignes = list(requete.order_by("-le", "-ecrit_le", "pk"))
    for bilan in lignes:
        bilan.resume = f"Bilan {bilan.get_nature_display().lower()} du {bilan.le:%d/%m/%Y}"
    return lignes


def alertes(projet, bilan_le=None, evenement="") -> list[echeances.Alerte]:
    """What to see again, the most pressing first; `bilan_le`: the day of the next review."""
    auj, seuils = timezone.localdate(), trames.reglages()["alertes_jours"]
    motif = projet.revision_motif
    pourquoi = codes.libelle("evenement_de_vie", motif) if motif else evenement
    trouvees = [echeances.echeance("Révision", projet.revision_le, auj, seuils, pourquoi=pourquoi)]
    trouvees.append(echeances.echeance("Bilan", bilan_le, auj, seuils))
    if evenement and not motif:
        trouvees.append(echeances.Alerte(echeances.BIENTOT, evenement, None, A_REVOIR, "ambre"))
    ordre = {echeances.RETARD: 0, echeances.BIENTOT: 1, echeances.TRANQUILLE: 2}
    return sorted((a for a in trouvees if a), key=lambda a: ordre[a.niveau])


A_REVOIR = "Le projet tient-il toujours ? Avancez sa révision si besoin."


def prochain_bilan(projet, arretee_le, fait: bool, prevu=None):
    """That of the last review, else some months (its template) after the version was settled."""
    if fait or arretee_le is None:
        return prevu
    mois = trames.trame(projet.trame).bilan_mois
    return echeances.ajouter_mois(timezone.localdate(arretee_le), mois)


def courbe(objectif: ObjectifVu):
    points = [(s.le, float(s.pourcentage)) for s in objectif.suivis if s.pourcentage is not None]
    if not points:
        return None
    t = objectif.tendance
    return graphes.courbe(
        points, titre=objectif.nom, unite="%", decimales=0,
        conclusion=t.libelle, ton=t.ton, icone=t.icone,
    )  # fmt: skip
