"""The writes of a project that is lived: agreements, reviews, what is noted of each objective, and
the traces that speak for or against it."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accompagnement.gardes import refuser_hors_de_sa_vie
from accompagnement.models import (
    AccordProjet,
    BilanProjet,
    ElementProjet,
    Preuve,
    Projet,
    SuiviProjet,
    VersionProjet,
)
from accompagnement.projets import echeances, lectures, trames
from accompagnement.projets.services import noter, verrouiller
from dui.socle import codes, registres
from dui.socle.enums import Bloc
from dui.socle.erreurs import refuser_si_autre
from dui.socle.models import Dossier

AUTRE_VERSION = "Une autre version est en vigueur : un accord ne vaut que pour ce qui a été lu."
PARTIE = "Cette qualité ne parle pas pour cette partie."
SANS_TRACE = "Cette trace n’est plus lisible."


@transaction.atomic
def noter_accord(habilitation, projet_id, dossier, *, version_lue, cle_saisie, **dit):
    """What somebody said of the version they were shown: an agreement, a refusal, or what was tried
    with who cannot say."""
    projet = verrouiller(habilitation, projet_id, dossier)
    if deja := AccordProjet.objects.filter(cle_saisie=cle_saisie).first():
        refuser_si_autre(deja.version, projet=projet)
        refuser_si_autre(deja, saisi_par=habilitation.compte, **dit)
        return deja
    version = VersionProjet.objects.filter(projet=projet).en_vigueur().first()
    if version is None or version.numero != version_lue:
        raise ValidationError(AUTRE_VERSION)
    refuser_hors_de_sa_vie(dossier, "le", dit["le"])
    qualite = codes.codes("qualite_accord").get(dit["qualite"])
    if qualite is None or qualite.proprietes["partie"] != dit["partie"]:
        raise ValidationError({"qualite": PARTIE})
    accord = AccordProjet(
        version=version,
        saisi_par=habilitation.compte,
        fonction=habilitation.fonction_pour(dossier),
        cle_saisie=cle_saisie,
        **dit,
    )
    accord.full_clean(validate_unique=False)
    accord.save()
    noter(habilitation, "projet.accord", projet, version=version.numero, avis=accord.avis)
    return accord


@transaction.atomic
def tenir_un_bilan(habilitation, projet_id, dossier, *, cle_saisie, points=(), **dit):
    """A review and, in the same act, where each objective is."""
    projet = verrouiller(habilitation, projet_id, dossier)
    if deja := BilanProjet.objects.filter(cle_saisie=cle_saisie).first():
        refuser_si_autre(deja, auteur=habilitation.compte, projet=projet, **dit)
        return deja
    version = VersionProjet.objects.filter(projet=projet).en_vigueur().first()
    if version is None:
        raise ValidationError("Arrêtez une première version avant d’en faire le bilan.")
    refuser_hors_de_sa_vie(dossier, "le", dit["le"])
    bilan = BilanProjet(
        projet=projet,
        version=version,
        auteur=habilitation.compte,
        fonction=habilitation.fonction_pour(dossier),
        cle_saisie=cle_saisie,
        **dit,
    )
    bilan.full_clean(validate_unique=False)
    bilan.save()
    for point in points:
        _suivre(habilitation, projet, le=bilan.le, **point)
    noter(habilitation, "projet.bilan", projet, nature=bilan.nature)
    return bilan


@transaction.atomic
def noter_suivi(habilitation, projet_id, dossier, *, element, le, cle_saisie, **dit):
    """One day, where this element is: its state, how far, what was seen."""
    projet = verrouiller(habilitation, projet_id, dossier)
    if deja := SuiviProjet.objects.filter(cle_saisie=cle_saisie).first():
        meme = {"auteur": habilitation.compte, "projet": projet, "element_id": UUID(str(element))}
        refuser_si_autre(deja, **meme, le=le, **dit)
        return deja
    refuser_hors_de_sa_vie(dossier, "le", le)
    suivi = _suivre(habilitation, projet, element=element, le=le, cle_saisie=cle_saisie, **dit)
    noter(habilitation, "projet.suivi", projet, element=str(element))
    return suivi


def _suivre(habilitation, projet, *, element, **dit) -> SuiviProjet:
    suivi = SuiviProjet(
        projet=projet,
        element=ElementProjet.objects.get(projet=projet, pk=element),
        auteur=habilitation.compte,
        fonction=habilitation.fonction_pour(projet.dossier),
        **dit,
    )
    if suivi.statut == SuiviProjet.Statut.ANNULE and not suivi.motif:
        raise ValidationError({"motif": "Dites pourquoi cela n’a pas été réalisé."})
    suivi.full_clean(validate_unique=False)
    suivi.save()
    return suivi


def prochain_bilan(projet, le):
    return echeances.ajouter_mois(le, trames.trame(projet.trame).bilan_mois)


# ---------------------------------------------------------------- evidence


@transaction.atomic
def relier(habilitation, dossier, *, liens) -> int:
    """`liens`: [(objective, source, trace, direction)]. Who may read the project and writes about
    the person links what they may read. A direction changed is a new link; empty takes it away.
    Returns how many changed."""
    dossier = Dossier.objects.pour_ecrire(habilitation, Bloc.TRA).get(pk=dossier.pk)
    projets = Projet.objects.visibles(habilitation).filter(dossier=dossier).ouverts()
    objectifs = {
        str(e.pk): e for e in ElementProjet.objects.filter(projet__in=projets, genre="objectif")
    }
    traces = _lire(habilitation, dossier, {(source, trace) for _, source, trace, _ in liens})
    actives = Preuve.objects.filter(objectif__in=objectifs, retiree_le=None)
    deja = {p.cle: p.preuve for p in lectures.preuves(habilitation, dossier, actives)}
    changes = 0
    for objectif, source, trace, sens in liens:
        if str(objectif) not in objectifs or (source, str(trace)) not in traces:
            raise ValidationError(SANS_TRACE)
        lue, vise = traces[source, str(trace)], objectifs[str(objectif)]
        ancienne = deja.get((str(objectif), source, str(lue.cle)))
        changes += _relier(habilitation, dossier, vise, source, lue, sens, ancienne)
    return changes


def _lire(habilitation, dossier, demandes) -> dict:
    lues = {}
    for source in registres.sources_preuves.permis_pour(habilitation, dossier):
        cles = [trace for nom, trace in demandes if nom == source.nom]
        if cles:
            trouvees = source.lire(habilitation, dossier, cles)
            lues |= {(source.nom, str(cle)): trace for cle, trace in trouvees.items()}
    return lues


def _relier(habilitation, dossier, objectif, source, trace, sens, ligne) -> int:
    if (ligne.sens if ligne else "") == sens:
        return 0
    if ligne:
        ligne.retiree_le = timezone.now()
        ligne.save(update_fields=["retiree_le"])
    if sens:
        Preuve.objects.create(
            projet_id=objectif.projet_id,
            objectif=objectif,
            source=source,
            trace=trace.cle,
            sens=Preuve.Sens(sens),
            survenu_le=trace.survenu_le,
            liee_par=habilitation.compte,
            fonction=habilitation.fonction_pour(dossier),
        )
    return 1
