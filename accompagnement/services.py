"""The writes of this block. One function = one act = one transaction."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accompagnement import suites
from accompagnement.cibles import catalogue, rattachement
from accompagnement.cibles.rattachement import SANS_SUIVI
from accompagnement.models import Absence, Habitude, Lecture, Transmission
from accompagnement.photos import services as photos
from accompagnement.presences import services as presences
from accompagnement.presences.cloture import refuser_si_clos
from accompagnement.presences.gardes import hors_du_sejour, refuser_si_croisee
from dui.socle import evenements
from dui.socle.enums import Bloc
from dui.socle.erreurs import ConflitDeVersion, DejaServi, refuser_si_autre
from dui.socle.models import Dossier
from habilitations import reserves
from habilitations.lieux import sejours_en_cours_ici

PROCHE = timedelta(hours=12)  # a departure this early is the one that was planned
RESERVEE_HORS_DU_PORTAIL = "Une transmission réservée ne se partage pas sur le portail."
RESERVEE_AUX_SIENS = "Ceux à qui elle est adressée ne la liraient pas : elle est réservée."
RESERVE_REFUSEE = "Votre fonction auprès de cette personne ne permet pas de la réserver ainsi."
TEXTES = {
    Transmission.Forme.CIBLEE: ("donnees", "actions", "resultat"),
    Transmission.Forme.RECIT: ("texte",),
    Transmission.Forme.MACRO: ("texte",),
}
CONTENU = (
    "forme",
    "cible",
    "importance",
    "macrocible",
    *(champ for c in TEXTES.values() for champ in c),
)


@transaction.atomic
def ecrire_transmission(
    habilitation,
    dossier,
    *,
    survenu_le,
    cle_saisie,
    destinataires=(),
    partager=False,
    reserve=reserves.A_TOUS,
    suivi=SANS_SUIVI,
    suite=suites.SANS_SUITE,
    photo=b"",
    **contenu,
) -> Transmission:
    """Save and validate. The same `cle_saisie` twice (double click, retry) is one act."""
    dossier = Dossier.objects.pour_ecrire(habilitation, Bloc.TRA).get(pk=dossier.pk)
    deja = Transmission.objects.filter(cle_saisie=cle_saisie).first()
    utile = _contenu_utile(contenu)
    if deja:
        qui = {"auteur": habilitation.compte, "dossier": dossier}
        refuser_si_autre(deja, **qui, **utile)
        return deja
    _refuser_le_futur(survenu_le)
    _refuser_la_reserve(habilitation, dossier, reserve, destinataires, partager=partager)
    suivie = rattachement.rattacher(
        habilitation, dossier, suivi, code=utile["cible"], reserve=reserve
    )
    transmission = Transmission.objects.create(
        dossier=dossier,
        cible_suivie=suivie,
        unite=_unite_actuelle(habilitation, dossier),
        auteur=habilitation.compte,
        fonction=habilitation.fonction_pour(dossier),
        survenu_le=survenu_le,
        cle_saisie=cle_saisie,
        destinataires=list(destinataires),
        communicable_le=timezone.now() if partager else None,
        reserve=reserve,
        **utile,
    )
    evenements.noter(
        habilitation,
        "transmission.ecrite",
        dossier=dossier,
        charge={"transmission": str(transmission.pk), "importance": transmission.importance},
    )
    suites.demander(habilitation, transmission, suite)
    if photo:
        photos.joindre(habilitation, transmission, photo)
    return transmission


def _refuser_le_futur(survenu_le) -> None:
    if survenu_le > timezone.now():
        raise ValidationError({"heure": "L’heure est dans le futur. Corrigez l’heure ou le jour."})


def _refuser_la_reserve(habilitation, dossier, reserve, destinataires=(), *, partager=False):
    """To one's own profession only, and then neither to other roles nor to the portal."""
    if not reserve:
        return
    siennes = {g.code: g for g in reserves.permises(habilitation, dossier, Bloc.TRA)}
    if reserve not in siennes:
        raise ValidationError({"reserve": RESERVE_REFUSEE})
    if set(destinataires) - siennes[reserve].roles:
        raise ValidationError({"destinataires": RESERVEE_AUX_SIENS})
    if partager:
        raise ValidationError({"partager": RESERVEE_HORS_DU_PORTAIL})


def _unite_actuelle(habilitation, dossier):
    sejour = sejours_en_cours_ici(habilitation, [dossier]).get(dossier.pk)
    return sejour.unite if sejour else None


def _contenu_utile(contenu: dict) -> dict:
    """Only the texts of the chosen form, when there are any: a narrative keeps no hidden DAR text,
    and vice versa."""
    utile = {c: contenu.get(c, "") for c in CONTENU}
    if utile["forme"] == Transmission.Forme.MACRO:
        return _macrocible(utile, contenu["rubriques"])
    choisis = TEXTES[Transmission.Forme(utile["forme"])]
    if any(utile[c].strip() for c in choisis):
        autres = (c for textes in TEXTES.values() for c in textes if c not in choisis)
        utile |= dict.fromkeys(autres, "")
    return utile


def _macrocible(utile: dict, rubriques: dict[str, str]) -> dict:
    """Its headings, and one text of them for the lists and the full text."""
    moment = catalogue.moments()[utile["macrocible"]]
    ecrites = {r: rubriques.get(r.code, "").strip() for r in moment.rubriques}
    lignes = [f"{r.libelle} : {texte}" for r, texte in ecrites.items() if texte]
    vides = dict.fromkeys(TEXTES[Transmission.Forme.CIBLEE], "")
    rubriques = {r.code: texte for r, texte in ecrites.items() if texte}
    return utile | vides | {"texte": "\n".join(lignes), "rubriques": rubriques}


@transaction.atomic
def corriger_transmission(
    habilitation,
    transmission_id,
    *,
    version_lue,
    motif,
    cle_saisie,
    survenu_le,
    reserve=None,
    sans_photo=False,
    **contenu,
) -> Transmission:
    """A new version replaces the one that was read; the former stays in the history. `reserve`:
    None keeps it; a group closes the former versions too, which stay closed whatever follows."""
    ancienne = _verrouiller(habilitation, transmission_id)
    if ancienne.auteur_id != habilitation.compte.pk:
        raise ValidationError("Seul l’auteur corrige sa transmission. Écrivez-en une autre.")
    if not ancienne.courante or ancienne.version != version_lue:
        return _deja_corrigee(ancienne, cle_saisie)
    if Transmission.objects.filter(cle_saisie=cle_saisie).exists():
        raise DejaServi
    _refuser_le_futur(survenu_le)
    reserve = ancienne.reserve if reserve is None else reserve
    if reserve != ancienne.reserve:
        _refuser_la_reserve(habilitation, ancienne.dossier, reserve)
        _changer_de_lecteurs(habilitation, ancienne, reserve)
    ancienne.courante = False
    ancienne.save(update_fields=["courante"])
    nouvelle = Transmission.objects.create(
        dossier=ancienne.dossier,
        cible_suivie=rattachement.gardee(ancienne.cible_suivie, reserve),
        unite=ancienne.unite,
        auteur=habilitation.compte,
        fonction=habilitation.fonction_pour(ancienne.dossier),
        survenu_le=survenu_le,
        destinataires=_qui_liront(ancienne.destinataires, reserve),
        communicable_le=ancienne.communicable_le,
        reserve=reserve,
        version=ancienne.version + 1,
        remplace=ancienne,
        motif_correction=motif,
        cle_saisie=cle_saisie,
        **_contenu_utile(contenu),
    )
    if not sans_photo:
        photos.suivre(habilitation, ancienne, nouvelle)
    return nouvelle


def _verrouiller(habilitation, transmission_id) -> Transmission:
    visibles = Transmission.objects.visibles(habilitation, "saisir")
    return visibles.select_for_update(of=("self",)).get(pk=transmission_id)


def _deja_corrigee(ancienne, cle_saisie) -> Transmission:
    """By this very act, sent twice; by any other, it is a conflict."""
    if deja := Transmission.objects.filter(remplace=ancienne, cle_saisie=cle_saisie).first():
        return deja
    raise ConflitDeVersion(
        "Cette transmission a été corrigée entre-temps. Relisez la version en vigueur.",
        actuel=_version_en_vigueur(ancienne),
    )


def _qui_liront(destinataires, reserve) -> list[str]:
    return [r for r in destinataires if not reserve or r in reserves.groupes()[reserve].roles]


def _changer_de_lecteurs(habilitation, transmission, reserve) -> None:
    """What was open to all closes with the versions before it, portal included."""
    evenements.noter(
        habilitation,
        "transmission.reservee" if reserve else "transmission.ouverte_a_l_equipe",
        dossier=transmission.dossier,
        charge={"transmission": str(transmission.pk)},
    )
    version = transmission if reserve else None
    while version:
        if not version.reserve:
            version.reserve, version.communicable_le = reserve, None
            version.save(update_fields=["reserve", "communicable_le"])
        version = version.remplace
    if reserve and transmission.cible_suivie:
        rattachement.resserrer(transmission.cible_suivie, reserve)


def _version_en_vigueur(transmission) -> Transmission:
    while suivante := Transmission.objects.filter(remplace=transmission).first():
        transmission = suivante
    return transmission


@transaction.atomic
def accuser_lecture(habilitation, transmission_ids) -> int:
    """« J’ai lu », by name; reading twice is reading once. Returns how many are new."""
    lisibles = Transmission.objects.visibles(habilitation).filter(pk__in=list(transmission_ids))
    neuves = lisibles.non_lues(habilitation)
    lectures = [Lecture(transmission=t, compte=habilitation.compte) for t in neuves.order_by("pk")]
    Lecture.objects.bulk_create(lectures, ignore_conflicts=True)
    return len(lectures)


@transaction.atomic
def partager_transmission(habilitation, transmission_id, *, partagee=True) -> Transmission:
    """From now on, the person and the relatives who may read it find it on the portal, or no longer
    do: what they read meanwhile is read, and both gestures stay in the events."""
    transmission = _verrouiller(habilitation, transmission_id)
    if partagee and transmission.reserve:
        raise ValidationError(RESERVEE_HORS_DU_PORTAIL)
    if partagee != bool(transmission.communicable_le):
        transmission.communicable_le = timezone.now() if partagee else None
        transmission.save(update_fields=["communicable_le"])
        evenements.noter(
            habilitation,
            "transmission.partagee" if partagee else "transmission.retiree_du_portail",
            dossier=transmission.dossier,
            charge={"transmission": str(transmission.pk)},
        )
    return transmission


@transaction.atomic
def declarer_absence(habilitation, dossier, *, motif, debut, lieu="", retour_prevu=None) -> Absence:
    dossier = Dossier.objects.pour_ecrire(habilitation, Bloc.AGE).get(pk=dossier.pk)
    sejour = sejours_en_cours_ici(habilitation, [dossier]).get(dossier.pk)
    if sejour is None:
        raise ValidationError("Cette personne n’a pas de séjour en cours.")
    _refuser_hors_du_sejour("debut", debut, sejour)
    champs = {"motif": motif, "lieu": lieu, "debut": debut, "retour_prevu": retour_prevu}
    if deja := Absence.objects.reelles().filter(sejour=sejour, fin=None, **champs).first():
        return deja  # the same gesture sent twice
    refuser_si_clos(sejour, debut, timezone.now())
    refuser_si_croisee(sejour, debut, None)
    absence = _prevue_ce_jour(sejour, debut) or Absence(dossier=dossier, sejour=sejour)
    for nom, valeur in champs.items():
        setattr(absence, nom, valeur)
    absence.etat, absence.saisie_par = Absence.Etat.REELLE, habilitation.compte
    absence.full_clean()
    absence.save()
    presences.annoncer(habilitation, absence)
    return absence


def _prevue_ce_jour(sejour, debut) -> Absence | None:
    """The planned absence that this departure makes real: one line, not two."""
    prevues = Absence.objects.prevues().filter(sejour=sejour, retour_prevu__gt=debut)
    proches = prevues.filter(debut__lte=debut + PROCHE).select_for_update(of=("self",))
    return proches.order_by("debut", "pk").first()


def _refuser_hors_du_sejour(champ, instant, sejour) -> None:
    """What happened, not what is planned: a departure to come would hide the real one."""
    if instant > timezone.now():
        raise ValidationError({champ: "Cette heure n’est pas encore passée."})
    if hors := hors_du_sejour(instant, sejour):
        raise ValidationError({champ: hors})


@transaction.atomic
def noter_retour(habilitation, absence_id, *, fin) -> Absence:
    absence = (
        Absence.objects.visibles(habilitation, "saisir")
        .select_for_update(of=("self",))
        .get(pk=absence_id)
    )
    if absence.fin == fin:
        return absence  # the same gesture sent twice
    if absence.fin:
        raise ValidationError("Le retour est déjà noté. Corrigez-le depuis la liste des absences.")
    _refuser_hors_du_sejour("fin", fin, absence.sejour)
    refuser_si_clos(absence.sejour, fin, timezone.now())
    absence.fin = fin
    absence.full_clean()
    absence.save()
    return absence


@transaction.atomic
def ecrire_qui_je_suis(habilitation, dossier, lignes) -> None:
    """All the changed lines or none: a conflict on one leaves the others to be sent again."""
    for ligne in lignes:
        ecrire_habitude(habilitation, dossier, **ligne)


@transaction.atomic
def ecrire_habitude(habilitation, dossier, *, rubrique, texte, version_lue) -> Habitude | None:
    """One line of « Qui je suis »; an empty text removes the line from the page."""
    dossier = Dossier.objects.pour_ecrire(habilitation, Bloc.AVQ).get(pk=dossier.pk)
    ligne = (
        Habitude.objects.select_for_update(of=("self",))
        .filter(dossier=dossier, rubrique=rubrique)
        .first()
    )
    if ligne is None:
        return (
            Habitude.objects.create(dossier=dossier, rubrique=rubrique, texte=texte)
            if texte
            else None
        )
    if ligne.texte == texte:
        return ligne
    if ligne.version != version_lue:
        raise ConflitDeVersion("Cette ligne a changé depuis que vous l’avez lue.", actuel=ligne)
    ligne.texte, ligne.version = texte, ligne.version + 1
    ligne.save()
    return ligne
