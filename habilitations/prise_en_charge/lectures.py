"""Reads of the team of care: who is in it, who may join it, whose team is mine."""

from django.db.models import Q
from django.utils import timezone

from dui.socle import codes
from dui.socle.enums import Bloc
from dui.socle.models import Compte, Correspondant
from habilitations.detenteurs import roles_en_clair
from habilitations.models import Affectation, MembreEquipe, Role

ANCIENS = 30


def equipe(habilitation, dossier) -> dict:
    """{membres, anciens, exterieurs}: the main referent first; those outside are correspondents,
    for who may read them."""
    lignes = MembreEquipe.objects.filter(dossier=dossier).select_related("compte")
    toutes = list(lignes.order_by("-referent", "-coreferent", "debut", "pk"))
    _decrire(toutes)
    aujourdhui = timezone.localdate()
    finis = [m for m in toutes if m.fin and m.fin < aujourdhui]
    membres = [m for m in toutes if m not in finis]
    anciens = sorted(finis, key=lambda m: (m.fin, m.pk), reverse=True)
    return {
        "membres": membres,
        "anciens": anciens[:ANCIENS],
        "exterieurs": _exterieurs(habilitation, dossier),
    }


def _decrire(membres) -> None:
    """Function, profession, and whether they come from outside the house."""
    comptes = {m.compte_id for m in membres}
    metiers = roles_en_clair(comptes)
    dehors = set(
        Affectation.objects.en_cours()
        .filter(compte__in=comptes, role__acteur=Role.Acteur.EXTERIEUR)
        .values_list("compte", flat=True)
    )
    for m in membres:
        m.metier = metiers.get(m.compte_id, "")
        m.exterieur = m.compte_id in dehors
        m.fonction_en_mots = codes.libelle("fonction_equipe", m.fonction)


def _exterieurs(habilitation, dossier) -> list[Correspondant]:
    if not habilitation.peut_pour(dossier, Bloc.ENT):
        return []
    lignes = Correspondant.objects.visibles(habilitation).filter(dossier=dossier, fin=None)
    trouves = list(lignes.select_related("professionnel").order_by("role", "pk"))
    for c in trouves:
        c.role_en_mots = codes.libelle("role_correspondant", c.role)
    return trouves


def du_dossier(habilitation, dossier) -> list[MembreEquipe]:
    """Those in it today, the main referent first, read once a request."""
    lignes = MembreEquipe.objects.en_cours().filter(dossier=dossier).select_related("compte")
    ordonnees = lignes.order_by("-referent", "-coreferent", "debut", "pk")
    return habilitation.une_fois(("equipe_de", dossier.pk), lambda: list(ordonnees))


def les_miens(habilitation) -> dict:
    """{dossier: am I a referent of it}: the teams that I am in today."""

    def lire():
        miens = MembreEquipe.objects.en_cours().filter(compte=habilitation.compte).order_by("pk")
        lignes = miens.values_list("dossier", "referent", "coreferent")
        return {dossier: principal or second for dossier, principal, second in lignes}

    return habilitation.une_fois(("mes_equipes",), lire)


def candidats(habilitation, dossier) -> list[Compte]:
    """Who works where the person stays, by name, with their profession."""
    maisons = {s.etablissement_id for s in habilitation.sejours_ouverts(dossier)}
    ici = Affectation.objects.en_cours().filter(etablissement__in=maisons)
    comptes = Compte.objects.filter(is_active=True, pk__in=ici.values("compte"))
    trouves = list(comptes.order_by("last_name", "first_name", "pk"))
    metiers = roles_en_clair(c.pk for c in trouves)
    for compte in trouves:
        compte.metier = metiers.get(compte.pk, "")
    return trouves


def modifiables(dossier):
    """The rows of the team that may still change: not those that are over."""
    lignes = MembreEquipe.objects.filter(dossier=dossier).select_related("compte")
    return lignes.exclude(fin__lt=timezone.localdate())


def chevauchent(membre: MembreEquipe) -> bool:
    """The same account, twice in the team on a same day."""
    lignes = MembreEquipe.objects.filter(dossier=membre.dossier, compte=membre.compte)
    lignes = lignes.exclude(pk=membre.pk)
    lignes = lignes.filter(Q(fin=None) | Q(fin__gte=membre.debut))
    if membre.fin:
        lignes = lignes.filter(debut__lte=membre.fin)
    return lignes.exists()
