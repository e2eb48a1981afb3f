"""Reads about who opens a dossier: the account itself, and who was refused."""

from dui.socle.enums import Action, Bloc
from habilitations.detenteurs import comptes_ayant, roles_en_clair
from habilitations.explication import expliquer
from habilitations.models import Interdiction

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
        ligne.me_vise = ligne.compte == habilitation.compte
    return lignes


def a_lever(habilitation, dossier):
    """Never by the one it is aimed at."""
    visibles = Interdiction.objects.visibles(habilitation, Action.SAISIR)
    visibles = visibles.exclude(compte=habilitation.compte)
    return visibles.filter(dossier=dossier).en_cours().select_related("compte")


def professionnels(habilitation, dossier) -> list:
    """The other accounts whose role opens something of a dossier where the person stays, by name,
    with their profession: the choices of the form."""
    maisons = {s.etablissement_id: s.etablissement for s in habilitation.sejours_ouverts(dossier)}
    ouvrants = [comptes_ayant(Bloc.ID, Action.RESUME, m) for m in maisons.values()]
    comptes = {c.pk: c for groupe in ouvrants for c in groupe}
    comptes.pop(habilitation.compte.pk, None)
    fonctions = roles_en_clair(comptes)
    for compte in comptes.values():
        compte.fonction = fonctions.get(compte.pk, "")
    return sorted(comptes.values(), key=lambda c: (c.last_name, c.first_name, c.pk))
