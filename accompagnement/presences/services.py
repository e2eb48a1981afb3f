"""The writes of the presences. One function = one act = one transaction."""

import hashlib
import json
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accompagnement.models import Absence, CloturePresences
from accompagnement.presences import lectures
from accompagnement.presences.cloture import refuser_si_clos
from accompagnement.presences.gardes import hors_du_sejour, refuser_si_croisee
from accompagnement.presences.reglages import delai_de_cloture
from accompagnement.presences.regles import verrouille
from dui.socle import codes, evenements
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import Dossier
from habilitations.lieux import Lieu, sejours_en_cours_ici

CHANGEE = "Cette absence a changé depuis que vous l’avez lue. Relisez-la avant d’enregistrer."
ANNULEE = "Ce départ a été annulé : il ne se corrige plus."
PAS_PASSEE = "Cette heure n’est pas encore passée."
DITES_POURQUOI = "Dites pourquoi : le motif reste dans l’historique."


@transaction.atomic
def noter_ensemble(
    habilitation, dossiers, *, motif, debut, fin, lieu="", maison=None
) -> list[Absence]:
    """The same absence for several persons: planned when it is to come. All of them, or none and
    why. The same gesture sent twice is one. `maison`: of two stays at once, the one meant."""
    cles = [d.pk for d in dossiers]
    ouverts = Dossier.objects.pour_ecrire(habilitation, Bloc.AGE).filter(pk__in=cles)
    ouverts = list(ouverts.select_related("usager").order_by("pk"))
    if len(ouverts) != len(set(cles)):
        raise ValidationError("Une de ces personnes ne vous est pas ouverte.")
    sejours = sejours_en_cours_ici(habilitation, ouverts, maison)
    fautes, notees = [], []
    for dossier in ouverts:
        try:
            notees.append(
                _noter(habilitation, dossier, sejours.get(dossier.pk), (motif, debut, fin, lieu))
            )
        except ValidationError as erreur:
            fautes.append(f"{dossier.usager.nom_affiche} : {' '.join(erreur.messages)}")
    if fautes:
        raise ValidationError(fautes)
    return notees


def _noter(habilitation, dossier, sejour, saisie) -> Absence:
    motif, debut, fin, lieu = saisie
    if sejour is None:
        raise ValidationError("pas de séjour en cours.")
    if hors := hors_du_sejour(debut, sejour):
        raise ValidationError(f"{hors[0].lower()}{hors[1:]}")
    maintenant = timezone.now()
    absence = Absence(
        dossier=dossier, sejour=sejour, motif=motif, lieu=lieu, debut=debut, retour_prevu=fin,
        fin=fin if fin <= maintenant else None, saisie_par=habilitation.compte,
    )  # fmt: skip
    if debut > maintenant:
        absence.etat, absence.debut_prevu = Absence.Etat.PREVUE, debut
    memes = Absence.objects.filter(sejour=sejour).entre(debut, fin)
    for autre in memes.order_by("debut", "pk"):
        if (autre.motif, autre.debut, autre.retour_prevu) == (motif, debut, fin):
            return autre
        raise ValidationError(
            f"déjà une absence du {timezone.localtime(autre.debut):%d/%m à %H:%M}."
        )
    refuser_si_clos(sejour, debut, absence.fin or maintenant)
    absence.full_clean()
    absence.save()
    annoncer(habilitation, absence)
    return absence


def annoncer(habilitation, absence) -> None:
    """Declared; and what the register of events must know (nobody left as planned)."""
    prevue = absence.etat == Absence.Etat.PREVUE
    type_ = "absence.prevue" if prevue else "absence.declaree"
    charge = {"absence": str(absence.pk), "motif": absence.motif}
    evenements.noter(habilitation, type_, dossier=absence.dossier, charge=charge)
    code = codes.codes("motif_absence").get(absence.motif)
    if not prevue and code and code.proprietes.get("alerte_ei"):
        evenements.noter(habilitation, "absence.alerte", dossier=absence.dossier, charge=charge)


@transaction.atomic
def constater(habilitation, absence_id, dossier, *, parti: bool) -> Absence:
    """A planned departure took place as planned, or did not: twice is once."""
    absence = _verrouiller(habilitation, absence_id, dossier)
    if absence.etat != Absence.Etat.PREVUE:
        return absence
    if absence.debut > timezone.now():
        raise ValidationError("Ce départ n’est pas encore passé.")
    # Confirmed, the days say what they said; cancelled, they would say something else.
    if not parti:
        fin = min(absence.retour_prevu or timezone.now(), timezone.now())
        refuser_si_clos(absence.sejour, absence.debut, fin)
    absence.etat = Absence.Etat.REELLE if parti else Absence.Etat.ANNULEE
    absence.version += 1
    _garder(habilitation, absence, "Départ constaté" if parti else "Départ annulé")
    return absence


@transaction.atomic
def corriger_absence(habilitation, absence_id, dossier, *, version_lue, pourquoi, **champs):
    """A wrong departure or return; the former values stay in the history, with the reason."""
    absence = _verrouiller(habilitation, absence_id, dossier)
    if absence.version != version_lue:
        raise ConflitDeVersion(CHANGEE, actuel=absence)
    if not pourquoi.strip():
        raise ValidationError({"pourquoi": DITES_POURQUOI})
    if absence.etat == Absence.Etat.ANNULEE:
        raise ValidationError(ANNULEE)
    maintenant = timezone.now()
    for nom in ("debut", "fin"):
        passe, nouveau = getattr(absence, nom), champs[nom]
        if nouveau and nouveau > maintenant:
            raise ValidationError({nom: PAS_PASSEE})
        if passe != nouveau:
            bornes = sorted((passe or maintenant, nouveau or maintenant))
            refuser_si_clos(absence.sejour, *bornes)
    if absence.motif != champs["motif"]:
        refuser_si_clos(absence.sejour, absence.debut, absence.fin or maintenant)
    for nom in ("debut", "fin"):
        if champs[nom] and (hors := hors_du_sejour(champs[nom], absence.sejour)):
            raise ValidationError({nom: hors})
    refuser_si_croisee(absence.sejour, champs["debut"], champs["fin"], sauf=absence)
    for nom, valeur in champs.items():
        setattr(absence, nom, valeur)
    absence.version += 1
    _garder(habilitation, absence, pourquoi.strip())
    return absence


def _verrouiller(habilitation, absence_id, dossier) -> Absence:
    siennes = Absence.objects.visibles(habilitation, Action.SAISIR).filter(dossier=dossier)
    verrouillees = siennes.select_for_update(of=("self",))
    return verrouillees.select_related("sejour__etablissement", "dossier").get(pk=absence_id)


def _garder(habilitation, absence, raison) -> None:
    absence.full_clean()
    absence._history_user = habilitation.compte
    absence._change_reason = raison[:100]
    absence.save()
    charge = {"absence": str(absence.pk), "etat": absence.etat}
    evenements.noter(habilitation, "absence.corrigee", dossier=absence.dossier, charge=charge)


# ---------------------------------------------------------------- register


@transaction.atomic
def clore(habilitation, *, lieu: Lieu, jour) -> CloturePresences:
    """Sign the register of a past day: what it says then is frozen. Twice is once."""
    maisons = habilitation.etablissements(Bloc.AGE, Action.SAISIR)
    ici = lieu.unite in habilitation.unites_de(lieu.etablissement)
    if not ici or lieu.etablissement not in maisons:
        raise ValidationError("Cette unité ne vous est pas ouverte.")
    if jour >= timezone.localdate():
        raise ValidationError("Un jour se clôt quand il est passé.")
    if jour <= timezone.localdate() - timedelta(days=lectures.REGISTRE_JOURS):
        raise ValidationError("Ce jour n’est plus au registre : il ne se signe plus.")
    cloture, neuve = _clore(lieu, jour, par=habilitation.compte, fonction=habilitation.fonction)
    if neuve:
        charge = {"unite": str(lieu.unite.pk), "jour": jour.isoformat()}
        evenements.noter(habilitation, "presences.closes", charge=charge)
    return cloture


def _clore(lieu, jour, **signature) -> tuple[CloturePresences, bool]:
    contenu = {
        str(ligne.sejour.pk): [s.code for s in ligne.journees[0]]
        for ligne in lectures.grille_du_systeme(lieu, [jour])
    }
    texte = json.dumps(contenu, sort_keys=True, ensure_ascii=False)
    defauts = {"contenu": contenu, "empreinte": hashlib.sha256(texte.encode()).hexdigest()}
    return CloturePresences.objects.get_or_create(
        unite=lieu.unite, jour=jour, defaults=defauts | signature
    )


@transaction.atomic
def _clore_sans_signature(lieu, jour) -> None:
    _clore(lieu, jour)


def clore_les_jours_echus(habilitation, unites, *, remonter: int = 31) -> int:
    """Every night, for nobody (`habilitation` None): the days whose delay has passed."""
    aujourdhui, nombre = timezone.localdate(), 0
    for unite in unites:
        delai = delai_de_cloture(unite.etablissement.domaine)
        if delai is None:
            continue
        clos = set(unite.clotures.order_by("jour").values_list("jour", flat=True))
        for recul in range(delai + 1, delai + 1 + remonter):
            jour = aujourdhui - timedelta(days=recul)
            if jour not in clos and verrouille(jour, aujourdhui, delai):
                _clore_sans_signature(Lieu(unite.etablissement, unite), jour)
                nombre += 1
    return nombre
