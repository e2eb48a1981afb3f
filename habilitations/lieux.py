"""The place one works in: establishment and unit. It belongs to the workstation and to the URL of
lists, never to a dossier."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Q, prefetch_related_objects
from django.http import Http404

from dui.socle.enums import Action, Bloc
from dui.socle.identifiants import lire_uuid
from dui.socle.models import Etablissement, Sejour, Unite
from habilitations.politique import UNITE


@dataclass(frozen=True)
class Lieu:
    etablissement: Etablissement | None
    unite: Unite | None

    def __str__(self):
        return str(self.unite or self.etablissement or "")

    @property
    def parametre(self) -> str:
        """`unite=…` or `etablissement=…`: what the URL of a list carries."""
        if not self.cle:
            return ""
        return f"unite={self.cle}" if self.unite else f"etablissement={self.cle}"

    def du_jour(self, jour: date) -> str:
        """`unite=…&jour=…`: what keeps a page where and when it is, whatever the workstation looks
        at meanwhile."""
        return "&".join(filter(None, [self.parametre, f"jour={jour.isoformat()}"]))

    @property
    def cle(self) -> UUID | None:
        choisi = self.unite or self.etablissement
        return choisi.pk if choisi else None


def choisir(habilitation, *demandes: str | None) -> Lieu:
    """The first of the demanded units or establishments that the account works in."""
    return nomme(habilitation, *demandes) or _par_defaut(habilitation)


def nomme(habilitation, *demandes: str | None) -> Lieu | None:
    """The same, and no other."""
    etablissements = {a.etablissement_id: a.etablissement for a in habilitation.affectations}
    for demande in filter(None, demandes):
        identifiant = lire_uuid(demande)
        if unite := habilitation.unite(identifiant):
            return Lieu(etablissements[unite.etablissement_id], unite)
        if identifiant in etablissements:
            return Lieu(etablissements[identifiant], None)
    return None


def _par_defaut(habilitation) -> Lieu:
    for affectation in habilitation.affectations:
        if affectation.unite_id:
            return Lieu(affectation.etablissement, affectation.unite)
    premiere = next(iter(habilitation.affectations), None)
    return Lieu(premiere.etablissement if premiere else None, None)


def unite_ou_404(habilitation, unite_id) -> Unite:
    """A unit where the account works, with its establishment: both are in memory already."""
    unite = habilitation.unite(unite_id)
    if unite is None:
        raise Http404
    maisons = {a.etablissement_id: a.etablissement for a in habilitation.affectations}
    unite.etablissement = maisons[unite.etablissement_id]
    return unite


def dans_ses_unites(habilitation) -> Q:
    """On what has a unit: those where the account works. Whole houses are named as such: head
    office has two thousand units."""
    par_unite = {a.unite_id for a in habilitation.affectations if a.portee == UNITE}
    maisons = {a.etablissement_id for a in habilitation.affectations if a.portee != UNITE}
    return Q(unite__in=par_unite) | Q(unite__etablissement__in=maisons)


def lieu_de(request) -> Lieu:
    """From ?unite= or ?etablissement=, else from the workstation's cookie. Once per request."""
    if not hasattr(request, "_lieu"):
        request._lieu = choisir(
            request.habilitation,
            request.GET.get("unite"),
            request.GET.get("etablissement"),
            request.COOKIES.get(settings.LIEU_COOKIE_NAME),
        )
    return request._lieu


def lieu_d_ecriture(request) -> Lieu:
    """That of a form about no record: the one its address names, never another in its stead."""
    demandes = request.GET.get("unite"), request.GET.get("etablissement")
    if request.method == "POST" and any(demandes) and not nomme(request.habilitation, *demandes):
        raise Http404
    return lieu_de(request)


def lieu_dans(request, maison: Etablissement) -> Lieu:
    """Of what belongs to this house: where one works there, else the whole of it."""
    ici = lieu_de(request)
    return ici if ici.etablissement == maison else Lieu(maison, None)


def maison_parmi(request, permises) -> Etablissement | None:
    """The establishment where one works when it is one of these, else the first of them."""
    maisons, ici = list(permises), lieu_de(request).etablissement
    return next((m for m in maisons if ici and m.pk == ici.pk), next(iter(maisons), None))


def sejour_ici(habilitation, dossier) -> Sejour | None:
    """Somebody may stay in two houses at once: where the account works, else the latest."""
    maisons = {a.etablissement_id for a in habilitation.affectations}
    sejours = habilitation.sejours_ouverts(dossier)
    ici = (s for s in sejours if s.etablissement_id in maisons)
    return next(ici, next(iter(sejours), None))


def sejours_en_cours_ici(habilitation, dossiers, maison=None) -> dict:
    """{dossier: the stay in progress}, of those who may stay in two houses at once: in `maison`,
    else where the account works, else the latest. Read again: what is written hangs from it."""
    siennes = {a.etablissement_id for a in habilitation.affectations}
    lus = Sejour.objects.filter(dossier__in=dossiers).en_cours()
    lus = lus.select_related("etablissement", "unite").order_by("entree_le", "pk")

    def rang(sejour) -> tuple[bool, bool]:
        return sejour.etablissement == maison, sejour.etablissement_id in siennes

    return {s.dossier_id: s for s in sorted(lus, key=rang)}


def presents(habilitation, lieu: Lieu) -> list[Sejour]:
    """Who is in this place now, by room then by name, with the person, the unit and the place.
    Once a request."""
    cle = ("presents", lieu.etablissement and lieu.etablissement.pk, lieu.unite and lieu.unite.pk)
    return habilitation.une_fois(cle, lambda: _lire_presents(habilitation, lieu))


def rangs(habilitation, lieu: Lieu) -> list[tuple]:
    """[(dossier, room or None, birth name)] of the same, without what the links do not show."""
    visibles = Sejour.objects.visibles_selon(habilitation, Bloc.ID, Action.RESUME)
    ici = visibles.au_tableau(unite=lieu.unite, etablissement=lieu.etablissement)
    return list(ici.values_list("dossier", "place__chambre", "dossier__usager__nom_naissance"))


def _lire_presents(habilitation, lieu: Lieu) -> list[Sejour]:
    """Known units are in memory: eighty copies of three cost more than the rest."""
    visibles = Sejour.objects.visibles_selon(habilitation, Bloc.ID, Action.RESUME)
    sejours = list(visibles.au_tableau(unite=lieu.unite, etablissement=lieu.etablissement))
    maison = lieu.etablissement.pk if lieu.etablissement else None
    connues = {u.pk: u for u in (*habilitation.unites_dans(maison), lieu.unite) if u}
    for sejour in sejours:
        if sejour.unite_id in connues:
            sejour.unite = connues[sejour.unite_id]
    prefetch_related_objects(sejours, "unite")
    return sejours


def presents_par_unite(habilitation, lieu, bloc, action=Action.SAISIR) -> list[dict]:
    """[{titre, ancre, sejours}]: whom one may write about, by unit then by room."""
    ici = presents(habilitation, lieu)
    ouverts = habilitation.ouverts(ici, bloc, action)
    groupes: dict = defaultdict(list)
    for sejour in ici:
        if sejour.dossier_id in ouverts:
            groupes[sejour.unite].append(sejour)
    return [
        {
            "titre": str(unite or "Sans unité"),
            "ancre": f"unite-{unite.pk if unite else 'aucune'}",
            "sejours": lignes,
        }
        for unite, lignes in groupes.items()
    ]
