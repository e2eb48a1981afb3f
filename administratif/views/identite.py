from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from administratif import lectures, services
from administratif.forms import GirForm, TraitsForm, UsageForm
from administratif.identification import lectures as identification
from administratif.insi import lectures as insi
from dui.socle import canaux
from dui.socle.enums import Action, Bloc, StatutIdentite
from dui.socle.refus import conflit_de, refus_dans
from dui.socle.templatetags.signaux import TONS_IDENTITE
from habilitations import conflits
from habilitations.acces import acces_dossier
from habilitations.pages import rendre_dossier

EXPLICATIONS = {
    StatutIdentite.PROVISOIRE: "Ni une pièce d’identité ni le téléservice INSi ne l’ont encore "
    "confirmée. Vérifiez-la avant tout envoi.",
    StatutIdentite.RECUPEREE: "Les traits viennent du téléservice INSi. Il reste à contrôler une "
    "pièce d’identité.",
    StatutIdentite.VALIDEE: "Une pièce d’identité a été contrôlée. L’INS n’est pas encore "
    "récupérée : aucun document ne part vers Mon espace santé.",
    StatutIdentite.QUALIFIEE: "Pièce d’identité contrôlée et INS récupérée : les documents de "
    "santé peuvent partir sous cette identité.",
}
# Where a correction leads back to, when it was asked from there.
SUITES = {"insi": "administratif:identite_insi"}


@require_safe
@acces_dossier(Bloc.ID)
def identite(request, dossier):
    h, usager = request.habilitation, dossier.usager
    contexte = {
        "titre": "Administratif",
        "usager": usager,
        "telephone": lectures.numero(usager.telephone),
        "explication": EXPLICATIONS[usager.statut_identite],
        "ton_statut": TONS_IDENTITE[usager.statut_identite],
        "lieu_naissance": identification.lieu_de_naissance(usager),
        "canaux": canaux.passages(usager),
        "controles": identification.controles(h, dossier),
        "verrouille": usager.traits_verrouilles,
        "corriger_url": _lien(h, dossier, Bloc.ID, "identite_traits")
        if services.peut_corriger(h, dossier, usager)
        else "",
        "valider_url": ""
        if usager.identite_validee or usager.faits_identite.suspecte
        else _lien(h, dossier, Bloc.ID, "identite_valider"),
        "signaler_url": _lien(h, dossier, Bloc.IDV, "identite_signaler"),
        "juger_url": _lien(h, dossier, Bloc.IDV, "identite_juger", Action.VALIDER),
        "insi": insi.acces(h, dossier, usager),
        "modifier_url": _lien(h, dossier, Bloc.ENT, "identite_usage"),
        "peut_noter_gir": h.peut_pour(dossier, Bloc.EVA, Action.VALIDER),
        "voit_sejours": h.peut_pour(dossier, Bloc.ADM),
        "peut_mouvoir": h.peut_pour(dossier, Bloc.ADM, Action.SAISIR),
        "sejours": lectures.sejours(h, dossier),
        "historique": lectures.historique_identite(h, dossier),
    }
    return rendre_dossier(request, dossier, "administratif/identite.html", contexte)


def _lien(habilitation, dossier, bloc, nom, action=Action.SAISIR) -> str:
    if not habilitation.peut_pour(dossier, bloc, action):
        return ""
    return reverse(f"administratif:{nom}", args=[dossier.pk])


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.ENT, Action.SAISIR)
def usage(request, dossier):
    formulaire = UsageForm(request.POST or None, objet=dossier.usager)
    titre = f"Comment appeler et joindre {dossier.usager.nom_usuel}"
    return _modifier(request, dossier, formulaire, services.modifier_usage, titre)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.ID, Action.SAISIR)
def traits(request, dossier):
    if not services.peut_corriger(request.habilitation, dossier, dossier.usager):
        raise PermissionDenied(services.VERROUILLES)
    formulaire = TraitsForm(request.POST or None, objet=dossier.usager)
    titre = f"Corriger l’identité de {dossier.usager.nom_affiche}"
    return _modifier(request, dossier, formulaire, services.corriger_traits, titre)


def _modifier(request, dossier, formulaire, service, titre):
    """The two forms on the person differ by their fields and their service only."""
    if formulaire.is_valid():
        version_lue = formulaire.cleaned_data["version"]
        with refus_dans(formulaire):
            service(request.habilitation, dossier, version_lue=version_lue, **formulaire.champs)
            messages.success(request, "Enregistré, l’ancienne version reste dans l’historique.")
            suite = SUITES.get(request.GET.get("suite", ""), "administratif:identite")
            return redirect(suite, dossier_id=dossier.pk)
        if conflit := conflit_de(formulaire):
            retour = reverse("administratif:identite", args=[dossier.pk])
            return conflits.repondre(request, formulaire, conflit, dossier=dossier, retour=retour)
    provisoire = dossier.usager.statut_identite == StatutIdentite.PROVISOIRE
    return _page(request, dossier, formulaire, titre, provisoire=provisoire)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.EVA, Action.VALIDER)
def gir(request, dossier):
    initial = {"gir": dossier.gir, "gir_lu": dossier.gir}
    formulaire = GirForm(request.POST or None, initial=initial)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            services.noter_gir(request.habilitation, dossier, **formulaire.cleaned_data)
            messages.success(request, f"GIR noté pour {dossier.usager.nom_usuel}.")
            return redirect("administratif:identite", dossier_id=dossier.pk)
    return _page(request, dossier, formulaire, f"GIR de {dossier.usager.nom_usuel}")


def _page(request, dossier, formulaire, titre, **autres):
    contexte = {
        "titre": "Administratif",
        "titre_h1": titre,
        "formulaire": formulaire,
        "libelle_enregistrer": f"Enregistrer pour {dossier.usager.nom_usuel}",
        "provisoire": True,
        **autres,
    }
    statut = 422 if formulaire.is_bound else 200
    return rendre_dossier(
        request, dossier, "administratif/identite_formulaire.html", contexte, status=statut
    )
