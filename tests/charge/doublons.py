"""`python -m tests.charge.doublons`: a hundred thousand identities searched for duplicates.

In a scratch database of the embedded PostgreSQL, thrown away at the end.
"""

import argparse
import random
import time
from datetime import date, timedelta

from tests.charge.journal import base_jetable

IDENTITES = 100_000
DOUBLONS = 200


def main() -> None:
    analyse = argparse.ArgumentParser(description=__doc__)
    analyse.add_argument("--identites", type=int, default=IDENTITES)
    nombre = analyse.parse_args().identites
    defaire = base_jetable()
    try:
        _mesurer(nombre)
    finally:
        defaire()


def _mesurer(nombre: int) -> None:
    from administratif.doublons import detection
    from dui.socle.models import Doublon, Organisme

    organisme = Organisme.objects.create(nom="Banc", finess_ej="490000001")
    _peupler(organisme, nombre)
    for passage in ("first", "second"):
        debut = time.monotonic()
        detection.chercher(organisme)
        duree = time.monotonic() - debut
        print(f"{passage} search: {duree:.1f} s, {Doublon.objects.count()} pairs of {nombre:,}")
        assert duree < 60


def _peupler(organisme, nombre: int) -> None:
    from django.db import connection

    from dui.demonstration import noms
    from dui.socle.models import Dossier, Usager

    a = random.Random(1)
    for debut in range(0, nombre, 5_000):
        numeros = range(debut, min(debut + 5_000, nombre))
        usagers = [_usager(Usager, a, noms, numero) for numero in numeros]
        Usager.objects.bulk_create(usagers)
        Dossier.objects.bulk_create(
            Dossier(
                organisme=organisme, usager=u, numero=str(debut + n), ouvert_le=date(2024, 1, 1)
            )
            for n, u in enumerate(usagers)
        )
    doubles = [_copie(Usager, u) for u in Usager.objects.order_by("pk")[:DOUBLONS]]
    Usager.objects.bulk_create(doubles)
    Dossier.objects.bulk_create(
        Dossier(organisme=organisme, usager=u, numero=f"d{n}", ouvert_le=date(2025, 1, 1))
        for n, u in enumerate(doubles)
    )
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")


def _usager(modele, a, noms, numero):
    naissance = date(1915, 1, 1) + timedelta(days=a.randrange(40 * 365))
    sexe = a.choice("FFM")
    prenom = noms.prenom(a, sexe, naissance.year).upper()
    incomplete = a.choices(("", "jour", "jour_mois", "annee"), (96, 2, 1, 1))[0]
    return modele(
        nom_naissance=noms.nom_de_famille(a).upper(),
        nom_utilise=noms.nom_de_famille(a).upper() if sexe == "F" else "",
        premier_prenom=prenom,
        prenoms=prenom,
        sexe=sexe,
        date_naissance=naissance,
        naissance_incomplete=incomplete,
        lieu_naissance_cog=f"49{a.randrange(1, 400):03d}",
        matricule_ins=f"{numero:015d}",
        oid_ins="1.2.250.1.213.1.4.11",
    )


def _copie(modele, usager):
    champs = ("premier_prenom", "prenoms", "sexe", "date_naissance", "naissance_incomplete")
    return modele(
        nom_naissance=usager.nom_naissance[:-1] or "X",
        lieu_naissance_cog=usager.lieu_naissance_cog,
        **{nom: getattr(usager, nom) for nom in champs},
    )


if __name__ == "__main__":
    main()
