"""Aucune table n’échappe à une fusion : elle bouge, ou l’on dit pourquoi elle reste."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import UniqueConstraint

from dui.socle import fusion
from dui.socle.models import Dossier, Usager

RESTENT = set(fusion.RESTENT)


def _liens_de_la_base() -> set[tuple[str, str]]:
    """(table, colonne) de chaque clé étrangère vers un dossier ou une personne, dans la base."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c "
            "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey) "
            "WHERE c.contype = 'f' AND c.confrelid IN (%s::regclass, %s::regclass)",
            [Dossier._meta.db_table, Usager._meta.db_table],
        )
        return set(curseur.fetchall())


@pytest.mark.django_db
def test_chaque_lien_de_la_base_vers_un_dossier_bouge_ou_dit_pourquoi_il_reste():
    connus = {(c.model._meta.db_table, c.column) for c in fusion.liens()}
    assert connus == _liens_de_la_base()
    assert len(fusion.liens_mobiles()) > 14
    assert {fusion.nom_du_lien(c) for c in fusion.liens()} >= RESTENT  # none has vanished
    assert all(len(raison) > 15 for raison in fusion.RESTENT.values())


def _uniques(modele):
    yield from (c.fields for c in modele._meta.constraints if isinstance(c, UniqueConstraint))
    yield from modele._meta.unique_together
    yield from ((c.name,) for c in modele._meta.concrete_fields if c.unique and not c.primary_key)


def test_une_table_ou_deux_lignes_se_heurteraient_a_une_regle():
    fautes = [
        champ.model._meta.label
        for champ in fusion.liens_mobiles()
        if any(champ.name in champs for champs in _uniques(champ.model))
        and champ.model._meta.label_lower not in fusion._regles
    ]
    assert not fautes, "dui.socle.fusion.regler : que devient la seconde ligne ?"


def test_chaque_regle_parle_d_un_modele_qui_existe():
    assert all(apps.get_model(modele) for modele in fusion._regles)


@pytest.mark.django_db
def test_chaque_table_figee_laisse_passer_une_fusion_et_rien_d_autre():
    """Le dossier d’une ligne figée ne change que si le registre des déplacements le dit."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT t.tgrelid::regclass::text, p.proname FROM pg_trigger t "
            "JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE t.tgqual IS NULL AND p.proname IN ('dui_fige', 'dui_inalterable')"
        )
        gardees = dict(curseur.fetchall())
    mobiles = {c.model._meta.db_table for c in fusion.liens_mobiles()}
    assert not [t for t in mobiles if gardees.get(t) == "dui_inalterable"]
    assert gardees["socle_deplacement"] == "dui_inalterable"
    assert {t for t in mobiles if t in gardees} >= {"soins_mesure", "accompagnement_transmission"}
