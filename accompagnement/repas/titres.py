"""The sentences and the links of the pages of meals."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accompagnement.repas import lectures, listes
from dui.socle import codes
from dui.socle.lignes import par_qui


def accorde(nombre: int, mot: str) -> str:
    return f"{nombre} {mot}{'s' if nombre > 1 else ''}"


def jour_en_mots(jour) -> str:
    ecart = (jour - timezone.localdate()).days
    proche = {-1: "hier", 0: "aujourd’hui", 1: "demain"}.get(ecart, "")
    date_ = date_format(jour, "l j F")
    return f"{proche}, {date_}" if proche else date_


def _court(jour) -> str:
    proche = {0: "Aujourd’hui", 1: "Demain"}.get((jour - timezone.localdate()).days)
    return proche or date_format(jour, "l").capitalize()


def instant(jour, repas) -> datetime:
    """The landmark hour of this meal."""
    return timezone.make_aware(datetime.combine(jour, repas.repere))


def du_service(service) -> dict:
    compte = service.compte
    dits = [f"{compte.notes} repas notés sur {compte.attendus}"]
    dits.append(f"{compte.restent} à noter" if compte.restent else "service terminé")
    if compte.ecarts:
        dits.append(accorde(compte.ecarts, "écart"))
    apart = sum(c.un_par_un for c in service.a_noter)
    return {
        "titre": service.repas.titre,
        "sous_titre": f"{service.unite}, {jour_en_mots(service.jour)}.",
        "bilan": ", ".join(dits) + ".",
        "a_part": f"{accorde(apart, 'personne')} à noter à part." if apart else "",
    }


def navigation(service) -> dict:
    """The meals of the same day, the day before and the one after."""
    unite, aujourdhui = service.unite.pk, timezone.localdate()

    def adresse(jour, code):
        return reverse("accompagnement:repas_service", args=[unite, jour.isoformat(), code])

    veille, lendemain = (service.jour + timedelta(days=n) for n in (-1, 1))
    return {
        "repas": [
            {
                "libelle": r.libelle,
                "url": adresse(service.jour, r.code),
                "courant": r == service.repas,
            }
            for r in listes.repas().values()
        ],
        "veille": adresse(veille, service.repas.code),
        "lendemain": adresse(lendemain, service.repas.code) if lendemain <= aujourdhui else "",
    }


def de_la_cuisine(lieu, jour) -> dict:
    def adresse(nom, le):
        return f"{reverse(nom)}?{lieu.parametre}&le={le.isoformat()}"

    aujourdhui, ici = timezone.localdate(), "accompagnement:repas_cuisine"
    proches = [aujourdhui + timedelta(days=n) for n in (0, 1, 2)]
    return {
        "titre": "Repas à préparer",
        "sous_titre": f"{lieu}, {jour_en_mots(jour)}.",
        "jours": [
            {
                "libelle": _court(j),
                "url": adresse(ici, j),
                "courant": j == jour,
            }
            for j in proches
        ],
        "imprimer_url": adresse("accompagnement:repas_cuisine_imprimable", jour),
        "retour": adresse(ici, jour),
    }


def du_bilan(bilan) -> str:
    if not bilan.ecrits:
        return "Rien de nouveau à noter : ces repas l’étaient déjà."
    pris = len(bilan.ecrits) - len(bilan.ecarts)
    dits = [f"{accorde(pris, 'personne')} {'ont' if pris > 1 else 'a'} mangé"]
    if bilan.ecarts:
        dits.append(accorde(len(bilan.ecarts), "écart"))
    return f"Repas noté : {', '.join(dits)}."


def deja_ecrits(deja) -> str:
    return f"Déjà notés avant vous : {par_qui(deja)}."


def du_desaccord(servi, ecart, precision="") -> dict:
    """What I marked, and what a colleague wrote before me: I read, then correct or leave it."""
    nomme = lectures.nommer_servi(servi)
    quand = timezone.localtime(servi.ecrit_le)
    return {
        "qui": servi.dossier.usager.nom_affiche,
        "texte": f"{nomme.auteur.signature} a noté « {nomme.quoi} » à {quand:%H:%M} ; vous avez "
        f"marqué « {codes.libelle('ecart_repas', ecart)}{precision and f' : {precision}'} ».",
        "url": reverse("accompagnement:repas_corriger", args=[servi.dossier_id, servi.pk]),
    }


def du_regime(conflit) -> str:
    """What a colleague wrote meanwhile, before one decides again."""
    a = lectures.nommer(conflit.actuel)
    dits = (a.texture_en_mots, f"boissons : {a.boisson_en_mots}", a.regimes_en_mots, a.consigne)
    return (
        f"{conflit.message} En vigueur : {', '.join(filter(None, dits))}. "
        "Relisez, puis enregistrez de nouveau."
    )


def phrase(servi) -> str:
    """« Déjeuner : refusé. Dit ne pas avoir faim. »"""
    nomme = lectures.nommer_servi(servi)
    suite = f" {nomme.precision.rstrip('.')}." if nomme.precision else ""
    return f"{nomme.libelle} : {nomme.quoi[0].lower()}{nomme.quoi[1:]}.{suite}"
