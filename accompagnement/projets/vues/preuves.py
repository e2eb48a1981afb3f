"""Link traces and objectives, from either side."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accompagnement.models import Preuve, Projet, Transmission
from accompagnement.projets import contenu as contenus
from accompagnement.projets import lectures, listes, services_suivi, trames
from accompagnement.projets import preuves as transmissions
from accompagnement.projets.formulaires_suivi import LiensForm
from accompagnement.projets.vues.communs import en_vigueur_de
from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.refus import refus_dans
from habilitations.acces import acces_dossier
from habilitations.pages import rendre_dossier

RELIE = "Liens enregistrés."


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.TRA, Action.SAISIR)
def de_l_objectif(request, dossier, projet_id, objectif_id):
    """The last traces of the person: which way does each go for this objective?"""
    projet = _projet(request, dossier, projet_id)
    version = en_vigueur_de(projet)
    vise = version and contenus.trouver(version.contenu, "objectif", objectif_id)
    if not vise:
        raise Http404
    traces = _recentes(request.habilitation, dossier)
    actives = Preuve.objects.filter(objectif=objectif_id, retiree_le=None)
    liees = lectures.preuves(request.habilitation, dossier, actives)
    deja = {f"{p.preuve.source}_{p.trace.cle}": p.preuve.sens for p in liees}
    lignes = [(cle, trace.auteur) for cle, trace in traces.items()]
    formulaire = LiensForm(request.POST or None, lignes=lignes, deja=deja)
    retour = reverse("accompagnement:projet_objectif", args=[dossier.pk, projet.pk, objectif_id])

    def lien(cle, sens):
        source, _, trace = cle.rpartition("_")
        return (objectif_id, source, trace, sens)

    contexte = {
        "titre": "Relier des traces",
        "vise": vise["titre"],
        "traces": [(traces[cle], champ) for cle, champ in formulaire.dessinees()],
        "retour": retour,
    }
    return _page(request, dossier, formulaire, lien, contexte, "preuves", retour)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.TRA, Action.SAISIR)
def de_la_transmission(request, dossier, transmission_id):
    """One transmission: does it speak for or against an objective?"""
    h = request.habilitation
    visibles = Transmission.objects.visibles(h).filter(dossier=dossier)
    transmission = visibles.filter(pk=transmission_id).select_related("auteur").first()
    if transmission is None or not h.peut_pour(dossier, Bloc.PP):
        raise Http404
    objectifs = listes.objectifs(h, dossier)
    trace = transmissions.lire(h, dossier, [transmission.pk]).get(transmission.pk)
    if trace is None:
        raise Http404
    cles = [cle for cle, _ in objectifs]
    actives = Preuve.objects.filter(objectif__in=cles, source="transmission", retiree_le=None)
    liees = lectures.preuves(h, dossier, actives)
    deja = {p.cle[0]: p.preuve.sens for p in liees if p.trace.cle == trace.cle}
    formulaire = LiensForm(request.POST or None, lignes=objectifs, deja=deja)

    def lien(cle, sens):
        return (cle, "transmission", transmission.pk, sens)

    retour = reverse("accompagnement:transmissions", args=[dossier.pk])
    contexte = {
        "titre": "Relier à un objectif",
        "trace": trace,
        "champs": [champ for _, champ in formulaire.dessinees()],
        "retour": retour,
    }
    suite = f"{retour}#t-{transmission.pk}"
    return _page(request, dossier, formulaire, lien, contexte, "relier", suite)


# ---------------------------------------------------------------- inside


def _projet(request, dossier, projet_id) -> Projet:
    visibles = Projet.objects.visibles(request.habilitation).filter(dossier=dossier)
    return get_object_or_404(visibles.ouverts(), pk=projet_id)


def _recentes(habilitation, dossier) -> dict:
    """{source_key: trace}, the last first, whatever their source."""
    nombre, trouvees = trames.reglages()["traces_proposees"], {}
    for source in registres.sources_preuves.permis_pour(habilitation, dossier):
        for trace in source.recentes(habilitation, dossier, nombre):
            trouvees[f"{source.nom}_{trace.cle}"] = trace
    ordre = sorted(trouvees.items(), key=lambda x: x[1].survenu_le, reverse=True)
    return dict(ordre[:nombre])


def _page(request, dossier, formulaire, lien, contexte, gabarit, suite):
    if formulaire.is_valid():
        liens = [lien(cle, sens) for cle, sens in formulaire.sens().items()]
        with refus_dans(formulaire):
            services_suivi.relier(request.habilitation, dossier, liens=liens)
            messages.success(request, RELIE)
            return redirect(suite)
    statut = 422 if formulaire.is_bound else 200
    nom = f"accompagnement/projets/{gabarit}.html"
    contexte["formulaire"] = formulaire
    return rendre_dossier(request, dossier, nom, contexte, status=statut)
