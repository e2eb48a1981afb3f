"""The sentences and the links of the pages of presences."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accompagnement.presences.regles import jours_du_mois
from dui.socle import codes


def periode(vue: str, jour: date) -> dict:
    """{jours, titre, avant, apres}: the week or the month that holds this day."""
    if vue == "mois":
        jours = jours_du_mois(jour.replace(day=1))
        titre = date_format(jour, "F Y").capitalize()
    else:
        lundi = jour - timedelta(days=jour.weekday())
        jours = [lundi + timedelta(days=n) for n in range(7)]
        titre = f"Semaine du {date_format(lundi, 'j F Y')}"
    return {
        "jours": jours,
        "titre_periode": titre,
        "avant": jours[0] - timedelta(days=1),
        "apres": jours[-1] + timedelta(days=1),
    }


def de_la_grille(lieu, vue: str, le: date, choisie: dict) -> dict:
    def adresse(sorte, jour):
        return f"?{lieu.parametre}&vue={sorte}&le={jour.isoformat()}"

    return choisie | {
        "vues": [
            {"libelle": libelle, "url": adresse(code, le), "courant": code == vue}
            for code, libelle in (("semaine", "Semaine"), ("mois", "Mois"))
        ],
        "classe_grille": "presences presences--mois" if vue == "mois" else "presences",
        "avant_url": adresse(vue, choisie["avant"]),
        "apres_url": adresse(vue, choisie["apres"]),
        "export_url": f"{reverse('accompagnement:presences_csv')}{adresse('mois', le)}",
        "aujourdhui": timezone.localdate(),
        "legende": [(c.code, c.libelle) for c in codes.codes("motif_absence").values()],
    }


def unites(siennes) -> list[tuple[str, str]]:
    return [(u.nom, f"?unite={u.pk}") for u in siennes]


def de_l_evacuation(groupes) -> str:
    dedans = sum(len(g["dedans"]) for g in groupes)
    dehors = sum(len(g["dehors"]) for g in groupes)
    mot = "personnes dedans" if dedans > 1 else "personne dedans"
    return f"{dedans} {mot}, {dehors} {'absentes' if dehors > 1 else 'absente'}."


def lignes_csv(grille, jours) -> list[list]:
    tete = ["Unité", "Chambre", "Nom", "Naissance", *(f"{j:%d/%m/%Y}" for j in jours)]
    return [tete, *(_ligne_csv(x) for x in grille)]


def _ligne_csv(ligne) -> list:
    usager = ligne.dossier.usager
    codes_ = ["/".join(dict.fromkeys(s.code + "?" * s.prevue for s in j)) for j in ligne.journees]
    unite, place = ligne.sejour.unite or "", ligne.sejour.place or ""
    return [unite, place, usager.nom_affiche, usager.naissance_affichee, *codes_]
