"""Values known elsewhere in the record, proposed to a grid: shown with their source and their time,
answers only once confirmed by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.utils import timezone

from accompagnement.evaluations import catalogue
from accompagnement.evaluations.moteur import Definition
from accompagnement.evaluations.moteur.definitions import decimal
from accompagnement.evaluations.moteur.resultats import texte
from dui.socle import registres
from dui.socle.registres import Releve

CHANGEE = "Une valeur plus récente est arrivée : relisez-la avant de la confirmer."


@dataclass(frozen=True)
class Proposition:
    reponse: str
    libelle: str
    releve: Releve

    @property
    def jeton(self) -> str:
        """What was on the screen: another value since then is not this one."""
        return f"{self.reponse}@{self.releve.le.isoformat()}"

    @property
    def origine(self) -> dict[str, str]:
        r = self.releve
        return {
            "reponse": self.reponse,
            "valeur": r.texte,
            "le": r.le.isoformat(),
            "par": r.par,
        }

    def champ(self) -> forms.MultipleChoiceField:
        r = self.releve
        quand = f"{timezone.localtime(r.le):%d/%m à %H:%M}"
        mots = f"Confirmer « {self.libelle} » : {r.texte}, le {quand}, {r.par}"
        return forms.MultipleChoiceField(
            label="Relevé dans les constantes",
            required=False,
            choices=[(self.jeton, mots)],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": CHANGEE},
        )


def proposer(habilitation, dossier, definition: Definition) -> dict[str, Proposition]:
    """{item: what the last hours say}, for the items that name a vital sign; an item that takes
    the place of another only on prescription (not obligatory) is nobody's to propose."""
    items = [i for i in definition.brut.get("items", ()) if "constante" in i and i["obligatoire"]]
    if not items:
        return {}
    releves = _releves(habilitation, dossier, definition)
    proposees = {i["code"]: _pour(i, releves.get(i["constante"])) for i in items}
    return {code: p for code, p in proposees.items() if p}


def _releves(habilitation, dossier, definition) -> dict[str, Releve]:
    heures = catalogue.donnees("reglages")["releves_heures"]
    depuis = timezone.now() - timedelta(hours=heures.get(definition.code, heures["*"]))
    trouves: dict[str, Releve] = {}
    for source in registres.sources_releves.permis_pour(habilitation, dossier):
        trouves |= source.releves(habilitation, dossier, depuis)
    return trouves


def _pour(item: Mapping[str, Any], releve: Releve | None) -> Proposition | None:
    if releve is None:
        return None
    if item["type"] != "choix":
        return Proposition(texte(releve.valeur), texte(releve.valeur), releve)
    option = option_pour(item, releve.valeur)
    return Proposition(option["valeur"], option["libelle"], releve) if option else None


def option_pour(item: Mapping[str, Any], valeur: Decimal) -> Mapping[str, Any] | None:
    """The only option whose interval holds the value, once rounded as the bounds are written."""
    bornees = [o for o in item["options"] if "intervalle" in o]
    bornes = [decimal(b) for o in bornees for b in o["intervalle"].values() if b is not None]
    if not bornes:
        return None
    pas = min(bornes, key=lambda b: b.as_tuple().exponent)
    arrondie = valeur.quantize(pas, ROUND_HALF_UP)
    dedans = [o for o in bornees if _contient(o["intervalle"], arrondie)]
    return dedans[0] if len(dedans) == 1 else None


def _contient(intervalle: Mapping[str, Any], valeur: Decimal) -> bool:
    bas, haut = intervalle["min"], intervalle["max"]
    return (bas is None or decimal(bas) <= valeur) and (haut is None or valeur <= decimal(haut))
