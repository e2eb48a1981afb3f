"""Sign-in in two steps, lock, unlock, and the replay of what was being typed."""

from urllib.parse import urlencode, urlsplit

import segno
from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dui.socle.enums import Action, Bloc
from dui.socle.models import Dossier, SaisieEnAttente
from habilitations.acces import acces_public, acces_soi
from habilitations.connexion import attente, saisies, services
from habilitations.connexion.essais import TropDEssais
from habilitations.connexion.formulaires import CodeForm, DeverrouillageForm, IdentifiantForm
from habilitations.models import Methode
from habilitations.moyens import postes
from habilitations.moyens.formulaires import CodePersonnelForm
from habilitations.psc.sessions import sortir

ATTENDRE = "Trop d’essais. Attendez 15 minutes, ou demandez au cadre de vous débloquer."
REFUS = "Identifiant ou mot de passe inconnu."


def hors_verrou(vue):
    """These pages answer on a locked session and are never kept for replay."""
    vue.hors_verrou = True
    return vue


def suite_demandee(request) -> str:
    suite = request.POST.get("suite") or request.GET.get("suite", "/")
    ici = url_has_allowed_host_and_scheme(suite, {request.get_host()}, request.is_secure())
    return suite if ici and suite.startswith("/") else "/"


def vers(request, adresse):
    return redirect(f"{adresse}?{request.GET.urlencode()}" if request.GET else adresse)


@hors_verrou
@acces_public
@never_cache
@require_http_methods(["GET", "POST"])
def connexion(request):
    formulaire = IdentifiantForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            compte = services.verifier_mot_de_passe(request, **formulaire.cleaned_data)
        except TropDEssais:
            formulaire.add_error(None, ATTENDRE)
        else:
            if compte:
                attente.commencer(request, compte)
                return vers(request, "/connexion/code/")
            formulaire.add_error(None, REFUS)
    return page_de_connexion(request, "connexion", formulaire)


@hors_verrou
@acces_public
@never_cache
@require_http_methods(["GET", "POST"])
def code(request):
    compte = attente.compte(request)
    if compte is None:
        return vers(request, settings.LOGIN_URL)
    if not services.a_une_seconde_preuve(compte):
        return vers(request, "/connexion/enrolement/")
    formulaire = CodeForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            if services.verifier_code(request, compte, formulaire.cleaned_data["code"]):
                return entrer(request, compte)
            formulaire.add_error("code", "Code refusé. Saisissez le code affiché maintenant.")
        except TropDEssais:
            formulaire.add_error(None, ATTENDRE)
    return page_de_connexion(
        request,
        "code",
        formulaire,
        a_des_cles=compte.cles.exists(),
        a_une_application=services.a_une_application(compte),
    )


@hors_verrou
@acces_public
@never_cache
@require_http_methods(["GET", "POST"])
def enrolement(request):
    """First sign-in: the account links its code application before anything opens."""
    compte = attente.compte(request)
    if compte is None or services.a_une_seconde_preuve(compte):
        return vers(request, settings.LOGIN_URL)
    cle = request.session["cle_a_relier"]
    formulaire = CodeForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        if services.relier_appareil(compte, cle, formulaire.cleaned_data["code"]):
            return entrer(request, compte)
        formulaire.add_error("code", "Code refusé. Vérifiez l’heure du téléphone, puis réessayez.")
    appareil = services.appareil_a_relier(compte, cle)
    carre = segno.make(appareil.config_url).svg_data_uri(scale=5)
    return page_de_connexion(request, "enrolement", formulaire, carre=carre, cle=cle)


def entrer(request, compte, methode=Methode.CODE):
    """Both factors are proven. The same person goes back to the page; another one takes the place
    and finds neither its page nor its text."""
    suite, d_ici = suite_demandee(request), saisies.envoyee_d_ici(request)
    # A session that Pro Santé Connect ended is not unlocked: another one opens in its place.
    reprise = request.session.get("verrouille") and not request.session.get("psc_fini")
    if request.user == compte and reprise:
        services.deverrouiller(request, compte, methode)
    else:
        if request.user.is_authenticated:
            suite = suite if request.user == compte else "/"
            services.fermer_session(request)
        services.ouvrir_session(request, compte, methode)
    attente.finir(request)
    return reprendre(request, suite, d_ici, request.GET.get("saisie"))


def reprendre(request, suite, d_ici, saisie):
    """What was being typed first, else the page asked for."""
    if saisie and saisies.retrouver(request.user, saisie):
        if d_ici:  # it is what they were doing, replayed at once
            request.session["reprise"] = saisie
    elif oubliee := saisies.derniere(request.user):
        saisie = oubliee.pk
    else:
        return redirect(suite)
    return redirect(f"/reprise/{saisie}/?{urlencode({'suite': suite})}")


def page_de_connexion(request, nom, formulaire, **contexte):
    statut = 422 if formulaire.is_bound else 200
    contexte |= {"formulaire": formulaire, "demonstration": settings.DEMONSTRATION}
    contexte["passages"] = postes.collegues(request)
    contexte |= {"psc": settings.PSC_OUVERT, "psc_fini": request.session.get("psc_fini", False)}
    return render(request, f"habilitations/{nom}.html", contexte, status=statut)


@hors_verrou
@acces_soi
@never_cache
@require_http_methods(["GET", "POST"])
def verrou(request):
    """GET shows the lock; POST without password locks, with the password unlocks."""
    if request.method == "POST" and "mot_de_passe" not in request.POST:
        services.verrouiller(request)
        return redirect(f"/verrou/?{urlencode({'suite': suite_demandee(request)})}")
    if not request.session.get("verrouille"):
        return redirect(suite_demandee(request))
    formulaire = DeverrouillageForm(request.POST or None)
    # Once the provider has said no, the password alone is no answer.
    prouvable = request.method == "POST" and not request.session.get("psc_fini")
    if prouvable and formulaire.is_valid():
        try:
            compte = services.verifier_mot_de_passe(
                request,
                identifiant=request.user.username,
                mot_de_passe=formulaire.cleaned_data["mot_de_passe"],
            )
        except TropDEssais:
            formulaire.add_error(None, ATTENDRE)
        else:
            if compte == request.user:
                services.deverrouiller(request, compte)
                d_ici = saisies.envoyee_d_ici(request)
                return reprendre(request, suite_demandee(request), d_ici, request.GET.get("saisie"))
            formulaire.add_error("mot_de_passe", "Mot de passe refusé.")
    contexte = {"suite": suite_demandee(request)}
    contexte["mien"] = postes.passage_ici(request, compte=request.user)
    contexte["a_des_cles"] = request.user.cles.exists()
    contexte["formulaire_code"] = CodePersonnelForm(vise=not formulaire.is_bound)
    return page_de_connexion(request, "verrou", formulaire, **contexte)


@hors_verrou
@acces_soi
@require_POST
def deconnexion(request):
    psc = request.session.get("psc")
    services.fermer_session(request)
    return redirect(sortir(request, psc) if psc else settings.LOGIN_URL)


@acces_soi
@never_cache
@require_safe
def reprise(request, saisie_id):
    """The kept fields, ready to be sent again: at once after a sign-in, else on one click."""
    saisie = saisies.retrouver(request.user, saisie_id)
    if saisie is None:
        raise Http404
    contexte = {
        "saisie": saisie,
        "champs": [(nom, v) for nom, valeurs in saisie.champs.items() for v in valeurs],
        "tout_de_suite": request.session.pop("reprise", None) == str(saisie.pk),
        "personne": _personne(request.habilitation, saisie),
    }
    return render(request, "habilitations/reprise.html", contexte)


def _personne(habilitation, saisie):
    """Whom the kept text is about, for an account that may still know it."""
    try:
        dossier_id = resolve(urlsplit(saisie.chemin).path).kwargs.get("dossier_id")
    except Resolver404:
        return None
    dossiers = Dossier.objects.visibles(habilitation, Bloc.ID, Action.RESUME)
    dossier = dossiers.filter(pk=dossier_id).select_related("usager").first()
    return dossier.usager if dossier else None


@acces_soi
@require_POST
def reprise_oublier(request, saisie_id):
    get_object_or_404(SaisieEnAttente, pk=saisie_id, compte=request.user).delete()
    return redirect("/")


def csrf_refuse(request, reason=""):
    """An old page or a foreign form. Ours proves its author, for whom the text is kept."""
    auteur = saisies.auteur_du_formulaire(request)
    if auteur and not request.user.is_authenticated:
        return saisies.vers_la_connexion(request, settings.LOGIN_URL)
    saisie = saisies.garder(request) if auteur else None
    if auteur and auteur != request.user.pk:
        return render(request, "habilitations/autre_auteur.html", status=409)
    if saisie:
        return redirect(f"/reprise/{saisie.pk}/")
    return render(request, "habilitations/csrf.html", status=403)
