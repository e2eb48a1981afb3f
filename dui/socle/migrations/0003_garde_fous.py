from django.db import migrations

AJOUT_SEUL = ("entreejournal", "scellement", "evenement")
HISTORIQUES = ("historicalusager", "historicaldossier", "historicalsejour", "historicalcontact")


def declencheur(table):
    return migrations.RunSQL(
        f"CREATE TRIGGER inalterable BEFORE UPDATE OR DELETE ON socle_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION dui_inalterable()",
        f"DROP TRIGGER inalterable ON socle_{table}",
    )


class Migration(migrations.Migration):
    dependencies = [("socle", "0002_noyau")]
    operations = [
        *map(declencheur, AJOUT_SEUL + HISTORIQUES),
        migrations.RunSQL(
            "CREATE INDEX usager_recherche ON socle_usager USING gin (recherche gin_trgm_ops)",
            "DROP INDEX usager_recherche",
        ),
        # A document is immutable, except when it becomes releasable or is wrapped anew.
        migrations.RunSQL(
            "CREATE TRIGGER fige BEFORE UPDATE OR DELETE ON socle_document FOR EACH ROW "
            "EXECUTE FUNCTION dui_fige('communicable_le', 'cle_enveloppee', 'id_cle_maitre')",
            "DROP TRIGGER fige ON socle_document",
        ),
    ]
