"""A form being written: its draft goes with it, from the first letter to the save.

`rendre_dossier` and `rendre_maison` prepare it for any page that shows a form, `{% redaction %}`
draws it, `acces_dossier` closes it once the page has said that the form is saved.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.utils import timezone

from dui.socle import brouillons, lecture_brouillon
from dui.socle.champs import Heure
from dui.socle.identifiants import lire_uuid
from dui.socle.models import Brouillon
from habilitations.lieux import Lieu, lieu_de
from habilitations.pages_ecrites import page_ecrite, precision

GARDE = "Ce que vous avez envoyé est gardé : relisez-le dans « Brouillons »."
LONGUEUR = 60
CHAMP_OBJET = "_brouillon"
CHAMPS = brouillons.TITRE, brouillons.FORME, CHAMP_OBJET
# A page edits one row when its address names it; these name a parent, under which one adds.
PARENTS = {"dossier_id", "projet_id", "unite_id"}
PROPOSES, LUS = 5, 20
DATES = (forms.DateField, forms.DateTimeField, Heure)


@dataclass(frozen=True)
class Redaction:
    """What the page needs: where the draft goes, since when it is kept, and the other drafts."""

    formulaire: str
    forme: str
    objet: str
    adresse: str
    action: str  # of a page about no record: its place goes with what is sent
    enregistre_a: str
    autres: list[Brouillon]
    textes: str
    libelles: str
    deja: datetime | None  # the draft asked for was saved then (« back » after saving)
    ecartes: int  # chosen in the draft, and offered here no more
    repris: Brouillon | None


def preparer(request, dossier, formulaire, titre, *, lieu=None) -> Redaction:
    lieu = None if dossier else lieu or lieu_de(request)
    ecartes = reprendre(request, dossier, formulaire)
    repris = _repris(request, dossier, formulaire)
    attendent = _siens(request, dossier, formulaire)
    poursuivi = repris if repris and _ecrit_ici(repris, lieu) else None
    ici = request.POST.get(CHAMP_OBJET, "")[:LONGUEUR] or (poursuivi.objet if poursuivi else "")
    courant = poursuivi or next((b for b in attendent if b.objet == ici), None)
    objet = ici or str(uuid4())
    autres = [b for b in attendent if b != courant]
    return Redaction(
        formulaire=titre,
        forme=_forme(formulaire),
        objet=objet,
        adresse=brouillons.adresse(objet=objet, dossier=dossier, lieu=lieu and lieu.cle),
        action=f"{request.path}?{precision(_parametres(request), lieu)}" if lieu else "",
        enregistre_a=f"{timezone.localtime(courant.modifie_le):%H:%M}" if courant else "",
        autres=autres[:PROPOSES],
        textes=_a_taper(formulaire),
        libelles=lecture_brouillon.nommer(formulaire),
        deja=_deja(request, dossier),
        ecartes=ecartes,
        repris=repris,
    )


def _parametres(request) -> list[tuple[str, str]]:
    return [(nom, valeur) for nom, valeurs in request.GET.lists() for valeur in valeurs]


def reprendre(request, dossier, formulaire) -> int:
    """The form says what the draft asked for says (`?brouillon=`), but for so many choices."""
    if formulaire.is_bound or not (brouillon := _repris(request, dossier, formulaire)):
        return 0
    formulaire.initial.update(brouillons.initiales(brouillon, formulaire.fields))
    return brouillons.ecartes(brouillon, formulaire.fields)


def trop_tard(request, dossier, motif) -> None:
    """Nothing is written here any more: why, and where what was sent is. Without script, no draft
    of it was kept before."""
    garde = _garder(request, dossier)
    messages.error(request, f"{motif} {GARDE}" if garde else motif)


def _garder(request, dossier) -> bool:
    if not (objet := request.POST.get(CHAMP_OBJET, "")[:LONGUEUR]):
        return False
    page = page_ecrite(request.get_full_path(), None if dossier else lieu_de(request))
    with suppress(brouillons.BrouillonTropLong):
        brouillons.garder(
            request.habilitation, page=page, dossier=dossier, objet=objet, donnees=request.POST
        )
        return True
    return False


def clore_si_enregistre(request, dossier, reponse) -> None:
    """A redirection alone says nothing: one also leaves like that a form that comes too late. What
    the next page will say does (see Annonces)."""
    dit = getattr(messages.get_messages(request), "reussite", False)
    if request.method == "POST" and reponse.status_code == HTTPStatus.FOUND and dit:
        clore(request, dossier)


def clore(request, dossier) -> None:
    if objet := request.POST.get(CHAMP_OBJET, "")[:LONGUEUR]:
        page = request.path if _edite_une_ligne(request) else ""
        brouillons.oublier(request.habilitation, dossier=dossier, objet=objet, page=page)


def _edite_une_ligne(request) -> bool:
    nommes = request.resolver_match.kwargs.items()
    ligne = any(isinstance(v, UUID) for nom, v in nommes if nom not in PARENTS)
    return ligne and not getattr(request, "ajoute", False)


def _forme(formulaire) -> str:
    return type(formulaire).__name__


def _ici(request, dossier, formulaire):
    """Drafts of this form of this very page, which names the person and the row. Those of before
    did not say of which form they were."""
    formes = ["", _forme(formulaire)]
    miens = Brouillon.objects.visibles(request.habilitation)
    return miens.filter(dossier=dossier, chemin=request.path, forme__in=formes)


def _siens(request, dossier, formulaire) -> list[Brouillon]:
    montrables = _ici(request, dossier, formulaire).montrables(request.habilitation)
    return list(montrables.order_by("-modifie_le")[:LUS])


def _repris(request, dossier, formulaire) -> Brouillon | None:
    if not (demande := _demande(request)):
        return None
    ici = _ici(request, dossier, formulaire).ouverts(request.habilitation)
    return request.habilitation.une_fois(
        ("brouillon", demande, _forme(formulaire)), lambda: ici.filter(pk=demande).first()
    )


def _ecrit_ici(brouillon, lieu: Lieu | None) -> bool:
    """Elsewhere it is copied, not continued: what this place does not offer would be lost to it."""
    if lieu is None or brouillon.etablissement_id is None:
        return True
    la = brouillon.etablissement_id, brouillon.unite_id
    return la == (lieu.etablissement and lieu.etablissement.pk, lieu.unite and lieu.unite.pk)


def _deja(request, dossier) -> datetime | None:
    if not (demande := _demande(request)):
        return None
    clos = Brouillon.objects.filter(compte=request.user, dossier=dossier, clos_le__isnull=False)
    return clos.filter(pk=demande).values_list("clos_le", flat=True).first()


def _demande(request) -> UUID | None:
    return lire_uuid(request.GET.get("brouillon")) if request.method == "GET" else None


def _a_taper(formulaire) -> str:
    """The fields that hold what one types; an hour or a day comes filled in."""
    noms = (
        nom
        for nom, champ in formulaire.fields.items()
        if isinstance(champ.widget, forms.TextInput | forms.Textarea | forms.NumberInput)
        and not isinstance(champ, DATES)
    )
    return " ".join(noms)
