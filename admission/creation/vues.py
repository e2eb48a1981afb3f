"""Search, then create: nobody creates an identity without having looked for it."""

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from admission.creation import carte, criteres, lectures, services
from admission.creation.formulaires import CreationForm, RechercheForm
from dui.socle.enums import Action, Bloc, Recueil
from dui.socle.identifiants import lire_uuid
from dui.socle.journal import consigner, consigner_chacun
from dui.socle.models import Etablissement
from dui.socle.refus import refuser
from habilitations.acces import acces_bloc
from habilitations.lieux import maison_parmi

acces = acces_bloc(Bloc.ID, Action.SAISIR)
SEL = "identites.recherche"
DUREE = 3600  # seconds during which a search allows a creation
PERIMEE = "Cette recherche est trop ancienne ou n’est pas la vôtre : cherchez de nouveau."


def _ici(request):
    maison = maison_parmi(request, lectures.etablissements(request.habilitation))
    if maison is None:
        raise PermissionDenied("Votre rôle ne crée d’identité dans aucun établissement.")
    return maison


@never_cache
@require_http_methods(["GET", "POST"])
@acces
def rechercher(request):
    """Posted, so that neither a name nor a date stays in an address."""
    lus = _sur_la_carte(request)
    formulaire = RechercheForm(None if lus else request.POST or None)
    contexte = {"formulaire": formulaire, "etablissement": _ici(request)}
    if formulaire.is_valid():
        lus = formulaire.criteres
    if lus:
        proches = lectures.chercher(request.habilitation, contexte["etablissement"], lus)
        _journaliser(request, lus, proches)
        contexte |= _resultats(request, contexte["etablissement"], lus, proches)
    statut = 422 if formulaire.is_bound and not formulaire.is_valid() else 200
    return render(request, "admission/creation/rechercher.html", contexte, status=statut)


def _sur_la_carte(request) -> criteres.Criteres | None:
    """Somebody whom a carte Vitale names, chosen on the page that read it."""
    return carte.relire(request.POST.get("lu", ""), request.user, duree=DUREE)


def _journaliser(request, lus, proches) -> None:
    """Which criteria, never their value: the journal of accesses is read by many. Whoever is shown
    though their record is closed to the reader finds it in their own journal."""
    donnes = {
        "naissance": "incomplète" if lus.incomplete else "complète",
        "lettres du nom": len(lus.nom),
        "lettres du prénom": len(lus.prenom),
        "datamatrix": bool(lus.matricule),
        "résultats": len(proches),
    }
    h, cible = request.habilitation, "recherche avant création"
    consigner(h, "lister", bloc=Bloc.ID, cible=cible, contexte=donnes)
    montres = [p.dossier for p in proches if not (p.visible or p.ferme)]
    consigner_chacun(h, "lister", montres, bloc=Bloc.ID, cible="identite.proche", titre="aucun")


def _resultats(request, maison, lus, proches) -> dict:
    """The house is that of the search, whatever place is chosen in another tab meanwhile."""
    jeton = signing.dumps(
        {
            "compte": request.user.pk,
            "etablissement": str(maison.pk),
            "criteres": criteres.ecrire(lus),
            "vus": [str(p.dossier.pk) for p in proches],
        },
        salt=SEL,
        compress=True,
    )
    peut_accueillir = request.habilitation.peut(Bloc.ADM, Action.SAISIR)
    return {
        "cherche": lectures.rappel(lus),
        "proches": proches,
        "trop": len(proches) >= lectures.MAXIMUM,
        "jeton_recherche": jeton,
        "peut_accueillir": peut_accueillir,
    }


def _recherche(request) -> tuple[criteres.Criteres, list[str], Etablissement] | None:
    """(criteria, dossiers seen, house) of the search that this account did within the hour."""
    try:
        lu = signing.loads(request.POST.get("recherche", ""), salt=SEL, max_age=DUREE)
    except signing.BadSignature:
        return None
    permises = lectures.etablissements(request.habilitation)
    maison = permises.filter(pk=lire_uuid(lu.get("etablissement"))).first()
    if lu["compte"] != request.user.pk or maison is None:
        return None
    return criteres.relire(lu["criteres"]), lu["vus"], maison


def _rechercher_d_abord(request):
    messages.warning(request, PERIMEE)
    return redirect("identites:rechercher")


@never_cache
@require_POST
@acces
def creer(request):
    faite = _recherche(request)
    if faite is None:
        return _rechercher_d_abord(request)
    lus, _, maison = faite
    saisie = request.POST if "nom_naissance" in request.POST else None
    formulaire = CreationForm(saisie, initial=_initiales(lus))
    if formulaire.is_valid():
        try:
            dossier = _creer(request, formulaire, faite)
        except services.IdentiteDejaLa as conflit:
            return _conflit(request, maison, lus, conflit)
        except ValidationError as erreur:
            refuser(formulaire, erreur)
        else:
            messages.success(request, "Identité créée, provisoire : contrôlez une pièce.")
            return redirect("administratif:identite", dossier_id=dossier.pk)
    contexte = {
        "formulaire": formulaire,
        "etablissement": maison,
        "jeton_recherche": request.POST["recherche"],
        "scanne": bool(lus.matricule),
        "demande_motif": "motif_homonyme" in formulaire.errors
        or bool(request.POST.get("motif_homonyme")),
    }
    statut = 422 if formulaire.is_bound else 200
    return render(request, "admission/creation/creer.html", contexte, status=statut)


def _initiales(lus) -> dict:
    if lus.traits:
        return lus.scannes
    if lus.incomplete:
        return {}
    return {"naissance": f"{lus.naissance:%d/%m/}{lus.naissance.year}"}


def _creer(request, formulaire, faite):
    lus, vus, maison = faite
    donnees = formulaire.cleaned_data
    ins = {}
    if lus.matricule and not _corriges(formulaire, lus):
        ins = {"matricule_ins": lus.matricule, "oid_ins": lus.oid, "recueil": Recueil.DATAMATRIX}
    return services.creer(
        request.habilitation,
        maison,
        vus=set(vus),
        entree_le=donnees["entree_le"],
        motif_homonyme=donnees["motif_homonyme"],
        **formulaire.traits,
        **ins,
    )


def _corriges(formulaire, lus) -> bool:
    """A scanned matricule belongs to the scanned traits: typed over, it is not kept."""
    traits, scannes = formulaire.traits, lus.scannes
    return (
        traits["nom_naissance"] != scannes["nom_naissance"]
        or traits["prenoms"] != scannes["prenoms"]
        or traits["sexe"] != scannes["sexe"]
        or traits["date_naissance"] != lus.naissance
        or scannes["lieu"] not in ("", traits["lieu_naissance_cog"])
    )


def _conflit(request, maison, lus, conflit):
    _journaliser(request, lus, conflit.proches)
    contexte = {"formulaire": RechercheForm(), "etablissement": maison}
    contexte |= _resultats(request, maison, lus, conflit.proches) | {"conflit": conflit.message}
    return render(request, "admission/creation/rechercher.html", contexte, status=409)


@never_cache
@require_POST
@acces
def accueillir(request):
    """Somebody of the list is the person: a stay here, no second identity."""
    faite = _recherche(request)
    choisi = request.POST.get("dossier", "")
    if faite is None or choisi not in faite[1]:
        return _rechercher_d_abord(request)
    try:
        sejour = services.accueillir(request.habilitation, faite[2], choisi)
    except ValidationError as refus:
        messages.error(request, " ".join(refus.messages))
        return redirect("identites:rechercher")
    except ObjectDoesNotExist:
        raise PermissionDenied("Votre rôle n’accueille pas cette personne ici.") from None
    messages.success(request, "Séjour ouvert : relisez l’identité avec la personne.")
    return redirect("administratif:identite", dossier_id=sejour.dossier_id)
