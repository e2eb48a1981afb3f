"""Shared workstations: what proves that a browser is one of them, and who may come back to it."""

import hashlib
import secrets

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from dui.socle.identifiants import lire_uuid
from dui.socle.journal import consigner_connexion
from dui.socle.models import EntreeJournal
from habilitations.detenteurs import roles_en_clair
from habilitations.models import CleAcces, CodePersonnel, PassageAuPoste, PosteDeTravail
from habilitations.politique import Habilitation

SEL = "poste-de-travail"
DUREE_DU_COOKIE = 400 * 24 * 3600  # the longest that browsers keep
ECHECS_MAX = 5
PROPOSER = "proposer_un_code"  # of the session: the line of the home page, until it is answered


def poste_de(request) -> PosteDeTravail | None:
    """The enrolled workstation this browser is, once per request."""
    if not hasattr(request, "_poste"):
        request._poste = _reconnaitre(request)
    return request._poste


def _reconnaitre(request) -> PosteDeTravail | None:
    valeur = request.get_signed_cookie(settings.COOKIE_POSTE, default="", salt=SEL)
    identifiant, _, secret = valeur.partition(":")
    if not secret:
        return None
    en_service = PosteDeTravail.objects.en_service().select_related("etablissement", "unite")
    poste = en_service.filter(pk=lire_uuid(identifiant)).first()
    connu = poste and constant_time_compare(poste.empreinte, _empreinte(secret))
    return poste if connu else None


def _empreinte(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def enroler(habilitation, *, etablissement, unite, nom, delai_minutes) -> tuple:
    """The workstation and what its browser must keep."""
    secret = secrets.token_urlsafe(32)
    poste = PosteDeTravail(
        etablissement=etablissement,
        unite=unite,
        nom=nom,
        delai_minutes=delai_minutes,
        empreinte=_empreinte(secret),
        enrole_par=habilitation.compte,
    )
    poste.full_clean()
    poste.save()
    _consigner(habilitation.compte, "poste_enrole", poste)
    return poste, secret


def poser_le_cookie(reponse, poste, secret: str) -> None:
    reponse.set_signed_cookie(
        settings.COOKIE_POSTE,
        f"{poste.pk}:{secret}",
        salt=SEL,
        max_age=DUREE_DU_COOKIE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


@transaction.atomic
def regler(habilitation, poste, *, nom, delai_minutes) -> None:
    poste.nom, poste.delai_minutes = nom, delai_minutes
    poste.full_clean()
    poste.save(update_fields=["nom", "delai_minutes"])
    _consigner(habilitation.compte, "poste_regle", poste)


@transaction.atomic
def revoquer(habilitation, poste) -> None:
    poste.revoque_le = timezone.now()
    poste.save(update_fields=["revoque_le"])
    poste.passages.all().delete()
    _consigner(habilitation.compte, "poste_revoque", poste)


def _consigner(compte, action, poste):
    consigner_connexion(compte, action, contexte={"poste": str(poste.pk)})


# ------------------------------------------------------------------ those of the shift


@transaction.atomic
def noter_le_passage(request, compte) -> None:
    """Two factors were just proven here; a workstation of another house remembers nobody."""
    poste = poste_de(request)
    if poste is None:
        return
    maisons = {a.etablissement_id for a in Habilitation(compte).affectations}
    if poste.etablissement_id in maisons:
        PassageAuPoste.objects.update_or_create(
            poste=poste, compte=compte, defaults={"prouve_le": timezone.now()}
        )
        CodePersonnel.objects.filter(compte=compte).update(echecs=0)


def oublier_les_passages(compte) -> None:
    PassageAuPoste.objects.filter(compte=compte).delete()


def collegues(request) -> list[PassageAuPoste]:
    """Who may take this workstation with a short proof, in the order of names."""
    poste = poste_de(request)
    if poste is None:
        return []
    passages = list(_avec_un_moyen().filter(poste=poste).order_by("compte__first_name", "pk"))
    roles = roles_en_clair([p.compte_id for p in passages], champ="fonction_courte")
    for passage in passages:
        passage.fonction = roles.get(passage.compte_id, "")
    return passages


def passage_ici(request, passage_id=None, *, compte=None) -> PassageAuPoste | None:
    """This one, if it is of this workstation and of this shift."""
    poste = poste_de(request)
    if poste is None:
        return None
    voulu = {"compte": compte} if compte else {"pk": passage_id}
    return _avec_un_moyen().filter(poste=poste, **voulu).first()


def _avec_un_moyen():
    code = Exists(CodePersonnel.objects.filter(compte=OuterRef("compte")))
    cle = Exists(CleAcces.objects.filter(compte=OuterRef("compte")))
    passages = PassageAuPoste.objects.en_cours().annotate(a_un_code=code, a_une_cle=cle)
    return passages.exclude(a_un_code=False, a_une_cle=False).select_related("compte", "poste")


# ------------------------------------------------------------------ personal code


def proposer_un_code(request, compte) -> None:
    """Once: they have just proven everything where a short code could have been enough."""
    ici = PassageAuPoste.objects.filter(poste=poste_de(request), compte=compte)
    if not ici.exists() or CodePersonnel.objects.filter(compte=compte).exists():
        return
    if EntreeJournal.objects.du_compte(compte).filter(action="code_propose").exists():
        return
    request.session[PROPOSER] = True
    consigner_connexion(compte, "code_propose")


@transaction.atomic
def choisir_le_code(compte, code: str) -> None:
    valeurs = {"empreinte": make_password(code), "echecs": 0, "choisi_le": timezone.now()}
    CodePersonnel.objects.update_or_create(compte=compte, defaults=valeurs)
    consigner_connexion(compte, "code_choisi")


@transaction.atomic
def verifier_le_code(passage, code: str) -> bool:
    """After five failures, wherever they happened, only the full sign-in opens again."""
    verrouille = CodePersonnel.objects.select_for_update(of=("self",))
    personnel = verrouille.filter(compte=passage.compte).first()
    if personnel is None or personnel.echecs >= ECHECS_MAX:
        return False
    juste = check_password(code, personnel.empreinte)
    personnel.echecs = 0 if juste else personnel.echecs + 1
    personnel.save(update_fields=["echecs"])
    if not juste:
        _consigner(passage.compte, "code_refuse", passage.poste)
    if personnel.echecs >= ECHECS_MAX:
        oublier_les_passages(passage.compte)
        _consigner(passage.compte, "code_bloque", passage.poste)
    return juste
