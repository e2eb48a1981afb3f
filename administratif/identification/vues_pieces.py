"""The documents that an organisme accepts: which are offered, how far each is trusted."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from administratif.identification import pieces, services
from administratif.insi.lectures import NON_CONFIGURE
from dui.socle.enums import Action, Bloc, Confiance
from habilitations.acces import acces_bloc
from habilitations.lieux import maison_parmi


class PieceForm(forms.Form):
    proposee = forms.BooleanField(label="Proposée", required=False)
    confiance = forms.ChoiceField(label="Confiance")

    def __init__(self, *args, piece, **kwargs):
        super().__init__(
            *args,
            prefix=piece.code,
            initial={"proposee": piece.proposee, "confiance": piece.confiance.value},
            **kwargs,
        )
        self.piece = piece
        self.fields["proposee"].label = f"{piece.libelle} : proposée"
        self.fields["confiance"].label = f"{piece.libelle} : confiance"
        self.fields["confiance"].choices = [(c.value, c.label) for c in _possibles(piece)]


def _possibles(piece) -> list[Confiance]:
    """What the national list says, or less; what it leaves to confirm, the house decides."""
    if piece.livree == Confiance.A_CONFIRMER:
        return [Confiance.A_CONFIRMER, Confiance.ELEVEE, Confiance.FAIBLE]
    return list(dict.fromkeys([piece.livree, Confiance.FAIBLE]))


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.PAR, Action.ADMINISTRER)
def reglages(request):
    maison = _maison(request)
    formulaires = [
        PieceForm(request.POST or None, piece=piece) for piece in pieces.toutes(maison.organisme_id)
    ]
    if request.method == "POST" and all([f.is_valid() for f in formulaires]):
        changes = [f for f in formulaires if f.has_changed()]
        for f in changes:
            services.regler_piece(request.habilitation, maison, code=f.piece.code, **f.cleaned_data)
        messages.success(request, f"{len(changes)} réglage(s) enregistré(s) pour tout l’organisme.")
        return redirect("administratif:pieces_identite")
    statut = 422 if request.method == "POST" else 200
    contexte = {
        "formulaires": formulaires,
        "organisme": maison.organisme,
        "insi_ferme": "" if settings.INSI_OUVERT else NON_CONFIGURE,
    }
    return render(request, "identification/pieces.html", contexte, status=statut)


def _maison(request):
    permises = request.habilitation.etablissements(Bloc.PAR, Action.ADMINISTRER)
    maison = maison_parmi(request, permises.select_related("organisme"))
    if maison is None:
        raise PermissionDenied("Votre rôle ne règle aucun établissement.")
    return maison
