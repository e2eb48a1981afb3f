"""The figures of the cellule (H13): counts of a house, that name nobody.

The definitions are those of docs/glossaire.md, and are written on the page.
"""

from datetime import date, timedelta

from django.db import connection
from django.db.models import Count

from administratif.identification.pieces import LISTE
from administratif.insi.lectures import par_resultat
from dui.formats.calendrier import MOIS
from dui.socle import codes
from dui.socle.enums import StatutIdentite
from dui.socle.graphes import Graphe, courbe, nombre
from dui.socle.models import ControlePiece, Sejour

MOIS_MONTRES = 12
DEFINITIONS = {
    "Personne présente": "son séjour a commencé et n’est pas terminé, ce jour-là.",
    "Taux d’identités qualifiées": "personnes présentes au dernier jour du mois dont l’identité "
    "était alors qualifiée, sur toutes les personnes présentes ce jour-là.",
    "Taux à l’admission": "personnes entrées dans le mois dont l’identité est qualifiée "
    "aujourd’hui, sur toutes les personnes entrées dans le mois.",
    "Ancienneté des provisoires": "moyenne des jours écoulés depuis l’ouverture du dossier, pour "
    "les personnes présentes dont l’identité est provisoire.",
    "Contrôles par pièce": "comparaisons d’une pièce avec les traits, sur douze mois, pour les "
    "dossiers qui ont eu un séjour dans l’établissement.",
}

PRESENTS = """
SELECT s.etablissement_id,
       count(DISTINCT u.id),
       count(DISTINCT u.id) FILTER (WHERE u.ins_recuperee AND u.identite_validee),
       count(DISTINCT u.id) FILTER (WHERE u.identite_validee AND NOT u.ins_recuperee),
       count(DISTINCT u.id) FILTER (WHERE u.ins_recuperee AND NOT u.identite_validee),
       count(DISTINCT u.id) FILTER (WHERE NOT u.ins_recuperee AND NOT u.identite_validee),
       avg(%(jour)s::date - d.ouvert_le)
           FILTER (WHERE NOT u.ins_recuperee AND NOT u.identite_validee)
  FROM socle_sejour s
  JOIN socle_dossier d ON d.id = s.dossier_id
  JOIN socle_usager u ON u.id = d.usager_id
 WHERE s.etablissement_id = ANY(%(maisons)s)
   AND s.entree_le <= %(jour)s AND (s.sortie_le IS NULL OR s.sortie_le > %(jour)s)
 GROUP BY 1
"""
# What the history says of that day; a person whose history begins later had what it began with.
PAR_MOIS = """
SELECT m.fin,
       count(DISTINCT u.id),
       count(DISTINCT u.id) FILTER (
           WHERE coalesce(h.ins_recuperee, u.ins_recuperee)
             AND coalesce(h.identite_validee, u.identite_validee))
  FROM unnest(%(fins)s::date[]) AS m(fin)
  JOIN socle_sejour s ON s.etablissement_id = %(maison)s AND s.entree_le <= m.fin
                     AND (s.sortie_le IS NULL OR s.sortie_le > m.fin)
  JOIN socle_dossier d ON d.id = s.dossier_id
  JOIN socle_usager u ON u.id = d.usager_id
  LEFT JOIN LATERAL (
       SELECT a.ins_recuperee, a.identite_validee
         FROM socle_historicalusager a
        WHERE a.id = u.id
        ORDER BY a.history_date >= m.fin + 1,
                 CASE WHEN a.history_date < m.fin + 1 THEN a.history_date END DESC,
                 a.history_date
        LIMIT 1) h ON true
 GROUP BY 1 ORDER BY 1
"""
ADMISSIONS = """
SELECT date_trunc('month', s.entree_le)::date,
       count(DISTINCT u.id),
       count(DISTINCT u.id) FILTER (WHERE u.ins_recuperee AND u.identite_validee)
  FROM socle_sejour s
  JOIN socle_dossier d ON d.id = s.dossier_id
  JOIN socle_usager u ON u.id = d.usager_id
 WHERE s.etablissement_id = %(maison)s AND s.entree_le BETWEEN %(debut)s AND %(jour)s
 GROUP BY 1 ORDER BY 1
"""
ORDRE = (
    StatutIdentite.QUALIFIEE,
    StatutIdentite.VALIDEE,
    StatutIdentite.RECUPEREE,
    StatutIdentite.PROVISOIRE,
)


def _lire(requete: str, **parametres) -> list[tuple]:
    with connection.cursor() as curseur:
        curseur.execute(requete, parametres)
        return curseur.fetchall()


def page(habilitation, maison, maisons, jour: date) -> dict:
    par_maison = presents(maisons, jour)
    debut = premiers_du_mois(jour)[0]
    graphes = (graphe_presents(maison, jour), graphe_admissions(maison, jour))
    return {
        "maison": maison,
        "ici": par_maison[maison.pk],
        "par_maison": list(par_maison.values()),
        "graphes": [g for g in graphes if g],
        "controles": controles(maison, debut),
        "appels": par_resultat(habilitation, debut),
        "depuis": debut,
        "definitions": DEFINITIONS,
    }


def presents(maisons, jour: date) -> dict:
    """{house: its persons by status, rate of qualified, mean age of the provisional ones}."""
    lues = {ligne[0]: ligne[1:] for ligne in _lire(PRESENTS, maisons=_cles(maisons), jour=jour)}
    resultat = {}
    for maison in maisons:
        total, *par_statut, age = lues.get(maison.pk, (0, 0, 0, 0, 0, None))
        resultat[maison.pk] = {
            "maison": maison,
            "total": total,
            "statuts": list(zip(ORDRE, par_statut, strict=True)),
            "taux": _en_mots(par_statut[0], total),
            "age": "" if age is None else f"{round(age)} jour{'s' * (round(age) > 1)}",
        }
    return resultat


def _cles(maisons) -> list:
    return [m.pk for m in maisons]


def graphe_presents(maison, jour: date) -> Graphe | None:
    lignes = _lire(PAR_MOIS, maison=maison.pk, fins=fins_de_mois(jour))
    return _courbe("Qualifiées parmi les personnes présentes", lignes)


def graphe_admissions(maison, jour: date) -> Graphe | None:
    debut = premiers_du_mois(jour)[0]
    lignes = _lire(ADMISSIONS, maison=maison.pk, debut=debut, jour=jour)
    return _courbe("Qualifiées parmi les admissions du mois", lignes)


def _courbe(titre: str, lignes) -> Graphe | None:
    """Each month in the table with what the rate is made of."""
    mesures = [(le, taux(n, total)) for le, total, n in lignes if total]
    graphe = courbe(mesures, titre=titre, unite="%", decimales=0)
    if graphe is None:
        return None
    graphe.lignes[:] = [
        {
            "quand": f"{MOIS[le.month - 1]} {le.year}",
            "valeur": f"{_en_mots(n, total)} ({n} sur {total})",
        }
        for le, total, n in reversed(lignes)
        if total
    ]
    return graphe


def taux(partie: int, total: int) -> float:
    return 100 * partie / total


def _en_mots(partie: int, total: int) -> str:
    return f"{nombre(taux(partie, total), 0)} %" if total else ""


def controles(maison, depuis: date) -> list[tuple[str, int]]:
    """[(document, number)] of the comparisons made since, the most used first."""
    dossiers = Sejour.objects.filter(etablissement=maison).values("dossier")
    faits = ControlePiece.objects.filter(dossier__in=dossiers, fait_le__date__gte=depuis)
    comptes = faits.exclude(piece="").values("piece").annotate(n=Count("pk"))
    return [(codes.libelle(LISTE, c["piece"]), c["n"]) for c in comptes.order_by("-n", "piece")]


def premiers_du_mois(jour: date) -> list[date]:
    premier = jour.replace(day=1)
    mois = [premier]
    while len(mois) < MOIS_MONTRES:
        mois.append((mois[-1] - timedelta(days=1)).replace(day=1))
    return mois[::-1]


def fins_de_mois(jour: date) -> list[date]:
    """The last day of each month shown; today for the current one."""
    suivants = premiers_du_mois(jour)[1:]
    return [*(m - timedelta(days=1) for m in suivants), jour]
