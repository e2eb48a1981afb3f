"""A form being written about somebody: its draft goes with it, from the first letter to the save.

`rendre_dossier` prepares it for any page that shows a form, `acces_dossier` closes it once the
form is saved, `{% redaction %}` draws it: a view has nothing to say.
"""

from dataclasses import dataclass
from uuid import uuid4

from django import forms
from django.utils import timezone

from dui.socle import brouillons
from dui.socle.champs import Heure
from dui.socle.identifiants import lire_uuid
from dui.socle.models import Brouillon

CHAMPS = CHAMP_FORMULAIRE, CHAMP_OBJET = "_formulaire", "_brouillon"
DATES = (forms.DateField, forms.DateTimeField, Heure)


@dataclass(frozen=True)
class Redaction:
    """What the page needs: where the draft goes, since when it is kept, and the other drafts."""

    formulaire: str
    objet: str
    adresse: str
    enregistre_a: str
    autres: list[Brouillon]


def preparer(request, dossier, formulaire, titre) -> Redaction:
    reprendre(request, dossier, formulaire)
    attendent, repris = _siens(request, dossier), lire_uuid(request.GET.get("brouillon"))
    ici = request.POST.get(CHAMP_OBJET, "")[:60]
    courant = next((b for b in attendent if ici == b.objet or repris == b.pk), None)
    objet = ici or (courant.objet if courant else str(uuid4()))
    return Redaction(
        formulaire=titre,
        objet=objet,
        adresse=brouillons.adresse(titre, dossier=dossier, objet=objet),
        enregistre_a=f"{timezone.localtime(courant.modifie_le):%H:%M}" if courant else "",
        autres=[b for b in attendent if b != courant and _dit_quelque_chose(b, formulaire)],
    )


def reprendre(request, dossier, formulaire) -> None:
    """The form says what the draft asked for says (`?brouillon=`)."""
    if formulaire.is_bound or not (repris := lire_uuid(request.GET.get("brouillon"))):
        return
    for brouillon in _siens(request, dossier):
        if brouillon.pk == repris:
            formulaire.initial.update(brouillons.initiales(brouillon, formulaire.fields))


def clore(request, dossier) -> None:
    if objet := request.POST.get(CHAMP_OBJET, "")[:60]:
        titre = request.POST.get(CHAMP_FORMULAIRE, "")[:60]
        brouillons.oublier(request.habilitation, formulaire=titre, dossier=dossier, objet=objet)


def _siens(request, dossier) -> list[Brouillon]:
    """The drafts of this very page (which names the person and the row), once per request."""
    tous = Brouillon.objects.visibles(request.habilitation)
    ici = tous.filter(dossier=dossier, chemin=request.path).order_by("-modifie_le")
    cle = ("brouillons", dossier.pk, request.path)
    return request.habilitation.une_fois(cle, lambda: list(ici[:20]))


def _dit_quelque_chose(brouillon, formulaire) -> bool:
    """Something was typed: a box touched by mistake, an hour that passed are no text to resume."""
    for nom, champ in formulaire.fields.items():
        a_taper = isinstance(champ.widget, forms.TextInput | forms.Textarea | forms.NumberInput)
        if not a_taper or isinstance(champ, DATES):
            continue
        tape = (brouillon.saisies.get(nom) or [""])[-1].strip()
        initial = formulaire.get_initial_for_field(champ, nom)
        if tape and tape != str(champ.prepare_value(initial) or "").strip():
            return True
    return False
