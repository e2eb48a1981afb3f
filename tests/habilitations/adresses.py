"""Every address of the product, with the objects of a dossier, and what each role may expect.

The expectation comes from the access that the view declares and from the matrix in the database;
`OBJETS` and `EXIGE_AUSSI` hold what these two cannot say. An argument that no object fills, or an
unknown kind of access, has no expectation: the walk fails.
"""

import re
from dataclasses import dataclass

from dui.socle.enums import Action, Bloc
from habilitations.models import Role
from tests.navigateur.pages import methodes

OUVERT, REFUSE, INTROUVABLE = "ouvert", 403, 404
# Where the objects are: in a dossier one sees, in a foreign one, or foreign but asked through mine.
ICI, AILLEURS, GLISSE = "ici", "ailleurs", "glissé"

# What an address asks of its object beyond the right: {name of URL: {argument: which one}}.
OBJETS = {
    "accompagnement:transmission_corriger": {"transmission_id": "transmission_a_moi"},
    "accompagnement:transmission_macrocible_corriger": {"transmission_id": "macrocible_a_moi"},
    "accompagnement:transmission_cible_rouvrir": {"cible_id": "cible_close"},
    "accompagnement:transmission_photo": {
        "transmission_id": "photographiee",
        "document_id": "photo",
    },
    "accompagnement:evaluation_corriger": {"evaluation_id": "evaluation_a_moi"},
    "accompagnement:evaluation_remplir": {"evaluation_id": "evaluation_en_cours"},
    "accompagnement:evaluation_abandonner": {"evaluation_id": "evaluation_en_cours"},
    "accompagnement:evaluation_piece": {"document_id": "piece"},
    **{
        f"coordination:maison_{page}": {"evenement_indesirable_id": "evenement_de_la_maison"}
        for page in (
            "voir",
            "completer",
            "avancer",
            "action",
            "imprimable",
            "eig",
            "eig_avancer",
            "eig_transmettre",
            "eig_pdf",
        )
    },
    "coordination:maison_nouveau": {"type_evenement": "type_de_la_maison"},
    "coordination:evenement_preuve": {"document_id": "preuve"},
    "administratif:entourage_remettre": {"contact_id": "contact_retire"},
    "coordination:visite": {"rendez_vous_id": "visite_id"},
    "administratif:identite_annuler_sortie": {"sejour_id": "sejour_sorti"},
}
# Nothing to close when nothing was broken; nothing to give back when the form does not say what.
SANS_OBJET = {
    "bris_de_glace:fermer", "equipe_acces", "ouvertures:code", "coordination:agenda_flux"
}  # fmt: skip
# A code of a list: nobody's object, the same in every dossier.
CODES = {"genre", "grille", "jour", "macrocible", "moment", "numero", "repas", "type_evenement"}
# Tied to no place: the matrix is the whole organisme's.
SANS_LIEU = {
    "matrice_role",
    "matrice_origine",
    "accompagnement:grille_livree_export",
    "accompagnement:grille_voir",
    "accompagnement:grille_export",
    "accompagnement:grille_publier",
}
# One shares only what one may read; to supervise a place is not to read who lives there.
EXIGE_AUSSI = {
    "accompagnement:transmission_partager": (Bloc.TRA.value, Action.VOIR.value),
    "accompagnement:transmission_cible_clore": (Bloc.TRA.value, Action.VOIR.value),
    "accompagnement:transmission_cible_rouvrir": (Bloc.TRA.value, Action.VOIR.value),
    "accompagnement:transmission_cible_relancer": (Bloc.TRA.value, Action.VOIR.value),
    **{
        f"equipe_dossier_{geste}": (Bloc.ID.value, Action.VOIR.value)
        for geste in ("ajouter", "terminer", "remplacer")
    },
    "accompagnement:projet_relier": (Bloc.PP.value, Action.VOIR.value),
    "accompagnement:projet_preuves": (Bloc.PP.value, Action.VOIR.value),
    "voir_comme_dossier": (Bloc.ID.value, Action.RESUME.value),
    # A draft of a record is read while the record opens.
    "brouillon": (Bloc.ID.value, Action.RESUME.value),
    # One follows an event that one reads; declaring asks for less.
    **{
        f"coordination:{de}_{page}": (Bloc.EI.value, Action.VOIR.value)
        for de in ("evenement", "maison")
        for page in ("completer", "avancer", "action", "eig", "eig_avancer", "eig_transmettre")
    },
    **{
        f"coordination:reunion_point_{page}": (Bloc.PP.value, Action.VOIR.value)
        for page in ("ecrire", "confier")
    },
}


@dataclass(frozen=True)
class Adresse:
    """One pattern, one method; `identifiants` are the names of its arguments."""

    nom: str
    route: str
    methode: str
    acces: tuple
    identifiants: tuple[str, ...]

    def remplie(self, objets: dict) -> str:
        adresse = f"/{self.route}"
        for nom in self.identifiants:
            assert nom in objets, f"/{self.route} : tests/habilitations/maison.py ignore « {nom} »"
            choisi = OBJETS.get(self.nom, {}).get(nom, nom)
            adresse = re.sub(rf"<(?:\w+:)?{nom}>", str(objets[choisi]), adresse)
        adresse = re.sub(r"\^\(\?P<app_label>.*", "socle/", adresse)  # of Django's admin
        assert "<" not in adresse, f"/{self.route} : identifiant d’une forme inconnue"
        return adresse

    def attendu(self, role: Role, cases: set, *, lieu: str) -> str | int:
        sorte, *declare = self.acces
        case = tuple(declare)
        portail = role.acteur == Role.Acteur.PORTAIL
        if portail and sorte in ("dossier", "bloc", "connecte"):
            return INTROUVABLE
        if sorte == "dossier":
            return self._du_dossier(case, cases, lieu)
        if sorte == "portail":
            return OUVERT if portail and lieu == ICI and case in cases else INTROUVABLE
        if sorte == "bloc" and case not in cases:
            return REFUSE
        if self.nom in SANS_LIEU:
            return OUVERT
        if self.nom in SANS_OBJET:
            return INTROUVABLE
        if self.nom == "relation_usager:accueil" and not portail:
            return INTROUVABLE
        assert sorte in ("bloc", "soi", "connecte", "public"), f"/{self.route} : accès sans attente"
        exige = EXIGE_AUSSI.get(self.nom, case)
        if exige and exige not in cases:
            return INTROUVABLE
        return OUVERT if lieu == ICI or not set(self.identifiants) - CODES else INTROUVABLE

    def _du_dossier(self, case, cases, lieu):
        if lieu == AILLEURS or (case in cases and self.nom in SANS_OBJET):
            return INTROUVABLE
        if case in cases:
            lisible = EXIGE_AUSSI.get(self.nom, case) in cases
            return OUVERT if lieu == ICI and lisible else INTROUVABLE
        return REFUSE if (Bloc.ID.value, Action.RESUME.value) in cases else INTROUVABLE


def cases_de(role: Role) -> set[tuple[str, str]]:
    """The cells of the matrix, with what reading implies."""
    cases = set(role.droits.values_list("bloc", "action"))
    return cases | {(b, Action.RESUME.value) for b, a in cases if a == Action.VOIR}


def adresses(routes) -> list[Adresse]:
    """Each pattern by each method that it answers (HEAD and OPTIONS never do more than GET)."""
    return [
        Adresse(route.nom, motif, methode, route.acces, route.parametres)
        for (route, vue), motif in routes
        for methode in sorted(methodes(vue) & {"GET", "POST"})
    ]
