from django.db import migrations

HISTORIQUES = ("historicalabsence", "historicalhabitude")


def declencheur(table):
    return migrations.RunSQL(
        f"CREATE TRIGGER inalterable BEFORE UPDATE OR DELETE ON accompagnement_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION dui_inalterable()",
        f"DROP TRIGGER inalterable ON accompagnement_{table}",
    )


class Migration(migrations.Migration):
    dependencies = [("accompagnement", "0002_garde_fous")]
    operations = [*map(declencheur, HISTORIQUES)]
