"""Les champs partagés par les blocs."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms

from dui.socle.champs import Heure, Nombre, jour, moment


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


@pytest.mark.parametrize("texte", ["01/01/0001", "22/11/0226", "31/12/9999"])
def test_une_annee_mal_tapee_se_dit(texte):
    assert "Vérifiez l’année" in Fiche({"le": texte}).errors["le"][0]


@pytest.mark.parametrize(
    ("texte", "lu"),
    [("14:02", (14, 2)), ("14h02", (14, 2)), ("9h", (9, 0)), ("1402", (14, 2)), ("7", (7, 0))],
)
def test_une_heure_se_tape_comme_on_la_dit(texte, lu):
    assert Heure().clean(texte) == lu


@pytest.mark.parametrize("texte", ["102", "24h", "1:5", "٣:٠٠", "14:60", "x", "14:02:03"])
def test_une_heure_douteuse_est_refusee(texte):
    with pytest.raises(forms.ValidationError, match="Écrivez l’heure"):
        Heure().clean(texte)


def test_l_heure_que_les_horloges_sautent_n_existe_pas():
    with pytest.raises(forms.ValidationError, match="change d’heure"):
        moment(date(2026, 3, 29), 2, 30)
    assert moment(date(2026, 3, 29), 3, 30).hour == 3


@pytest.mark.parametrize("texte", ["66,3", "66.3", "66,3 kg", "66,3KG", " 66,3 "])
def test_un_nombre_se_tape_avec_ou_sans_son_unite(texte):
    assert Nombre(unite="kg", localize=True).clean(texte) == Decimal("66.3")


@pytest.mark.parametrize("texte", ["5e1", "1_0", "abc", "1,2,3", "٥", "NaN", "Infinity", "66 lb"])
def test_ce_qui_n_est_pas_un_nombre_est_refuse(texte):
    with pytest.raises(forms.ValidationError, match="Écrivez un nombre"):
        Nombre(unite="kg", localize=True).clean(texte)
