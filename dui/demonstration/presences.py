"""Absences of every kind around the day of the visit: planned, to confirm, late, unexplained; and
a register signed day after day."""

from datetime import datetime, timedelta

from django.utils import timezone

from accompagnement.models import Absence
from accompagnement.presences import services
from dui.demonstration.tirage import alea
from dui.socle.models import Compte, Sejour, Unite
from habilitations.lieux import Lieu
from habilitations.politique import Habilitation

SIGNES = 4  # days that the ward manager closed
# (reason, from how many days ago, for how long in hours, planned)
IME = (("AM", 9, 34), ("AS", 16, 32), ("AI", 6, 8), ("AW", 20, 58), ("AR", 27, 80))


def ecrire(graine: int) -> int:
    avant = Absence.objects.count()
    for sejour in _sejours("PH"):
        _du_jeune(alea(graine, "presences", sejour.dossier.numero), sejour)
    for rang, sejour in enumerate(_sejours("PA", unite="Glycine")[:7]):
        _du_resident(rang, sejour)
    _registres()
    return Absence.objects.count() - avant


def _sejours(domaine, **ou) -> list[Sejour]:
    lieu = {"unite__nom": ou["unite"]} if ou else {"unite__isnull": False}
    sejours = Sejour.objects.en_cours().filter(etablissement__domaine=domaine, **lieu)
    sejours = sejours.exclude(absences__fin=None, absences__isnull=False)
    sejours = sejours.select_related("dossier", "etablissement")
    return list(sejours.order_by("etablissement", "dossier__numero"))


def _du_jeune(a, sejour):
    """One reason of each kind in the month, and some half-days."""
    auteur = _auteur(sejour, "EDUCATEUR")
    if auteur is None or a.random() < 0.35:
        return
    motif, jours, heures = a.choice(IME)
    debut = _a(-jours, 8 if a.random() < 0.6 else 13)
    _absence(sejour, auteur, motif, debut, fin=debut + timedelta(hours=heures))


def _du_resident(rang, sejour):
    auteur = _auteur(sejour, "IDE")
    if auteur is None:
        return
    if rang < 2:  # next week-end
        _prevue(sejour, auteur, "AW", _a(4, 10), _a(6, 18))
    elif rang == 2:  # nobody said whether he left
        _prevue(sejour, auteur, "AC", timezone.now() - timedelta(hours=3), _a(2, 18))
    elif rang == 3:  # expected yesterday evening
        _absence(sejour, auteur, "AH", _a(-5, 15), retour_prevu=_a(-1, 17))
    elif rang == 4:
        _absence(sejour, auteur, "AU", _a(-12, 21), fin=_a(-11, 6))
    elif rang == 5:
        _absence(sejour, auteur, "AF", _a(-15, 16), fin=_a(-15, 19))


def _a(jours: int, heure: int) -> datetime:
    jour = timezone.localdate() + timedelta(days=jours)
    return timezone.make_aware(datetime.combine(jour, datetime.min.time().replace(hour=heure)))


def _absence(sejour, auteur, motif, debut, *, fin=None, retour_prevu=None):
    """Not over another one, nor before the stay."""
    memes = Absence.objects.filter(sejour=sejour).entre(debut, fin or timezone.now())
    if not memes.exists() and timezone.localdate(debut) >= sejour.entree_le:
        _garder(sejour, auteur, motif=motif, debut=debut, fin=fin, retour_prevu=retour_prevu)


def _prevue(sejour, auteur, motif, debut, retour):
    _garder(
        sejour, auteur, motif=motif, debut=debut, debut_prevu=debut, retour_prevu=retour,
        etat=Absence.Etat.PREVUE,
    )  # fmt: skip


def _garder(sejour, auteur, **champs):
    Absence(dossier=sejour.dossier, sejour=sejour, saisie_par=auteur, **champs).save()


def _auteur(sejour, role) -> Compte | None:
    ici = Compte.objects.filter(affectations__etablissement=sejour.etablissement_id)
    return ici.filter(affectations__role=role).order_by("pk").first()


def _registres():
    unites = Unite.objects.select_related("etablissement").order_by("pk")
    services.clore_les_jours_echus(None, unites)
    cadre = Compte.objects.filter(username="anne.corre").first()
    magnolia = unites.filter(nom="Magnolia").first()
    if cadre and magnolia:
        for recul in range(2, 2 + SIGNES):
            jour = timezone.localdate() - timedelta(days=recul)
            lieu = Lieu(magnolia.etablissement, magnolia)
            services.clore(Habilitation(cadre), lieu=lieu, jour=jour)
