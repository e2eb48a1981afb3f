"""The charts of this block: which series, which threshold, which conclusion in words."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from dui.socle import graphes
from dui.socle.graphes import Graphe, Seuil
from soins import constantes, regles
from soins.lectures import Etat

SIX_MOIS = timedelta(days=183)
MOIS = 30
PERTE = Decimal("0.95")
SOUS_LE_SEUIL = Decimal("0.01")  # a rule « ≥ 180 » flags 180 itself
STABLE = Decimal("0.5")


def poids(lu: Etat) -> Graphe | None:
    debut = timezone.now() - SIX_MOIS
    serie = [r for r in lu.poids if r.le >= debut]
    if not serie:
        return None
    conclusion, ton, icone = _conclusion_poids(lu)
    return graphes.courbe(
        [(r.le, float(r.valeur)) for r in graphes.eclaircir(serie)],
        titre="Poids, six mois",
        unite="kg",
        seuils=_seuil_de_perte(lu),
        conclusion=conclusion,
        ton=ton,
        icone=icone,
    )


def _seuil_de_perte(lu: Etat) -> list[Seuil]:
    reference = regles.reference_de_perte(lu.poids, MOIS)
    if reference is None:
        return []
    return [Seuil(float(reference.valeur * PERTE), "seuil −5 %", dessus=False)]


def _conclusion_poids(lu: Etat) -> tuple[str, str, str]:
    suite = f", IMC {regles.nombre(lu.imc, 1)}" if lu.imc else ""
    reference = regles.reference_de_perte(lu.poids, MOIS)
    if reference is None:
        return (f"IMC {regles.nombre(lu.imc, 1)}" if lu.imc else ""), "gris", "poids"
    dernier = lu.poids[-1]
    perdu = reference.valeur - dernier.valeur
    alerte = regles.alerter(constantes.toutes()["poids"], lu.poids, age=lu.age)
    duree = regles.duree_en_mots((dernier.le.date() - reference.le.date()).days)
    if perdu > STABLE:
        ton = alerte.ton if alerte else "gris"
        return f"{regles.nombre(perdu, 1)} kg de moins en {duree}{suite}", ton, "baisse"
    if alerte:
        return f"{alerte.titre}{suite}", alerte.ton, "hausse"
    return f"Stable depuis {duree}{suite}", "vert", "fait"


def pression(lu: Etat) -> Graphe | None:
    haut = regles.seuil_haut(constantes.toutes()["pas"], age=lu.age)
    conclusion, ton, icone = _conclusion_pression(lu.pressions, haut)
    return graphes.intervalles(
        [(le, float(pad), float(pas)) for le, pas, pad in graphes.eclaircir(lu.pressions, 28)],
        titre="Pression artérielle, quatorze jours",
        unite="mmHg",
        seuils=[Seuil(float(haut - SOUS_LE_SEUIL))] if haut else [],
        conclusion=conclusion,
        ton=ton,
        icone=icone,
    )


def _conclusion_pression(pressions, haut) -> tuple[str, str, str]:
    if not pressions or haut is None:
        return "", "gris", ""
    hors = [(le, pas, pad) for le, pas, pad in pressions if pas >= haut]
    if not hors:
        return f"Toujours sous le seuil de {haut}", "vert", "fait"
    le, pas, pad = max(hors, key=lambda x: x[1])
    texte = f"{pas:.0f}/{pad:.0f} {graphes.etiquette_jour(timezone.localtime(le))}"
    if len(hors) == 1:
        return f"Sous le seuil de {haut}, sauf {texte}", "ambre", "hausse"
    return f"{len(hors)} fois au-dessus du seuil de {haut}, jusqu’à {texte}", "rouge", "hausse"


def autre(constante, releves) -> Graphe | None:
    """Any other vital sign, as a line."""
    return graphes.courbe(
        [(r.le, float(r.valeur)) for r in graphes.eclaircir(releves)],
        titre=f"{constante.libelle}, quatorze jours",
        unite=constante.unite,
        decimales=constante.decimales,
    )
