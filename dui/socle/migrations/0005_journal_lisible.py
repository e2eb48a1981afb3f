from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

ORDINAIRES = (
    "voir", "resume", "saisir", "valider", "prescrire", "lister",
    "connexion", "deconnexion", "verrouillage", "deverrouillage",
)


class Migration(migrations.Migration):
    """Without a lock: the journal is large, and no page opens while it cannot be written."""

    atomic = False
    dependencies = [("socle", "0004_extrait_des_brouillons")]
    operations = [
        AddIndexConcurrently(
            model_name="entreejournal",
            index=models.Index(
                fields=["-horodatage", "-id"],
                condition=~models.Q(action__in=ORDINAIRES) | models.Q(titre_acces="bris_de_glace"),
                name="journal_a_surveiller",
            ),
        ),
    ]
