"""Reads about who opens a dossier: the account itself, and who was refused."""

from dui.socle.enums import Action, Bloc
from habilitations.explication import expliquer
from habilitations.models import Interdiction
from habilitations.politique import comptes_des_lieux

GESTES = (Action.VOIR, Action.SAISIR, Action.VALIDER)


def pourquoi(habilitation, dossier) -> dict:
    """{chemins, blocs: [{libelle, gestes, raison}]}: what opens this dossier to the account, and
    what each part lets it do."""
    blocs = [_bloc(habilitation, dossier, bloc) for bloc in Bloc]
    return {
        "chemins": expliquer(habilitation, dossier, Bloc.ID, Action.RESUME).chemins,
        "blocs": sorted(blocs, key=lambda b: not b["gestes"]),
    }


def _bloc(habilitation, dossier, bloc) -> dict:
    gestes = [a.label for a in GESTES if habilitation.peut_pour(dossier, bloc, a)]
    if not gestes and habilitation.peut_pour(dossier, bloc, Action.RESUME):
        gestes = [Action.RESUME.label]
    raison = "" if gestes else "Votre fonction ne l’ouvre pas."
    if dossier.pk in habilitation.fermes(bloc):
        raison = "Une opposition ou une décision vous le ferme."
    return {"libelle": bloc.label, "gestes": gestes, "raison": raison}


def en_vigueur(habilitation, dossier) -> list[Interdiction]:
    """What closes this dossier to some professionals, for those who may read its legal part."""
    if not habilitation.peut_pour(dossier, Bloc.JUR):
        return []
    lignes = Interdiction.objects.visibles(habilitation).filter(dossier=dossier).en_cours()
    lignes = list(lignes.select_related("compte", "decidee_par").order_by("-debut", "pk"))
    for ligne in lignes:
        ligne.parties = ", ".join(Bloc(b).label for b in ligne.blocs) or "Tout le dossier"
    return lignes


def a_lever(habilitation, dossier):
    visibles = Interdiction.objects.visibles(habilitation, Action.SAISIR)
    return visibles.filter(dossier=dossier).en_cours().select_related("compte")


def professionnels(dossier) -> list:
    """The accounts that work where the person stays, by name: the choices of the form."""
    maisons = dossier.sejours.values("etablissement")
    return list(comptes_des_lieux(maisons).order_by("last_name", "first_name", "pk"))
