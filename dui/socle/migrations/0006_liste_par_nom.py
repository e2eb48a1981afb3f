from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Without a lock: the persons are read all day."""

    atomic = False
    dependencies = [("socle", "0005_journal_lisible")]
    operations = [
        AddIndexConcurrently(
            model_name="usager",
            index=models.Index(fields=["recherche"], name="usager_nom"),
        ),
    ]
