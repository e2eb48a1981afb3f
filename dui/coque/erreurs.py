"""Error pages, in the same shell, that say what to do and whom to ask."""

from django.shortcuts import render

from habilitations.politique import Habilitation


def requete_illisible(request, exception=None):
    return render(request, "400.html", status=400)


def du_portail(request) -> bool:
    """The person and relatives have neither ward nor manager: another page speaks to them."""
    if not request.user.is_authenticated:
        return False
    # An unknown address fails before the habilitation is set.
    h = getattr(request, "habilitation", None) or Habilitation(request.user)
    return not h.professionnel


def interdit(request, exception=None):
    if du_portail(request):
        return render(request, "404_portail.html", {"code": 403}, status=403)
    # Refused inside a record already known to the account: the way back is its summary.
    dossier_id = getattr(request, "acces_refuse", (None, None, None))[2]
    contexte = {"exception": str(exception or ""), "dossier_id": dossier_id}
    return render(request, "403.html", contexte, status=403)


def introuvable(request, exception=None):
    if du_portail(request):
        return render(request, "404_portail.html", {"code": 404}, status=404)
    return render(request, "404.html", status=404)


def a_un_bouton_pres(request):
    """What a button alone reaches, opened by itself: reloaded, or kept as a favourite."""
    if du_portail(request):
        return render(request, "404_portail.html", {"code": 405}, status=405)
    return render(request, "405.html", status=405)


def panne(request):
    # Whatever broke may break again: the shell draws nothing that the policy or the base answers.
    request.__dict__.pop("habilitation", None)
    return render(request, "500.html", status=500)
