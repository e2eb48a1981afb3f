"""What the national directory says otherwise: accept, ignore."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from administratif.ecarts import lectures, services
from dui.socle.enums import Action, Bloc
from dui.socle.pagination import trancher_par_cle
from dui.socle.refus import refus_en_message
from habilitations.acces import acces_bloc

PAR_PAGE = 30


@require_safe
@acces_bloc(Bloc.PAR, Action.ADMINISTRER)
def ecarts(request):
    a_juger = lectures.a_juger(request.habilitation)
    page = trancher_par_cle(a_juger, request, champ="releve_le", taille=PAR_PAGE)
    contexte = {"page": page, "lignes": [lectures.en_mots(e) for e in page.lignes]}
    return render(request, "ecarts/ecarts.html", contexte)


@require_POST
@acces_bloc(Bloc.PAR, Action.ADMINISTRER)
def juger(request, ecart_annuaire_id):
    """`geste` is the button: the values are those that the list showed, by the id of the line."""
    geste = request.POST.get("geste")
    if not lectures.a_juger(request.habilitation).filter(pk=ecart_annuaire_id).exists():
        raise Http404
    if geste not in ("accepter", "ignorer"):
        messages.error(request, "Choisissez « Accepter » ou « Ignorer ».")
        return redirect("administratif:annuaire_ecarts")
    with refus_en_message(request):
        ecart = services.juger(
            request.habilitation, ecart_annuaire_id, accepter=geste == "accepter"
        )
        messages.success(request, _dire(ecart))
    return redirect("administratif:annuaire_ecarts")


def _dire(ecart) -> str:
    if ecart.etat == ecart.Etat.IGNORE:
        return f"Écart ignoré pour {ecart.professionnel}, rien n’est changé."
    if ecart.nature == ecart.Nature.FIN:
        suite = "Ses accès restent ouverts : terminez-les dans Équipe."
        return f"Noté pour {ecart.professionnel}. {suite}"
    return f"Fiche de {ecart.professionnel} mise à jour, ses droits n’ont pas changé."
