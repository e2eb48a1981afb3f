"""The first sign-in, or the return of who lost a password or a second factor."""

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from habilitations.acces import acces_public
from habilitations.connexion import attente
from habilitations.connexion.essais import TropDEssais
from habilitations.connexion.formulaires import viser
from habilitations.connexion.vues import ATTENDRE, hors_verrou
from habilitations.equipe import activation as activations
from habilitations.equipe.formulaires import ActivationForm
from habilitations.moyens import avis


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
    # As after a right password: the second factor remains to be shown, or to be linked.
    attente.commencer(request, compte)
    request.session[avis.ACTIVATION] = str(trouvee.pk)
    return redirect("connexion_code")
