"""The agenda: of oneself, of a unit, of a professional, of a resource, of a person."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from coordination.agenda import lectures, periode, regles, trajets
from coordination.models import RendezVous
from dui.socle import codes
from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner, consigner_chacun
from habilitations.acces import acces_bloc, acces_dossier
from habilitations.lieux import lieu_de
from habilitations.pages import imprimer_dossier, rendre_dossier, signature

MOI, UNITE = "moi", "unite"


def _agenda(request) -> dict:
    h, lieu, p = request.habilitation, lieu_de(request), periode.demandee(request)
    pros = lectures.professionnels(h, lieu.etablissement)
    salles = lectures.ressources(lieu.etablissement)
    par, requete, qui = _choisie(request, h, lieu, pros, salles)
    lignes = lectures.complets(h, requete.entre(*p.instants))
    return {
        "periode": p,
        "cases": lectures.par_jour(lignes, p, tournees=par != UNITE),
        "nombre": len(lignes),
        "par": par,
        "qui": qui,
        "lieu": lieu,
        "pros": [(str(c.pk), c.get_full_name()) for c in pros if c.pk != h.compte.pk],
        "salles": [(str(s.pk), s.nom) for s in salles],
        "choisi": par.partition(":")[2],
        "nav": periode.navigation(p, par=par),
        "onglets_agenda": _onglets(p, par, lieu),
        "parametres": urlencode({"vue": p.vue, "jour": p.jour.isoformat(), "par": par}),
        "jour_iso": p.jour.isoformat(),
    }


def _choisie(request, h, lieu, pros, salles):
    """(filter, QuerySet, in words): an unknown filter is one’s own agenda."""
    par = request.GET.get("par", MOI)
    sorte, _, cle = par.partition(":")
    if sorte == UNITE and lieu.etablissement:
        return UNITE, lectures.du_lieu(h, lieu), str(lieu)
    if sorte == "pro" and (pro := next((c for c in pros if str(c.pk) == cle), None)):
        return par, lectures.du_compte(h, pro), pro.get_full_name()
    if sorte == "salle" and (salle := next((s for s in salles if str(s.pk) == cle), None)):
        return par, lectures.de_la_ressource(h, salle), salle.nom
    return MOI, lectures.du_compte(h, h.compte), "Mon agenda"


def _onglets(p, par, lieu) -> list[dict]:
    communs = {"vue": p.vue, "jour": p.jour.isoformat()}
    return [
        {
            "libelle": mot,
            "url": "?" + urlencode(communs | {"par": valeur}),
            "courant": par == valeur,
        }
        for valeur, mot in ((MOI, "Moi"), (UNITE, str(lieu) or "Mon établissement"))
    ]


@require_safe
@acces_bloc(Bloc.AGE)
def agenda(request):
    h, contexte = request.habilitation, _agenda(request)
    contexte |= {"titre": contexte["periode"].titre, "peut_ecrire": h.peut(Bloc.AGE, Action.SAISIR)}
    return render(request, "coordination/agenda/agenda.html", contexte)


@require_safe
@acces_bloc(Bloc.AGE)
def agenda_imprimable(request):
    h, contexte = request.habilitation, _agenda(request)
    consigner(h, "imprimer", bloc=Bloc.AGE, cible="agenda")
    contexte |= {
        "titre": f"{contexte['qui']}, {contexte['periode'].titre.lower()}",
        "imprime_par": signature(h),
        "retour": f"{reverse('coordination:agenda')}?{contexte['parametres']}",
    }
    return render(request, "coordination/agenda/imprimable.html", contexte)


def _de(request, dossier) -> dict:
    h, p = request.habilitation, periode.demandee(request)
    requete = lectures.de_la_personne(h, dossier).entre(*p.instants)
    occupations = lectures.occupations(h, dossier, p)
    lignes = lectures.complets(h, requete)
    return {
        "periode": p,
        "cases": lectures.par_jour(lignes, p, occupations=occupations),
        "nombre": len(lignes),
        "nav": periode.navigation(p),
        "parametres": urlencode({"vue": p.vue, "jour": p.jour.isoformat()}),
        "jour_iso": p.jour.isoformat(),
        "personne_seule": True,
    }


@require_safe
@acces_dossier(Bloc.AGE)
def agenda_personne(request, dossier):
    contexte = _de(request, dossier) | {"titre": "Agenda"}
    peut = request.habilitation.peut_pour(dossier, Bloc.AGE, Action.SAISIR)
    contexte["peut_ecrire"] = peut and not dossier.usager.date_deces
    sejours = request.habilitation.sejours_ouverts(dossier)
    contexte["a_domicile"] = any(s.modalite == s.Modalite.DOMICILE for s in sejours)
    return rendre_dossier(request, dossier, "coordination/agenda/personne.html", contexte)


@require_safe
@acces_dossier(Bloc.AGE)
def personne_imprimable(request, dossier):
    contexte = _de(request, dossier)
    contexte["titre"] = f"Agenda, {contexte['periode'].titre.lower()}"
    ici = reverse("coordination:agenda_personne", args=[dossier.pk])
    contexte["retour"] = f"{ici}?{contexte['parametres']}"
    gabarit = "coordination/agenda/imprimable.html"
    return imprimer_dossier(request, dossier, gabarit, contexte, bloc=Bloc.AGE)


@require_safe
@acces_bloc(Bloc.AGE)
def rendez_vous(request, rendez_vous_id):
    h = request.habilitation
    r = lectures.un(h, rendez_vous_id)
    if r is None:
        raise Http404
    nomme = [p.dossier for p in r.siennes]
    consigner_chacun(h, "voir", nomme, bloc=Bloc.AGE, cible=request.resolver_match.view_name)
    ouvert = lectures.ouvert_a_l_ecriture(h, r)
    lisibles = lectures.taire_les_notes(h, r)
    serie = r.serie
    contexte = {
        "titre": r.libelle,
        "r": r,
        "repetition": regles.en_mots(serie.regle, serie.premier) if serie else "",
        "trajet": trajets.en_mots(r),
        "prestation": codes.libelle("prestation_directe_serafin", r.prestation),
        "peut_ecrire": ouvert and r.ouvert,
        "copie": _copie(r) if ouvert else "",
        "conclure": _conclusion(r) if ouvert else "",
        "lit_les_notes": lisibles,
    }
    return render(request, "coordination/agenda/rendez_vous.html", contexte)


def _copie(r) -> str:
    """The form that plans a like one, already filled in."""
    if r.nature == RendezVous.Nature.ACTIVITE:
        adresse = reverse("coordination:activite_nouvelle")
    elif len(r.siennes) == 1 and r.inscrits == 1:
        adresse = reverse("coordination:agenda_personne_nouveau", args=[r.siennes[0].dossier_id])
    else:
        adresse = reverse("coordination:agenda_nouveau")
    return f"{adresse}?{urlencode({'copie': r.pk, 'nature': r.nature})}"


def _conclusion(r) -> str:
    """Where one says what happened; a visit has its own page."""
    if r.annule or r.debut > timezone.now():
        return ""
    if r.nature == RendezVous.Nature.VISITE:
        return ""
    return reverse("coordination:rendez_vous_conclure", args=[r.pk])
