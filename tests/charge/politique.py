"""`python -m tests.charge.politique`: lists of dossiers through the policy, among 100,000.

In a scratch database of the embedded PostgreSQL, thrown away at the end; one minute or two.
"""

import argparse
import random
import re
import sys
import time
import uuid
from datetime import date, timedelta

from tests.charge.banc import etalon
from tests.charge.journal import CONTROLE, base_jetable
from tests.charge.mesures import Serie, tableau

MAISONS = 200
UNITES = 10  # of each house: a unit is a page of fifty persons when there are 100,000
COMPTES = 50  # of each house
EQUIPE = 5  # members of each team of care
PROCHES = 0.3  # of the persons have somebody on the portal, with eight rights by name
PRENOMS = ("MARIE", "YVONNE", "COLETTE", "ODETTE", "SIMONE", "HENRI", "LUCIEN", "RENE", "JEANNINE")
SYLLABES = ("MAR", "DU", "LE", "BON", "TIN", "RAN", "GO", "PE", "VAL", "RI", "SOT", "BER", "CHE")


def copier(modele, lignes) -> None:
    """By COPY: each line gives what differs from a new object of the model."""
    from django.db import connection

    champs = [f for f in modele._meta.concrete_fields if not f.generated]
    ne_cle = modele._meta.pk.get_internal_type() == "BigAutoField"
    champs = [f for f in champs if not (ne_cle and f.primary_key)]
    vierge = modele()
    defauts = {f.attname: f.get_db_prep_save(getattr(vierge, f.attname), connection)
               for f in champs if not f.has_db_default()}  # fmt: skip
    colonnes = [f for f in champs if not f.has_db_default()]
    noms = ", ".join(f.column for f in colonnes)
    with connection.cursor() as c:
        c.execute("SET session_replication_role = replica")  # keys are right by construction
        with c.cursor.copy(f"COPY {modele._meta.db_table} ({noms}) FROM STDIN") as copie:
            for ligne in lignes:
                copie.write_row([ligne.get(f.attname, defauts[f.attname]) for f in colonnes])
        c.execute("SET session_replication_role = DEFAULT")


class Decor:
    """Two hundred houses of one organisme; head office, a team-only educator, a nurse."""

    def __init__(self, dossiers: int):
        from django.db import connection

        from dui.socle.models import Etablissement, Unite
        from tests.socle.factories import EtablissementFactory, OrganismeFactory

        self.hasard, self.nombre = random.Random(1), dossiers
        organisme = OrganismeFactory()
        self.maisons = EtablissementFactory.build_batch(MAISONS, organisme=organisme)
        Etablissement.objects.bulk_create(self.maisons)
        self.unites = [
            Unite(etablissement=maison, nom=f"Unité {n}", ordre=n)
            for maison in self.maisons
            for n in range(UNITES)
        ]
        Unite.objects.bulk_create(self.unites)
        self.dossiers = [uuid.UUID(int=self.hasard.getrandbits(128)) for _ in range(dossiers)]
        self._personnes(organisme)
        self._comptes()
        self._exceptions()
        self._mesures()
        with connection.cursor() as c:
            c.execute("VACUUM ANALYZE")

    def unite_de(self, n: int):
        return self.unites[n % len(self.unites)]

    def _personnes(self, organisme):
        from dui.socle.models import Dossier, Sejour, Usager

        usagers = [uuid.UUID(int=self.hasard.getrandbits(128)) for _ in range(self.nombre)]
        nom = lambda: "".join(self.hasard.choices(SYLLABES, k=3))  # noqa: E731
        copier(Usager, ({
            "id": cle, "nom_naissance": nom(), "premier_prenom": (p := self.hasard.choice(PRENOMS)),
            "prenoms": p, "sexe": "F", "civilite": "MME",
            "date_naissance": date(1930, 1, 1) + timedelta(days=self.hasard.randrange(9000)),
        } for cle in usagers))  # fmt: skip
        copier(Dossier, ({
            "id": cle, "organisme_id": organisme.pk, "usager_id": usager, "numero": f"D{n:06d}",
            "ouvert_le": date(2024, 1, 5),
        } for n, (cle, usager) in enumerate(zip(self.dossiers, usagers, strict=True))))  # fmt: skip
        copier(Sejour, self._sejours())

    def _sejours(self):
        """One in progress for each; one in three has left another house before."""
        for n, dossier in enumerate(self.dossiers):
            if n % 3 == 0:
                yield self._sejour(dossier, self.unite_de(n + 7 * UNITES), date(2021, 3, 1),
                                   sortie_le=date(2023, 11, 30))  # fmt: skip
            yield self._sejour(dossier, self.unite_de(n), date(2024, 1, 8))

    def _sejour(self, dossier, unite, entree, **champs):
        return {
            "id": uuid.uuid4(), "dossier_id": dossier, "unite_id": unite.pk, "entree_le": entree,
            "etablissement_id": unite.etablissement_id,
        } | champs  # fmt: skip

    def _comptes(self):
        from dui.socle.models import Compte
        from habilitations.models import Affectation, MembreEquipe

        copier(Compte, ({
            "username": f"agent{n}", "first_name": "A", "last_name": f"B{n}", "password": "!",
        } for n in range(MAISONS * COMPTES)))  # fmt: skip
        self.agents = list(Compte.objects.order_by("pk").values_list("pk", flat=True))
        copier(Affectation, ({
            "id": uuid.uuid4(), "compte_id": compte, "role_id": ("AS", "IDE", "EDUCATEUR")[n % 3],
            "etablissement_id": self.maisons[n % MAISONS].pk, "debut": date(2024, 1, 1),
            "portee": "equipe" if n % 3 == 2 else "etablissement",
        } for n, compte in enumerate(self.agents)))  # fmt: skip
        copier(MembreEquipe, ({
            "compte_id": self.agents[(n // UNITES) % MAISONS + MAISONS * k], "dossier_id": dossier,
            "debut": date(2024, 1, 8), "fin": date(2025, 6, 30) if k == 4 else None,
        } for n, dossier in enumerate(self.dossiers) for k in range(EQUIPE)))  # fmt: skip

    def _exceptions(self):
        """What other people hold: relatives' rights, a year of broken glass, objections."""
        from django.contrib.auth.models import Permission
        from django.utils import timezone

        from habilitations.models import AccesNominatif, BrisDeGlace, Interdiction

        self.droits = list(
            Permission.objects.filter(codename__startswith="voir_").order_by("pk")[:8]
        )
        tirer, maintenant = self.hasard.choice, timezone.now()
        ouverts = self.dossiers[: int(self.nombre * PROCHES)]
        copier(AccesNominatif, ({
            "user_id": tirer(self.agents), "permission_id": droit.pk, "content_object_id": dossier,
            "qualite": "PROCHE",
        } for dossier in ouverts for droit in self.droits))  # fmt: skip
        copier(BrisDeGlace, ({
            "compte_id": tirer(self.agents), "dossier_id": tirer(self.dossiers), "motif": "urgence",
            "ouvert_le": maintenant - timedelta(hours=n), "conclusion": "",
            "expire_le": maintenant + timedelta(hours=4 - n),
        } for n in range(8000)))  # fmt: skip
        copier(Interdiction, ({
            "id": uuid.uuid4(), "compte_id": tirer(self.agents), "dossier_id": tirer(self.dossiers),
            "origine": "personne", "decidee_par_id": self.agents[0], "blocs": "{}",
            "levee_le": maintenant if n % 4 == 0 else None,
        } for n in range(self.nombre // 50)))  # fmt: skip

    def _mesures(self):
        """The three accounts, each with its own exceptions."""
        from habilitations.models import Affectation
        from tests.habilitations.factories import AffectationFactory
        from tests.socle.factories import CompteFactory

        self.siege = CompteFactory()
        Affectation.objects.bulk_create(
            AffectationFactory.build(compte=self.siege, role="DIRECTEUR", etablissement=maison)
            for maison in self.maisons
        )
        maison = self.maisons[0]
        self.educatrice = AffectationFactory(
            role="EDUCATEUR", etablissement=maison, portee="equipe"
        ).compte
        self.infirmiere = AffectationFactory(role="IDE", etablissement=maison).compte
        # The units of the first house are the first ten; each holds one dossier in 2,000.
        ici = [d for n, d in enumerate(self.dossiers) if n % len(self.unites) < UNITES]
        ailleurs = self.dossiers[UNITES : UNITES + 20]
        self._equipe(ici)
        for compte in (self.siege, self.educatrice, self.infirmiere):
            self._exceptions_de(compte, ici, ailleurs)

    def _equipe(self, ici):
        from habilitations.models import MembreEquipe

        copier(MembreEquipe, ({
            "compte_id": self.educatrice.pk, "dossier_id": dossier, "debut": date(2024, 1, 8),
            "fin": None if n < 55 else date(2025, 6, 30),
        } for n, dossier in enumerate(ici[:200])))  # fmt: skip

    def _exceptions_de(self, compte, ici, ailleurs):
        from dui.socle.models import Dossier
        from habilitations.models import Interdiction
        from tests.habilitations.factories import AccesNominatif, BrisDeGlaceFactory

        par_cle = Dossier.objects.in_bulk([*ici[:5], *ici[210:212], *ailleurs[:3]])
        for cle in ici[:5]:  # five objections, half of them to a part of the record
            Interdiction.objects.create(
                compte=compte, dossier=par_cle[cle], origine="personne", decidee_par=compte,
                blocs=[] if cle in ici[:3] else ["TRA"],
            )  # fmt: skip
        for cle in ici[210:212]:
            BrisDeGlaceFactory(compte=compte, dossier=par_cle[cle])
        for cle in ailleurs[:3]:
            for droit in self.droits:
                AccesNominatif.objects.create(
                    user=compte, permission=droit, content_object=par_cle[cle]
                )


def volumes() -> str:
    from django.apps import apps

    noms = {
        "socle.dossier": "dossiers", "socle.sejour": "stays", "socle.etablissement": "houses",
        "socle.compte": "accounts", "habilitations.membreequipe": "members of teams",
        "habilitations.accesnominatif": "rights by name",
        "habilitations.brisdeglace": "broken glass", "habilitations.interdiction": "objections",
    }  # fmt: skip
    return ", ".join(f"{apps.get_model(m).objects.count():,} {nom}" for m, nom in noms.items())


def premiers(compte, bloc, action) -> list:
    """The bare query, from an account about which nothing is known yet."""
    from dui.socle.models import Dossier
    from habilitations.politique import Habilitation

    dossiers = Dossier.objects.select_related("usager").visibles(Habilitation(compte), bloc, action)
    return list(dossiers.order_by("usager__recherche", "pk")[:50])


def etapes(decor):
    """{name: what is timed}; a page gives its answer, a query its rows."""
    from django.test import Client

    from habilitations.politique import Habilitation
    from tests.outils import connecter

    comptes = {"head office": decor.siege, "educator": decor.educatrice, "nurse": decor.infirmiere}
    lieux = {
        "head office": f"unite={decor.unites[3].pk}",
        "educator": f"etablissement={decor.maisons[0].pk}",
        "nurse": f"unite={decor.unites[3].pk}",
    }
    etapes = {}
    for nom, compte in comptes.items():
        client = connecter(compte, Client())  # the one of the tests reads each page again
        etapes |= {
            f"{nom}, rights": lambda c=compte: Habilitation(c).affectations,
            f"{nom}, first 50 dossiers": lambda c=compte: premiers(c, "ID", "resume"),
            f"{nom}, page of residents": lambda c=client, a=lieux[nom]: c.get(f"/residents/?{a}"),
            f"{nom}, search": lambda c=client: c.get("/recherche/?q=martin"),
        }
    return etapes


def mesurer(decor, fois: int) -> list[Serie]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    voulues = etapes(decor)
    series = {nom: Serie(nom) for nom in voulues}
    boucle = Serie("reference loop")
    for rang in range(fois + 1):  # in turn: what slows the machine down slows every step down
        for nom, faire in voulues.items():
            if rang == 0:  # templates compiled, plans cached, queries counted
                with CaptureQueriesContext(connection) as capture:
                    _verifier(nom, faire())
                mots = (q["sql"].split(" ", 1)[0].strip(";") for q in capture)
                series[nom].requetes.add(sum(mot not in CONTROLE for mot in mots))
                continue
            debut = time.perf_counter()
            faire()
            series[nom].durees.append((time.perf_counter() - debut) * 1000)
        if rang:
            boucle.durees.append(etalon())
    return [*series.values(), boucle]


def _verifier(nom, obtenu) -> None:
    """A step that lists nothing would be fast."""
    if "50 dossiers" in nom and len(obtenu) != 50:
        sys.exit(f"{nom} : {len(obtenu)} dossiers")
    if hasattr(obtenu, "status_code") and obtenu.status_code != 200:
        sys.exit(f"{nom} : {obtenu.status_code}")
    if "page" in nom:
        personnes = set(re.findall(rb"/dossiers/([0-9a-f-]{36})/", obtenu.content))
        if not 45 <= len(personnes) <= 60:
            sys.exit(f"{nom} : {len(personnes)} personnes")


def main():
    lecteur = argparse.ArgumentParser(description=__doc__)
    lecteur.add_argument("--dossiers", type=int, default=100_000)
    lecteur.add_argument("--fois", type=int, default=30)
    options = lecteur.parse_args()
    defaire = base_jetable()
    try:
        debut = time.monotonic()
        decor = Decor(options.dossiers)
        print(f"{volumes()} in {time.monotonic() - debut:.0f} s", file=sys.stderr)
        print(tableau(mesurer(decor, options.fois)))
    finally:
        defaire()


if __name__ == "__main__":
    main()
