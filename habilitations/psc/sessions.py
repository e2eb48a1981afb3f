"""The session of the provider behind ours: opened, confirmed from time to time, ended with it."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from dui.connecteurs.psc import Identite, Injoignable, JetonInvalide, Jetons, Refus
from dui.socle.journal import consigner_connexion
from habilitations.connexion import services as connexion
from habilitations.models import FlotPSC, IdentiteProfessionnelle, SessionPSC
from habilitations.moyens import postes
from habilitations.politique import Habilitation
from habilitations.psc.fournisseur import client
from habilitations.psc.pratiques import pratiques

GARDEES = timedelta(days=1)
MINUTE = timedelta(minutes=1)


class NonDeclare(Exception):
    """Known of the provider, not of the house. No account is ever made from here."""

    def __init__(self, motif: str, identifiant: str, compte=None):
        super().__init__(motif)
        self.motif, self.identifiant, self.compte = motif, identifiant, compte


def accueillir(identite: Identite, jetons: Jetons, flot: FlotPSC) -> SessionPSC:
    """The proof is kept with its tokens; nothing is open yet."""
    compte = compte_declare(client().emetteur, identite.identifiant_national)
    affectations = Habilitation(compte).affectations
    if not affectations:
        raise NonDeclare("sans_affectation", identite.identifiant_national, compte)
    maisons = {a.etablissement.finess: a.etablissement.nom for a in affectations}
    ligne = SessionPSC(
        compte=compte,
        methode=flot.methode,
        sub=identite.sub,
        pratiques=pratiques(identite, maisons),
        suite=flot.suite,
    )
    ligne.ranger_jetons(identite=jetons.identite, renouvellement=jetons.renouvellement)
    ligne.save()
    return ligne


def compte_declare(emetteur: str, identifiant: str):
    declarees = IdentiteProfessionnelle.objects.filter(
        emetteur=emetteur, identifiant_national=identifiant, compte__is_active=True
    )
    if declaree := declarees.select_related("compte").first():
        return declaree.compte
    raise NonDeclare("compte_non_declare", identifiant)


def en_attente(request) -> SessionPSC | None:
    """Proven in this browser a moment ago, still to be opened."""
    recentes = SessionPSC.objects.filter(
        ouverte_le=None,
        cree_le__gt=timezone.now() - timedelta(seconds=settings.PSC_DUREE_FLOT),
        compte__is_active=True,
    )
    attendue = request.session.get("psc_en_attente")
    return recentes.select_related("compte").filter(pk=attendue).first()


@transaction.atomic
def ouvrir(request, ligne: SessionPSC, rang: int) -> None:
    """In place of password and code; the same person on a locked workstation just unlocks it."""
    pratique, compte = ligne.pratiques[rang], ligne.compte
    if precedente := request.session.get("psc"):
        SessionPSC.objects.filter(pk=precedente["session"]).delete()
    trace = {"methode": ligne.methode} | {c: pratique[c] for c in ("profession", "structure")}
    if request.user == compte and request.session.get("verrouille"):
        connexion.deverrouiller(request, compte, **trace)
    else:
        if request.user.is_authenticated and request.user != compte:
            connexion.fermer_session(request)
        connexion.ouvrir_session(request, compte, **trace)
    for reste in ("psc_en_attente", "psc_a_fermer", "psc_navigateur", "psc_ciba", "psc_fini"):
        request.session.pop(reste, None)
    request.session["psc"] = trace | {"session": str(ligne.pk)}
    ligne.ouverte_le = ligne.active_le = timezone.now()
    ligne.save(update_fields=["ouverte_le", "active_le"])


def finie(identifiant: str) -> bool:
    """The provider has refused it. Otherwise, it has just been used."""
    lignes = SessionPSC.objects.filter(pk=identifiant)
    etat = lignes.values("refusee_le", "active_le").first()
    if etat is None or etat["refusee_le"]:
        return True
    maintenant = timezone.now()
    if maintenant - etat["active_le"] > MINUTE:
        lignes.update(active_le=maintenant)
    return False


# ------------------------------------------------------------------ confirmed by the worker


def renouveler() -> None:
    """Every session in use is asked about again; each line is claimed before the call, so that no
    token is ever sent by two workers at once."""
    SessionPSC.objects.filter(cree_le__lt=timezone.now() - GARDEES).delete()
    for ligne in SessionPSC.objects.a_renouveler().order_by("renouvelee_le"):
        prise = SessionPSC.objects.a_renouveler().filter(pk=ligne.pk)
        if prise.update(renouvelee_le=timezone.now()):
            _renouveler(ligne)


def _renouveler(ligne: SessionPSC) -> None:
    lus = ligne.lire_jetons()
    if not lus["renouvellement"]:
        return
    try:
        neufs = client().renouveler(
            Jetons("", lus["identite"], lus["renouvellement"]), sub=ligne.sub
        )
    except Injoignable:
        return  # care goes on; the next time will tell
    except (Refus, JetonInvalide):
        _terminer(ligne)
        return
    ligne.ranger_jetons(identite=neufs.identite, renouvellement=neufs.renouvellement)
    ligne.save(update_fields=["jetons", "cle_enveloppee", "id_cle_maitre"])


@transaction.atomic
def _terminer(ligne: SessionPSC) -> None:
    ligne.refusee_le = timezone.now()
    ligne.save(update_fields=["refusee_le"])
    postes.oublier_les_passages(ligne.compte)  # or six digits would answer the provider's no
    contexte = {"methode": ligne.methode, "motif": "session_terminee"}
    consigner_connexion(ligne.compte, "verrouillage", contexte=contexte)


# ------------------------------------------------------------------ ended together


def sortir(request, psc: dict) -> str:
    """After our sign-out: the page that also signs out of the provider."""
    SessionPSC.objects.filter(pk=psc["session"]).update(refusee_le=timezone.now())
    request.session["psc_a_fermer"] = psc["session"]
    return reverse("psc_sortie")


def adresse_de_sortie(identifiant: str, *, retour: str, etat: str) -> str | None:
    """The provider's page of sign-out, or None when it does not answer. Its tokens are gone."""
    ligne = SessionPSC.objects.filter(pk=identifiant).first()
    if ligne is None:
        return None
    jeton = ligne.lire_jetons()["identite"]
    ligne.delete()
    try:
        return client().adresse_de_fin(jeton, retour=retour, etat=etat)
    except Injoignable:
        return None
