"""Open sessions: written at sign-in, followed, closed from elsewhere.

A closed session is deleted from Django's table: its next request is one of nobody, and no page
pays a query to know it.
"""

import hashlib

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import CharField, Func
from django.utils import timezone

from dui.socle.journal import consigner_connexion
from habilitations.models import SessionOuverte
from habilitations.moyens.postes import poste_de
from habilitations.moyens.regles import navigateur

CLE = "ouverte"
PREUVE = "preuve"  # when this session was last proven again


class EmpreinteSql(Func):
    template = "encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"
    output_field = CharField()


def empreinte(cle: str) -> str:
    return hashlib.sha256(cle.encode()).hexdigest()


@transaction.atomic
def ouvrir(request, compte, methode: str) -> SessionOuverte:
    perimees = SessionOuverte.objects.filter(compte=compte)
    perimees.exclude(pk__in=perimees.en_cours().values("pk")).delete()
    minute = _minute()
    if request.session.session_key is None:  # taken over from somebody else: not written yet
        request.session.save()
    ouverte = SessionOuverte.objects.create(
        compte=compte,
        empreinte=empreinte(request.session.session_key),
        ouverte_le=minute,
        derniere_activite=minute,
        methode=methode,
        poste=poste_de(request),
        navigateur=navigateur(request.headers.get("User-Agent", "")),
    )
    request.session[CLE] = str(ouverte.pk)
    return ouverte


def courante(request):
    return request.session.get(CLE)


def noter_activite(request) -> None:
    _celle_ci(request).update(derniere_activite=_minute())


def suivre_la_cle(request) -> None:
    """Django has just given this session another key."""
    _celle_ci(request).update(empreinte=empreinte(request.session.session_key))


def oublier(request) -> None:
    """The session ends by itself: signed out, or taken by somebody else."""
    _celle_ci(request).delete()


@transaction.atomic
def fermer(acteur, ouvertes) -> int:
    """Whoever held them is signed out at once. `ouvertes`: a QuerySet of SessionOuverte."""
    fermees = list(ouvertes.order_by("pk"))
    vraies = Session.objects.alias(empreinte=EmpreinteSql("session_key"))
    vraies.filter(empreinte__in=[s.empreinte for s in fermees]).delete()
    SessionOuverte.objects.filter(pk__in=[s.pk for s in fermees]).delete()
    for session in fermees:
        contexte = {"ouverte_le": session.ouverte_le.isoformat(), "methode": session.methode}
        consigner_connexion(acteur, "session_fermee", contexte=contexte)
    return len(fermees)


def fermer_les_autres(request) -> int:
    siennes = SessionOuverte.objects.filter(compte=request.user)
    return fermer(request.user, siennes.exclude(pk=courante(request)))


def fermer_celles_du_poste(request, poste) -> int:
    ouvertes = SessionOuverte.objects.filter(poste=poste)
    return fermer(request.user, ouvertes.exclude(pk=courante(request)))


def _celle_ci(request):
    return SessionOuverte.objects.filter(pk=courante(request))


def _minute():
    return timezone.now().replace(second=0, microsecond=0)
