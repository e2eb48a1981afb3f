"""Import, publish, withdraw. One function = one act = one transaction."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accompagnement.evaluations.importees.controle import lire_definition
from accompagnement.models import Grille, PublicationGrille
from dui.socle import evenements
from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner
from dui.socle.models import Etablissement

VERSION_PRISE = (
    "La version {version} de « {code} » existe déjà, et une version ne change jamais : "
    "donnez un autre numéro de version au fichier."
)
AILLEURS = (
    "Cette grille est publiée dans un établissement que vous n’administrez pas : "
    "importez la vôtre sous un autre code."
)
PAS_LA_MAISON = "Vous n’administrez pas cet établissement."
PAS_LE_DOMAINE = "Publier pour un domaine demande d’en administrer tous les établissements."


def maisons(habilitation):
    """The houses where this account adjusts what others use."""
    return habilitation.etablissements(Bloc.PAR, Action.SAISIR)


def importer(habilitation, contenu: bytes) -> Grille:
    """The same file twice is one import; DefinitionInvalide says every fault by its path."""
    definition = lire_definition(contenu)
    return garder(habilitation, definition)


@transaction.atomic
def garder(habilitation, definition) -> Grille:
    """`habilitation` is None from the command line: whoever runs it administers everything."""
    brut, code, version = dict(definition.brut), definition.code, definition.version
    deja = Grille.objects.filter(code=code, version=version).first()
    if deja:
        if deja.contenu == brut:
            return deja
        raise ValidationError(VERSION_PRISE.format(code=code, version=version))
    if habilitation:
        _refuser_celle_d_ailleurs(habilitation, code)
    grille = Grille(code=code, version=version, nom=definition.nom, contenu=brut)
    grille.importee_par = habilitation and habilitation.compte
    grille.full_clean(exclude=["contenu"])
    try:
        with transaction.atomic():
            grille.save()
    except IntegrityError:  # the same file sent twice at once: the first one made the row
        return garder(habilitation, definition)
    _tracer(habilitation, "grille.importee", grille)
    return grille


@transaction.atomic
def publier(habilitation, grille, *, etablissements=(), domaines=()) -> int:
    """Where it was not yet; there, the versions published before give way to it."""
    _permettre(habilitation, etablissements, domaines)
    Grille.objects.select_for_update(of=("self",)).get(pk=grille.pk)
    lieux = [{"etablissement": e, "domaine": ""} for e in etablissements]
    lieux += [{"etablissement": None, "domaine": d} for d in domaines]
    publiees = 0
    for lieu in lieux:
        if PublicationGrille.objects.en_cours().filter(grille=grille, **lieu).exists():
            continue
        anciennes = PublicationGrille.objects.en_cours().filter(grille__code=grille.code, **lieu)
        anciennes.update(retiree_le=timezone.now(), retiree_par=_compte(habilitation))
        publication = PublicationGrille(grille=grille, publiee_par=_compte(habilitation), **lieu)
        publication.full_clean()
        publication.save()
        publiees += 1
    if publiees:
        _tracer(habilitation, "grille.publiee", grille, lieux=publiees)
    return publiees


@transaction.atomic
def retirer(habilitation, grille, publication_id) -> PublicationGrille:
    """Nobody begins it there any more; drafts are finished, evaluations stay and are corrected."""
    lignes = PublicationGrille.objects.filter(grille=grille).select_related("etablissement")
    publication = lignes.select_for_update(of=("self",)).get(pk=publication_id)
    if maison := publication.etablissement:
        _permettre(habilitation, [maison], [])
    else:
        _permettre(habilitation, [], [publication.domaine])
    if publication.retiree_le is None:
        publication.retiree_le = timezone.now()
        publication.retiree_par = _compte(habilitation)
        publication.save(update_fields=["retiree_le", "retiree_par"])
        _tracer(habilitation, "grille.retiree", grille, publication=str(publication.pk))
    return publication


def retirables(habilitation, grille) -> set:
    """The publications of this grid that this account may end."""
    siennes = {m.pk for m in maisons(habilitation)}
    entiers = set(domaines_entiers(habilitation))
    return {
        p.pk
        for p in grille.publications.all()
        if p.retiree_le is None and (p.etablissement_id in siennes or p.domaine in entiers)
    }


# ---------------------------------------------------------------- inside


def domaines_entiers(habilitation) -> list[str]:
    """The domains of which this account administers every house."""
    siennes = {m.pk for m in maisons(habilitation)}
    par_domaine: dict[str, list] = {}
    for pk, domaine in Etablissement.objects.values_list("pk", "domaine"):
        par_domaine.setdefault(domaine, []).append(pk)
    return [d for d, pks in par_domaine.items() if siennes.issuperset(pks)]


def _permettre(habilitation, etablissements, domaines) -> None:
    if habilitation is None:
        return
    siennes = {m.pk for m in maisons(habilitation)}
    if not {e.pk for e in etablissements} <= siennes:
        raise PermissionDenied(PAS_LA_MAISON)
    if domaines and not set(domaines) <= set(domaines_entiers(habilitation)):
        raise PermissionDenied(PAS_LE_DOMAINE)


def _refuser_celle_d_ailleurs(habilitation, code) -> None:
    """A code has one owner: another house's grid is not changed by a new version of it."""
    siennes = {m.pk for m in maisons(habilitation)}
    if not siennes:
        raise PermissionDenied(PAS_LA_MAISON)
    autres = PublicationGrille.objects.filter(grille__code=code).exclude(etablissement__in=siennes)
    domaines = domaines_entiers(habilitation)
    if autres.exclude(domaine__in=domaines).exists():
        raise ValidationError(AILLEURS)


def _compte(habilitation):
    return habilitation and habilitation.compte


def _tracer(habilitation, evenement: str, grille: Grille, **charge) -> None:
    if habilitation is None:
        return
    charge = {"grille": grille.code, "version": grille.version} | charge
    evenements.noter(habilitation, evenement, charge=charge)
    consigner(habilitation, "grille_reglee", bloc=Bloc.PAR, cible=evenement, contexte=charge)
