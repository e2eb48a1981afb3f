"""A form being written about somebody: its draft goes with it, from the first letter to the save.

`rendre_dossier` prepares it for any page that shows a form, `acces_dossier` closes it once the
form is saved, `{% redaction %}` draws it: a view has nothing to say.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone

from dui.socle import brouillons
from dui.socle.champs import Heure
from dui.socle.identifiants import lire_uuid
from dui.socle.models import Brouillon

LONGUEUR = 60  # of what a draft keeps of its form's title
CHAMPS = CHAMP_FORMULAIRE, CHAMP_OBJET = "_formulaire", "_brouillon"
PROPOSES, LUS = 5, 20
DATES = (forms.DateField, forms.DateTimeField, Heure)


@dataclass(frozen=True)
class Redaction:
    """What the page needs: where the draft goes, since when it is kept, and the other drafts."""

    formulaire: str
    objet: str
    adresse: str
    enregistre_a: str
    autres: list[Brouillon]
    textes: str
    deja: datetime | None  # the draft asked for was saved then (« back » after saving)


def preparer(request, dossier, formulaire, titre) -> Redaction:
    reprendre(request, dossier, formulaire, titre)
    repris, attendent = _repris(request, dossier, titre), _siens(request, dossier, titre)
    ici = request.POST.get(CHAMP_OBJET, "")[:LONGUEUR] or (repris.objet if repris else "")
    courant = repris or next((b for b in attendent if b.objet == ici), None)
    objet = ici or str(uuid4())
    autres = [b for b in attendent if b != courant]
    return Redaction(
        formulaire=titre,
        objet=objet,
        adresse=brouillons.adresse(titre, dossier=dossier, objet=objet),
        enregistre_a=f"{timezone.localtime(courant.modifie_le):%H:%M}" if courant else "",
        autres=autres[:PROPOSES],
        textes=_a_taper(formulaire),
        deja=_deja(request, dossier),
    )


def reprendre(request, dossier, formulaire, titre) -> None:
    """The form says what the draft asked for says (`?brouillon=`)."""
    if not formulaire.is_bound and (brouillon := _repris(request, dossier, titre)):
        formulaire.initial.update(brouillons.initiales(brouillon, formulaire.fields))


def garder(request, dossier) -> None:
    """Sent, and not saved (a colleague was first): what was sent is kept as a draft, which outlives
    the redirection. Without script there was none."""
    request.brouillon_garde = True
    objet = request.POST.get(CHAMP_OBJET, "")[:LONGUEUR]
    if not objet:
        return
    with suppress(brouillons.BrouillonTropLong):
        brouillons.garder(
            request.habilitation,
            formulaire=request.POST.get(CHAMP_FORMULAIRE, "")[:LONGUEUR],
            dossier=dossier,
            objet=objet,
            chemin=request.path,
            donnees=request.POST,
        )


def clore(request, dossier) -> None:
    if getattr(request, "brouillon_garde", False):
        return
    if objet := request.POST.get(CHAMP_OBJET, "")[:LONGUEUR]:
        titre = request.POST.get(CHAMP_FORMULAIRE, "")[:LONGUEUR]
        nommes = request.resolver_match.kwargs.items()
        edite = any(isinstance(v, UUID) for nom, v in nommes if nom != "dossier_id")  # one row
        brouillons.oublier(
            request.habilitation,
            formulaire=titre,
            dossier=dossier,
            objet=objet,
            page=request.path if edite else "",
        )


def _ici(request, dossier, titre):
    """Drafts of this very page (which names the person and the row) and of this form of it."""
    miens = Brouillon.objects.visibles(request.habilitation)
    return miens.filter(dossier=dossier, chemin=request.path, formulaire=titre[:LONGUEUR])


def _siens(request, dossier, titre) -> list[Brouillon]:
    return list(_ici(request, dossier, titre).parlants().order_by("-modifie_le")[:LUS])


def _repris(request, dossier, titre) -> Brouillon | None:
    if not (demande := _demande(request)):
        return None
    cle = ("brouillon", demande, titre)
    ici = _ici(request, dossier, titre)
    return request.habilitation.une_fois(cle, lambda: ici.filter(pk=demande).first())


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
