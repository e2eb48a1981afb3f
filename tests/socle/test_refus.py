"""Ce qu’un service refuse revient au formulaire : à son champ, et dans le statut de la page."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from dui.socle.erreurs import ConflitDeVersion
from dui.socle.refus import conflit_de, refus_dans, statut


class MotifForm(forms.Form):
    motif = forms.CharField()


class QuiSaitForm(MotifForm):
    def refuser(self, erreur):
        self.add_error("motif", f"Ici : {erreur.message}")


def refuse(erreur, classe=MotifForm):
    formulaire = classe({"motif": "deuil"})
    assert formulaire.is_valid()
    with refus_dans(formulaire):
        raise erreur
    return formulaire


@pytest.mark.parametrize(
    ("erreur", "dites"),
    [
        (ValidationError("Trop tard."), {"__all__": ["Trop tard."]}),
        (ValidationError({"motif": "Trop court."}), {"motif": ["Trop court."]}),
        (ValidationError({"heure": "Future."}), {"__all__": ["Future."]}),
    ],
)
def test_un_refus_se_lit_a_son_champ_ou_en_tete(erreur, dites):
    formulaire = refuse(erreur)

    assert (dict(formulaire.errors), statut(formulaire)) == (dites, 422)
    assert conflit_de(formulaire) is None


def test_un_conflit_de_version_repond_409_et_garde_ce_qui_est_enregistre():
    formulaire = refuse(ConflitDeVersion("Un collègue a écrit.", actuel="sa ligne"))

    assert (statut(formulaire), conflit_de(formulaire).actuel) == (409, "sa ligne")
    assert formulaire.cleaned_data == {"motif": "deuil"}
    assert statut(MotifForm()) == 200


def test_un_formulaire_qui_sait_ou_vont_les_fautes_les_place_et_les_autres_erreurs_passent():
    formulaire = refuse(ValidationError("Trop tard."), QuiSaitForm)

    assert dict(formulaire.errors) == {"motif": ["Ici : Trop tard."]}
    with pytest.raises(ZeroDivisionError), refus_dans(formulaire):
        raise ZeroDivisionError
