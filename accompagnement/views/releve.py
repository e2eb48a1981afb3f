from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accompagnement import lectures, services, suites, titres
from accompagnement.cibles import lectures as cibles
from dui.socle.enums import Bloc
from dui.socle.identifiants import lire_uuid
from dui.socle.journal import consigner
from habilitations.acces import acces_bloc
from habilitations.lieux import lieu_de
from habilitations.pages import signature


def _contexte(request) -> dict:
    h, lieu = request.habilitation, lieu_de(request)
    demande = request.GET.get("depuis", "poste")
    choix = [("poste", "Depuis mon dernier poste"), *lectures.PERIODES.items()]
    contexte = lectures.releve(h, lieu, lectures.debut_de_releve(h, demande))
    contexte["a_relancer"] = cibles.du_lieu(h, lieu, en_retard=True)
    contexte["en_retard"] = suites.du_lieu(h, lieu)
    contexte |= titres.de_la_releve(contexte, lieu)
    contexte["adresse"] = f"?{lieu.parametre}&depuis={demande}"
    contexte["imprimer_url"] = reverse("accompagnement:releve_imprimable") + contexte["adresse"]
    contexte["periodes"] = [
        {
            "libelle": libelle,
            "url": f"?{lieu.parametre}&depuis={valeur}",
            "courant": valeur == demande,
        }
        for valeur, libelle in choix
    ]
    return contexte


@require_safe
@acces_bloc(Bloc.TRA)
def releve(request):
    return render(request, "accompagnement/releve.html", _contexte(request))


@require_safe
@acces_bloc(Bloc.TRA)
def releve_imprimable(request):
    consigner(request.habilitation, "imprimer", bloc=Bloc.TRA, cible="relève")
    contexte = _contexte(request)
    contexte |= {
        "importantes": lectures.les_urgentes_d_abord(contexte["importantes"]),
        "imprime_par": signature(request.habilitation),
        "retour": reverse("accompagnement:releve") + contexte["adresse"],
    }
    return render(request, "accompagnement/releve_imprimable.html", contexte)


@require_POST
@acces_bloc(Bloc.TRA)
def lu(request):
    """« J’ai lu » of one transmission or of all those listed, then back to the same handover."""
    ids = [i for i in map(lire_uuid, request.POST.getlist("transmission")) if i]
    nombre = services.accuser_lecture(request.habilitation, ids)
    if nombre > 1:
        messages.success(request, f"{nombre} transmissions marquées comme lues.")
    retour = reverse("accueil") if request.POST.get("retour") == "accueil" else None
    return redirect(retour or _releve_demandee(request))


def _releve_demandee(request) -> str:
    depuis = request.POST.get("depuis", "poste")
    periode = depuis if depuis in lectures.PERIODES else "poste"
    return f"{reverse('accompagnement:releve')}?{lieu_de(request).parametre}&depuis={periode}"
