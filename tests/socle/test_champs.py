"""Les champs partagés par les blocs."""

from datetime import date

import pytest
from django import forms

from dui.socle.champs import jour


class Fiche(forms.Form):
    le = jour("Le")


@pytest.mark.parametrize(
    "texte", ["22/11/2026", "22/11/26", "22-11-2026", "22112026", "2026-11-22"]
)
def test_une_date_se_tape_comme_on_l_ecrit(texte):
    fiche = Fiche({"le": texte})
    assert fiche.is_valid()
    assert fiche.cleaned_data["le"] == date(2026, 11, 22)


def test_une_date_s_affiche_en_francais_dans_tout_navigateur():
    html = str(Fiche(initial={"le": date(2026, 11, 22)})["le"])
    assert 'value="22/11/2026"' in html
    assert 'type="text"' in html


def test_une_date_impossible_dit_comment_l_ecrire():
    assert Fiche({"le": "31/02/2026"}).errors["le"] == ["Écrivez la date comme 19/11/2026."]
