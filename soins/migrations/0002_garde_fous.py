from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("soins", "0001_vigilances_et_mesures"),
        ("socle", "0003_garde_fous"),
    ]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER fige BEFORE UPDATE OR DELETE ON soins_mesure "
            "FOR EACH ROW EXECUTE FUNCTION dui_fige('courante')",
            "DROP TRIGGER fige ON soins_mesure",
        )
    ]
