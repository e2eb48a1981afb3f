"""Le journal altéré, coupé ou refait en entier se voit ; le rôle de l’application n’y peut rien."""

import hashlib
import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as reglages
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from dui.celery import app
from dui.socle import ancres, journal, tasks
from dui.socle.models import EntreeJournal, Scellement
from dui.socle.verification import verifier
from habilitations.politique import Habilitation
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def dossier_des_ancres(settings, tmp_path):
    settings.DOSSIER_ANCRES = tmp_path / "ailleurs/ancres"


@pytest.fixture
def habilitation():
    return Habilitation(CompteFactory())


def une_journee(habilitation, nombre=4):
    """Quelques traces, leur sceau, puis l’ancre de la nuit."""
    entrees = [journal.consigner(habilitation, "voir", bloc="TRA") for _ in range(nombre)]
    journal.sceller()
    ancres.ancrer()
    return entrees


@pytest.fixture
def trois_jours(habilitation):
    return [une_journee(habilitation) for _ in range(3)]


def malveillant(*commandes):
    """Qui possède la base sait désactiver un déclencheur."""
    tables = ("socle_entreejournal", "socle_scellement")
    with connection.cursor() as c:
        c.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            c.execute(f"ALTER TABLE {table} DISABLE TRIGGER inalterable")
        for sql, parametres in commandes:
            c.execute(sql, parametres)
        for table in tables:
            c.execute(f"ALTER TABLE {table} ENABLE TRIGGER inalterable")


def refaire_toute_la_chaine():
    """Avec la clé du journal : chaque sceau est recalculé, la chaîne se vérifie de nouveau."""
    precedente, commandes, depuis = journal.RACINE, [], 0
    for sceau in Scellement.objects.order_by("dernier"):
        lot = EntreeJournal.objects.filter(pk__gt=depuis, pk__lte=sceau.dernier).order_by("pk")
        precedente, nombre = Scellement.calculer(precedente, lot)
        sql = "UPDATE socle_scellement SET empreinte = %s, nombre = %s WHERE id = %s"
        commandes.append((sql, [precedente, nombre, sceau.pk]))
        depuis = sceau.dernier
    malveillant(*commandes)


def effacer(entree):
    return ("DELETE FROM socle_entreejournal WHERE id = %s", [entree.pk])


def changer(entree):
    return ("UPDATE socle_entreejournal SET acteur_id = NULL WHERE id = %s", [entree.pk])


def glisser(entree):
    return (
        "INSERT INTO socle_entreejournal"
        " (id, horodatage, bloc, action, cible, titre_acces, contexte)"
        " OVERRIDING SYSTEM VALUE VALUES (%s, now(), 'TRA', 'voir', '', '', '{}')",
        [entree.pk],
    )


# ------------------------------------------------------------------ l’ancre


def test_l_ancre_dit_le_dernier_sceau_et_la_date(trois_jours):
    lignes = ancres.fichier().read_text().splitlines()
    assert len(lignes) == 3
    le, sceau, dernier, empreinte = lignes[-1].split(" ")
    dernier_sceau = Scellement.objects.latest("dernier")
    assert (int(sceau), int(dernier)) == (dernier_sceau.pk, trois_jours[-1][-1].pk)
    assert bytes.fromhex(empreinte) == bytes(dernier_sceau.empreinte)
    assert le.startswith(f"{timezone.now():%Y-%m-%d}")
    assert [str(a) for a in ancres.lire()] == lignes


def test_l_ancre_s_ajoute_sans_jamais_recrire(habilitation):
    une_journee(habilitation)
    avant = ancres.fichier().read_bytes()
    une_journee(habilitation)
    apres = ancres.fichier().read_bytes()
    assert apres.startswith(avant) and len(apres) > len(avant)
    assert ancres.fichier().stat().st_mode & 0o027 == 0


def test_sans_rien_de_scelle_il_n_y_a_rien_a_ancrer():
    assert ancres.ancrer() is None
    assert not ancres.fichier().exists()


def test_la_nuit_ancre_puis_verifie_et_le_note(habilitation, caplog):
    journal.consigner(habilitation, "voir")
    journal.sceller()
    tasks.ancrer()
    tasks.verifier_le_journal()
    assert not caplog.records
    trace = EntreeJournal.objects.get(action="verification")
    assert trace.contexte == {"sceaux": 1, "ancres": 1}


def test_l_horloge_connait_chaque_tache_de_la_nuit():
    app.loader.import_default_modules()
    prevues = {entree["task"] for entree in reglages.CELERY_BEAT_SCHEDULE.values()}
    assert {"dui.socle.tasks.ancrer", "dui.socle.tasks.verifier_le_journal"} <= prevues
    assert prevues <= set(app.tasks)


# ------------------------------------------------------------------ chaque falsification


@pytest.mark.parametrize("geste", [changer, effacer], ids=["changée", "effacée"])
def test_une_ligne_du_milieu_se_voit(trois_jours, geste):
    malveillant(geste(trois_jours[1][2]))
    assert "ne correspondent plus" in verifier(avec_ancres=False).rupture


def test_une_ligne_glissee_au_milieu_se_voit(trois_jours):
    libre = trois_jours[1][2]
    malveillant(effacer(libre))
    refaire_toute_la_chaine()  # what an honest chain with a gap looks like
    malveillant(glisser(libre))
    assert "ne correspondent plus" in verifier(avec_ancres=False).rupture


def test_une_fin_coupee_avec_ses_sceaux_ne_se_voit_que_par_les_ancres(trois_jours):
    sceau = Scellement.objects.latest("dernier")
    malveillant(
        *(effacer(e) for e in trois_jours[-1]),
        ("DELETE FROM socle_scellement WHERE id = %s", [sceau.pk]),
    )
    assert journal.premiere_rupture() is None
    assert "coupée" in verifier(avec_ancres=True).rupture


@pytest.mark.parametrize("geste", [changer, effacer], ids=["changée", "effacée"])
def test_une_chaine_refaite_avec_la_cle_ne_se_voit_que_par_les_ancres(trois_jours, geste):
    malveillant(geste(trois_jours[0][1]))
    refaire_toute_la_chaine()
    assert verifier(avec_ancres=False).rupture == ""
    assert "la chaîne a été refaite" in verifier(avec_ancres=True).rupture


def test_le_journal_vide_par_son_proprietaire_se_voit(trois_jours):
    malveillant(("TRUNCATE socle_entreejournal, socle_scellement", []))
    assert "coupée" in verifier(avec_ancres=True).rupture


def test_la_commande_compare_aux_ancres(trois_jours, capsys):
    call_command("journal_verifier", "--ancres")
    assert "3 ancre(s) retrouvée(s)" in capsys.readouterr().out
    malveillant(changer(trois_jours[0][1]))
    refaire_toute_la_chaine()
    call_command("journal_verifier")
    with pytest.raises(CommandError, match="la chaîne a été refaite"):
        call_command("journal_verifier", "--ancres")


def test_la_nuit_donne_l_alerte_sans_donnee_de_sante(trois_jours, habilitation, caplog):
    malveillant(changer(trois_jours[1][1]))
    with caplog.at_level(logging.ERROR):
        tasks.verifier_le_journal()
    [alerte] = caplog.records
    assert alerte.levelname == "ERROR" and "Rupture" in alerte.getMessage()
    for interdit in ("TRA", habilitation.compte.username, str(habilitation.compte)):
        assert interdit not in alerte.getMessage()
    assert EntreeJournal.objects.filter(action="rupture").exists()


# ------------------------------------------------------------------ le fichier lui-même


@pytest.mark.parametrize(
    "ligne", ["", "n’importe quoi", "2026-01-01 1 2 abcd", "x 1 2 " + "0" * 64]
)
def test_une_ancre_illisible_est_une_rupture(trois_jours, ligne):
    with ancres.fichier().open("a") as f:
        f.write(f"{ligne}\n")
    assert "ancre illisible, ligne 4" in verifier(avec_ancres=True).rupture


def test_des_ancres_qui_s_arretent_sont_une_rupture(trois_jours):
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert "aucune ancre depuis le" in verifier(avec_ancres=True).rupture


def test_un_fichier_disparu_est_une_rupture(trois_jours):
    ancres.fichier().unlink()
    assert verifier(avec_ancres=True).rupture == ""  # the first night has not come yet
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert "aucune ancre" in verifier(avec_ancres=True).rupture


# ------------------------------------------------------------------ le rôle de l’application


def droits_de_la_documentation() -> list[str]:
    """What docs/exploitation.md asks to run after each migration, for the web's role."""
    texte = (reglages.BASE_DIR / "docs/exploitation.md").read_text(encoding="utf-8")
    return re.findall(r"^REVOKE [^;]* FROM dui_app;", texte, re.MULTILINE)


@pytest.fixture
def role_de_l_application():
    """The role and its rights live in the transaction of the test, and go with it."""
    suffixe = hashlib.sha256(str(connection.settings_dict["NAME"]).encode()).hexdigest()[:8]
    role, revocations = f"dui_app_{suffixe}", droits_de_la_documentation()
    assert revocations
    with connection.cursor() as c:
        c.execute("SET CONSTRAINTS ALL IMMEDIATE")
        c.execute(f"CREATE ROLE {role}")
        c.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        c.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        c.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        for sql in revocations:
            c.execute(sql.replace("dui_app", role))
        # Even without its trigger, the second wall stands.
        c.execute("ALTER TABLE socle_entreejournal DISABLE TRIGGER inalterable")
        c.execute("ALTER TABLE socle_scellement DISABLE TRIGGER inalterable")
        c.execute(f"SET LOCAL ROLE {role}")
    yield role
    with connection.cursor() as c:
        c.execute("RESET ROLE")


@pytest.mark.parametrize("table", ["socle_entreejournal", "socle_scellement"])
@pytest.mark.parametrize(
    "sql",
    ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"],
    ids=["modifier", "effacer", "vider"],
)
def test_le_role_de_l_application_ne_touche_pas_au_passe(
    habilitation, role_de_l_application, table, sql
):
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute(sql.format(table))


def test_le_role_de_l_application_ajoute_et_relit(habilitation, role_de_l_application):
    entree = journal.consigner(habilitation, "voir")
    assert EntreeJournal.objects.get(pk=entree.pk).action == "voir"
