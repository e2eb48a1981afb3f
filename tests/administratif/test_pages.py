import html
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dui.socle.models import Contact, EntreeJournal, Usager
from tests.administratif.factories import entoure
from tests.outils import jeton_de
from tests.socle.factories import ContactFactory, DossierFactory, PlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return entoure("Isabelle", "Pierre")


def url(nom, dossier, *args):
    return reverse(f"administratif:{nom}", args=[dossier.pk, *args])


def texte(reponse):
    """As read: D’ALMEIDA has an apostrophe, not its code."""
    return html.unescape(reponse.content.decode())


def contact(dossier, prenom):
    return Contact.objects.get(dossier=dossier, prenom=prenom)


def saisie(page, **donnees) -> dict:
    """What a browser would post from this page, with these changes."""
    lues = {bf.html_name: bf.value() for bf in page.context["formulaire"]}
    lues = {n: v for n, v in lues.items() if v not in (None, False)}
    lues = {n: v.isoformat() if hasattr(v, "isoformat") else v for n, v in lues.items()}
    return lues | jeton_de(page) | donnees


def poster(client, adresse, **donnees):
    return client.post(adresse, saisie(client.get(adresse), **donnees))


# ---------------------------------------------------------------- entourage


def test_l_entourage_se_lit_dans_l_ordre_avec_des_numeros_a_composer(dossier, en_tant_que):
    page = texte(en_tant_que(dossier, role="AS").get(url("entourage", dossier)))
    assert page.index("Isabelle MOREL") < page.index("Pierre MOREL")
    assert 'href="tel:0612345678"' in page
    assert "Ajouter un contact" not in page and "Retirer" not in page
    assert EntreeJournal.objects.get().bloc == "ENT"


@pytest.mark.parametrize(
    "role, nom, statut",
    [
        ("IDE", "entourage_ajouter", 200),
        ("AS", "entourage_ajouter", 403),
        ("COMPTA", "entourage", 403),
        ("SECRETAIRE", "identite_traits", 200),
        ("IDE", "identite_traits", 403),
        ("IDE", "identite_usage", 200),
        ("AS", "identite_usage", 403),
        ("MEDCO", "identite_gir", 200),
        ("IDE", "identite_gir", 403),
    ],
)
def test_chaque_role_ecrit_ce_que_la_matrice_lui_ouvre(dossier, en_tant_que, role, nom, statut):
    assert en_tant_que(dossier, role=role).get(url(nom, dossier)).status_code == statut


@pytest.mark.parametrize("nom", ["entourage", "identite", "entourage_ajouter", "identite_traits"])
def test_pour_un_etranger_le_dossier_n_existe_pas_et_le_refus_est_trace(dossier, en_tant_que, nom):
    client = en_tant_que(DossierFactory(), role="SECRETAIRE")
    assert client.get(url(nom, dossier)).status_code == 404
    trace = EntreeJournal.objects.get()
    assert (trace.action, trace.titre_acces, trace.dossier) == ("refus", "aucun", dossier)


def test_un_contact_d_un_autre_dossier_ne_se_modifie_pas_par_celui_ci(dossier, en_tant_que):
    ailleurs = ContactFactory()
    client = en_tant_que(dossier, role="IDE")
    assert client.get(url("entourage_modifier", dossier, ailleurs.pk)).status_code == 404
    assert client.post(url("entourage_deplacer", dossier, ailleurs.pk)).status_code == 404


def test_ajouter_un_contact_met_le_numero_en_forme(dossier, en_tant_que):
    client = en_tant_que(dossier, role="IDE")
    reponse = poster(
        client, url("entourage_ajouter", dossier), nom="Petit", role="NOK", telephone="+33639980112"
    )
    assert reponse.status_code == 302
    assert contact(dossier, "").telephone == "06 39 98 01 12"


@pytest.mark.parametrize(
    "champs, message",
    [
        ({"telephone": "12 34"}, "dix chiffres"),
        ({"telephone": ""}, "au moins un moyen de joindre"),
        ({"nom": "", "telephone": "06 39 98 01 12"}, "obligatoire"),
    ],
)
def test_une_fiche_incomplete_revient_avec_ce_qu_il_faut_faire(
    dossier, en_tant_que, champs, message
):
    client = en_tant_que(dossier, role="IDE")
    champs = {"nom": "Petit", "role": "NOK"} | champs
    reponse = poster(client, url("entourage_ajouter", dossier), **champs)
    assert reponse.status_code == 422 and message in texte(reponse)


def test_monter_un_contact_d_un_seul_geste(dossier, en_tant_que):
    client = en_tant_que(dossier, role="IDE")
    pierre = contact(dossier, "Pierre")
    client.post(url("entourage_deplacer", dossier, pierre.pk), {"sens": "monter"})
    page = texte(client.get(url("entourage", dossier)))
    assert page.index("Pierre MOREL") < page.index("Isabelle MOREL")


def test_retirer_puis_remettre_un_contact(dossier, en_tant_que):
    client = en_tant_que(dossier, role="IDE")
    pierre = contact(dossier, "Pierre")
    adresse = url("entourage_retirer", dossier, pierre.pk)
    assert poster(client, adresse, motif="Déménagement").status_code == 302
    page = texte(client.get(url("entourage", dossier)))
    assert "Retirés de l’ordre d’appel" in page and "Déménagement" in page
    assert client.get(adresse).status_code == 404
    assert client.post(url("entourage_remettre", dossier, pierre.pk)).status_code == 302
    assert contact(dossier, "Pierre").actif


def test_la_page_dit_qui_a_change_quoi(dossier, en_tant_que):
    client = en_tant_que(dossier, role="IDE")
    adresse = url("entourage_modifier", dossier, contact(dossier, "Isabelle").pk)
    poster(client, adresse, telephone="07 00 00 00 01", personne_confiance="on")
    page = texte(client.get(url("entourage", dossier)))
    assert "06 12 34 56 78 → <b>07 00 00 00 01</b>" in page
    assert "Personne de confiance : non → <b>oui</b>" in page
    assert client.compte.get_full_name() in page


@pytest.mark.lent
def test_l_entourage_coute_autant_de_requetes_pour_30_et_300_contacts(dossier, en_tant_que):
    client = en_tant_que(dossier, role="IDE")
    client.get(url("entourage", dossier))
    comptes = []
    for nombre in (30, 270):
        ContactFactory.create_batch(nombre, dossier=dossier)
        with CaptureQueriesContext(connection) as capture:
            client.get(url("entourage", dossier))
        comptes.append(len(capture))
    assert comptes[0] == comptes[1] <= 25


def test_la_synthese_dit_qui_appeler(dossier, en_tant_que):
    page = texte(en_tant_que(dossier, role="AS").get(reverse("dossier", args=[dossier.pk])))
    assert "Qui appeler, dans l’ordre" in page and "tel:0612345678" in page


# ---------------------------------------------------------------- conflits


def deux_saisies(dossier, en_tant_que, *, l_une, l_autre):
    """Both open the same card; the first saves `l_une`, the second posts `l_autre`."""
    adresse = url("entourage_modifier", dossier, contact(dossier, "Isabelle").pk)
    premier, second = en_tant_que(dossier, role="IDE"), en_tant_que(dossier, role="SECRETAIRE")
    lue = second.get(adresse)
    assert poster(premier, adresse, **l_une).status_code == 302
    return premier, second, adresse, second.post(adresse, saisie(lue, **l_autre))


def envoyer(client, adresse, page, caches, **choisis):
    donnees = dict(page.context[caches])
    if caches == "caches_fusion":
        for d in page.context["divergences"]:
            if d.champ.value():
                donnees[d.champ.html_name] = d.champ.value()
    return client.post(adresse, donnees | jeton_de(page) | choisis)


def test_un_conflit_montre_les_deux_versions_et_qui_a_ecrit_l_autre(dossier, en_tant_que):
    premier, _, _, page = deux_saisies(
        dossier,
        en_tant_que,
        l_une={"telephone": "07 00 00 00 01"},
        l_autre={"telephone": "07 00 00 00 02"},
    )
    assert page.status_code == 409
    corps = texte(page)
    assert "07 00 00 00 01" in corps and "07 00 00 00 02" in corps
    assert premier.compte.get_full_name() in corps
    assert contact(dossier, "Isabelle").telephone == "07 00 00 00 01"


def test_la_fusion_garde_ce_que_chacun_a_change(dossier, en_tant_que):
    _, second, adresse, page = deux_saisies(
        dossier,
        en_tant_que,
        l_une={"telephone": "07 00 00 00 01", "personne_confiance": "on"},
        l_autre={"disponibilite": "avant 22:00"},
    )
    assert page.context["tout_tranche"]
    assert envoyer(second, adresse, page, "caches_fusion").status_code == 302
    isabelle = contact(dossier, "Isabelle")
    assert isabelle.telephone == "07 00 00 00 01" and isabelle.personne_confiance
    assert isabelle.disponibilite == "avant 22:00"


def test_garder_toute_sa_saisie_est_un_geste(dossier, en_tant_que):
    _, second, adresse, page = deux_saisies(
        dossier,
        en_tant_que,
        l_une={"telephone": "07 00 00 00 01", "personne_confiance": "on"},
        l_autre={"disponibilite": "avant 22:00"},
    )
    assert envoyer(second, adresse, page, "caches_saisie").status_code == 302
    isabelle = contact(dossier, "Isabelle")
    assert isabelle.telephone == "06 12 34 56 78" and not isabelle.personne_confiance


def test_un_troisieme_enregistrement_pendant_le_choix_est_un_nouveau_conflit(dossier, en_tant_que):
    premier, second, adresse, page = deux_saisies(
        dossier, en_tant_que, l_une={"ville": "Saumur"}, l_autre={"ville": "Angers"}
    )
    poster(premier, adresse, ville="Tours")
    assert envoyer(second, adresse, page, "caches_fusion").status_code == 409
    assert contact(dossier, "Isabelle").ville == "Tours"


def test_une_version_lue_illisible_ne_casse_pas_la_page_de_conflit(dossier, en_tant_que):
    _, second, adresse, page = deux_saisies(
        dossier,
        en_tant_que,
        l_une={"ville": "Saumur"},
        l_autre={"ville": "Angers", "lu": "{pas du json"},
    )
    assert page.status_code == 409 and not page.context["tout_tranche"]
    assert envoyer(second, adresse, page, "caches_fusion", ville="Angers").status_code == 302


# ---------------------------------------------------------------- identité


def test_l_aide_soignante_lit_l_identite_sans_les_sejours(dossier, en_tant_que):
    page = texte(en_tant_que(dossier, role="AS").get(url("identite", dossier)))
    assert dossier.usager.nom_naissance in page and "Provisoire" in page
    assert "Séjours" not in page and "Corriger" not in page


def test_la_secretaire_modifie_le_nom_utilise_et_l_histoire_le_dit(dossier, en_tant_que):
    client = en_tant_que(dossier, role="SECRETAIRE")
    assert poster(client, url("identite_usage", dossier), nom_utilise="Le Bihan").status_code == 302
    page = texte(client.get(url("identite", dossier)))
    assert "Nom utilisé : (vide) → <b>Le Bihan</b>" in page


def test_corriger_l_etat_civil_demande_de_confirmer_la_perte_de_l_ins(en_tant_que):
    dossier = DossierFactory(usager__qualifiee=True)
    client = en_tant_que(dossier, role="IDENTITOVIG")
    adresse = url("identite_traits", dossier)
    donnees = {"naissance": "00/04/1940", "motif": "Carte d’identité présentée"}
    reponse = poster(client, adresse, **donnees)
    assert reponse.status_code == 422 and "confirmez-le" in texte(reponse)
    assert poster(client, adresse, confirmer="on", **donnees).status_code == 302
    usager = Usager.objects.get(pk=dossier.usager_id)
    assert usager.naissance_affichee == "04/1940 (jour inconnu)"
    assert usager.statut_identite == "PROV"


@pytest.mark.parametrize(
    "champs, message",
    [
        ({"nom_naissance": "DURAND 2"}, "Lettres, tirets"),
        ({"premier_prenom": "Zoé"}, "commence la liste"),
        ({"naissance": "31/02/1940"}, "n’existe pas"),
        ({"naissance": "00/00/0000"}, "Année inconnue"),
        ({"lieu_naissance_cog": "00"}, "Cinq caractères"),
    ],
)
def test_un_trait_impossible_est_refuse_a_son_champ(dossier, en_tant_que, champs, message):
    client = en_tant_que(dossier, role="SECRETAIRE")
    reponse = poster(client, url("identite_traits", dossier), motif="Carte d’identité", **champs)
    assert reponse.status_code == 422 and message in texte(reponse)


def test_deux_corrections_d_etat_civil_se_croisent(dossier, en_tant_que):
    adresse = url("identite_traits", dossier)
    premier, second = (en_tant_que(dossier, role="SECRETAIRE") for _ in range(2))
    lue = second.get(adresse)
    poster(premier, adresse, naissance="13/03/1940", motif="Livret de famille")
    page = second.post(adresse, saisie(lue, commune_naissance="Lomme", motif="Carte d’identité"))
    assert page.status_code == 409
    assert [d.champ.name for d in page.context["divergences"]] == ["naissance", "commune_naissance"]
    assert envoyer(second, adresse, page, "caches_fusion").status_code == 302
    usager = Usager.objects.get(pk=dossier.usager_id)
    assert (usager.date_naissance.day, usager.commune_naissance) == (13, "Lomme")


def test_le_medecin_coordonnateur_note_le_gir(dossier, en_tant_que):
    client = en_tant_que(dossier, role="MEDCO")
    assert poster(client, url("identite_gir", dossier), gir="3").status_code == 302
    assert client.get(url("identite", dossier)).context["bandeau"].gir == 3


# ---------------------------------------------------------------- séjours


def test_la_secretaire_change_quelqu_un_de_chambre_puis_note_sa_sortie(dossier, en_tant_que):
    client, sejour = en_tant_que(dossier, role="SECRETAIRE"), dossier.sejours.get()
    libre = PlaceFactory(unite=sejour.unite, chambre="77")
    occupee = DossierFactory(sejour__unite=sejour.unite).sejours.get().place
    adresse = url("identite_place", dossier, sejour.pk)
    choix = texte(client.get(adresse))
    assert str(libre.pk) in choix and str(occupee.pk) not in choix
    assert poster(client, adresse, place=str(libre.pk)).status_code == 302
    assert client.get(url("identite", dossier)).context["bandeau"].chambre == "77"

    adresse = url("identite_sortie", dossier, sejour.pk)
    assert poster(client, adresse, mode="domicile").status_code == 302
    page = texte(client.get(url("identite", dossier)))
    assert "Retour à domicile" in page and "Annuler la sortie" in page
    assert client.get(adresse).status_code == 404

    annuler = url("identite_annuler_sortie", dossier, sejour.pk)
    assert poster(client, annuler, motif="Erreur de personne").status_code == 302
    assert "Erreur de personne" in texte(client.get(url("identite", dossier)))


def test_une_sortie_dans_le_futur_est_refusee_a_son_champ(dossier, en_tant_que):
    client, sejour = en_tant_que(dossier, role="SECRETAIRE"), dossier.sejours.get()
    demain = timezone.localdate() + timedelta(days=1)
    reponse = poster(
        client, url("identite_sortie", dossier, sejour.pk), le=demain.isoformat(), mode="autre"
    )
    assert reponse.status_code == 422 and "dans le futur" in texte(reponse)


def test_l_infirmiere_lit_les_sejours_sans_les_mouvoir(dossier, en_tant_que):
    client, sejour = en_tant_que(dossier, role="IDE"), dossier.sejours.get()
    page = texte(client.get(url("identite", dossier)))
    assert "Séjours" in page and "Noter la sortie" not in page
    assert client.get(url("identite_sortie", dossier, sejour.pk)).status_code == 403
