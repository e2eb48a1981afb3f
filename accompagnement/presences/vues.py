"""Who is there, for a unit: grid, several at once, evacuation, register, activity."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accompagnement.presences import activite as activites
from accompagnement.presences import cellules, lectures, services, titres
from accompagnement.presences.formulaires import JourForm, PlusieursForm
from dui.socle import pdf
from dui.socle.enums import Action, Bloc
from dui.socle.identifiants import lire_jour
from dui.socle.journal import consigner
from dui.socle.refus import refus_dans, refus_en_message, statut
from habilitations import redaction
from habilitations.acces import acces_bloc
from habilitations.exports import reponse_csv
from habilitations.lieux import lieu_d_ecriture, lieu_de, maison_parmi, presents
from habilitations.pages import rendre_maison, signature

EVACUATION = "Personnes présentes"


def _jour(request) -> date:
    return lire_jour(request.GET.get("le")) or timezone.localdate()


@require_safe
@acces_bloc(Bloc.AGE)
def presences(request):
    h, lieu = request.habilitation, lieu_de(request)
    vue = "mois" if request.GET.get("vue") == "mois" else "semaine"
    le = _jour(request)
    choisie = titres.periode(vue, le)
    grille = lectures.grille(h, lieu, choisie["jours"])
    contexte = titres.de_la_grille(lieu, vue, le, choisie) | {
        "lieu": lieu,
        "vue": vue,
        "lignes": cellules.lignes(grille, choisie["jours"]),
        "a_traiter": lectures.a_traiter(h, lieu),
        "peut_saisir": h.peut(Bloc.AGE, Action.SAISIR),
        "peut_compter": h.peut(Bloc.STA),
    }
    return render(request, "accompagnement/presences/grille.html", contexte)


@require_safe
@acces_bloc(Bloc.AGE)
def presences_csv(request):
    """The month, as it is on screen: a copy that leaves."""
    h, lieu = request.habilitation, lieu_de(request)
    consigner(h, Action.EXPORTER, bloc=Bloc.AGE, cible="présences")
    jours = titres.periode("mois", _jour(request))["jours"]
    lignes = titres.lignes_csv(lectures.grille(h, lieu, jours), jours)
    return reponse_csv(lignes, f"presences-{jours[0]:%Y-%m}.csv")


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.AGE, Action.SAISIR)
def plusieurs(request):
    h, lieu = request.habilitation, lieu_d_ecriture(request)
    ici = presents(h, lieu)
    ouverts = h.ouverts(ici, Bloc.AGE, Action.SAISIR)
    sejours = [s for s in ici if s.dossier_id in ouverts]
    initial = {"personnes": [request.GET.get("personne", "")]}
    formulaire = PlusieursForm(request.POST or None, sejours=sejours, initial=initial)
    if formulaire.is_valid() and _noter(request, formulaire, sejours):
        redaction.clore(request, None)
        return redirect(f"{reverse('accompagnement:presences')}?{lieu.parametre}")
    contexte = {
        "titre": "Noter une absence pour plusieurs",
        "lieu": lieu,
        "formulaire": formulaire,
    }
    gabarit = "accompagnement/presences/plusieurs.html"
    return rendre_maison(request, gabarit, contexte, status=statut(formulaire))


def _noter(request, formulaire, sejours) -> bool:
    donnees = formulaire.cleaned_data
    choisis = [s.dossier for s in sejours if str(s.dossier_id) in donnees["personnes"]]
    saisie = {"motif": donnees["motif"], "lieu": donnees["lieu"]}
    saisie |= {"debut": formulaire.debut, "fin": formulaire.fin}
    saisie["maison"] = lieu_de(request).etablissement
    with refus_dans(formulaire):
        notees = services.noter_ensemble(request.habilitation, choisis, **saisie)
        mot = "absences notées" if len(notees) > 1 else "absence notée"
        messages.success(request, f"{len(notees)} {mot}.")
        return True
    return False


# ---------------------------------------------------------------- evacuation


def _evacuation(request) -> dict:
    groupes = lectures.evacuation(request.habilitation, lieu_de(request))
    return {
        "titre": EVACUATION,
        "groupes": groupes,
        "sous_titre": titres.de_l_evacuation(groupes),
        "lieu": lieu_de(request),
        "etablissement": lieu_de(request).etablissement,
        "imprime_par": signature(request.habilitation),
        "imprime_le": timezone.now(),
    }


@require_safe
@acces_bloc(Bloc.ID, Action.RESUME)
def evacuation_imprimable(request):
    """One click from any page, ready to print: who is inside."""
    consigner(request.habilitation, "imprimer", bloc=Bloc.ID, cible="évacuation")
    contexte = _evacuation(request) | {"retour": reverse("accueil")}
    contexte["pdf_url"] = f"{reverse('accompagnement:evacuation_pdf')}?{lieu_de(request).parametre}"
    return render(request, "accompagnement/presences/evacuation.html", contexte)


@require_safe
@acces_bloc(Bloc.ID, Action.RESUME)
def evacuation_pdf(request):
    consigner(request.habilitation, "imprimer", bloc=Bloc.ID, cible="évacuation")
    contenu = pdf.rendre("accompagnement/presences/evacuation_feuille.html", _evacuation(request))
    reponse = HttpResponse(contenu, content_type="application/pdf")
    reponse["Content-Disposition"] = 'inline; filename="presents.pdf"'
    return reponse


# ---------------------------------------------------------------- register, activity


@require_safe
@acces_bloc(Bloc.AGE)
def registre(request):
    h, lieu = request.habilitation, lieu_de(request)
    contexte = {
        "lieu": lieu,
        "lignes": lectures.registre(h, lieu),
        "unites": [] if lieu.unite else titres.unites(h.unites_de(lieu.etablissement)),
        "peut_saisir": h.peut(Bloc.AGE, Action.SAISIR),
    }
    return render(request, "accompagnement/presences/registre.html", contexte)


@require_POST
@acces_bloc(Bloc.AGE, Action.SAISIR)
def clore(request):
    lieu, choix = lieu_de(request), JourForm(request.POST)
    if choix.is_valid():
        with refus_en_message(request):
            services.clore(request.habilitation, lieu=lieu, jour=choix.cleaned_data["jour"])
            messages.success(request, "Registre clos et signé : ce jour ne change plus.")
    return redirect(f"{reverse('accompagnement:registre')}?{lieu.parametre}")


@require_safe
@acces_bloc(Bloc.STA)
def activite(request):
    h = request.habilitation
    maison = maison_parmi(request, h.etablissements(Bloc.STA))
    premier = min(_jour(request), timezone.localdate()).replace(day=1)  # nothing is counted ahead
    choisie = titres.periode("mois", premier)
    contexte = {
        "maison": maison,
        "tableau": activites.tableau(maison, premier) if maison else None,
        "titre_periode": choisie["titre_periode"],
        "avant_url": f"?le={choisie['avant'].isoformat()}",
        "apres_url": f"?le={choisie['apres'].isoformat()}",
    }
    return render(request, "accompagnement/presences/activite.html", contexte)
