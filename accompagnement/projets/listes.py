"""Projects of a house, what is to be seen again, and what the portal reads."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from accompagnement.models import BilanProjet, Preuve, Projet, SuiviProjet, VersionProjet
from accompagnement.projets import contenu as contenus
from accompagnement.projets import echeances, trames
from accompagnement.projets.echeances import Alerte
from accompagnement.projets.lectures import (
    Lecteur,
    Vie,
    alertes,
    avec_la_vie,
    evenement,
    prochain_bilan,
)
from accompagnement.projets.vie import SERVI
from dui.socle.enums import Action, Bloc
from habilitations.lieux import presents

EN_ACCUEIL = 6
LIEN = ("objectif_id", "sens", "survenu_le")
SUIVI = ("element_id", "statut", "motif", "pourcentage", "constat", "le")


@dataclass
class Ligne:
    sejour: object
    projet: Projet | None
    alerte: Alerte

    @property
    def usager(self):
        return self.sejour.dossier.usager


def _annotes(requete):
    """With the day the version in force was settled, and that of the next review."""
    versions = VersionProjet.objects.filter(projet=OuterRef("pk"), courante=True)
    bilans = BilanProjet.objects.filter(projet=OuterRef("pk")).order_by("-le", "-ecrit_le")
    return avec_la_vie(requete).annotate(
        arretee_le=Subquery(versions.values("arretee_le")[:1]),
        bilan_le=Subquery(bilans.values("le")[:1]),
        prochain_bilan=Subquery(bilans.values("prochain_le")[:1]),
    )


def _alerte(projet) -> Alerte:
    if projet.arretee_le is None:
        return Alerte(echeances.TRANQUILLE, "En préparation", ton="gris")
    fait = projet.bilan_le is not None
    bilan_le = prochain_bilan(projet, projet.arretee_le, fait, projet.prochain_bilan)
    pressante = echeances.la_plus_pressante(
        alertes(projet, bilan_le, evenement(projet, projet.arretee_le))
    )
    return pressante or Alerte(echeances.TRANQUILLE, "Rien à revoir", ton="gris")


def d_une_maison(habilitation, lieu) -> list[Ligne]:
    """Everybody who is here, the most pressing first, then by room."""
    sejours = presents(habilitation, lieu)
    ouverts = habilitation.ouverts(sejours, Bloc.PP)
    sejours = [s for s in sejours if s.dossier_id in ouverts]
    requete = Projet.objects.des_dossiers(ouverts).ouverts().select_related("referent")
    if lieu.etablissement:
        requete = requete.filter(etablissement=lieu.etablissement)
    par_dossier = {p.dossier_id: p for p in _annotes(requete.order_by("cree_le", "pk"))}
    lignes = [_ligne(s, par_dossier.get(s.dossier_id)) for s in sejours]
    ordre = {echeances.RETARD: 0, echeances.BIENTOT: 1, echeances.TRANQUILLE: 2}
    return sorted(lignes, key=lambda x: (ordre[x.alerte.niveau], x.alerte.le or AUCUN))


AUCUN = timezone.datetime.max.date()


def _ligne(sejour, projet) -> Ligne:
    if projet:
        return Ligne(sejour, projet, _alerte(projet))
    reglages, jour = trames.reglages(), timezone.localdate()
    delai, seuils = reglages["premier_projet_jours"], reglages["alertes_jours"]
    return Ligne(sejour, None, echeances.premier_du(sejour.entree_le, delai, jour, seuils))


def a_revoir(habilitation):
    """Those I am the reference of, within the widest delay: bounded, for the count of the bar."""
    limite = timezone.localdate() + timedelta(days=max(trames.reglages()["alertes_jours"]))
    miens = Projet.objects.visibles(habilitation).ouverts().dont_je_suis_referent(habilitation)
    return miens.filter(revision_le__lte=limite).order_by("revision_le", "pk")[:100]


def du_referent(habilitation, lieu):
    """« Mon poste »: my projects to see again, and those that are still being prepared."""
    miens = Projet.objects.visibles(habilitation).ouverts().dont_je_suis_referent(habilitation)
    lignes = list(
        _annotes(miens).select_related("dossier__usager").order_by("revision_le", "cree_le", "pk")
    )
    for projet in lignes:
        projet.alerte = _alerte(projet)
    presses = [p for p in lignes if p.alerte.presse or not p.arretee_le]
    if not presses:
        return None
    return {"projets": presses[:EN_ACCUEIL], "nombre": len(presses)}


def en_bref(habilitation, dossier):
    """The summary of the record."""
    visibles = Projet.objects.visibles_selon(habilitation, Bloc.PP, Action.RESUME)
    ouverts = _avec_objectifs(_annotes(visibles.filter(dossier=dossier).ouverts()))
    projet = ouverts.order_by("-cree_le", "pk").first()
    if projet is None:
        return None
    contexte = {"projet": projet, "alerte": _alerte(projet), "dossier": dossier, "objectifs": []}
    if habilitation.peut_pour(dossier, Bloc.PP):
        contexte["lit"] = True
        contexte["objectifs"] = _objectifs(projet)
    return contexte


def _avec_objectifs(requete):
    """With the version in force and what was noted since, in the same query: the summary holds
    the sections of nine parts."""
    versions = VersionProjet.objects.filter(projet=OuterRef("pk")).en_vigueur()
    suivis = SuiviProjet.objects.filter(projet=OuterRef("pk")).order_by("le", "ecrit_le", "pk")
    notes = suivis.values(s=JSONObject(**{nom: nom for nom in SUIVI}))
    liees = Preuve.objects.filter(projet=OuterRef("pk"), retiree_le=None).order_by("pk")
    sens = liees.values(s=JSONObject(**{nom: nom for nom in LIEN}))
    return requete.annotate(
        contenu=Subquery(versions.values("contenu")[:1]),
        suivis_notes=ArraySubquery(notes),
        liens_notes=ArraySubquery(sens),
    )


def _objectifs(projet):
    if projet.contenu is None:
        return []
    vie = Vie()
    for note in projet.suivis_notes:
        suivi = SuiviProjet(**note | {"le": date.fromisoformat(note["le"])})
        vie.suivis[note["element_id"]].append(suivi)
    for lien in projet.liens_notes:
        vie.compter(lien["objectif_id"], datetime.fromisoformat(lien["survenu_le"]), lien["sens"])
    version = VersionProjet(projet=projet, contenu=projet.contenu)
    return [o for o in Lecteur(version, vie).objectifs if not o.abandonne]


def objectifs(habilitation, dossier) -> list[tuple[str, str]]:
    """[(key, title)] of what is lived now."""
    projets = Projet.objects.visibles(habilitation).filter(dossier=dossier).ouverts()
    versions = VersionProjet.objects.filter(projet__in=projets).en_vigueur().order_by("pk")
    return [
        (e["id"], e["titre"])
        for version in versions
        for e in contenus.elements(version.contenu, "objectif")
    ]


def a_servir(habilitation, dossier) -> list[tuple[str, str]]:
    """For an activity or a visit (registry `listes_objectifs`)."""
    return [(f"{SERVI}{cle}", titre) for cle, titre in objectifs(habilitation, dossier)]


def du_portail(habilitation, dossier):
    """For the person: what is in force, in plain words. Never a draft, never a trace."""
    projets = Projet.objects.visibles(habilitation).filter(dossier=dossier).ouverts()
    arretes = _avec_objectifs(_annotes(projets)).filter(arretee_le__isnull=False)
    projet = arretes.order_by("-cree_le", "pk").first()
    if projet is None:
        return None
    return {"projet": projet, "objectifs": _objectifs(projet)}
