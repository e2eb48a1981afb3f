from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from administratif import lectures, services
from administratif.forms import ContactForm, RetraitForm
from dui.socle.enums import Action, Bloc
from dui.socle.models import Contact
from dui.socle.refus import conflit_de, refus_dans, refus_en_message
from habilitations import conflits
from habilitations.acces import acces_dossier
from habilitations.pages import rendre_dossier


@require_safe
@acces_dossier(Bloc.ENT)
def entourage(request, dossier):
    h = request.habilitation
    contexte = {
        "titre": "Entourage",
        "peut_saisir": h.peut_pour(dossier, Bloc.ENT, Action.SAISIR),
        "contacts": lectures.contacts(h, dossier, Action.VOIR),
        "anciens": lectures.anciens_contacts(h, dossier),
        "historique": lectures.historique_contacts(h, dossier),
    }
    return rendre_dossier(request, dossier, "administratif/entourage.html", contexte)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.ENT, Action.SAISIR)
def ajouter(request, dossier):
    formulaire = ContactForm(request.POST or None)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            services.ajouter_contact(request.habilitation, dossier, **formulaire.champs)
            return _revenir(request, dossier, "Contact ajouté, en dernier dans l’ordre d’appel.")
    return _page(request, dossier, formulaire, f"Nouveau contact de {dossier.usager.nom_usuel}")


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.ENT, Action.SAISIR)
def modifier(request, dossier, contact_id):
    contact = _contact(request, dossier, contact_id)
    formulaire = ContactForm(request.POST or None, objet=contact)
    if formulaire.is_valid():
        lue = formulaire.cleaned_data["version"]
        with refus_dans(formulaire):
            services.modifier_contact(
                request.habilitation, contact.pk, version_lue=lue, **formulaire.champs
            )
            return _revenir(request, dossier, "Contact modifié.")
        if conflit := conflit_de(formulaire):
            retour = reverse("administratif:entourage", args=[dossier.pk])
            return conflits.repondre(request, formulaire, conflit, dossier=dossier, retour=retour)
    return _page(request, dossier, formulaire, f"Modifier {contact}")


@require_POST
@acces_dossier(Bloc.ENT, Action.SAISIR)
def deplacer(request, dossier, contact_id):
    contact = _contact(request, dossier, contact_id)
    sens = "monter" if request.POST.get("sens") == "monter" else "descendre"
    services.deplacer_contact(request.habilitation, contact.pk, sens=sens)
    mot = "plus tôt" if sens == "monter" else "plus tard"
    return _revenir(request, dossier, f"{contact} sera appelé {mot}.")


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.ENT, Action.SAISIR)
def retirer(request, dossier, contact_id):
    contact = _contact(request, dossier, contact_id)
    formulaire = RetraitForm(request.POST or None, initial={"version": contact.version})
    if formulaire.is_valid():
        lue, motif = formulaire.cleaned_data["version"], formulaire.cleaned_data["motif"]
        with refus_dans(formulaire):
            services.retirer_contact(request.habilitation, contact.pk, version_lue=lue, motif=motif)
            return _revenir(request, dossier, f"{contact} n’est plus dans l’ordre d’appel.")
    contexte = {
        "titre": "Retirer un contact",
        "titre_h1": f"Retirer {contact} de l’ordre d’appel ?",
        "formulaire": formulaire,
        "contact": contact,
    }
    statut = 422 if formulaire.is_bound else 200
    return rendre_dossier(
        request, dossier, "administratif/contact_retirer.html", contexte, status=statut
    )


@require_POST
@acces_dossier(Bloc.ENT, Action.SAISIR)
def remettre(request, dossier, contact_id):
    contact = _contact(request, dossier, contact_id, actif=False)
    with refus_en_message(request):
        services.remettre_contact(request.habilitation, contact.pk)
        messages.success(request, f"{contact} est de nouveau dans l’ordre d’appel.")
    return redirect("administratif:entourage", dossier_id=dossier.pk)


def _contact(request, dossier, contact_id, *, actif=True) -> Contact:
    visibles = Contact.objects.visibles(request.habilitation, Action.SAISIR)
    return get_object_or_404(visibles, dossier=dossier, pk=contact_id, actif=actif)


def _revenir(request, dossier, message):
    messages.success(request, message)
    return redirect("administratif:entourage", dossier_id=dossier.pk)


def _page(request, dossier, formulaire, titre):
    contexte = {
        "titre": "Contact",
        "titre_h1": titre,
        "formulaire": formulaire,
        "libelle_enregistrer": f"Enregistrer pour {dossier.usager.nom_usuel}",
    }
    statut = 422 if formulaire.is_bound else 200
    return rendre_dossier(
        request, dossier, "administratif/contact_formulaire.html", contexte, status=statut
    )
