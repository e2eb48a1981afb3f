"""To whom one may write about a record, or about none: functions and professionals of the house.

A form offers them (`choix`), a service checks the one that was chosen (`lire`): a message about a
person never goes to somebody who may not read it.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from dui.socle.enums import Action, Bloc
from dui.socle.models import Compte, Dossier, Etablissement, Unite
from habilitations.detenteurs import comptes_ayant, roles_en_clair
from habilitations.models import Role
from habilitations.politique import Habilitation

INCONNU = "Ce destinataire n’est plus de la maison, ou ne lit pas cette partie du dossier."
FONCTION, COMPTE = "fonction", "compte"


@dataclass(frozen=True)
class Destinataire:
    """An account, or a function in a house or a unit: what dui.socle.taches.creer takes."""

    compte: Compte | None = None
    role: str = ""
    etablissement: Etablissement | None = None
    unite: Unite | None = None

    @property
    def champs(self) -> dict:
        return {
            "compte": self.compte,
            "role": self.role,
            "etablissement": self.etablissement,
            "unite": self.unite,
        }


def choix(etablissement: Etablissement, *, sauf=None) -> list:
    """[("Une fonction", [(code, label)…]), ("Un professionnel", [(code, label)…])]."""
    comptes = comptes_ayant(Bloc.ID, Action.RESUME, etablissement)
    tous = list(comptes.order_by("last_name", "first_name", "pk"))
    metiers = roles_en_clair([c.pk for c in tous], champ="fonction_courte")
    codes = roles_en_clair([c.pk for c in tous], champ="code")
    roles = Role.objects.filter(pk__in=set(codes.values())).order_by("ordre", "pk")
    fonctions = [(f"{FONCTION}:{r.pk}", f"{r.fonction_courte} ({r.libelle})") for r in roles]
    personnes = [
        (f"{COMPTE}:{c.pk}", f"{c.last_name.upper()} {c.first_name}, {metiers.get(c.pk, '')}")
        for c in tous
        if c != sauf
    ]
    return [("Une fonction", fonctions), ("Un professionnel", personnes)]


def lire(valeur: str, etablissement: Etablissement, unite: Unite | None = None) -> Destinataire:
    """What a field of these choices says; ValidationError when nobody answers to it."""
    sorte, _, identifiant = valeur.partition(":")
    comptes = comptes_ayant(Bloc.ID, Action.RESUME, etablissement)
    if sorte == FONCTION and Role.objects.filter(pk=identifiant).exists():
        return Destinataire(role=identifiant, etablissement=etablissement, unite=unite)
    numero = int(identifiant) if sorte == COMPTE and identifiant.isdigit() else 0
    if compte := comptes.filter(pk=numero).first():
        return Destinataire(compte=compte)
    raise ValidationError(INCONNU)


def lisent(destinataire: Destinataire, dossier: Dossier | None, bloc: str) -> bool:
    """By name: the record itself opens. By function: some account of it reads this block there."""
    if dossier is None:
        return True
    if destinataire.compte:
        return Habilitation(destinataire.compte).peut_pour(dossier, bloc)
    assert destinataire.etablissement  # noqa: S101  a function is somewhere
    ayants = comptes_ayant(bloc, Action.VOIR, destinataire.etablissement)
    roles = roles_en_clair(ayants.values("pk"), champ="code")
    return destinataire.role in roles.values()


def refuser_qui_ne_lit_pas(destinataire: Destinataire, dossier: Dossier | None, bloc: str) -> None:
    if not lisent(destinataire, dossier, bloc):
        raise ValidationError({"a": INCONNU})


def bloc_commun(habilitation, dossier, destinataire: Destinataire, blocs) -> str:
    """The first of these blocks that both read; ValidationError when there is none."""
    for bloc in blocs:
        lit = habilitation.peut_pour(dossier, bloc) if dossier else True
        if lit and lisent(destinataire, dossier, bloc):
            return bloc
    raise ValidationError(INCONNU)
