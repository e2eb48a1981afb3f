"""The search of duplicates, every night and when somebody asks: pairs of active identities.

The database brings together what shares a key (matricule, birth date or its inversion, year or
month of an incomplete date and beginning of a name) and may be near; the rules decide. The cost
follows the number of identities, not its square.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from administratif.doublons.regles import REGLES, Identite, raisons, score
from dui.socle.models import Dossier, Doublon, Organisme
from dui.socle.ressemblance import ANNEES_VOISINES, traits_de

VERROU = 7_301_002
LOT = 2_000
STRICTS = (
    *("nom_naissance", "prenoms", "premier_prenom", "sexe", "date_naissance"),
    *("naissance_incomplete", "lieu_naissance_cog"),
)
LUS = ("nom_utilise", "prenom_utilise", "matricule_ins", "oid_ins")

# One letter apart, two names have their beginning or their end in common. Each join is on
# equal keys, so that its cost follows the number of identities.
PAIRES = """
WITH p AS MATERIALIZED (
  SELECT d.id, u.date_naissance AS ne_le, u.naissance_incomplete AS incomplete, u.sexe,
    u.matricule_ins, u.oid_ins,
    date_part('year', u.date_naissance)::int AS an,
    date_part('month', u.date_naissance)::int AS mois,
    date_part('day', u.date_naissance)::int AS jour,
    n.nom, n.usage,
    ARRAY[left(n.nom, 2) || '-', '-' || right(n.nom, 2)]
      || CASE WHEN n.usage <> '' THEN ARRAY[left(n.usage, 2) || '-', '-' || right(n.usage, 2)]
         ELSE '{}' END
      || CASE WHEN least(length(n.nom), length(nullif(n.usage, ''))) < 4 THEN ARRAY['court']
         ELSE '{}' END AS noms,
    ARRAY[left(n.prenom, 2) || '-', '-' || right(n.prenom, 2)]
      || CASE WHEN n.dit <> '' THEN ARRAY[left(n.dit, 2) || '-', '-' || right(n.dit, 2)]
         ELSE '{}' END
      || CASE WHEN least(length(n.prenom), length(nullif(n.dit, ''))) < 4 THEN ARRAY['court']
         ELSE '{}' END AS prenoms
  FROM socle_dossier d JOIN socle_usager u ON u.id = d.usager_id
  CROSS JOIN LATERAL (
    SELECT replace(dui_normaliser(u.nom_naissance), ' ', '') AS nom,
      replace(dui_normaliser(u.nom_utilise), ' ', '') AS usage,
      replace(dui_normaliser(u.premier_prenom), ' ', '') AS prenom,
      replace(dui_normaliser(u.prenom_utilise), ' ', '') AS dit
  ) n
  WHERE d.organisme_id = %(organisme)s AND d.fusionne_dans_id IS NULL AND NOT u.fictive
), noms AS MATERIALIZED (
  SELECT id, left(nom, 3) AS debut, an FROM p
  UNION SELECT id, left(usage, 3), an FROM p WHERE usage <> ''
), candidats AS (
  SELECT a.id AS ici, b.id AS la FROM p a JOIN p b ON a.ne_le = b.ne_le AND a.id < b.id
  UNION ALL
  SELECT a.id, b.id
  FROM p a JOIN p b ON b.an = a.an AND b.mois = a.jour AND b.jour = a.mois
  WHERE a.jour <= 12 AND a.jour < a.mois
  UNION ALL
  SELECT a.id, y.id
  FROM p a
  JOIN noms x ON x.id = a.id
  CROSS JOIN LATERAL generate_series(
    a.an - CASE a.incomplete WHEN 'annee' THEN %(annees)s ELSE 0 END,
    a.an + CASE a.incomplete WHEN 'annee' THEN %(annees)s ELSE 0 END
  ) voisine
  JOIN noms y ON y.debut = x.debut AND y.an = voisine AND y.id <> a.id
  WHERE a.incomplete <> ''
)
SELECT DISTINCT least(a.id, b.id), greatest(a.id, b.id)
FROM candidats c JOIN p a ON a.id = c.ici JOIN p b ON b.id = c.la
WHERE (a.sexe = b.sexe OR 'I' IN (a.sexe, b.sexe))
  AND (a.incomplete <> 'jour' OR a.mois = b.mois OR b.incomplete NOT IN ('', 'jour'))
  AND (a.noms && b.noms OR 'court' = ANY(a.noms) OR 'court' = ANY(b.noms))
  AND (a.prenoms && b.prenoms OR 'court' = ANY(a.prenoms) OR 'court' = ANY(b.prenoms))
UNION
SELECT ici, la FROM (
  SELECT array_agg(id) AS ids FROM p WHERE matricule_ins <> ''
  GROUP BY matricule_ins, oid_ins HAVING count(*) > 1
) m, unnest(ids) ici, unnest(ids) la
WHERE ici < la
"""


@dataclass(frozen=True)
class Trouvee:
    score: int
    raisons: list[str]
    empreinte: str


def empreinte(*dossiers: Dossier) -> str:
    """Of the strict traits of a pair: what was judged is judged again only if one changes."""
    lus = [[str(getattr(d.usager, nom)) for nom in STRICTS] for d in _ordonnes(dossiers)]
    return hashlib.sha256(repr(lus).encode()).hexdigest()


def _ordonnes(dossiers) -> list[Dossier]:
    return sorted(dossiers, key=lambda d: d.pk)


def chercher(organisme: Organisme) -> int:
    """Update the pairs of an organisme; how many wait for somebody. One search at a time."""
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [VERROU])
        _ranger(organisme, _trouver(organisme, curseur))
        a_examiner = Doublon.objects.filter(organisme=organisme, etat=Doublon.Etat.A_EXAMINER)
        return a_examiner.entre_actifs().count()


def _trouver(organisme, curseur) -> dict[tuple, Trouvee]:
    # Just after an import PostgreSQL knows nothing of these tables: it would take six thousand
    # identities for a few, compare each with each, and be cut by its delay.
    curseur.execute("SET LOCAL enable_nestloop = off")
    curseur.execute(PAIRES, {"organisme": organisme.pk, "annees": ANNEES_VOISINES})
    paires = curseur.fetchall()
    curseur.execute("SET LOCAL enable_nestloop = on")
    trouvees: dict[tuple, Trouvee] = {}
    for debut in range(0, len(paires), LOT):
        lot = paires[debut : debut + LOT]
        dossiers = _lire({cle for paire in lot for cle in paire})
        trouvees |= dict(_juger(lot, dossiers))
    return trouvees


def _lire(cles) -> dict:
    champs = [f"usager__{nom}" for nom in (*STRICTS, *LUS)]
    dossiers = Dossier.objects.filter(pk__parmi=list(cles)).select_related("usager")
    return {d.pk: d for d in dossiers.only("usager_id", *champs).order_by("pk")}


def _juger(lot, dossiers) -> Iterator[tuple[tuple, Trouvee]]:
    identites = {cle: identite(d.usager) for cle, d in dossiers.items()}
    for ici, la in lot:
        codes = raisons(identites[ici], identites[la])
        if codes and (points := score(codes)) >= REGLES.seuil:
            yield (ici, la), Trouvee(points, codes, empreinte(dossiers[ici], dossiers[la]))


def identite(usager) -> Identite:
    return Identite(
        traits_de(usager), usager.naissance_incomplete, usager.matricule_ins, usager.oid_ins
    )


def _ranger(organisme, trouvees: dict[tuple, Trouvee]) -> None:
    connues = {
        (d.premier_id, d.second_id): d
        for d in Doublon.objects.filter(organisme=organisme, nature=Doublon.Nature.DOUBLON)
    }
    Doublon.objects.bulk_create(
        (
            Doublon(
                organisme=organisme,
                premier_id=ici,
                second_id=la,
                score=t.score,
                raisons=t.raisons,
                empreinte=t.empreinte,
            )
            for (ici, la), t in trouvees.items()
            if (ici, la) not in connues
        ),
        batch_size=LOT,
    )
    _revenir([(connues[cle], t) for cle, t in trouvees.items() if cle in connues])
    _oublier([d for cle, d in connues.items() if cle not in trouvees])


JUGEES = (Doublon.Etat.DISTINCTES, Doublon.Etat.DEFUSIONNEE)


def _revenir(connues: list[tuple[Doublon, Trouvee]]) -> None:
    """A pair that was judged comes back only when a strict trait has changed since."""
    changees = []
    for doublon, trouvee in connues:
        jugee = doublon.etat in JUGEES
        if jugee and doublon.empreinte == trouvee.empreinte:
            continue
        if jugee:
            doublon.etat, doublon.trouve_le = Doublon.Etat.A_EXAMINER, timezone.now()
        if doublon.etat == Doublon.Etat.A_EXAMINER:
            doublon.score, doublon.raisons = trouvee.score, trouvee.raisons
            doublon.empreinte = trouvee.empreinte
            changees.append(doublon)
    champs = ["etat", "trouve_le", "score", "raisons", "empreinte"]
    Doublon.objects.bulk_update(changees, champs, batch_size=LOT)


def _oublier(disparues: list[Doublon]) -> None:
    """A trait was corrected: what nobody had judged nor proposed no longer waits."""
    attente = [d.pk for d in disparues if d.etat == Doublon.Etat.A_EXAMINER]
    Doublon.objects.filter(
        pk__in=attente, fusions=None, juge_par=None, signale_par=None,
        premier__fusionne_dans=None, second__fusionne_dans=None,
    ).delete()  # fmt: skip
