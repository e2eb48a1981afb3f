"""Reads of the cellule: identities of the persons present that need somebody's eye."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from administratif.cellule.registre import Ligne
from dui.socle.enums import Action, Bloc
from dui.socle.models import HomonymeConfirme, Sejour

PROVISOIRE = Q(dossier__usager__ins_recuperee=False, dossier__usager__identite_validee=False)
RECUPEREE = Q(dossier__usager__ins_recuperee=True, dossier__usager__identite_validee=False)
SAINE = Q(dossier__usager__douteuse=False, dossier__usager__fictive=False)
STATUTS = {"": PROVISOIRE | RECUPEREE, "provisoire": PROVISOIRE, "recuperee": RECUPEREE}
MOTS = {"": "Toutes", "provisoire": "Provisoires", "recuperee": "Récupérées"}


def maisons(habilitation, action=Action.VOIR):
    return habilitation.etablissements(Bloc.IDV, action).order_by("nom", "pk")


def _presents(habilitation, etablissement):
    """The stays in progress of this house, whose identity the account looks after."""
    sejours = Sejour.objects.visibles_selon(habilitation, Bloc.IDV).en_cours()
    return sejours.filter(etablissement=etablissement).select_related(
        "dossier__usager", "unite", "place"
    )


def a_valider(habilitation, etablissement, statut=""):
    condition = STATUTS.get(statut, STATUTS[""])
    return _presents(habilitation, etablissement).filter(condition, SAINE)


def douteuses(habilitation, etablissement):
    return _presents(habilitation, etablissement).filter(dossier__usager__douteuse=True)


def attributs(habilitation, etablissement):
    """Homonyms that nobody of the cellule has confirmed yet, identities said to be fictitious."""
    confirmes = HomonymeConfirme.objects.filter(usager=OuterRef("dossier__usager"))
    homonymes = Q(dossier__usager__homonyme=True) & ~Exists(confirmes)
    return _presents(habilitation, etablissement).filter(
        homonymes | Q(dossier__usager__fictive=True)
    )


def lignes(sejours, url_nom: str, geste: str, maximum: int) -> list[Ligne]:
    """For the home page, the oldest first."""
    return [
        Ligne(
            le=s.entree_le,
            url=reverse(url_nom, args=[s.dossier_id]),
            geste=geste,
            usager=s.dossier.usager,
            detail=ou(s),
        )
        for s in sejours.order_by("entree_le", "pk")[:maximum]
    ]


def ou(sejour) -> str:
    chambre = f"ch. {sejour.place}" if sejour.place else ""
    return ", ".join(x for x in (str(sejour.unite or ""), chambre) if x)
