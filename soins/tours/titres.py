"""The sentences of the round's pages."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from dui.socle import codes
from dui.socle.lignes import par_qui
from soins.tours import lectures, listes


def accorde(nombre: int, mot: str) -> str:
    return f"{nombre} {mot}{'s' if nombre > 1 else ''}"


def du_tour(tour) -> dict:
    """{titre, sous_titre, bilan} — « Magnolia, 12 résidents, 46 actes de 14:00 à 18:00. »"""
    compte, mot = tour.compte, tour.unite.etablissement.mot
    qui = f"{len(tour.lignes)} {mot.label if len(tour.lignes) < 2 else mot.pluriel}"
    heures = f"de {tour.moment.debut:%H:%M} à {tour.moment.fin:%H:%M}"
    jour = ""
    if tour.jour != timezone.localdate():
        jour = f" du {date_format(tour.jour, 'l j F')}"
    return {
        "titre": f"{tour.moment.titre}{jour}",
        "sous_titre": f"{tour.unite}, {qui}, {accorde(compte.prevus, 'acte')} {heures}.",
        "bilan": _bilan(compte),
        "un_par_un": _un_par_un(tour),
    }


def _bilan(compte) -> str:
    if not compte.prevus:
        return "Aucun acte prévu."
    dits = [f"{accorde(compte.notes, 'acte')} sur {compte.prevus}"]
    dits.append(f"{compte.restent} à valider" if compte.restent else "tour terminé")
    if compte.ecarts:
        dits.append(accorde(compte.ecarts, "écart"))
    return ", ".join(dits) + "."


def _un_par_un(tour) -> str:
    nombre = sum(listes.un_par_un(a.code) for a in tour.a_noter)
    if not nombre:
        return ""
    return (
        f"{accorde(nombre, 'acte')} à signer un par un."
        if nombre > 1
        else "1 acte à signer à part."
    )


def navigation(tour) -> dict:
    """The moments of the same day, the day before and the one after."""
    unite, aujourdhui = tour.unite.pk, timezone.localdate()

    def adresse(jour, code):
        return reverse("soins:tour", args=[unite, jour.isoformat(), code])

    moments = [
        {"libelle": m.libelle, "url": adresse(tour.jour, m.code), "courant": m == tour.moment}
        for m in listes.moments().values()
    ]
    hier, demain = tour.jour - timedelta(days=1), tour.jour + timedelta(days=1)
    return {
        "moments": moments,
        "veille": adresse(hier, tour.moment.code),
        "lendemain": adresse(demain, tour.moment.code) if demain <= aujourdhui else "",
    }


def du_bilan(bilan) -> str:
    if not bilan.ecrits:
        return "Rien de nouveau à valider : ces actes étaient déjà notés."
    faits = len(bilan.ecrits) - len(bilan.ecarts)
    dits = [f"{accorde(faits, 'acte')} {'faits' if faits > 1 else 'fait'}"]
    if bilan.ecarts:
        dits.append(accorde(len(bilan.ecarts), "écart"))
    return f"Tour validé : {', '.join(dits)}."


def deja_ecrits(deja) -> str:
    return f"Déjà validés avant vous : {par_qui(deja)}."


def du_desaccord(realise, ecart, precision="") -> dict:
    """What I marked, and what a colleague wrote before me: I read, then correct or leave it."""
    nomme = lectures.nommer(realise)
    quand = timezone.localtime(realise.ecrit_le)
    return {
        "qui": realise.dossier.usager.nom_affiche,
        "texte": f"{nomme.libelle} : {nomme.auteur.signature} a noté « {nomme.quoi} » à "
        f"{quand:%H:%M} ; vous avez marqué « {codes.libelle('ecart_acte', ecart)}"
        f"{precision and f' : {precision}'} ».",
        "url": reverse("soins:acte_corriger", args=[realise.dossier_id, realise.pk]),
    }


def sur_papier(tour) -> list[dict]:
    """What a sheet shows: what is done, by whom; an empty box where all is still to be written."""
    return [
        {
            "ligne": ligne,
            "absence": ligne.absence.titre if ligne.absence else "",
            "cases": [[_mot(r) for _, r in ligne.cases.get(code, [])] for code in tour.colonnes],
        }
        for ligne in tour.lignes
    ]


def _mot(realise) -> str:
    if not realise:
        return "☐"
    heure = f"{timezone.localtime(realise.fait_le):%H:%M}"
    return f"{lectures.nommer(realise).quoi} {heure} {realise.auteur.initiales}"


def phrase(realise) -> str:
    """« Marche accompagnée (après-midi) : refusé. Genou droit. »"""
    nomme = lectures.nommer(realise)
    suite = f" {nomme.precision.rstrip('.')}." if nomme.precision else ""
    return f"{nomme.libelle} ({nomme.quand}) : {nomme.quoi[0].lower()}{nomme.quoi[1:]}.{suite}"
