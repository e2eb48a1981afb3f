"""What the API says has changed, merged into the local copy, one page of it at a time.

Everything here may be done twice: a refresh that stops half-way is simply asked again from the same
date. When the API does not answer, the copy stays and its state says since when.
"""

import logging
from datetime import datetime, timedelta
from hashlib import md5

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dui.connecteurs import annuaire_sante as api
from dui.socle.annuaire import etat
from dui.socle.annuaire.importation import seul
from dui.socle.annuaire.lecture import FichierRefuse
from dui.socle.models import (
    BalAnnuaire,
    ExerciceAnnuaire,
    ProfessionnelAnnuaire,
    SourceAnnuaire,
    StructureAnnuaire,
)

logger = logging.getLogger(__name__)
RECOUVREMENT = timedelta(minutes=10)  # two clocks never agree
# Lines that come from the API: an activity, or a person whose activity is not known yet.
ROLE, PERSONNE = "api:role:", "api:"
ORDRE = ("Organization", "Practitioner", "PractitionerRole")


def reglages() -> api.Reglages:
    return api.Reglages(
        base=settings.ANNUAIRE_API,
        cle=settings.ANNUAIRE_CLE,
        delai=settings.ANNUAIRE_DELAI,
        par_seconde=settings.ANNUAIRE_APPELS_PAR_SECONDE,
        attente_max=settings.ANNUAIRE_ATTENTE_MAX,
        pages_max=settings.ANNUAIRE_PAGES_MAX,
    )


def actualiser(client: api.Client | None = None) -> bool:
    """True when the copy is up to date; the reason why not is in the state, never raised."""
    try:
        with seul():
            return _actualiser(client or api.Client(reglages()))
    except FichierRefuse:
        logger.info("annuaire : actualisation remise, un import est en cours")
        return False


def _actualiser(client: api.Client) -> bool:
    maintenant = timezone.now()
    depuis, motif = _depuis(maintenant)
    lignes = 0
    try:
        with client:
            for sorte in ORDRE:
                for page in client.modifies(sorte, depuis):
                    lignes += len(page.trouvees)
                    fusionner(page)
    except api.ErreurAnnuaire as erreur:
        logger.warning("annuaire : API %s", erreur.motif)
        etat.echouer(etat.Code.API, erreur.motif)
        return False
    etat.reussir(etat.Code.API, donnees_du=maintenant - RECOUVREMENT, lignes=lignes, motif=motif)
    return True


def _depuis(maintenant: datetime) -> tuple[datetime, str]:
    """From when to ask, and what to say when the API cannot go back that far."""
    au_plus = maintenant - timedelta(days=settings.ANNUAIRE_RETARD_MAX) + RECOUVREMENT
    du = SourceAnnuaire.objects.filter(code=etat.Code.API).values_list("donnees_du", flat=True)
    connu = du.first()
    if connu is None or connu >= au_plus:
        return connu or au_plus, ""
    return au_plus, f"changements d’avant le {au_plus:%d/%m/%Y} inconnus : importez l’extraction"


# ------------------------------------------------------------------ merge of one page


@transaction.atomic
def fusionner(page: api.Page) -> None:
    toutes = [r for r in (*page.jointes, *page.trouvees) if not r.partiel]
    structures = {r.api: r for r in toutes if isinstance(r, api.Structure)}
    professionnels = {r.api: r for r in toutes if isinstance(r, api.Professionnel)}
    _structures(list(structures.values()))
    _professionnels(list(professionnels.values()))
    for exercice in toutes:
        if isinstance(exercice, api.Exercice):
            _exercice(exercice, professionnels, structures)


def _structures(lues: list[api.Structure]) -> None:
    eteintes = [s.identifiant for s in lues if not s.actif]
    StructureAnnuaire.objects.filter(identifiant__in=eteintes).update(actif=False)
    BalAnnuaire.objects.filter(structure__in=eteintes).delete()
    actives = {s.identifiant: s for s in lues if s.actif}
    champs = (
        *("finess", "finess_ej", "nom", "enseigne", "secteur", "adresse", "code_postal"),
        *("commune", "telephone"),
    )
    connues = StructureAnnuaire.objects.in_bulk(list(actives))
    _verser(
        StructureAnnuaire,
        [
            StructureAnnuaire(
                identifiant=s.identifiant,
                identifiant_api=s.api,
                # What the API does not say, a file may have said.
                **{c: getattr(s, c) or getattr(connues.get(i), c, "") for c in champs},
            )
            for i, s in actives.items()
        ],
    )
    for s in actives.values():
        _bals(s.bals, structure=s.identifiant)


def _professionnels(lus: list[api.Professionnel]) -> None:
    eteints = [p.idnps for p in lus if not p.actif]
    ProfessionnelAnnuaire.objects.filter(idnps__in=eteints).update(actif=False)
    ExerciceAnnuaire.objects.filter(idnps__in=eteints).update(actif=False)
    BalAnnuaire.objects.filter(idnps__in=eteints).delete()
    actifs = {p.idnps: p for p in lus if p.actif and p.nom}
    champs = ("rpps", "civilite", "nom", "prenom")
    valeurs = {i: {nom: getattr(p, nom) for nom in champs} for i, p in actifs.items()}
    _verser(
        ProfessionnelAnnuaire,
        [
            ProfessionnelAnnuaire(idnps=i, identifiant_api=p.api, **valeurs[i])
            for i, p in actifs.items()
        ],
    )
    for idnps, p in actifs.items():
        siens = ExerciceAnnuaire.objects.filter(idnps=idnps)
        if not siens.update(**valeurs[idnps], actif=True):
            # Known, though nobody has said yet where: one may still find the number.
            ExerciceAnnuaire.objects.create(
                cle=f"{PERSONNE}{p.api}",
                idnps=idnps,
                profession=p.profession,
                savoir_faire=p.savoir_faire,
                **valeurs[idnps],
            )
        _bals(p.bals, idnps=idnps)


def _exercice(e: api.Exercice, professionnels: dict, structures: dict) -> None:
    cle = f"{ROLE}{e.api}"
    if not e.actif:
        ExerciceAnnuaire.objects.filter(cle=cle).delete()  # `actif` is the person's
        return
    qui = _professionnel_de(e, professionnels)
    if qui is None:
        return  # without a name, it would be a line that nobody can read
    lieu = _structure_de(e, structures)
    structure = lieu.identifiant if lieu else ""
    siens = ExerciceAnnuaire.objects.filter(idnps=qui.idnps)
    # The former line of the same place, or the one that waited for a place.
    sans_lieu = Q(structure="", cle__startswith=PERSONNE)
    anciennes = siens.filter(Q(structure=structure) | sans_lieu).exclude(cle=cle).order_by("cle")
    ancienne = anciennes.first()
    connu = professionnels.get(e.professionnel)
    ligne = ExerciceAnnuaire(
        cle=cle,
        idnps=qui.idnps,
        rpps=qui.rpps,
        civilite=qui.civilite,
        nom=qui.nom,
        prenom=qui.prenom,
        profession=_dit(e, connu, ancienne, "profession"),
        savoir_faire=_dit(e, connu, ancienne, "savoir_faire"),
        mode=_dit(e, None, ancienne, "mode"),
        structure=structure,
        commune=lieu.commune if lieu else "",
        code_postal=lieu.code_postal if lieu else "",
        telephone=e.telephone or (lieu.telephone if lieu else ""),
    )
    anciennes.exclude(cle__startswith=ROLE).delete()
    _verser(ExerciceAnnuaire, [ligne])
    _bals(e.bals, idnps=qui.idnps, structure=structure)


def _dit(exercice, professionnel, ancienne, champ: str) -> str:
    """The role says it, or the person's qualification, or what was known."""
    for source in (exercice, professionnel, ancienne):
        if valeur := getattr(source, champ, ""):
            return valeur
    return ""


def _professionnel_de(e: api.Exercice, joints: dict):
    joint = joints.get(e.professionnel)
    if joint:
        return joint if joint.actif and joint.nom else None
    connus = ProfessionnelAnnuaire.objects.filter(identifiant_api=e.professionnel, actif=True)
    return connus.order_by("pk").first() if e.professionnel else None


def _structure_de(e: api.Exercice, jointes: dict):
    jointe = jointes.get(e.structure)
    if jointe or not e.structure:
        return jointe
    return StructureAnnuaire.objects.filter(identifiant_api=e.structure).order_by("pk").first()


def _bals(lues, *, idnps: str = "", structure: str = "") -> None:
    """These addresses replace those of the same holder; the red list leaves nothing behind."""
    rouges = [b.adresse for b in lues if b.liste_rouge]
    BalAnnuaire.objects.filter(adresse__in=rouges).delete()
    BalAnnuaire.objects.filter(idnps=idnps, structure=structure).delete()
    offertes = {b.adresse: b for b in lues if not b.liste_rouge}
    BalAnnuaire.objects.bulk_create(
        [
            BalAnnuaire(
                cle=_cle_de_bal(b.adresse, idnps, structure),
                adresse=b.adresse,
                type=b.type,
                idnps=idnps,
                structure=structure,
                service=b.service,
            )
            for b in offertes.values()
        ],
        ignore_conflicts=True,
    )


def _cle_de_bal(*parties: str) -> str:
    """As tables.SOURCES does in SQL: the file and the API name the same row."""
    return md5("|".join(parties).encode(), usedforsecurity=False).hexdigest()


def _verser(modele, lignes: list) -> None:
    cle = modele._meta.pk.name
    champs = [c.name for c in modele._meta.concrete_fields if not c.generated and c.name != cle]
    modele.objects.bulk_create(
        lignes, update_conflicts=True, unique_fields=[cle], update_fields=champs
    )
