"""Les pages de l’identité et le réglage des pièces : trois acteurs."""

import pytest
from django.urls import reverse

from administratif.identification import pieces, regles
from dui.socle.models import Dossier, Evenement, Usager
from tests.identite.outils import dossier_au_statut, poster, relu
from tests.outils import formulaire_de
from tests.socle.factories import DossierFactory, EtablissementFactory

pytestmark = pytest.mark.django_db
# ------------------------------------------------------------------ pages : trois acteurs


def adresse(nom, dossier):
    return reverse(f"administratif:identite_{nom}", args=[dossier.pk])


@pytest.mark.parametrize(
    ("page", "role", "statut"),
    [
        ("valider", "SECRETAIRE", 200),
        ("valider", "IDE", 403),
        ("signaler", "SECRETAIRE", 200),
        ("signaler", "AS", 403),
        ("juger", "IDENTITOVIG", 200),
        ("juger", "SECRETAIRE", 403),
    ],
)
def test_qui_ouvre_quelle_page(page, role, statut, en_tant_que):
    dossier = DossierFactory()
    assert en_tant_que(dossier, role=role).get(adresse(page, dossier)).status_code == statut
    ailleurs = en_tant_que(role="SECRETAIRE", etablissement=EtablissementFactory())
    assert ailleurs.get(adresse(page, dossier)).status_code == 404


def test_la_page_ne_coche_rien_d_avance_et_refuse_un_trait_oublie(en_tant_que):
    dossier = dossier_au_statut("PROV")
    client = en_tant_que(dossier, role="SECRETAIRE")
    page = client.get(adresse("valider", dossier))
    assert "checked" not in page.content.decode()
    reponse = poster(client, adresse("valider", dossier), piece="PA", trait_sexe="conforme")
    assert reponse.status_code == 422
    assert "Comparez ce trait" in reponse.content.decode()
    assert relu(dossier).statut_identite == "PROV"


def test_valider_trait_par_trait_puis_lire_qui_l_a_fait(en_tant_que):
    dossier = dossier_au_statut("PROV")
    client = en_tant_que(dossier, role="SECRETAIRE")
    traits = {f"trait_{nom}": "conforme" for nom in regles.TRAITS}
    reponse = poster(client, adresse("valider", dossier), piece="CN", **traits)
    assert reponse.status_code == 302
    fiche = client.get(reverse("administratif:identite", args=[dossier.pk])).content.decode()
    assert "Validée" in fiche and "Carte nationale d’identité" in fiche
    assert client.compte.get_full_name() in fiche
    assert "Valider l’identité" not in fiche


def ailleurs(dossier, **champs):
    """Quelqu’un d’autre enregistre, dans un autre onglet."""
    lignes = Usager.objects.filter(pk=dossier.usager_id)
    lignes.update_sans_historique(motif="essai", version=2, **champs)


def test_un_trait_change_pendant_le_controle_se_compare_de_nouveau(en_tant_que):
    dossier = dossier_au_statut("PROV", nom_naissance="DURAND")
    client = en_tant_que(dossier, role="SECRETAIRE")
    action, lus = formulaire_de(client.get(adresse("valider", dossier)))
    ailleurs(dossier, nom_naissance="DUPOND")
    traits = {f"trait_{nom}": "conforme" for nom in regles.TRAITS}
    saisie = lus | {"piece": "PA", "commentaire": "Passeport neuf"} | traits
    reponse = client.post(action, saisie)
    assert (reponse.status_code, relu(dossier).statut_identite) == (409, "PROV")
    page = reponse.content.decode()
    assert "a changé depuis que vous l’avez lue" in page and "DUPOND" in page
    action, gardes = formulaire_de(reponse)
    assert (gardes["piece"], gardes["commentaire"]) == (["PA"], ["Passeport neuf"])
    assert client.post(action, gardes).status_code == 422  # no trait is answered beforehand
    assert client.post(action, gardes | traits).status_code == 302
    assert relu(dossier).statut_identite == "VALI"


@pytest.mark.parametrize(
    ("page", "role", "champs"),
    [
        ("signaler", "SECRETAIRE", {"cause": "doute", "motif": "Deux dates de naissance"}),
        ("juger", "IDENTITOVIG", {"cause": "fictive", "motif": "Séance de formation"}),
    ],
)
def test_un_signalement_croise_ne_se_perd_pas(page, role, champs, en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role=role)
    action, lus = formulaire_de(client.get(adresse(page, dossier)))
    ailleurs(dossier, nom_utilise="Le Bihan")
    reponse = client.post(action, lus | champs)
    assert reponse.status_code == 409
    action, gardes = formulaire_de(reponse)
    assert gardes["motif"] == [champs["motif"]]
    assert client.post(action, gardes).status_code == 302
    usager = relu(dossier)
    assert usager.douteuse or usager.fictive


def test_la_secretaire_lit_que_les_traits_sont_verrouilles(en_tant_que):
    dossier = dossier_au_statut("QUAL")
    client = en_tant_que(dossier, role="SECRETAIRE")
    fiche = client.get(reverse("administratif:identite", args=[dossier.pk])).content.decode()
    assert "verrouillés" in fiche and "identite/traits/" not in fiche
    assert client.get(adresse("traits", dossier)).status_code == 403
    assert Dossier.objects.get(pk=dossier.pk).usager.statut_identite == "QUAL"


# ------------------------------------------------------------------ réglage des pièces

PIECES = reverse("administratif:pieces_identite")


@pytest.mark.parametrize(
    ("role", "statut"), [("ADMIN_SI", 200), ("SECRETAIRE", 403), ("IDENTITOVIG", 403)]
)
def test_qui_regle_les_pieces(role, statut, en_tant_que):
    client = en_tant_que(role=role, etablissement=EtablissementFactory())
    assert client.get(PIECES).status_code == statut


def test_le_proche_ne_trouve_pas_la_page_des_pieces(sur_le_portail):
    assert sur_le_portail(DossierFactory()).get(PIECES).status_code == 404


def test_retirer_une_piece_de_la_liste_la_retire_du_controle(en_tant_que):
    dossier = DossierFactory()
    maison = dossier.sejours.get().etablissement
    administrateur = en_tant_que(role="ADMIN_SI", etablissement=maison)
    action, lus = formulaire_de(administrateur.get(PIECES))
    lus.pop("PA-proposee")
    assert administrateur.post(action, lus | {"TC-confiance": "faible"}).status_code == 302
    offertes = {p.code: p.valide for p in pieces.proposees(dossier, maison, 40)}
    assert "PA" not in offertes and offertes["CN"] and not offertes["TC"]
    reglages = Evenement.objects.filter(type="identite.piece_reglee")
    assert sorted(e.charge["code"] for e in reglages) == ["PA", "TC"]


def test_une_piece_faible_ne_se_releve_pas_meme_en_forcant_le_formulaire(en_tant_que):
    maison = EtablissementFactory()
    administrateur = en_tant_que(role="ADMIN_SI", etablissement=maison)
    action, lus = formulaire_de(administrateur.get(PIECES))
    assert administrateur.post(action, lus | {"PC-confiance": "elevee"}).status_code == 422
