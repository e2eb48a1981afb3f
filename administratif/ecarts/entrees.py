"""What waits for whoever keeps the team, on « Mon poste »."""

from administratif.ecarts import lectures
from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.registres import SectionAccueil

SEUIL = 20


def enregistrer():
    registres.sections_accueil.ajouter(
        SectionAccueil(
            "ecarts_annuaire",
            "ecarts/_accueil.html",
            a_juger,
            Bloc.PAR,
            Action.ADMINISTRER,
            60,
            "droite",
        )
    )


def a_juger(habilitation, lieu) -> dict | None:
    nombre = len(lectures.a_juger(habilitation).order_by("pk").values_list("pk")[: SEUIL + 1])
    if not nombre:
        return None
    return {"nombre": f"plus de {SEUIL}" if nombre > SEUIL else str(nombre)}
