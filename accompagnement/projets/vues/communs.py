"""What the views of a project share: find it, or it does not exist."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from accompagnement.models import Projet, VersionProjet
from accompagnement.projets.contenu import GENRES
from dui.socle.enums import Action, Bloc
from habilitations.detenteurs import comptes_ayant

DOSSIER_GABARITS = "accompagnement/projets"


def trouver(request, dossier, projet_id, action=Action.VOIR) -> Projet:
    siens = Projet.objects.visibles(request.habilitation, action).filter(dossier=dossier)
    return get_object_or_404(siens.select_related("etablissement", "referent"), pk=projet_id)


def brouillon_de(projet) -> VersionProjet | None:
    return VersionProjet.objects.filter(projet=projet).brouillons().first()


def en_vigueur_de(projet) -> VersionProjet | None:
    lignes = VersionProjet.objects.filter(projet=projet).en_vigueur()
    return lignes.avec_accords().select_related("arretee_par").first()


def genre_de(code):
    if code not in GENRES:
        raise Http404
    return GENRES[code]


def comptes(etablissement) -> list[tuple[int, str]]:
    """Who may be the reference of something here: those who may read projects."""
    lignes = comptes_ayant(Bloc.PP, Action.VOIR, etablissement)
    return [(c.pk, str(c)) for c in lignes.order_by("last_name", "first_name", "pk")]
