"""The quarantine: what was received, beside the dossiers that it resembles."""

from dataclasses import dataclass

from django.urls import reverse

from administratif.cellule.registre import Ligne
from administratif.identification import regles
from administratif.identification.lectures import lieu_de_naissance, traits_a_comparer
from dui.socle import quarantaine
from dui.socle.enums import Action, Bloc, Precision, Sexe
from dui.socle.models import Dossier, Etablissement, IdentiteRecue, Ressemblance, Usager
from dui.socle.recue import Recue

MAISONS = 5
ORDRE = [Ressemblance.Degre.MATRICULE, Ressemblance.Degre.MEMES, Ressemblance.Degre.PROCHES]


def en_attente(habilitation, etablissement):
    attend = IdentiteRecue.objects.visibles(habilitation).en_attente()
    return attend.filter(etablissement=etablissement)


def autres_maisons(habilitation, etablissement) -> list[Etablissement]:
    """Where else something waits in quarantine: one looks after several houses."""
    attendent = IdentiteRecue.objects.visibles(habilitation).en_attente().values("etablissement")
    autres = Etablissement.objects.filter(pk__in=attendent).exclude(pk=etablissement.pk)
    return list(autres.order_by("nom", "pk")[:MAISONS])


def lignes(habilitation, etablissement, maximum: int) -> list[Ligne]:
    attend = en_attente(habilitation, etablissement).order_by("recue_le", "pk")[:maximum]
    return [ligne(x) for x in attend]


def ligne(x: IdentiteRecue) -> Ligne:
    lue = x.lire()
    return Ligne(
        le=x.recue_le,
        url=reverse("administratif:cellule_recue", args=[x.pk]),
        geste="Comparer",
        libelle=f"{lue.nom_naissance} {lue.premier_prenom.title()}, {naissance(lue)}",
        detail=f"{x.get_motif_display()}, {source(x).lower()}",
    )


def source(x: IdentiteRecue) -> str:
    return next((s.libelle for s in quarantaine.sources if s.nom == x.source), x.source)


def comme_usager(lue: Recue) -> Usager:
    """Its traits said in our words; never saved."""
    return Usager(
        nom_naissance=lue.nom_naissance,
        prenoms=lue.prenoms,
        premier_prenom=lue.premier_prenom,
        nom_utilise=lue.nom_utilise,
        prenom_utilise=lue.prenom_utilise,
        sexe=Sexe(lue.sexe),
        date_naissance=lue.date_naissance,
        naissance_incomplete=Precision(lue.naissance_incomplete),
        lieu_naissance_cog=lue.lieu_naissance_cog,
        commune_naissance=lue.commune_naissance,
    )


def naissance(lue: Recue) -> str:
    return comme_usager(lue).naissance_affichee


@dataclass(frozen=True)
class Candidat:
    """A dossier that the identity may be. `ferme`: the account may not know whose it is;
    `rattachable`: it may decide for it."""

    dossier: Dossier
    degre: str
    ferme: bool
    rattachable: bool
    traits: tuple[tuple[str, str, str, bool], ...]  # label, received, ours, different

    @property
    def usager(self):
        return self.dossier.usager


def candidats(habilitation, x: IdentiteRecue, lue: Recue) -> list[Candidat]:
    """Beyond one's own dossiers, as the search before a creation: journaled by the page."""
    degres = quarantaine.ressemblances(x, lue)
    dossiers = list(
        Dossier.objects.filter(usager__in=degres, organisme=x.etablissement.organisme_id)
        .select_related("usager")
        .order_by("pk")
    )
    permis = Dossier.objects.visibles(habilitation, Bloc.IDV, Action.VALIDER)
    ouverts = set(
        permis.filter(pk__in=[d.pk for d in dossiers]).order_by("pk").values_list("pk", flat=True)
    )
    fermes = habilitation.fermes(Bloc.ID) | habilitation.fermes(Bloc.IDV)
    trouves = [
        Candidat(
            dossier=d,
            degre=Ressemblance.Degre(degres[d.usager_id]),
            ferme=d.pk in fermes,
            rattachable=d.pk in ouverts,
            traits=tuple(_comparer(lue, d.usager)),
        )
        for d in dossiers
    ]
    return sorted(trouves, key=lambda c: ORDRE.index(c.degre))  # type: ignore[arg-type]


def _comparer(lue: Recue, usager):
    recus, notres = traits_a_comparer(comme_usager(lue)), traits_a_comparer(usager)
    differents = regles.divergences(
        {nom: getattr(usager, nom) for nom in regles.TRAITS},
        {nom: getattr(lue, nom) for nom in regles.TRAITS},
    )
    for nom, libelle in regles.TRAITS.items():
        yield libelle, recus[nom], notres[nom], nom in differents


def recu(x: IdentiteRecue, lue: Recue) -> dict:
    """What the page says of the identity; never its matricule, which nobody has confirmed."""
    return {
        "usager": comme_usager(lue),
        "lieu": lieu_de_naissance(comme_usager(lue)),
        "source": source(x),
        "avec_matricule": bool(lue.matricule),
    }
