from django.db import migrations

FIGE = """
CREATE TRIGGER fige BEFORE UPDATE OR DELETE ON accompagnement_transmission
  FOR EACH ROW EXECUTE FUNCTION dui_fige('courante', 'communicable_le');
CREATE TRIGGER inalterable BEFORE UPDATE OR DELETE ON accompagnement_lecture
  FOR EACH STATEMENT EXECUTE FUNCTION dui_inalterable();
"""
LIBERE = """
DROP TRIGGER fige ON accompagnement_transmission;
DROP TRIGGER inalterable ON accompagnement_lecture;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accompagnement", "0001_transmissions"),
        ("socle", "0003_garde_fous"),
    ]
    operations = [migrations.RunSQL(FIGE, LIBERE)]
