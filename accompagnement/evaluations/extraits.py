"""What leaves as a file: the PATHOS profiles of a house, person by person; its GMP, in numbers."""

from datetime import date

from accompagnement.evaluations.gmp import SANS_UNITE, Tableau
from accompagnement.evaluations.moteur.resultats import texte
from accompagnement.evaluations.table_pathos import table
from accompagnement.models import Evaluation
from dui.socle.models import Sejour

PATHOS = "pathos"
COLONNES = [
    "Établissement", "Unité", "Dossier", "Année de naissance", "Cotée le", "Cotée par", "Ligne",
    "État", "Libellé de l’état", "Profil", "Version de la grille",
]  # fmt: skip
COLONNES_GMP = [
    "Unité", "À la date du", "Présents", "Classés", *(f"GIR {g}" for g in range(1, 7)),
    "Sans GIR", "Moins de 60 ans", "GMP", "PMP validé", "Coupe du", "GMPS",
]  # fmt: skip


def coupes(habilitation, maison, le: date) -> list[tuple[Sejour, Evaluation]]:
    """The last coupe of each resident of that day, of those this account reads: two queries."""
    sejours = Sejour.objects.filter(etablissement=maison).en_cours(le)
    sejours = sejours.select_related("unite", "dossier__usager")
    par_dossier = {s.dossier_id: s for s in sejours.order_by("entree_le", "pk")}
    lisibles = Evaluation.objects.visibles(habilitation).des_dossiers(par_dossier)
    dernieres = lisibles.en_vigueur().de_la_grille(PATHOS).filter(faite_le__date__lte=le)
    dernieres = dernieres.select_related("auteur").order_by("dossier", "-faite_le", "-id")
    trouvees = [(par_dossier[e.dossier_id], e) for e in dernieres.distinct("dossier")]
    return sorted(trouvees, key=lambda x: (_unite(x[0]), x[0].dossier.numero))


def lignes_pathos(maison, trouvees) -> list[list]:
    """One line a couple. The file number, never a name: this file leaves."""
    etats = table()
    lignes: list[list] = [COLONNES]
    for sejour, evaluation in trouvees:
        debut = [
            maison.nom,
            _unite(sejour),
            sejour.dossier.numero,
            sejour.dossier.usager.date_naissance.year,
            f"{evaluation.faite_le:%d/%m/%Y}",
            evaluation.auteur.signature,
        ]
        for couple in evaluation.resultat.get("detail", {}).get("couples", ()):
            etat = etats.get(couple["etat"])
            dit = [couple["ligne"], couple["etat"], etat.libelle if etat else "", couple["profil"]]
            lignes.append([*debut, *dit, evaluation.version_grille])
    return lignes


def _unite(sejour) -> str:
    return sejour.unite.nom if sejour.unite else SANS_UNITE


def lignes_gmp(tableau: Tableau) -> list[list]:
    """Unit by unit, then the house: the PMP is validated for the house alone."""
    pmp = tableau.pmp
    lignes: list[list] = [COLONNES_GMP]
    for ligne in (*tableau.unites, tableau.total):
        fin: list = [None, None, None]
        if pmp and ligne is tableau.total:
            fin = [pmp.valeur, f"{pmp.coupe_le:%d/%m/%Y}", tableau.gmps]
        lignes.append(
            [
                ligne.libelle,
                f"{tableau.le:%d/%m/%Y}",
                ligne.presents,
                ligne.classes,
                *ligne.par_gir,
                ligne.sans_gir,
                ligne.trop_jeunes,
                *(_nombre(x) for x in (ligne.gmp, *fin)),
            ]
        )
    return lignes


def _nombre(valeur) -> str:
    """Empty when unknown, never 0."""
    if valeur is None or isinstance(valeur, str):
        return valeur or ""
    return texte(valeur).replace(".", ",")
