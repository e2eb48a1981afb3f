"""Les champs, leurs aides et leurs erreurs."""

import pytest
from django import forms
from django.forms import formset_factory
from django.template import Context, Template

from dui.socle.templatetags import formulaires


def rendu(gabarit: str, **contexte) -> str:
    return Template(gabarit).render(Context(contexte))


class Saisie(forms.Form):
    pouls = forms.IntegerField(label="Pouls", help_text="par minute", max_value=250)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    prevenue = forms.BooleanField(label="Famille prévenue", required=False)
    cible = forms.ChoiceField(
        label="Cible", choices=[("repas", "Repas"), ("nuit", "Nuit")], widget=forms.RadioSelect
    )
    jeton = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cible"].icones = {"repas": "repas"}


def test_un_champ_lie_son_aide_et_son_erreur():
    html = rendu("{% champ f.pouls %}", f=Saisie({"pouls": "680", "cible": "repas"}))
    assert 'aria-describedby="id_pouls_helptext id_pouls_error"' in html
    assert 'id="id_pouls_helptext"' in html and 'id="id_pouls_error"' in html
    assert 'aria-invalid="true"' in html and 'for="id_pouls"' in html


def test_un_champ_libre_se_dit_facultatif():
    assert "(facultatif)" in rendu("{% champ f.note %}", f=Saisie())
    assert "(facultatif)" not in rendu("{% champ f.pouls %}", f=Saisie())


def test_la_classe_du_widget_est_gardee():
    formulaire = Saisie()
    formulaire.fields["pouls"].widget.attrs["class"] = "entree--court"
    assert 'class="entree entree--court"' in rendu("{% champ f.pouls %}", f=formulaire)


def test_les_puces_portent_les_icones_du_champ():
    html = rendu("{% puces f.cible %}", f=Saisie(initial={"cible": "nuit"}))
    assert html.count('type="radio"') == 2 and "icones.svg#repas" in html
    assert "<legend>Cible</legend>" in html
    assert 'value="nuit"' in html and "checked" in html


def test_les_puces_refusent_un_champ_de_texte():
    with pytest.raises(ValueError, match="widget inconnu"):
        rendu("{% puces f.note %}", f=Saisie())


def test_le_resume_compte_et_relie_les_erreurs():
    html = rendu("{% resume_erreurs f %}", f=Saisie({"pouls": "680"}))
    assert "2 points à corriger, rien n’est perdu" in html
    assert 'href="#id_pouls"' in html and 'href="#id_cible_0"' in html
    assert "autofocus" in html


def test_le_resume_se_tait_quand_tout_va_bien():
    assert rendu("{% resume_erreurs f %}", f=Saisie()).strip() == ""


def test_le_resume_lit_aussi_les_listes_de_formulaires():
    liste = formset_factory(Saisie, extra=0)(
        {
            "form-TOTAL_FORMS": "1",
            "form-INITIAL_FORMS": "0",
            "form-0-pouls": "x",
            "form-0-cible": "nuit",
        }
    )
    points = formulaires.points_a_corriger(liste)
    assert [p["ancre"] for p in points] == ["id_form-0-pouls"]


def test_un_formulaire_entier_se_dessine_avec_les_memes_composants():
    html = str(Saisie({"pouls": "680"}))
    assert 'class="entree"' in html and "resume-erreurs" in html


def test_le_brouillon_n_annonce_rien_avant_le_serveur():
    assert "Brouillon enregistré" not in rendu("{% etat_brouillon %}")
    assert "Brouillon enregistré à 14:02" in rendu('{% etat_brouillon "14:02" %}')


def test_la_barre_d_un_formulaire_enregistre_revient_et_dit_ou_en_est_le_brouillon():
    html = rendu(
        '{% enregistrer_bas "Noter" "/x/" "Revenir" %}', redaction={"enregistre_a": "14:02"}
    )
    assert "Noter" in html and '<a class="bouton bouton--nu" href="/x/">Revenir</a>' in html
    assert "Brouillon enregistré à 14:02" in html
