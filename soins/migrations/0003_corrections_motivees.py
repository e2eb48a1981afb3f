from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('socle', '0003_garde_fous'),
        ('soins', '0002_garde_fous'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='mesure',
            name='annulation',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='mesure',
            name='motif_correction',
            field=models.CharField(blank=True, max_length=200, verbose_name='motif de la correction'),
        ),
        migrations.AddConstraint(
            model_name='mesure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('motif_correction', ''), ('remplace', None)), models.Q(('remplace__isnull', False), models.Q(('motif_correction', ''), _negated=True)), _connector='OR'), name='mesure_correction_motivee', violation_error_message='Une correction dit son motif.'),
        ),
        migrations.AddConstraint(
            model_name='mesure',
            constraint=models.CheckConstraint(condition=models.Q(('annulation', False), models.Q(('courante', False), ('remplace__isnull', False)), _connector='OR'), name='mesure_annulation_hors_vigueur', violation_error_message='Une annulation remplace une mesure sans être en vigueur.'),
        ),
        migrations.RunSQL(
            "CREATE TRIGGER inalterable BEFORE UPDATE OR DELETE ON soins_historicalvigilance "
            "FOR EACH STATEMENT EXECUTE FUNCTION dui_inalterable()",
            "DROP TRIGGER inalterable ON soins_historicalvigilance",
        ),
    ]
