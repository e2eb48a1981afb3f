from django.db import migrations

HISTORIQUES = ("historicalaffectation", "historicaldroit", "historicalmembreequipe")


def declencheur(table):
    return migrations.RunSQL(
        f"CREATE TRIGGER inalterable BEFORE UPDATE OR DELETE ON habilitations_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION dui_inalterable()",
        f"DROP TRIGGER inalterable ON habilitations_{table}",
    )


class Migration(migrations.Migration):
    dependencies = [("habilitations", "0001_habilitations"), ("socle", "0003_garde_fous")]
    operations = [*map(declencheur, HISTORIQUES)]
