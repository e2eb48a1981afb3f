"""Plan, change, cancel: one form, one page. What is already taken is said before saving."""

import hashlib

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from coordination.agenda import conflits, lectures, services
from coordination.agenda.contenu import CECI
from coordination.agenda.formulaires import (
    AnnulationForm,
    RendezVousForm,
    initiales,
)
from coordination.models import RendezVous
from dui.socle.enums import Action, Bloc
from dui.socle.identifiants import lire_jour, lire_uuid
from dui.socle.refus import conflit_de, refus_dans, statut
from habilitations import redaction
from habilitations.acces import acces_bloc, acces_dossier
from habilitations.conflits import repondre
from habilitations.lieux import lieu_d_ecriture, lieu_dans, presents, sejour_ici
from habilitations.pages import rendre_dossier, rendre_maison

NATURE = RendezVous.Nature
NOUVEAU = {
    NATURE.RENDEZ_VOUS: "Nouveau rendez-vous",
    NATURE.ACTIVITE: "Nouvelle activité",
    NATURE.VISITE: "Nouvelle visite à domicile",
}
GABARIT = "coordination/agenda/formulaire.html"


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.AGE, Action.SAISIR)
def nouveau_pour(request, dossier):
    h = request.habilitation
    sejour = sejour_ici(h, dossier)
    if sejour is None:
        raise Http404
    maison, unite = sejour.etablissement, sejour.unite
    visite = request.GET.get("nature") == NATURE.VISITE
    nature = NATURE.VISITE if visite else NATURE.RENDEZ_VOUS
    formulaire = _formulaire(request, nature, maison, personnes=())

    def garder():
        return services.planifier(
            h,
            etablissement=maison,
            unite=unite,
            nature=nature,
            contenu=formulaire.contenu(dossiers=[dossier]),
            cle_saisie=formulaire.cleaned_data["cle_saisie"],
            repetition=formulaire.repetition,
        )

    retour = reverse("coordination:agenda_personne", args=[dossier.pk])
    return _page(request, formulaire, garder, [dossier], dossier=dossier, retour=retour)


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.AGE, Action.SAISIR)
def nouveau(request):
    return _collectif(request, NATURE.RENDEZ_VOUS, "coordination:agenda")


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.ANI, Action.SAISIR)
def nouvelle_activite(request):
    return _collectif(request, NATURE.ACTIVITE, "coordination:activites")


def _collectif(request, nature, retour):
    h, lieu = request.habilitation, lieu_d_ecriture(request)
    bloc = RendezVous.BLOCS[nature]
    if lieu.etablissement not in h.etablissements(bloc, Action.SAISIR):
        raise PermissionDenied("Votre rôle n’écrit pas dans l’agenda de cet établissement.")
    personnes = _personnes(h, lieu, bloc)
    formulaire = _formulaire(request, nature, lieu.etablissement, personnes=personnes)

    def garder():
        return services.planifier(
            h,
            etablissement=lieu.etablissement,
            unite=lieu.unite,
            nature=nature,
            contenu=formulaire.contenu(),
            cle_saisie=formulaire.cleaned_data["cle_saisie"],
            repetition=formulaire.repetition,
        )

    return _page(request, formulaire, garder, None, retour=reverse(retour))


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.AGE, Action.SAISIR)
def modifier(request, rendez_vous_id):
    h = request.habilitation
    rendez_vous = a_ecrire(h, rendez_vous_id)
    ici = reverse("coordination:rendez_vous", args=[rendez_vous.pk])
    if not rendez_vous.ouvert:
        redaction.trop_tard(request, None, services.PASSE)
        return redirect(ici)
    personnes = [(p.dossier, p.dossier.usager.nom_affiche) for p in rendez_vous.siennes]
    if rendez_vous.nature == NATURE.ACTIVITE:
        deja = {d.pk for d, _ in personnes}
        autour = _personnes(h, lieu_dans(request, rendez_vous.etablissement), rendez_vous.bloc)
        personnes += [(d, nom) for d, nom in autour if d.pk not in deja]
    formulaire = _formulaire(
        request,
        rendez_vous.nature,
        rendez_vous.etablissement,
        personnes=personnes,
        objet=rendez_vous,
    )

    def garder():
        d = formulaire.cleaned_data
        change, nombre = services.modifier(
            h,
            rendez_vous.pk,
            version_lue=d["version"],
            portee=d.get("portee") or CECI,
            contenu=formulaire.contenu(),
        )
        if nombre > 1:
            messages.success(request, f"{nombre} dates modifiées.")
        return change

    return _page(request, formulaire, garder, None, retour=ici, rendez_vous=rendez_vous)


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.AGE, Action.SAISIR)
def annuler(request, rendez_vous_id):
    h = request.habilitation
    rendez_vous = a_ecrire(h, rendez_vous_id)
    ici = reverse("coordination:rendez_vous", args=[rendez_vous.pk])
    formulaire = AnnulationForm(request.POST or None, rendez_vous=rendez_vous)
    if formulaire.is_valid():
        d = formulaire.cleaned_data
        nombre = services.annuler(
            h, rendez_vous.pk, portee=d.get("portee") or CECI, motif=d["motif"]
        )
        messages.success(request, _annules(nombre))
        return redirect(ici)
    contexte = {
        "titre": f"Annuler « {rendez_vous.libelle} »",
        "formulaire": formulaire,
        "r": rendez_vous,
        "retour": ici,
        "libelle_annuler": f"Annuler « {rendez_vous.libelle} »",
    }
    gabarit = "coordination/agenda/annuler.html"
    return render(request, gabarit, contexte, status=statut(formulaire))


def _annules(nombre: int) -> str:
    if not nombre:
        return "C’était déjà annulé : rien n’a changé."
    return "Annulé pour tous." if nombre == 1 else f"{nombre} dates annulées, pour tous."


# ---------------------------------------------------------------- inside


def a_ecrire(h, rendez_vous_id):
    trouve = lectures.un(h, rendez_vous_id)
    if trouve is None:
        raise Http404
    if not lectures.ouvert_a_l_ecriture(h, trouve):
        raise PermissionDenied("Votre rôle ne permet pas de changer ce rendez-vous.")
    return trouve


def _personnes(h, lieu, bloc) -> list:
    sejours = presents(h, lieu)
    ouverts = h.ouverts(sejours, bloc, Action.SAISIR)
    return [
        (s.dossier, f"{s.place} · {s.dossier.usager.nom_affiche}" if s.place else str(s.dossier))
        for s in sejours
        if s.dossier_id in ouverts
    ]


def _formulaire(request, nature, maison, *, personnes, objet=None) -> RendezVousForm:
    h = request.habilitation
    return RendezVousForm(
        request.POST or None,
        nature=nature,
        etablissement=maison,
        personnes=personnes,
        pros=lectures.professionnels(h, maison),
        salles=lectures.ressources(maison),
        objet=objet,
        initial={} if objet else _depart(request),
    )


def _depart(request) -> dict:
    """A copy of another meeting, or the day that was on screen and oneself."""
    h = request.habilitation
    copie = lire_uuid(request.GET.get("copie"))
    if copie and (modele := lectures.un(h, copie)):
        valeurs = initiales(modele)
        vues = {str(p.dossier_id) for p in modele.siennes}
        return valeurs | {"participants": [p for p in valeurs["participants"] if p in vues]}
    jour = lire_jour(request.GET.get("jour"))
    return {"pro_1": str(h.compte.pk)} | ({"jour": jour} if jour else {})


def _page(request, formulaire, garder, dossiers, *, retour, dossier=None, rendez_vous=None):
    h, trouves, empreinte = request.habilitation, [], ""
    if formulaire.is_valid():
        trouves = _conflits(h, formulaire, dossiers, rendez_vous)
        empreinte = _empreinte(trouves)
        bloque = any(c.bloquant for c in trouves)
        if not trouves or (request.POST.get("malgre") == empreinte and not bloque):
            reponse = _enregistrer(request, formulaire, garder, dossier, retour)
            if reponse:
                return reponse
    contexte = {
        "titre": _titre(formulaire, rendez_vous),
        "formulaire": formulaire,
        "conflits": trouves,
        "conflits_titre": _combien(trouves),
        "empreinte": empreinte,
        "bloque": any(c.bloquant for c in trouves),
        "prevues": formulaire.dates,
        "gabarit_de_base": "gabarit_dossier.html" if dossier else "gabarit.html",
        "retour": retour,
        "r": rendez_vous,
        "activite": formulaire.nature == NATURE.ACTIVITE,
    }
    if dossier:
        return rendre_dossier(request, dossier, GABARIT, contexte, status=statut(formulaire))
    lieu = lieu_dans(request, rendez_vous.etablissement) if rendez_vous else None
    return rendre_maison(request, GABARIT, contexte, lieu=lieu, status=statut(formulaire))


def _conflits(h, formulaire, dossiers, rendez_vous) -> list:
    contenu = formulaire.contenu(dossiers=dossiers)
    trouves = conflits.chercher(
        h,
        formulaire.plages(),
        dossiers=contenu.dossiers,
        comptes=contenu.comptes,
        ressources=contenu.ressources,
        sauf=[rendez_vous.pk] if rendez_vous else [],
    )
    # Asked last: the same form sent twice at once is in conflict with nobody but itself.
    if trouves and lectures.deja_envoye(h, formulaire.cleaned_data.get("cle_saisie")):
        return []
    return trouves


def _enregistrer(request, formulaire, garder, dossier, retour):
    with refus_dans(formulaire):
        garde = garder()
        messages.success(request, f"« {garde.libelle} » enregistré{_jusqu_au_lendemain(garde)}.")
        if dossier:
            return redirect("coordination:agenda_personne", dossier_id=dossier.pk)
        redaction.clore(request, None)
        return redirect("coordination:rendez_vous", rendez_vous_id=garde.pk)
    if conflit := conflit_de(formulaire):
        return repondre(request, formulaire, conflit, dossier=dossier, retour=retour)
    return None


def _jusqu_au_lendemain(r) -> str:
    debut, fin = timezone.localtime(r.debut), timezone.localtime(r.fin)
    if debut.date() == fin.date():
        return ""
    return f" : de {debut:%H:%M} à {fin:%H:%M} le lendemain"


def _combien(trouves) -> str:
    if len(trouves) < 2:
        return "C’est déjà pris à cette heure : rien n’est enregistré"
    return f"{len(trouves)} choses sont déjà prévues à cette heure : rien n’est enregistré"


def _titre(formulaire, rendez_vous) -> str:
    if rendez_vous:
        return f"Modifier « {rendez_vous.libelle} »"
    return NOUVEAU[formulaire.nature]


def _empreinte(trouves) -> str:
    """« Save all the same » holds for what was shown, not for what came meanwhile."""
    cles = "\n".join(c.cle for c in trouves)
    return hashlib.sha256(cles.encode()).hexdigest()[:32] if trouves else ""
