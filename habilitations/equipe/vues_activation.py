"""The first sign-in, or the return of who lost a password or a second factor."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dui.socle.templatetags.dates import quand
from habilitations.acces import acces_public
from habilitations.connexion import attente
from habilitations.connexion.essais import TropDEssais
from habilitations.connexion.formulaires import viser
from habilitations.connexion.vues import ATTENDRE, hors_verrou
from habilitations.equipe import activation as activations
from habilitations.equipe.formulaires import ActivationForm
from habilitations.models import Activation


@hors_verrou
@acces_public
@never_cache
@require_http_methods(["GET", "POST"])
def activation(request):
    formulaire = ActivationForm(request.POST or None)
    if (
        request.method == "POST"
        and formulaire.is_valid()
        and (suite := _activer(request, formulaire))
    ):
        return suite
    if formulaire.errors:
        viser(formulaire, next((n for n in formulaire.fields if n in formulaire.errors), "code"))
    statut = 422 if formulaire.is_bound else 200
    contexte = {"formulaire": formulaire}
    return render(request, "habilitations/activation.html", contexte, status=statut)


def _activer(request, formulaire):
    donnees = formulaire.cleaned_data
    try:
        trouvee = activations.en_attente(
            request, identifiant=donnees["identifiant"], code=donnees["code"]
        )
    except TropDEssais:
        formulaire.add_error(None, ATTENDRE)
        return None
    if trouvee is None:
        formulaire.add_error(None, activations.INCONNU)
        return None
    if formulaire.refuser_le_mot_de_passe(trouvee.compte):
        return None
    compte = activations.activer(trouvee, mot_de_passe=donnees["mot_de_passe"])
    if compte is None:
        formulaire.add_error(None, activations.INCONNU)
        return None
    _prevenir(request, trouvee)
    # As after a right password: the second factor remains to be shown, or to be linked.
    attente.commencer(request, compte)
    return redirect("connexion_code")


def _prevenir(request, activation) -> None:
    """Who did what to my access: read on the first page after the sign-in."""
    if activation.motif == Activation.Motif.NOUVEAU:
        return
    quoi = {
        Activation.Motif.MOT_DE_PASSE: "Votre mot de passe a été remplacé",
        Activation.Motif.SECOND_FACTEUR: "Votre second facteur a été retiré puis relié de nouveau",
    }[Activation.Motif(activation.motif)]
    par = f"{activation.donnee_par}, {quand(activation.donnee_le)}"
    messages.warning(
        request, f"{quoi} (code remis par {par}). Si ce n’est pas vous, prévenez le cadre."
    )
