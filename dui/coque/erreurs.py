"""Error pages, in the same shell, that say what to do and whom to ask."""

from django.shortcuts import render


def requete_illisible(request, exception=None):
    return render(request, "400.html", status=400)


def interdit(request, exception=None):
    # Refused inside a record already known to the account: the way back is its summary.
    dossier_id = getattr(request, "acces_refuse", (None, None, None))[2]
    contexte = {"exception": str(exception or ""), "dossier_id": dossier_id}
    return render(request, "403.html", contexte, status=403)


def introuvable(request, exception=None):
    return render(request, "404.html", status=404)


def panne(request):
    return render(request, "500.html", status=500)
