from django.contrib.postgres.operations import (
    BtreeGistExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations

# unaccent() is STABLE: its two-argument form, schema-qualified, may be declared IMMUTABLE, hence
# indexed and used in a generated column. Hyphens and apostrophes count as spaces (RNIV search).
NORMALISER = """
CREATE FUNCTION dui_normaliser(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT lower(public.unaccent('public.unaccent', translate($1, '-''’', '   '))) $$;
"""

INALTERABLE = """
CREATE FUNCTION dui_inalterable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'La table % est en ajout seul', TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;
"""

# TG_ARGV: the columns that may still change on a row which is otherwise frozen.
FIGE = """
CREATE FUNCTION dui_fige() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (to_jsonb(OLD) - TG_ARGV) IS DISTINCT FROM (to_jsonb(NEW) - TG_ARGV) THEN
    RAISE EXCEPTION 'Une ligne validée de % ne se modifie pas', TG_TABLE_NAME
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(NORMALISER, "DROP FUNCTION dui_normaliser(text)"),
        migrations.RunSQL(INALTERABLE, "DROP FUNCTION dui_inalterable() CASCADE"),
        migrations.RunSQL(FIGE, "DROP FUNCTION dui_fige() CASCADE"),
    ]
