"""Reads of the broken glass: whom one may look for, what is to be judged."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from dui.socle import codes
from dui.socle.enums import Action, Bloc
from dui.socle.identite import cle_comparaison
from dui.socle.models import Compte, Dossier, EntreeJournal
from habilitations.bris.regles import REGLES
from habilitations.detenteurs import comptes_ayant
from habilitations.journal.lectures import Ligne, regrouper
from habilitations.models import BrisDeGlace
from habilitations.politique import Habilitation

REVUE = "revue"  # the path by which a reviewer reads, in the journal
JUGES = timedelta(days=90)
AU_PLUS = 100


def candidats(habilitation, *, nom: str, naissance) -> list[Dossier]:
    """Exact name at birth or in use, and date of birth: nobody browses the house this way. The
    traits of a merged identity lead to the one that was kept."""
    cle, a_briser = cle_comparaison(nom), habilitation.dossiers_a_briser()
    dossiers = Dossier.objects.filter(
        Q(pk__in=a_briser) | Q(fusionne_dans__in=a_briser), usager__date_naissance=naissance
    )
    memes = dossiers.select_related("usager", "fusionne_dans__usager")
    trouves = memes.order_by("usager__recherche", "pk")[:20]
    return list({d.garde.pk: d.garde for d in trouves if cle in _noms(d.usager)}.values())


def _noms(usager) -> set[str]:
    return {cle_comparaison(n) for n in (usager.nom_naissance, usager.nom_utilise) if n}


def a_revoir_par(habilitation):
    """In the establishments where the account judges; never its own, nor what is closed to it."""
    maisons = habilitation.etablissements(Bloc.BDG, Action.VALIDER)
    fermes = habilitation.fermes(Bloc.ID) | habilitation.fermes(Bloc.BDG)
    bris = BrisDeGlace.objects.filter(etablissement__in=maisons).exclude(dossier__in=fermes)
    return bris.exclude(compte=habilitation.compte)


def en_cours(habilitation):
    """The accesses that the account took and that still run: said on each of its pages."""
    if not habilitation.peut_briser:
        return BrisDeGlace.objects.none()
    miens = BrisDeGlace.objects.en_cours().filter(compte=habilitation.compte)
    return miens.exclude(dossier__in=habilitation.fermes(Bloc.ID))


def file_de_revue(habilitation) -> dict:
    """{a_revoir, juges}: the oldest first, with who, why, until when."""
    bris = a_revoir_par(habilitation).select_related("compte", "dossier__usager", "revu_par")
    juges = bris.exclude(conclusion="").filter(revu_le__gte=timezone.now() - JUGES)
    return {
        "a_revoir": presenter(bris.a_revoir().order_by("ouvert_le", "pk")[:AU_PLUS]),
        "juges": presenter(juges.order_by("-revu_le", "-pk")[:AU_PLUS]),
    }


def presenter(bris) -> list[BrisDeGlace]:
    """With the reason in words, and whether its review is late."""
    lignes, maintenant = list(bris), timezone.now()
    for b in lignes:
        b.motif_en_clair = codes.libelle("motif_bris_de_glace", b.code_motif)
        b.en_retard = not b.conclusion and b.ouvert_le < maintenant - REGLES.revue
    return lignes


def destinataires(bris: BrisDeGlace) -> list[Compte]:
    """Who judges in this establishment, its author left out."""
    if bris.etablissement is None:
        return []
    juges = comptes_ayant(Bloc.BDG, Action.VALIDER, bris.etablissement)
    autres = juges.exclude(pk=bris.compte_id).order_by("pk")
    return [c for c in autres if a_revoir_par(Habilitation(c)).filter(pk=bris.pk).exists()]


def actes(bris: BrisDeGlace) -> list[Ligne]:
    """What its author opened through it, the latest first."""
    entrees = EntreeJournal.objects.du_dossier(bris.dossier).du_compte(bris.compte)
    pendant = entrees.filter(
        titre_acces="bris_de_glace",
        horodatage__gte=bris.ouvert_le,
        horodatage__lte=bris.expire_le,
    )
    return regrouper(pendant.order_by("-pk")[:AU_PLUS])
