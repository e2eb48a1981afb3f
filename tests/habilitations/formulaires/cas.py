"""How to fill a form, how one sees that it is saved."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cas:
    """`page(dossier, compte)` prepares and gives the address of the page that holds the form;
    `etat()` changes when the form is saved; `action(dossier)` names the form when the page has
    several; a callable value of `saisie` is computed from the dossier."""

    nom: str
    gabarit: str
    page: Callable
    etat: Callable
    saisie: dict = field(default_factory=dict)
    action: Callable = lambda dossier: ""
    role: str = "IDE"

    def __str__(self):
        return self.nom

    def saisie_pour(self, dossier) -> dict:
        return {c: [v(dossier) if callable(v) else v] for c, v in self.saisie.items()}


def du_dossier(suffixe):
    return lambda dossier, compte: f"/dossiers/{dossier.pk}/{suffixe}"


def valeurs(modele, *champs):
    return lambda: list(modele.objects.order_by("pk").values_list("pk", *champs))
