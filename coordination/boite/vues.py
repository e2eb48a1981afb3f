"""« Ma boîte », and « Transmettre à… » from a record."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination.boite import lectures, services
from coordination.boite.formulaires import AnnulerForm, ReporterForm, SuiteForm, TransmettreForm
from dui.socle import taches
from dui.socle.enums import Action, Bloc
from dui.socle.identifiants import lire_uuid
from dui.socle.journal import consigner, consigner_chacun
from dui.socle.models import Tache
from dui.socle.refus import refus_dans, statut
from habilitations import redaction
from habilitations.acces import acces_connecte, acces_dossier
from habilitations.lieux import lieu_d_ecriture, lieu_de, sejour_ici
from habilitations.pages import rendre_dossier, rendre_maison


@require_safe
@acces_connecte
def boite(request):
    vue = request.GET.get("vue")
    vue = vue if vue in lectures.VUES else "a-faire"
    lignes = lectures.boite(request.habilitation, vue)
    tracer(request, lignes)
    contexte = {
        "vue": vue,
        "vues": [
            {"url": f"?vue={code}", "libelle": libelle, "courant": code == vue}
            for code, libelle in lectures.VUES.items()
        ],
        "titre_vue": lectures.VUES[vue],
        "lignes": lignes,
    }
    return render(request, "coordination/boite/boite.html", contexte)


def tracer(request, lignes) -> None:
    """Rows that name persons, whatever they are (`dossier`): each record is told once."""
    dossiers = {x.dossier_id: x.dossier for x in lignes if x.dossier_id}
    cible = request.resolver_match.view_name
    consigner_chacun(request.habilitation, "lister", dossiers.values(), bloc=Bloc.ID, cible=cible)


@require_safe
@acces_connecte
def voir(request, tache_id):
    return _page(request, _tache(request, tache_id))


@require_POST
@acces_connecte
def lu(request):
    """One, or all those of the page."""
    choisies = filter(None, map(lire_uuid, request.POST.getlist("tache")))
    nombre = taches.lire(request.habilitation, choisies)
    messages.success(request, "Lu." if nombre == 1 else f"{nombre} messages lus.")
    return redirect("coordination:boite")


@require_POST
@acces_connecte
def fait(request, tache_id):
    def faire(tache, donnees):
        taches.faire(request.habilitation, tache.pk, suite=donnees["suite"])

    return _agir(request, tache_id, SuiteForm, faire, "C’est noté : fait.")


@require_POST
@acces_connecte
def annuler(request, tache_id):
    def cesser(tache, donnees):
        taches.annuler(request.habilitation, tache.pk, motif=donnees["motif"])

    return _agir(request, tache_id, AnnulerForm, cesser, "Annulée, le motif est gardé.")


@require_POST
@acces_connecte
def reporter(request, tache_id):
    def deplacer(tache, donnees):
        echeance = taches.fin_de_journee(donnees["pour_le"])
        motif = donnees["motif"]
        taches.reporter(request.habilitation, tache.pk, echeance_le=echeance, motif=motif)

    return _agir(request, tache_id, ReporterForm, deplacer, "Échéance reportée.")


@require_http_methods(["GET", "POST"])
@acces_connecte
def ecrire(request):
    """About no record: of the house where one works."""
    lieu = lieu_d_ecriture(request)
    formulaire = TransmettreForm(
        request.POST or None, etablissement=lieu.etablissement, sauf=request.user
    )
    if formulaire.is_valid() and _envoyer(request, None, formulaire):
        redaction.clore(request, None)
        return redirect("coordination:boite")
    contexte = {"titre": "Écrire à un collègue", "formulaire": formulaire}
    gabarit = "coordination/boite/ecrire.html"
    return rendre_maison(request, gabarit, contexte, status=statut(formulaire))


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.ID, Action.RESUME)
def transmettre(request, dossier):
    sejour = sejour_ici(request.habilitation, dossier)
    lieu = lieu_de(request)
    formulaire = TransmettreForm(
        request.POST or None,
        etablissement=sejour.etablissement if sejour else lieu.etablissement,
        unite=sejour.unite if sejour else None,
        sauf=request.user,
    )
    if formulaire.is_valid() and _envoyer(request, dossier, formulaire):
        return redirect("dossier", dossier_id=dossier.pk)
    contexte = {"titre": "Transmettre à…", "formulaire": formulaire}
    gabarit = "coordination/boite/transmettre.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut(formulaire))


# ---------------------------------------------------------------- inside


def _envoyer(request, dossier, formulaire) -> bool:
    source = _source(request) if dossier else ("", None)
    with refus_dans(formulaire):
        services.transmettre(request.habilitation, dossier, source=source, **formulaire.demande)
        messages.success(request, "Transmis. Vous verrez dans « Envoyés » qui l’a lu, et quand.")
        return True
    return False


def _source(request):
    """`?source=evenement&objet=…`: a type that some block registered, and a key."""
    type_, objet = request.GET.get("source", ""), lire_uuid(request.GET.get("objet"))
    connue = any(s.nom == type_ for s in taches.sources)
    return (type_, objet) if connue and objet else ("", None)


def _tache(request, tache_id) -> Tache:
    visibles = Tache.objects.visibles(request.habilitation).filter(pk=tache_id)
    trouvees = lectures.completer(request.habilitation, visibles.order_by("pk"))
    if not trouvees:
        raise Http404
    tache = trouvees[0]
    if tache.dossier:
        cible = request.resolver_match.view_name
        consigner(request.habilitation, "voir", dossier=tache.dossier, bloc=tache.bloc, cible=cible)
    return tache


def _reglable(request, tache) -> bool:
    visibles = Tache.objects.visibles(request.habilitation)
    return visibles.reglables(request.habilitation).filter(pk=tache.pk).exists()


def _page(request, tache, *, statut=200, **formulaires):
    h = request.habilitation
    contexte = {
        "tache": tache,
        "pour_moi": lectures.est_pour(h, tache),
        "reglable": _reglable(request, tache),
        "suite": formulaires.get("SuiteForm") or SuiteForm(),
        "annulation": formulaires.get("AnnulerForm") or AnnulerForm(),
        "report": formulaires.get("ReporterForm") or ReporterForm(),
        "refuse": next(iter(formulaires.values()), None),
    }
    return render(request, "coordination/boite/tache.html", contexte, status=statut)


def _agir(request, tache_id, classe, acte, message):
    tache, formulaire = _tache(request, tache_id), classe(request.POST)
    if classe is not SuiteForm and not _reglable(request, tache):
        request.acces_refuse = (tache.bloc, Action.SAISIR, tache.dossier_id)
        raise PermissionDenied(taches.PAS_A_VOUS)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            acte(tache, formulaire.cleaned_data)
            messages.success(request, message)
            return redirect("coordination:boite")
    return _page(request, tache, statut=422, **{classe.__name__: formulaire})
