"""L’opposition d’une personne, ou la décision de l’établissement, l’emporte sur tout."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dui.socle.enums import Bloc
from dui.socle.models import Compte, Dossier
from habilitations import politique
from habilitations.bris import services
from habilitations.models import Interdiction
from habilitations.oppositions import services as oppositions
from habilitations.politique import Habilitation
from tests.accompagnement.factories import TransmissionFactory
from tests.habilitations.factories import AffectationFactory, acces_portail
from tests.outils import connecter
from tests.socle.factories import CompteFactory, DossierFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, params=["dresser la liste", "interroger chacun"])
def maniere(request, monkeypatch):
    """Les deux formes de la même règle : celle d’une maison, celle d’un siège."""
    if request.param == "interroger chacun":
        monkeypatch.setattr(politique, "MAISONS_NOMBREUSES", -1)


@pytest.fixture
def dossier():
    return DossierFactory()


def interdire(compte, dossier, *blocs, **champs) -> Interdiction:
    champs.setdefault("origine", "personne")
    return Interdiction.objects.create(
        compte=compte, dossier=dossier, blocs=list(blocs), decidee_par=CompteFactory(), **champs
    )


def collegue(dossier, role="IDE", portee="etablissement") -> Compte:
    etablissement = dossier.sejours.get().etablissement
    return AffectationFactory(role=role, etablissement=etablissement, portee=portee).compte


def voit(compte, dossier, bloc=Bloc.TRA) -> bool:
    h = Habilitation(Compte.objects.get(pk=compte.pk))
    liste = Dossier.objects.visibles(h, bloc).filter(pk=dossier.pk).exists()
    assert liste == h.peut_pour(dossier, bloc) == h.ouvre(dossier, bloc)
    sejours = list(dossier.sejours.all())
    assert liste == (dossier.pk in h.ouverts(sejours, bloc))
    return liste


def test_l_opposition_a_un_professionnel_ferme_tout_le_dossier_a_lui_seul(dossier):
    oppose, autre = collegue(dossier), collegue(dossier)
    interdire(oppose, dossier)
    assert not voit(oppose, dossier)
    assert voit(autre, dossier)
    assert connecter(oppose).get(reverse("dossier", args=[dossier.pk])).status_code == 404


def test_l_opposition_peut_ne_porter_que_sur_une_partie(dossier):
    oppose = collegue(dossier)
    interdire(oppose, dossier, "TRA")
    assert not voit(oppose, dossier, Bloc.TRA)
    assert voit(oppose, dossier, Bloc.CST)
    adresse = reverse("accompagnement:transmissions", args=[dossier.pk])
    assert connecter(oppose).get(adresse).status_code == 403


def test_les_lignes_fermees_disparaissent_du_tableau_de_la_releve_et_de_la_recherche(dossier):
    oppose = collegue(dossier)
    TransmissionFactory(dossier=dossier, donnees="Texte que la personne ne veut pas partager.")
    interdire(oppose, dossier)
    client = connecter(oppose)
    for adresse in ("/", "/residents/", "/releve/?depuis=24", f"/recherche/?q={dossier.numero}"):
        page = client.get(adresse).content.decode()
        assert dossier.usager.nom_naissance not in page, adresse
        assert "ne veut pas partager" not in page, adresse


def test_ni_le_bris_de_glace_ni_l_acces_nominatif_ne_levent_une_opposition(dossier):
    oppose = collegue(dossier, portee="equipe")
    services.ouvrir(
        Habilitation(oppose), dossier, code_motif="urgence", motif="Malaise, appel de la cadre."
    )
    acces_portail(oppose, dossier, Bloc.TRA, qualite="")
    assert voit(oppose, dossier)
    interdire(oppose, dossier)
    assert not voit(oppose, dossier)
    jamais = collegue(dossier, portee="equipe")
    interdire(jamais, dossier)
    with pytest.raises(services.NonAutorise):
        services.ouvrir(
            Habilitation(jamais), dossier, code_motif="urgence", motif="Malaise, appel de la cadre."
        )


def test_elle_ferme_aussi_le_portail(dossier):
    proche = CompteFactory()
    acces_portail(proche, dossier, Bloc.ANI, qualite="PROCHE")
    assert voit(proche, dossier, Bloc.ANI)
    interdire(proche, dossier)
    assert not voit(proche, dossier, Bloc.ANI)


def test_levee_elle_n_a_plus_d_effet(dossier):
    oppose = collegue(dossier)
    interdiction = interdire(oppose, dossier)
    secretaire = Habilitation(collegue(dossier, "SECRETAIRE"))
    oppositions.lever(secretaire, interdiction, motif="La personne a changé d’avis.")
    assert voit(oppose, dossier)
    with pytest.raises(ValidationError, match="vient d’être levée"):
        oppositions.lever(secretaire, interdiction, motif="Encore.")


def test_elle_ne_ferme_que_ce_dossier(dossier):
    oppose = collegue(dossier)
    voisine = DossierFactory(sejour__etablissement=dossier.sejours.get().etablissement)
    interdire(oppose, dossier)
    assert voit(oppose, voisine)


def test_elle_ne_coute_aucune_requete_de_plus(dossier):
    client = connecter(collegue(dossier))
    client.get("/residents/")
    with CaptureQueriesContext(connection) as avant:
        client.get("/residents/")
    interdire(client.compte, DossierFactory())
    with CaptureQueriesContext(connection) as apres:
        client.get("/residents/")
    assert len(apres) == len(avant)


# ------------------------------------------------------------------ l’écran


def saisie(compte, *blocs) -> dict:
    return {"compte": compte.pk, "origine": "personne", "motif": "Un cousin.", "blocs": blocs}


def test_la_secretaire_note_l_opposition_et_la_leve(dossier):
    oppose = collegue(dossier)
    client = connecter(collegue(dossier, "SECRETAIRE"))
    adresse = reverse("oppositions:opposer", args=[dossier.pk])
    assert client.post(adresse, saisie(oppose, "TRA")).status_code == 302
    assert not voit(oppose, dossier)
    encore = client.post(adresse, saisie(oppose, "TRA"))
    assert encore.status_code == 422 and "déjà fermé" in encore.content.decode()
    page = client.get(reverse("oppositions:pourquoi", args=[dossier.pk])).content.decode()
    assert "Un cousin." in page
    lever = reverse("oppositions:lever", args=[dossier.pk, Interdiction.objects.get().pk])
    assert client.post(lever, {"motif": "Elle a changé d’avis."}).status_code == 302
    assert voit(oppose, dossier)


def test_qui_n_ecrit_pas_la_partie_juridique_ne_ferme_rien(dossier):
    client = connecter(collegue(dossier, "IDE"))
    adresse = reverse("oppositions:opposer", args=[dossier.pk])
    assert client.post(adresse, saisie(collegue(dossier))).status_code == 403
    assert not Interdiction.objects.exists()


def test_l_autre_etablissement_ne_trouve_pas_la_page(dossier):
    client = connecter(AffectationFactory(role="SECRETAIRE").compte)
    for nom in ("opposer", "pourquoi"):
        assert client.get(reverse(f"oppositions:{nom}", args=[dossier.pk])).status_code == 404


def test_on_n_oppose_personne_a_qui_ne_travaille_pas_la(dossier):
    client = connecter(collegue(dossier, "SECRETAIRE"))
    ailleurs = AffectationFactory(role="IDE").compte
    adresse = reverse("oppositions:opposer", args=[dossier.pk])
    assert client.post(adresse, saisie(ailleurs)).status_code == 422


def test_chacun_lit_pourquoi_il_voit_et_ce_qu_il_peut(dossier):
    page = connecter(collegue(dossier, "AS")).get(
        reverse("oppositions:pourquoi", args=[dossier.pk])
    )
    texte = page.content.decode()
    assert "Vous êtes aide-soignant" in texte
    assert "Votre fonction ne l’ouvre pas." in texte
    assert "À qui il est fermé" not in texte


def test_les_refus_de_meme_raison_tiennent_en_une_ligne(dossier):
    client = connecter(collegue(dossier, "SECRETAIRE"))
    texte = client.get(reverse("oppositions:pourquoi", args=[dossier.pk])).content.decode()
    assert texte.count("Votre fonction ne l’ouvre pas.") == 1
    assert "Observations médicales · " in texte or " · Observations médicales" in texte
    assert "Ouvert à tous ceux que leur fonction autorise" in texte


def test_le_formulaire_ne_couvre_aucun_avertissement_et_ne_prete_la_parole_a_personne(dossier):
    client = connecter(collegue(dossier, "SECRETAIRE"))
    reponse = client.post(
        reverse("oppositions:opposer", args=[dossier.pk]), {"origine": "etablissement"}
    )
    texte = reponse.content.decode()
    assert 'class="actions-bas"' not in texte  # une barre posée sur ce qu’il faut avoir lu
    assert "Ce que la personne a dit, ou le motif de la décision" in texte
    assert "À quel professionnel ? Ce champ est obligatoire." in texte
