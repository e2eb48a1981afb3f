from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accompagnement import lectures, services
from accompagnement.forms_quotidien import AbsenceForm, QuiJeSuisForm, RetourForm
from accompagnement.models import Absence
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.refus import refus_dans
from habilitations.acces import acces_dossier
from habilitations.pages import rendre_dossier


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.AGE, Action.SAISIR)
def absence(request, dossier):
    """Leave when present, come back when away: one page, one gesture."""
    absences = Absence.objects.visibles(request.habilitation).filter(dossier=dossier)
    en_cours = absences.en_cours().first()
    if not en_cours and "fin" in request.POST:  # a double click, or a colleague was quicker
        messages.info(request, f"Le retour de {dossier.usager.nom_usuel} est déjà noté.")
        return redirect("dossier", dossier_id=dossier.pk)
    if "debut" in request.POST:  # a departure, even when one is already noted: the service says so
        en_cours = None
    formulaire = (RetourForm if en_cours else AbsenceForm)(request.POST or None)
    if formulaire.is_valid() and _noter(request, dossier, en_cours, formulaire):
        return redirect("dossier", dossier_id=dossier.pk)
    contexte = {
        "titre": "Retour d’absence" if en_cours else "Absence",
        "libelle_enregistrer": f"Enregistrer pour {dossier.usager.nom_usuel}",
        "formulaire": formulaire,
        "en_cours": lectures.nommer_absence(en_cours),
        "passees": [lectures.nommer_absence(a) for a in absences.order_by("-debut", "pk")[:20]],
    }
    statut = 422 if formulaire.is_bound else 200
    return rendre_dossier(request, dossier, "accompagnement/absence.html", contexte, status=statut)


def _noter(request, dossier, en_cours, formulaire) -> bool:
    h, donnees = request.habilitation, formulaire.cleaned_data
    with refus_dans(formulaire):
        if en_cours:
            services.noter_retour(h, en_cours.pk, **donnees)
        else:
            services.declarer_absence(h, dossier, **donnees)
        mot = "Retour noté" if en_cours else "Absence notée"
        messages.success(request, f"{mot} pour {dossier.usager.nom_usuel}.")
        return True
    return False


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.AVQ, Action.SAISIR)
def qui_je_suis(request, dossier):
    lignes = {x.rubrique: x for x in lectures.qui_je_suis(request.habilitation, dossier)}
    formulaire = QuiJeSuisForm(request.POST or None, lignes=lignes)
    statut = 422 if formulaire.is_bound else 200
    if formulaire.is_valid():
        try:
            services.ecrire_qui_je_suis(request.habilitation, dossier, formulaire.modifiees())
        except ConflitDeVersion as conflit:
            formulaire.montrer_le_conflit(conflit.actuel, _conflit(conflit))
            statut = 409
        else:
            messages.success(request, f"« Qui je suis » de {dossier.usager.nom_usuel} enregistré.")
            return redirect("dossier", dossier_id=dossier.pk)
    contexte = {
        "titre": "Qui je suis",
        "libelle_enregistrer": f"Enregistrer pour {dossier.usager.nom_usuel}",
        "formulaire": formulaire,
    }
    return rendre_dossier(
        request, dossier, "accompagnement/qui_je_suis.html", contexte, status=statut
    )


def _conflit(conflit) -> str:
    ecrit = conflit.actuel.texte
    return f"Un collègue a écrit entre-temps : « {ecrit} ». Gardez le meilleur des deux."
