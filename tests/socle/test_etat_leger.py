"""L’état léger des migrations écrit le même SQL que celui de Django, et montre les mêmes liens."""

import pytest
from django.db import connection, models
from django.db.migrations import operations as faire
from django.db.migrations.state import ProjectState

from dui.socle.etat_leger import EtatLeger

pytestmark = pytest.mark.django_db
APP = "essai"


def cle(sorte=models.IntegerField):
    return ("id", sorte(primary_key=True))


def vers(modele, **options):
    return models.ForeignKey(f"{APP}.{modele}", models.CASCADE, **options)


def migrations(lus: list):
    """What adds, then what changes what the others point to, and functions that read between."""

    def lire(apps, editeur):
        lus.append(
            {
                modele.__name__: sorted(
                    [f"{f.name}: {type(f).__name__}" for f in modele._meta.get_fields()]
                )
                for modele in apps.get_models()
            }
        )
        for modele in apps.get_models():
            for lien in modele._meta.related_objects:
                assert lien.related_model is apps.get_model(APP, lien.related_model.__name__)

    regle = models.CheckConstraint(condition=models.Q(rang__gt=0), name="essai_rang")
    return [
        faire.CreateModel("Maison", [cle(), ("nom", models.CharField(max_length=9))]),
        faire.CreateModel("Personne", [cle(), ("maison", vers("Maison"))]),
        faire.AddField("Maison", "rang", models.IntegerField(default=1)),
        faire.AddConstraint("Maison", regle),
        faire.CreateModel("Visite", [cle(), ("personne", vers("Personne"))]),
        faire.AddField("Visite", "maison", vers("Maison", null=True, related_name="vues")),
        faire.AddIndex("Visite", models.Index(fields=["maison"], name="essai_visite")),
        faire.RunPython(lire),
        faire.AlterModelOptions("Maison", {"verbose_name": "maison"}),
        faire.AddField("Personne", "amie", models.ForeignKey("self", models.CASCADE, null=True)),
        # Those that point to it change too: both must be known.
        faire.AlterField("Maison", "id", models.BigIntegerField(primary_key=True)),
        faire.RenameField("Maison", "nom", "libelle"),
        faire.RunPython(lire),
        faire.RemoveField("Visite", "personne"),
        faire.RenameModel("Visite", "Passage"),
        faire.RunPython(lire),
    ]


def jouer(etat):
    """(SQL, what the functions read) of all of them, nothing being written."""
    lus: list = []
    with connection.schema_editor(collect_sql=True, atomic=False) as editeur:
        editeur.deferred_sql.clear()
        etat.apps  # noqa: B018  drawn, as the command does before the first one
        for operation in migrations(lus):
            avant = etat.clone()
            operation.state_forwards(APP, etat)
            operation.database_forwards(APP, editeur, avant, etat)
        differees = [str(sql) for sql in editeur.deferred_sql]
        editeur.deferred_sql.clear()
    return editeur.collected_sql + differees, lus


def test_le_meme_sql_et_les_memes_liens_que_django():
    attendu, lus = jouer(ProjectState())
    assert any("ALTER COLUMN" in sql and "bigint" in sql for sql in attendu)
    assert len(lus) == 3 and "vues: ManyToOneRel" in lus[0]["Maison"]
    assert jouer(EtatLeger()) == (attendu, lus)
