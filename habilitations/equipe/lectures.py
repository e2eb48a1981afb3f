"""The team that an account administers: which places, which persons, which affectations."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from dui.socle.enums import Action, Bloc
from dui.socle.models import Compte, Dossier, Unite
from habilitations.equipe.regles import Attribution, Perimetre, attributions
from habilitations.models import (
    AccesNominatif,
    Activation,
    Affectation,
    IdentiteProfessionnelle,
    Role,
)

ADMINISTRER = {"bloc": Bloc.PAR.value, "action": Action.ADMINISTRER.value}
PAR_PAGE = 50
RIEN = Attribution(frozenset(), 0)


def perimetres(habilitation) -> list[Perimetre]:
    return [
        Perimetre(
            etablissement=a.etablissement_id,
            unite=a.unite_id if a.portee == Affectation.Portee.UNITE else None,
            portee=a.portee,
            attribution=attributions().get(a.role_id, RIEN),
        )
        for a in habilitation.affectations
        if ADMINISTRER in a.droits
    ]


def _dans(perimetres) -> Q:
    lieux = Q(pk__in=[])
    for p in perimetres:
        lieux |= Q(unite=p.unite) if p.unite else Q(etablissement=p.etablissement)
    return lieux


def affectations(habilitation) -> QuerySet[Affectation]:
    """Of the places that the account administers, past and to come included."""
    liees = Affectation.objects.filter(_dans(perimetres(habilitation)))
    return liees.select_related("compte", "role", "etablissement", "unite")


def equipe(habilitation, *, lieu=None, finies=False, recherche="") -> QuerySet[Affectation]:
    """By unit, then by name. In force or to come; `finies`: the others."""
    toutes = affectations(habilitation)
    en_cours = Q(fin=None) | Q(fin__gte=timezone.localdate())
    toutes = toutes.filter(~en_cours if finies else en_cours)
    if lieu and lieu.unite:
        toutes = toutes.filter(Q(unite=lieu.unite) | Q(unite=None))
    if lieu and lieu.etablissement:
        toutes = toutes.filter(etablissement=lieu.etablissement)
    for mot in recherche.split():
        toutes = toutes.filter(
            Q(compte__last_name__icontains=mot) | Q(compte__first_name__icontains=mot)
        )
    return toutes.order_by(
        "etablissement__nom", "unite__ordre", "unite__nom", "compte__last_name", "pk"
    )


def comptes(habilitation) -> QuerySet[Compte]:
    """Those who have, or had, an affectation where this account administers."""
    return Compte.objects.filter(pk__in=affectations(habilitation).values("compte"))


def affectations_de(compte) -> list[Affectation]:
    """All of them, wherever they are: what an act on the account itself would touch."""
    siennes = Affectation.objects.filter(compte=compte)
    siennes = siennes.select_related("compte", "role", "etablissement", "unite")
    return list(siennes.order_by("-debut", "pk"))


def homonymes(habilitation, *, prenom: str, nom: str) -> QuerySet[Compte]:
    noms = {"first_name__iexact": prenom.strip(), "last_name__iexact": nom.strip()}
    return comptes(habilitation).filter(**noms).order_by("pk")


def donnable(perimetres, affectation) -> bool:
    """This account could have given that affectation: so it may end it or answer for it."""
    a = affectation
    return any(p.donne(a.role_id, a.etablissement_id, a.unite_id, a.portee) for p in perimetres)


def ouvertes(affectations) -> list[Affectation]:
    """In force or to come."""
    jour = timezone.localdate()
    return [a for a in affectations if a.fin is None or a.fin >= jour]


def repond_de(habilitation, compte, affectations=None) -> bool:
    """May act on the account itself (code, suspension): everything it opens was theirs to give.
    Never one's own, never a superuser, never someone of whom nothing is known."""
    moi = habilitation.compte
    plus_haut = (compte.is_staff and not moi.is_staff) or compte.is_superuser
    if compte == moi or plus_haut:
        return False
    siennes = affectations_de(compte) if affectations is None else affectations
    portees = perimetres(habilitation)
    ici = [a for a in siennes if any(p.couvre(a.etablissement_id, a.unite_id) for p in portees)]
    donnables = bool(ici) and all(donnable(portees, a) for a in ouvertes(siennes) or ici)
    return donnables and gere_ses_nominatifs(habilitation, compte)


def gere_ses_nominatifs(habilitation, compte) -> bool:
    """A code opens all that the account opens by name too, on the portal or elsewhere: each of
    these dossiers must be seen and managed by who hands it over."""
    vus = Dossier.objects.visibles(habilitation, Bloc.ID, Action.RESUME)
    geres = habilitation.condition_dossier(Bloc.JUR, Action.SAISIR)
    geres |= habilitation.condition_dossier(Bloc.PAR, Action.ADMINISTRER)
    ouverts = AccesNominatif.objects.en_cours().filter(user=compte)
    return not ouverts.exclude(content_object__in=vus.filter(geres).values("pk")).exists()


def activation_en_attente(compte) -> Activation | None:
    return compte.activations.utilisables().first()


def identites_de(compte) -> list[IdentiteProfessionnelle]:
    return list(compte.identites_professionnelles.order_by("pk"))


def roles_donnables(habilitation) -> QuerySet[Role]:
    codes = {r for p in perimetres(habilitation) for r in p.attribution.roles}
    return Role.objects.filter(pk__in=codes)


@dataclass(frozen=True)
class LieuDonnable:
    libelle: str
    etablissement: UUID
    unite: UUID | None = None

    @property
    def valeur(self) -> str:
        return f"unite:{self.unite}" if self.unite else f"etablissement:{self.etablissement}"


def lieux_donnables(habilitation) -> list[LieuDonnable]:
    """Each house administered whole, then its units; else the unit alone."""
    maisons = {a.etablissement_id: a.etablissement for a in habilitation.affectations}
    choix: dict[str, LieuDonnable] = {}
    for p in perimetres(habilitation):
        maison = maisons[p.etablissement]
        lieux = [
            LieuDonnable(f"{maison} : {u.nom}", maison.pk, u.pk)
            for u in _unites(habilitation, p, maison)
        ]
        if p.unite is None:
            lieux.insert(0, LieuDonnable(f"{maison} : toute la maison", maison.pk))
        choix |= {lieu.valeur: lieu for lieu in lieux}
    return list(choix.values())


def _unites(habilitation, perimetre, maison) -> list[Unite]:
    if perimetre.portee == Affectation.Portee.EQUIPE:
        return []
    unites = habilitation.unites_de(maison)
    return [u for u in unites if perimetre.couvre(maison.pk, u.pk)]


def a_le_portail(compte) -> bool:
    """A current right in the capacity of a person or of a relative."""
    return AccesNominatif.objects.en_cours().filter(user=compte).exclude(qualite="").exists()
