"""The report of a serious event to the authorities."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination.evenements import lectures, services_eig
from coordination.evenements.formulaires_eig import EigForm, EnvoiForm, EtapeEigForm
from coordination.evenements.vues.cadre import adresse, liens, rendre, trouver
from coordination.models import EvenementIndesirable
from dui.socle import codes, coffre, pdf
from dui.socle.enums import Action, Bloc
from dui.socle.fichiers import FichierInterdit
from dui.socle.journal import consigner
from dui.socle.models import Document
from dui.socle.refus import refus_dans, refuser, statut
from habilitations.pages import bandeau, signature, tracer_impression

GABARIT = "coordination/evenements/eig.html"


@require_http_methods(["GET", "POST"])
def rediger(request, dossier, evenement_indesirable_id):
    evenement = trouver(request, dossier, evenement_indesirable_id)
    eig, compte = getattr(evenement, "eig", None), request.habilitation.compte
    formulaire = EigForm(
        request.POST or None,
        evenement=evenement,
        eig=eig,
        declarant=compte.get_full_name(),
        fonction=request.habilitation.fonction,
    )
    if formulaire.is_valid():
        lue = formulaire.cleaned_data["version"]
        with refus_dans(formulaire):
            services_eig.rediger(
                request.habilitation, evenement.pk, version_lue=lue, **formulaire.saisie
            )
            messages.success(request, "Signalement enregistré.")
            return redirect(adresse(evenement, "eig"))
    return _page(request, dossier, evenement, formulaire=formulaire, status=statut(formulaire))


def _page(request, dossier, evenement, *, formulaire=None, envoi=None, status=200):
    eig = getattr(evenement, "eig", None)
    h = request.habilitation
    valide = (
        h.peut(Bloc.EI, Action.VALIDER)
        if dossier is None
        else h.peut_pour(dossier, Bloc.EI, Action.VALIDER)
    )
    contexte = {
        "titre": "Signalement aux autorités",
        "e": lectures.nommer(evenement),
        "eig": eig,
        "envois": lectures.envois(eig) if eig else [],
        "formulaire": formulaire or EigForm(evenement=evenement, eig=eig),
        "envoi": (envoi or EnvoiForm()) if valide else None,
        "refuse": envoi,
        "valide": valide,
        "liens": liens(evenement),
    }
    return rendre(request, dossier, GABARIT, contexte, status=status)


@require_POST
def avancer(request, dossier, evenement_indesirable_id):
    evenement, formulaire = (
        trouver(request, dossier, evenement_indesirable_id),
        EtapeEigForm(request.POST),
    )
    if formulaire.is_valid():
        try:
            services_eig.avancer(
                request.habilitation, evenement.pk, vers=formulaire.cleaned_data["vers"]
            )
        except ValidationError as erreur:
            messages.error(request, " ".join(erreur.messages))
        except EvenementIndesirable.DoesNotExist:
            raise Http404 from None
        else:
            messages.success(request, "C’est enregistré.")
    return redirect(adresse(evenement, "eig"))


@require_POST
def transmettre(request, dossier, evenement_indesirable_id):
    evenement = trouver(request, dossier, evenement_indesirable_id)
    formulaire = EnvoiForm(request.POST, request.FILES)
    if formulaire.is_valid():
        try:
            services_eig.transmettre(request.habilitation, evenement.pk, **formulaire.saisie)
        except FichierInterdit as refus:
            formulaire.add_error("preuve", f"{refus.message} {refus.que_faire}")
        except ValidationError as erreur:
            refuser(formulaire, erreur)
        else:
            messages.success(request, "Envoi noté, avec sa date et sa preuve.")
            return redirect(adresse(evenement, "eig"))
    return _page(request, dossier, evenement, envoi=formulaire, status=422)


@require_safe
def en_pdf(request, dossier, evenement_indesirable_id):
    evenement = trouver(request, dossier, evenement_indesirable_id)
    eig = getattr(evenement, "eig", None)
    if eig is None:
        raise Http404
    h = request.habilitation
    nomme = dossier is not None and not eig.anonyme
    tete = bandeau(h, dossier) if nomme else None
    if nomme:
        tracer_impression(h, tete, bloc=Bloc.EI, cible="signalement")
    else:
        consigner(h, "imprimer", dossier=dossier, bloc=Bloc.EI, cible="signalement anonyme")
    contexte = {
        "titre": "Signalement d’un événement indésirable grave",
        "bandeau": tete,
        "etablissement": evenement.etablissement,
        "imprime_par": signature(h),
        "imprime_le": timezone.now(),
        "brouillon": eig.etat == eig.Etat.BROUILLON,
        "e": lectures.nommer(evenement),
        "eig": eig,
        "categorie": codes.libelle("categorie_eig", eig.categorie),
        "envois": lectures.envois(eig),
    }
    reponse = HttpResponse(pdf.rendre("pdf/eig.html", contexte), content_type="application/pdf")
    nom = f"signalement-{evenement.constate_le:%Y%m%d}.pdf"
    reponse["Content-Disposition"] = content_disposition_header(False, nom)
    return reponse


@require_safe
def preuve(request, dossier, evenement_indesirable_id, document_id):
    """The proof of a sending, from the store."""
    evenement = trouver(request, dossier, evenement_indesirable_id)
    documents = Document.objects.visibles(request.habilitation).filter(dossier=dossier)
    eig = getattr(evenement, "eig", None)
    siens = eig.envois.values("preuve") if eig else ()
    document = get_object_or_404(documents, pk=document_id, pk__in=siens)
    consigner(
        request.habilitation, "exporter", dossier=dossier, bloc=Bloc.EI, cible=str(document.pk)
    )
    reponse = HttpResponse(coffre.contenu(document), content_type=document.type_mime)
    reponse["Content-Disposition"] = content_disposition_header(True, "preuve-de-transmission")
    return reponse
