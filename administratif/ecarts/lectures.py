"""The discrepancies with the national directory, for whoever keeps the team."""

from django.db.models import Q

from dui.socle import codes
from dui.socle.annuaire.ecarts import SEPARATEUR
from dui.socle.enums import Action, Bloc
from dui.socle.models import Correspondant, EcartAnnuaire
from habilitations.equipe import lectures as equipe

PROFESSIONS = "annuaire_profession"


def a_juger(habilitation):
    """Of those who work where this account administers, and of the correspondents of its
    organisme, who have no account."""
    maisons = habilitation.etablissements(Bloc.PAR, Action.ADMINISTRER)
    suivis = Correspondant.objects.filter(dossier__organisme__in=maisons.values("organisme"))
    siens = Q(professionnel__compte__in=equipe.comptes(habilitation))
    externes = Q(professionnel__compte=None, professionnel__in=suivis.values("professionnel"))
    ecarts = EcartAnnuaire.objects.a_juger().filter(siens | externes)
    return ecarts.select_related("professionnel")


def en_mots(ecart) -> EcartAnnuaire:
    """With both sides as one reads them."""
    ecart.nous, ecart.eux = ecart.chez_nous, ecart.annuaire
    if ecart.nature == ecart.Nature.PROFESSION:
        ecart.nous = codes.libelle(PROFESSIONS, ecart.chez_nous)
        ecart.eux = codes.libelle(PROFESSIONS, ecart.annuaire)
    elif ecart.nature == ecart.Nature.NOM:
        ecart.nous, ecart.eux = (x.replace(SEPARATEUR, " ") for x in (ecart.nous, ecart.eux))
    elif ecart.nature == ecart.Nature.MSSANTE:
        ecart.eux = ecart.annuaire or "aucune adresse publiée"
    elif ecart.nature == ecart.Nature.FIN:
        ecart.nous = "en activité"
        ecart.eux = "absent de l’annuaire" if ecart.annuaire == "absent" else "plus en activité"
    return ecart
