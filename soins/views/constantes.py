from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dui.socle.enums import Action, Bloc
from dui.socle.refus import refus_dans
from habilitations.acces import acces_dossier
from habilitations.pages import rendre_dossier
from soins import constantes as liste
from soins import courbes, lectures, services
from soins.forms import AnnulationForm, ConstantesForm, CorrectionForm
from soins.models import Mesure

CORRECTIONS = "corrections"
PANNEAUX = {"pas": ("pas", "pad"), "pad": ("pas", "pad")}


@require_safe
@acces_dossier(Bloc.CST)
def constantes(request, dossier):
    h, code = request.habilitation, request.GET.get("code", "")
    code = code if code in liste.toutes() else ""
    corriges = request.GET.get("code") == CORRECTIONS
    contexte = {
        "titre": "Constantes",
        "sous_titre": f"{dossier.usager.nom_usuel}, {dossier.usager.age()} ans",
        "peut_saisir": h.peut_pour(dossier, Bloc.CST, Action.SAISIR),
        "dernieres": lectures.dernieres_en_mots(h, dossier),
        "graphes": _graphes(h, dossier, code),
        "filtre": code,
        "filtres": _filtres(code or (CORRECTIONS if corriges else "")),
        "tranche": lectures.saisies(h, dossier, request, PANNEAUX.get(code, (code,) * bool(code))),
        "corrections": lectures.corrections(h, dossier) if corriges else None,
    }
    return rendre_dossier(request, dossier, "soins/constantes.html", contexte)


def _graphes(habilitation, dossier, code) -> list[dict]:
    lu = lectures.etat(habilitation, dossier)
    dessins = [("Poids, six mois", "poids", courbes.poids(lu))]
    dessins.append(("Pression artérielle, quatorze jours", "pression", courbes.pression(lu)))
    if code and code not in ("poids", *PANNEAUX):
        constante = liste.toutes()[code]
        dessin = courbes.autre(constante, lectures.serie(habilitation, dossier, code))
        dessins.append((f"{constante.libelle}, quatorze jours", code, dessin))
    return [{"titre": t, "ancre": f"courbe-{a}", "dessin": d} for t, a, d in dessins if d]


def _filtres(courant) -> list[dict]:
    choix = [("", "Toutes")]
    for code, constante in liste.saisissables().items():
        if code != "pad":
            choix.append((code, "Pression" if code == "pas" else constante.court))
    choix.append((CORRECTIONS, "Corrigées"))
    return [
        {"url": f"?code={c}#mesures" if c else "?", "libelle": mot, "courant": c == courant}
        for c, mot in choix
    ]


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.CST, Action.SAISIR)
def saisir(request, dossier):
    formulaire = ConstantesForm(request.POST or None)
    if formulaire.is_bound and _lire(dossier, formulaire) and _noter(request, dossier, formulaire):
        return redirect("soins:constantes", dossier_id=dossier.pk)
    nom = dossier.usager.nom_usuel
    contexte = {
        "titre": "Noter des constantes",
        "titre_h1": f"Constantes de {nom}",
        "libelle_enregistrer": f"Enregistrer pour {nom}",
        "formulaire": formulaire,
    }
    statut = 422 if formulaire.is_bound else 200
    return rendre_dossier(request, dossier, "soins/constante_saisir.html", contexte, status=statut)


def _lire(dossier, formulaire) -> bool:
    """Every fault of the page at once: what cannot be read, and what cannot be true."""
    if formulaire.is_valid():
        return True
    le = formulaire.cleaned_data.get("mesuree_le")
    if fautes := liste.fautes(formulaire.valeurs, dossier=dossier, mesuree_le=le):
        formulaire.refuser(ValidationError(fautes))
    return False


def _noter(request, dossier, formulaire) -> bool:
    with refus_dans(formulaire):
        notees = services.noter_mesures(
            request.habilitation,
            dossier,
            mesuree_le=formulaire.mesuree_le,
            valeurs=formulaire.valeurs,
            cle_saisie=formulaire.cleaned_data["cle_saisie"],
        )
        dites = " · ".join(" ".join(liste.en_mots(m)) for m in notees)
        messages.success(request, f"Noté pour {dossier.usager.nom_usuel} : {dites}.")
        return True
    return False


def _mesure(request, dossier, mesure_id) -> Mesure:
    mesures = Mesure.objects.visibles(request.habilitation).filter(dossier=dossier)
    return get_object_or_404(mesures.select_related("auteur"), pk=mesure_id)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.CST, Action.SAISIR)
def corriger(request, dossier, mesure_id):
    mesure = _mesure(request, dossier, mesure_id)
    formulaire = CorrectionForm(request.POST or None, mesure=mesure)
    if formulaire.is_valid():
        moment = formulaire.mesuree_le
        donnees = {n: formulaire.cleaned_data[n] for n in ("valeur", "motif", "cle_saisie")}
        with refus_dans(formulaire):
            services.corriger_mesure(request.habilitation, mesure.pk, mesuree_le=moment, **donnees)
            messages.success(request, "Mesure corrigée, l’ancienne valeur reste dans l’historique.")
            return redirect("soins:constantes", dossier_id=dossier.pk)
        mesure = _mesure(request, dossier, mesure_id)
    return _page_de_correction(request, dossier, mesure, formulaire, AnnulationForm())


@require_POST
@acces_dossier(Bloc.CST, Action.SAISIR)
def annuler(request, dossier, mesure_id):
    mesure = _mesure(request, dossier, mesure_id)
    annulation = AnnulationForm(request.POST)
    if annulation.is_valid():
        with refus_dans(annulation):
            services.annuler_mesure(request.habilitation, mesure.pk, **annulation.cleaned_data)
            messages.success(request, "Mesure annulée : elle quitte les listes et les courbes.")
            return redirect("soins:constantes", dossier_id=dossier.pk)
        mesure = _mesure(request, dossier, mesure_id)
    return _page_de_correction(request, dossier, mesure, CorrectionForm(mesure=mesure), annulation)


def _page_de_correction(request, dossier, mesure, formulaire, annulation):
    court, valeur = liste.en_mots(mesure)
    contexte = {
        "titre": "Corriger une mesure",
        "titre_h1": f"{court} : corriger {valeur}",
        "valeur": valeur,
        "mesure": mesure,
        "formulaire": formulaire,
        "annulation": annulation,
        "libelle_enregistrer": f"Corriger pour {dossier.usager.nom_usuel}",
        "corrections": lectures.corrections(request.habilitation, dossier, mesure),
    }
    statut = 422 if formulaire.is_bound or annulation.is_bound else 200
    return rendre_dossier(
        request, dossier, "soins/constante_corriger.html", contexte, status=statut
    )
