"""Two records become one: who reads both from then on, what their rights become, and what an
address of the former one answers."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from dui.socle import fusion
from dui.socle.enums import Action, Bloc
from dui.socle.models import Dossier, Sejour
from habilitations.connexion import saisies
from habilitations.detenteurs import roles_ayant
from habilitations.models import (
    AccesNominatif,
    Affectation,
    BrisDeGlace,
    Interdiction,
    MembreEquipe,
)
from habilitations.oppositions import services as oppositions
from habilitations.politique import EQUIPE, UNITE

PORTAIL = "Portail : la personne et ses proches"
NOMINATIF = "Accès donné par nom"
MEME_DROIT = ("user_id", "permission_id")


# ---------------------------------------------------------------- rules of the merge


def _nominatifs(passage) -> list[int]:
    """The same right of the same account on both: that of the kept record counts, the other one
    ends. What a row had ended does not come back."""
    la = AccesNominatif.objects.filter(content_object=passage.retenu)
    deja = set(la.values_list(*MEME_DROIT).order_by("pk"))
    siens = AccesNominatif.objects.filter(content_object=passage.absorbe).order_by("pk")
    doubles = [a for a in siens if (a.user_id, a.permission_id) in deja]
    hier = timezone.localdate() - timedelta(days=1)
    for acces in doubles:
        if acces.fin is None or acces.fin > hier:
            passage.changer(acces, fin=hier)
    return [a.pk for a in doubles]


def _acces_clos(passage) -> None:
    """Undone: what was closed meanwhile on the kept record does not open again on the other."""
    hier = timezone.localdate() - timedelta(days=1)
    depuis = timezone.localdate(passage.fusion.defait.decide_le) - timedelta(days=1)
    la = AccesNominatif.objects.filter(content_object=passage.retenu, fin__range=(depuis, hier))
    clos = set(la.values_list(*MEME_DROIT).order_by("pk"))
    siens = AccesNominatif.objects.en_cours().filter(content_object=passage.absorbe)
    for acces in siens.order_by("pk"):
        if (acces.user_id, acces.permission_id) in clos:
            passage.changer(acces, fin=hier)


def _interdictions(passage) -> None:
    """Undone: what the person refused meanwhile holds on both sides. Deny wins."""
    ecrites = fusion.ecrites_depuis(passage.fusion.defait)
    cles = [e.cle for e in ecrites if e.modele is Interdiction]
    for une in Interdiction.objects.en_cours().filter(pk__in=cles).order_by("pk"):
        oppositions.etendre(passage.habilitation, une, passage.absorbe)


def _referents(passage):
    """One main referent at a time: the one of the kept record; the other one helps."""
    tenus = MembreEquipe.objects.filter(dossier=passage.retenu, referent=True)
    bornes = list(tenus.order_by("pk").values_list("debut", "fin"))
    for membre in MembreEquipe.objects.filter(dossier=passage.absorbe, referent=True).order_by(
        "pk"
    ):
        if any(_se_croisent((membre.debut, membre.fin), autre) for autre in bornes):
            passage.changer(membre, referent=False, coreferent=True)
    return ()


def _se_croisent(une, autre) -> bool:
    (d1, f1), (d2, f2) = une, autre
    return (f2 is None or d1 <= f2) and (f1 is None or d2 <= f1)


def enregistrer():
    fusion.regler("habilitations.MembreEquipe", fusion.Regle(_referents))
    fusion.regler("habilitations.AccesNominatif", fusion.Regle(_nominatifs, _acces_clos))
    fusion.regler("habilitations.Interdiction", fusion.Regle(apres_defusion=_interdictions))


# ---------------------------------------------------------------- who gains access


@dataclass(frozen=True)
class Gain:
    """So many accounts of this role, that opened one of the two records, open the whole."""

    role: str
    nombre: int


def gains(a: Dossier, b: Dossier) -> list[Gain]:
    """Said before a merge is proposed and before it is approved: no access widens in silence."""
    ouvrent = _ouvrant([a, b])
    fermes = Interdiction.objects.en_cours().filter(dossier__in=[a, b], blocs=[])
    exclus = set(fermes.order_by("pk").values_list("compte", flat=True))
    roles = ouvrent[a.pk] | ouvrent[b.pk]
    d_un_seul = ouvrent[a.pk].keys() ^ ouvrent[b.pk].keys()
    nombres = Counter(roles[compte] for compte in d_un_seul - exclus)
    return [Gain(role, nombre) for role, nombre in sorted(nombres.items())]


def _ouvrant(dossiers: list[Dossier]) -> dict[UUID, dict[int, str]]:
    """{dossier: {account: its role}} of those to whom each opens today, by whatever path."""
    lieux: dict[UUID, set[UUID]] = {d.pk: set() for d in dossiers}
    sejours = Sejour.objects.ouvrant_acces().filter(dossier__in=dossiers).order_by("pk")
    for dossier, *ici in sejours.values_list("dossier", "etablissement", "unite"):
        lieux[dossier].update(ici)
    personnes = _nommes(dossiers)
    ouvrent: dict[UUID, dict[int, str]] = {d.pk: {} for d in dossiers}
    for a in _affectations(dossiers[0].organisme_id, set().union(*lieux.values())):
        for cle, compris in lieux.items():
            lieu = a.unite_id if a.portee == UNITE else a.etablissement_id
            par_equipe = a.portee == EQUIPE and (a.compte_id, cle) not in personnes
            if lieu in compris and not par_equipe:
                ouvrent[cle][a.compte_id] = a.role.libelle
    nominatifs = AccesNominatif.objects.en_cours().filter(
        content_object__in=dossiers, user__is_active=True
    )
    for cle, compte, qualite in nominatifs.order_by("pk").values_list(
        "content_object", "user", "qualite"
    ):
        ouvrent[cle].setdefault(compte, PORTAIL if qualite else NOMINATIF)
    return ouvrent


def _affectations(organisme_id, lieux: set) -> QuerySet[Affectation]:
    """Those in force in these places whose role reads an identity."""
    lisent = roles_ayant(Bloc.ID, Action.RESUME, organisme_id)
    lisent |= roles_ayant(Bloc.ID, Action.VOIR, organisme_id)
    ici = Q(etablissement__in=lieux - {None}) & lisent & Q(compte__is_active=True)
    affectations = Affectation.objects.en_cours().filter(ici).select_related("role")
    return affectations.order_by("debut", "pk")


def _nommes(dossiers) -> set[tuple[int, UUID]]:
    """(account, dossier) of the teams and of the broken glasses in progress."""
    equipe = MembreEquipe.objects.en_cours().filter(dossier__in=dossiers).order_by()
    bris = BrisDeGlace.objects.en_cours().filter(dossier__in=dossiers).order_by()
    champs = ("compte", "dossier")
    return set(equipe.values_list(*champs).union(bris.values_list(*champs)))


# ---------------------------------------------------------------- addresses of a merged record


def suivre(request, dossier_id, bloc, action, kwargs):
    """To the same page of the kept record, for who may open it; None for the others. What was
    posted waits for its author there, to be read again and sent."""
    alias = Dossier.objects.fusionnes().filter(pk=dossier_id)
    garde = Dossier.objects.visibles(request.habilitation, bloc, action).filter(
        pk__in=alias.values("fusionne_dans")
    )
    dossier = garde.first()
    if dossier is None:
        return None
    adresse = reverse(request.resolver_match.view_name, kwargs=kwargs | {"dossier_id": dossier.pk})
    if request.method == "POST" and (saisie := saisies.garder(request)):
        return _a_relire(request, saisie, adresse, seul=not kwargs)
    messages.info(
        request,
        f"Deux dossiers ont été réunis : vous êtes dans celui qui est gardé, n° {dossier.numero}.",
    )
    if request.method == "GET" and (suite := request.META.get("QUERY_STRING", "")):
        adresse += f"?{suite}"
    return redirect(adresse)


def suivre_a_briser(request, dossier_id):
    """In an emergency too: the kept record, closed or already open, asks or answers there."""
    h = request.habilitation
    garde = Dossier.objects.fusionnes().filter(pk=dossier_id).values("fusionne_dans")
    ouverts = Dossier.objects.visibles(h, Bloc.ID, Action.RESUME).values("pk")
    dossier = Dossier.objects.filter(
        Q(pk__in=h.dossiers_a_briser()) | Q(pk__in=ouverts), pk__in=garde
    ).first()
    if dossier is None:
        return None
    messages.info(request, "Deux dossiers ont été réunis : celui-ci est gardé.")
    return redirect(request.resolver_match.view_name, dossier_id=dossier.pk)


def _a_relire(request, saisie, adresse: str, *, seul: bool):
    """A version read on the former identity is none of the kept one's: the two are compared."""
    saisie.chemin = adresse
    if seul and "version" in saisie.champs:
        saisie.champs["version"] = ["0"]
    saisie.save(update_fields=["chemin", "champs"])
    messages.warning(
        request, "Ce dossier vient d’être réuni à un autre : relisez, puis enregistrez."
    )
    return redirect("reprise", saisie_id=saisie.pk)
