from django.db import migrations


def situer(apps, _editor):
    """A draft about no record says of which house it is: known when its author never worked in
    another one. The others stay with whoever still works somewhere."""
    affectations = apps.get_model("habilitations", "Affectation").objects.order_by()
    brouillons = apps.get_model("socle", "Brouillon").objects.filter(dossier=None, etablissement=None)
    comptes = list(brouillons.order_by().values_list("compte", flat=True).distinct())
    maisons = dict.fromkeys(comptes, ())
    for compte, maison in affectations.filter(compte__in=comptes).values_list("compte", "etablissement").distinct():
        maisons[compte] = (*maisons[compte], maison)
    for compte, (maison, *autres) in ((c, m) for c, m in maisons.items() if m):
        if not autres:
            brouillons.filter(compte=compte).update(etablissement=maison)


class Migration(migrations.Migration):

    dependencies = [
        ('habilitations', '0010_equipe_de_prise_en_charge'),
        ('socle', '0014_brouillons_par_page'),
    ]

    operations = [
        migrations.RunPython(situer, migrations.RunPython.noop),
    ]
