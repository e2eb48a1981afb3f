from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from admission import lectures, services
from admission.exports import csv_des_rejets
from admission.forms import CorrespondanceForm, DepotForm, OptionsForm
from admission.importation.refus import FichierRefuse
from admission.models import Importation
from dui.socle.enums import Action, Bloc
from dui.socle.refus import refus_en_message
from habilitations.acces import acces_bloc
from habilitations.lieux import lieu_de

acces = acces_bloc(Bloc.ADM, Action.SAISIR)


def _visible(request, importation_id) -> Importation:
    visibles = Importation.objects.visibles(request.habilitation)
    return get_object_or_404(visibles.select_related("etablissement", "compte"), pk=importation_id)


@require_safe
@acces
def importations(request):
    liste = Importation.objects.visibles(request.habilitation).recentes()[:50]
    return render(request, "admission/importations.html", {"importations": liste})


@require_http_methods(["GET", "POST"])
@acces
def importation_nouvelle(request):
    envoi = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    formulaire = DepotForm(
        *envoi,
        habilitation=request.habilitation,
        ici=lieu_de(request).etablissement,
        trop_gros=getattr(request, "fichier_trop_gros", False),
    )
    if request.method == "POST" and formulaire.is_valid():
        donnees = formulaire.cleaned_data
        try:
            importation = services.deposer_fichier(
                request.habilitation,
                etablissement=donnees["etablissement"],
                flux=donnees["fichier"].file,
                nom=donnees["fichier"].name,
            )
        except FichierRefuse as refus:
            formulaire.add_error("fichier", f"{refus.message} {refus.que_faire}")
        else:
            return redirect("admission:correspondance", importation_id=importation.pk)
    statut = 422 if request.method == "POST" else 200
    contexte = {"formulaire": formulaire}
    return render(request, "admission/importation_nouvelle.html", contexte, status=statut)


@require_http_methods(["GET", "POST"])
@acces
def correspondance(request, importation_id):
    objet = _visible(request, importation_id)
    if objet.finie or objet.en_travail:
        return redirect("admission:importation", importation_id=objet.pk)
    apercu, remarques = lectures.apercu(objet)
    envoi = request.POST if request.method == "POST" else None
    formulaire = CorrespondanceForm(envoi, apercu=apercu, propositions=objet.colonnes)
    options = OptionsForm(envoi, initial=objet.options)
    if request.method == "POST" and formulaire.is_valid() and options.is_valid():
        colonnes = formulaire.colonnes_choisies
        services.choisir_correspondance(request.habilitation, objet.pk, colonnes_choisies=colonnes)
        services.demander_simulation(request.habilitation, objet.pk, **options.cleaned_data)
        return redirect("admission:importation", importation_id=objet.pk)
    contexte = {"importation": objet, "formulaire": formulaire, "options": options}
    contexte["remarques"] = remarques
    contexte["lignes"] = [(c, formulaire[f"colonne_{c['rang']}"]) for c in apercu]
    statut = 422 if request.method == "POST" else 200
    return render(request, "admission/correspondance.html", contexte, status=statut)


@require_safe
@acces
def importation(request, importation_id):
    objet = _visible(request, importation_id)
    if objet.etat in (objet.Etat.DEPOSEE, objet.Etat.CORRESPONDANCE):
        return redirect("admission:correspondance", importation_id=objet.pk)
    rejets = lectures.rejets_de(objet)
    contexte = {
        "importation": objet,
        "travail": _travail(objet),
        "rejets": rejets[: lectures.REJETS_AFFICHES],
        "options": OptionsForm(initial=objet.options),
        "confiees": lectures.confiees(objet),
        "libelle_importer": lectures.libelle_importer(objet),
    }
    return render(request, "admission/importation.html", contexte)


def _travail(objet):
    page = reverse("admission:importation", args=[objet.pk])
    avancement = reverse("admission:avancement", args=[objet.pk])
    return lectures.travail(objet, {"url": avancement, "url_annuler": "", "url_resultat": page})


@require_safe
@acces
def avancement(request, importation_id):
    objet = _visible(request, importation_id)
    return render(request, "admission/_avancement.html", {"travail": _travail(objet)})


@require_POST
@acces
def importer(request, importation_id):
    objet = _visible(request, importation_id)
    options = OptionsForm(request.POST)
    return _demander(
        request,
        objet,
        lambda: services.demander_import(
            request.habilitation, objet.pk, **(options.cleaned_data if options.is_valid() else {})
        ),
    )


@require_POST
@acces
def relancer(request, importation_id):
    objet = _visible(request, importation_id)
    return _demander(request, objet, lambda: services.relancer(request.habilitation, objet.pk))


@require_POST
@acces
def annuler(request, importation_id):
    objet = _visible(request, importation_id)
    return _demander(request, objet, lambda: services.annuler(request.habilitation, objet.pk))


def _demander(request, objet, demande):
    """Run the service; what it refuses is told on the page of the import."""
    with refus_en_message(request):
        demande()
    return redirect("admission:importation", importation_id=objet.pk)


@require_safe
@acces
def rejets(request, importation_id):
    objet = _visible(request, importation_id)
    lignes = csv_des_rejets(lectures.rejets_de(objet))
    reponse = HttpResponse("".join(lignes), content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = 'attachment; filename="lignes-rejetees.csv"'
    return reponse
