"""The activities of the day: who comes, who came, in as few gestures as possible."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from coordination.activites import lectures
from coordination.agenda import services_conclusion
from coordination.agenda.periode import JOUR, Periode
from coordination.models import RendezVous
from dui.socle.enums import Action, Bloc
from dui.socle.identifiants import lire_jour, lire_uuid
from dui.socle.journal import consigner
from habilitations.acces import acces_bloc
from habilitations.lieux import lieu_d_ecriture, lieu_de
from habilitations.pages import signature


def _jour(request):
    return lire_jour(request.GET.get("jour") or request.POST.get("jour")) or timezone.localdate()


def _contexte(request) -> dict:
    h, lieu, jour = request.habilitation, lieu_de(request), _jour(request)
    lignes = lectures.du_jour(h, lieu, jour)
    return {
        "titre": f"Activités, {Periode(JOUR, jour).titre.lower()}",
        "lieu": lieu,
        "jour": jour,
        "lignes": lignes,
        "avant": f"?{lieu.du_jour(jour - timedelta(days=1))}",
        "apres": f"?{lieu.du_jour(jour + timedelta(days=1))}",
        "a_valider": [r for r in lignes if r.peut_conclure and r.ouvert],
        "peut_ecrire": h.peut(Bloc.ANI, Action.SAISIR),
        "parametres": lieu.du_jour(jour),
    }


@require_safe
@acces_bloc(Bloc.ANI)
def activites(request):
    return render(request, "coordination/activites/jour.html", _contexte(request))


@require_safe
@acces_bloc(Bloc.ANI)
def activites_imprimables(request):
    """The sheets to tick by hand, one list of names an activity."""
    consigner(request.habilitation, "imprimer", bloc=Bloc.ANI, cible="activités")
    contexte = _contexte(request) | {"imprime_par": signature(request.habilitation)}
    contexte["retour"] = f"{reverse('coordination:activites')}?{contexte['parametres']}"
    return render(request, "coordination/activites/imprimable.html", contexte)


@require_POST
@acces_bloc(Bloc.ANI, Action.SAISIR)
def valider(request):
    """Everybody came: all the ticked activities of the day, at once."""
    lieu = lieu_d_ecriture(request)
    cles = [c for c in map(lire_uuid, request.POST.getlist("rendez_vous")) if c]
    try:
        nombre = services_conclusion.valider_comme_prevu(request.habilitation, cles)
    except RendezVous.DoesNotExist:
        raise Http404 from None
    except (ValidationError, PermissionDenied) as erreur:
        messages.error(request, getattr(erreur, "message", str(erreur)))
    else:
        messages.success(request, _dits(nombre))
    return redirect(f"{reverse('coordination:activites')}?{lieu.du_jour(_jour(request))}")


def _dits(nombre: int) -> str:
    if not nombre:
        return "Rien à valider : cochez une activité, ou un collègue vient de le faire."
    pluriel = "s" if nombre > 1 else ""
    return f"{nombre} activité{pluriel} validée{pluriel}, toutes les personnes présentes."
