"""`python -m tests.charge.fil`: the thread of somebody who has 110,000 transmissions.

In a scratch database of the embedded PostgreSQL, thrown away at the end; less than a minute. The
same pages of somebody who has a hundred are read in turn: what slows the machine slows both.
"""

import argparse
import time

from tests.charge.banc import etalon
from tests.charge.journal import base_jetable
from tests.charge.mesures import Serie, tableau

LOURD, LEGER, VOISINS, DE_CHACUN = 110_000, 100, 40, 1_000
# Words of every line, of one in fifty, of eleven lines, of none: {step: query string}.
PAGES = {
    "first page": "",
    "one target": "?cible=douleur",
    "important ones, one job": "?importance=importantes&qui=IDE",
    "a word of every line": "?q=soin",
    "a frequent word": "?q=douleurs",
    "a rare word": "?q=hématome",
    "two words, one rare": "?q=soins+hematomes",
    "a word nobody wrote": "?q=girafe",
    "a rare word among the important": "?q=hématome&importance=importantes",
}
REMPLIR = """
INSERT INTO accompagnement_transmission
  (id, dossier_id, unite_id, auteur_id, fonction, forme, cible, donnees, actions, resultat, texte,
   importance, destinataires, survenu_le, ecrit_le, version, courante, motif_correction,
   cle_saisie)
SELECT gen_random_uuid(), %(dossier)s, %(unite)s, %(auteur)s,
  (ARRAY['IDE', 'AS', 'AS'])[1 + n %% 3],
  'ciblee', (ARRAY['douleur', 'sommeil', 'alimentation', 'peau', 'humeur'])[1 + n %% 5],
  (%(phrases)s::text[])[1 + n %% cardinality(%(phrases)s::text[])] || ' Soin du ' || n || '.'
    || CASE WHEN n %% 10000 = 7 THEN ' Hématome au coude.' ELSE '' END
    || CASE WHEN n %% 50 = 3 THEN ' Se plaint de douleurs.' ELSE '' END,
  'Surveillance.', '', '', CASE WHEN n %% 40 = 1 THEN 'importante' ELSE 'courante' END,
  '{}', quand, quand, 1, true, '', gen_random_uuid()
FROM (SELECT n, now() - n * interval '20 minutes' AS quand FROM generate_series(1, %(nombre)s) n) s
"""


class Decor:
    def __init__(self):
        from django.db import connection, transaction

        from tests.habilitations.factories import AffectationFactory
        from tests.socle.factories import DossierFactory, PlaceFactory, ProfessionnelFactory

        with transaction.atomic():
            premier = DossierFactory()
            unite = premier.sejours.get().unite
            autres = [
                DossierFactory(sejour__place=PlaceFactory(unite=unite)) for _ in range(VOISINS)
            ]
            affectation = AffectationFactory(role="IDE", etablissement=unite.etablissement)
            self.soignante, self.lourd, self.leger = affectation.compte, premier, autres[0]
            ProfessionnelFactory(compte=self.soignante)
            nombres = [(premier, LOURD), (self.leger, LEGER)]
            for dossier, nombre in [*nombres, *((d, DE_CHACUN) for d in autres[1:])]:
                self._ecrire(dossier, unite, nombre)
        with connection.cursor() as curseur:
            curseur.execute("VACUUM ANALYZE accompagnement_transmission")

    def _ecrire(self, dossier, unite, nombre):
        from django.db import connection

        from accompagnement.cibles import catalogue

        phrases = [p for lot in catalogue.phrases().values() for p in lot]
        with connection.cursor() as curseur:
            parametres = {
                "dossier": dossier.pk, "unite": unite.pk, "auteur": self.soignante.pk,
                "phrases": phrases, "nombre": nombre,
            }  # fmt: skip
            curseur.execute(REMPLIR, parametres)

    def pages(self):
        from django.urls import reverse

        for nom, suite in PAGES.items():
            for qui, dossier in (("110,000", self.lourd), ("100", self.leger)):
                adresse = reverse("accompagnement:transmissions", args=[dossier.pk])
                yield f"{nom}, {qui}", adresse + suite
        yield "thread of the ward", reverse("accompagnement:fil_du_lieu")
        yield (
            "thread of the ward, a rare word",
            reverse("accompagnement:fil_du_lieu") + ("?du=&q=hématome"),
        )


def mesurer(decor, fois: int) -> list[Serie]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.outils import connecter

    client = connecter(decor.soignante, Client())
    pages = dict(decor.pages())
    series = {nom: Serie(nom) for nom in pages}
    boucle = Serie("reference loop")
    for rang in range(fois + 1):
        for nom, adresse in pages.items():
            with CaptureQueriesContext(connection) as capture:
                debut = time.perf_counter()
                assert client.get(adresse).status_code == 200, adresse
                duree = (time.perf_counter() - debut) * 1000
            if rang:  # the first visit compiles the templates
                series[nom].durees.append(duree)
                ordres = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
                lues = [q for q in capture if not q["sql"].startswith(ordres)]
                series[nom].requetes.add(len(lues))
        boucle.durees.append(etalon())
    return [*series.values(), boucle]


def main():
    lecteur = argparse.ArgumentParser(description=__doc__)
    lecteur.add_argument("--fois", type=int, default=10)
    options = lecteur.parse_args()
    defaire = base_jetable()
    try:
        series = mesurer(Decor(), options.fois)
        print(tableau(series))
        duree = {s.nom: s.quantile(0.5) for s in series}
        print(f"\n{duree['first page, 110,000'] / duree['first page, 100']:.2f} × the light one")
    finally:
        defaire()


if __name__ == "__main__":
    main()
