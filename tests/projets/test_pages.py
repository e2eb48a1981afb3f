"""Les pages d’un projet : qui les ouvre, ce qu’elles disent, ce qu’elles coûtent."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accompagnement.models import (
    AccordProjet,
    BilanProjet,
    ElementProjet,
    Preuve,
    Projet,
    SuiviProjet,
)
from dui.socle.models import EntreeJournal
from tests.accompagnement.factories import AbsenceFactory
from tests.outils import formulaire_de
from tests.projets.factories import (
    ProjetFactory,
    TransmissionFactory,
    VersionFactory,
    brouillon,
    contenu,
    objectifs,
)
from tests.socle.factories import DossierFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def projet(dossier):
    return ProjetFactory(dossier=dossier)


def page(projet, suffixe=""):
    return f"/dossiers/{projet.dossier_id}/projets/{projet.pk}/{suffixe}"


def lire(client, adresse, statut=200):
    reponse = client.get(adresse)
    assert reponse.status_code == statut, adresse
    return reponse.content.decode()


def poster(client, adresse, action="", **saisie):
    """Le formulaire de la page, comme un navigateur l’enverrait."""
    vers, champs = formulaire_de(client.get(adresse), action)
    return client.post(
        vers, champs | {c: v if isinstance(v, list) else [v] for c, v in saisie.items()}
    )


def test_le_projet_se_lit_en_une_page_et_sa_lecture_est_journalisee(en_tant_que, dossier, projet):
    client = en_tant_que(dossier, role="AS")
    html = lire(client, f"/dossiers/{dossier.pk}/projets/")

    for texte in ("Manger en bas", "Entretenir la marche", "Aller à pied", "Marche à 11 h 45",
                  "Accords sur la version 1", "l’accord de la structure"):  # fmt: skip
        assert texte in html, texte
    assert "Faire le bilan" not in html
    assert EntreeJournal.objects.filter(dossier=dossier, bloc="PP", action="voir").exists()


@pytest.mark.lent
@pytest.mark.parametrize(
    ("role", "voit", "saisit"),
    [("EDUCATEUR", 200, 200), ("AS", 200, 403), ("DIRECTEUR", 403, 403), ("SECRETAIRE", 403, 403)],
)
def test_chacun_ouvre_ce_que_son_role_lui_donne(en_tant_que, dossier, projet, role, voit, saisit):
    brouillon(projet)
    client = en_tant_que(dossier, role=role)

    for suffixe in ("", "comparer/", "facile-a-lire/", "imprimer/", "projet.pdf"):
        assert client.get(page(projet, suffixe)).status_code == voit, suffixe
    for suffixe in ("preparer/", "accords/", "bilan/", "etat/", "revision/"):
        assert client.get(page(projet, suffixe)).status_code == saisit, suffixe


def test_un_etranger_ne_trouve_rien_meme_par_un_dossier_a_lui(en_tant_que, projet):
    mien = DossierFactory()
    client = en_tant_que(mien, role="EDUCATEUR")

    lire(client, page(projet), 404)
    lire(client, f"/dossiers/{mien.pk}/projets/{projet.pk}/", 404)


def test_sans_projet_la_page_dit_comment_commencer(en_tant_que, dossier):
    assert "Ouvrir un projet" in lire(
        en_tant_que(dossier, role="EDUCATEUR"), f"/dossiers/{dossier.pk}/projets/"
    )
    assert "Ouvrir un projet" not in lire(
        en_tant_que(dossier, role="AS"), f"/dossiers/{dossier.pk}/projets/"
    )


@pytest.mark.lent
def test_un_projet_se_construit_par_ses_pages(en_tant_que, dossier):
    client = en_tant_que(dossier, role="EDUCATEUR")
    reponse = poster(client, f"/dossiers/{dossier.pk}/projets/nouveau/")
    projet = Projet.objects.get()
    assert reponse["Location"] == page(projet, "preparer/")

    poster(client, page(projet, "preparer/attente/nouveau/"), origine="usager",
           description="Chanter.")  # fmt: skip
    attente = projet.versions.get().contenu["attente"][0]["id"]
    poster(client, page(projet, f"preparer/besoin/nouveau/?attente={attente}"),
           description="Garder le mardi.")  # fmt: skip
    besoin = projet.versions.get().contenu["besoin"][0]
    assert besoin["attente"] == attente
    refus = poster(client, page(projet, "preparer/objectif/nouveau/"))
    assert refus.status_code == 422
    poster(client, page(projet, f"preparer/objectif/nouveau/?besoin={besoin['id']}"),
           titre="Être à la chorale", pictogramme="audition")  # fmt: skip
    [objectif] = projet.versions.get().contenu["objectif"]
    assert (objectif["besoin"], objectif["pictogramme"]) == ([besoin["id"]], "audition")

    reponse = poster(client, page(projet, "preparer/"), page(projet, "preparer/arreter/"))
    assert reponse["Location"] == page(projet, "accords/")
    poster(client, page(projet, "accords/"), avis="accord", moyen="oral")
    assert AccordProjet.objects.get().qualite == "personne"


def test_un_conflit_montre_ce_qu_ecrivit_le_collegue_et_se_resout_en_le_sachant(
    en_tant_que, dossier, projet
):
    client = en_tant_que(dossier, role="EDUCATEUR")
    version = brouillon(projet)
    cle = version.contenu["objectif"][0]["id"]
    adresse = page(projet, f"preparer/objectif/{cle}/")
    vers, champs = formulaire_de(client.get(adresse))
    version.contenu["objectif"][0]["titre"] = "Marcher avec le kiné"
    version.save()

    reponse = client.post(vers, champs | {"titre": ["Marcher seule"]})
    assert reponse.status_code == 409
    assert "Marcher avec le kiné" in reponse.content.decode()
    _, encore = formulaire_de(reponse)
    assert client.post(vers, encore).status_code == 302
    version.refresh_from_db()
    assert version.contenu["objectif"][0]["titre"] == "Marcher seule"


def test_deux_versions_se_comparent_en_phrases(en_tant_que, dossier, projet):
    ancien = projet.versions.get().contenu["objectif"][0]
    brouillon(projet, objectif=[ancien | {"titre": "Marcher chaque jour"}])
    html = lire(en_tant_que(dossier, role="AS"), page(projet, "comparer/?de=1&a=2"))

    assert "Marcher chaque jour" in html
    assert "Objectif retiré" in html
    assert "Rien ne change" in lire(
        en_tant_que(dossier, role="AS"), page(projet, "comparer/?de=1&a=1")
    )


def test_le_bilan_note_chaque_objectif(en_tant_que, dossier, projet):
    client = en_tant_que(dossier, role="IDE")
    cle = objectifs(projet)[0]["id"]
    assert poster(client, page(projet, "bilan/"), synthese="").status_code == 422
    poster(client, page(projet, "bilan/"), synthese="On continue.", parole="Je marche mieux.",
           **{f"{cle}_pourcentage": "60", f"{cle}_constat": "3 repas sur 5"})  # fmt: skip

    assert BilanProjet.objects.get().parole == "Je marche mieux."
    html = lire(client, page(projet))
    assert "3 repas sur 5" in html
    assert "Bilan à jour" in html
    assert "60" in lire(client, page(projet, f"objectifs/{cle}/"))


def test_une_trace_se_relie_de_la_transmission_ou_de_l_objectif(en_tant_que, dossier, projet):
    client = en_tant_que(dossier, role="AS")
    t = TransmissionFactory(dossier=dossier, donnees="Venue à pied.")
    marcher, chanter = (o["id"] for o in objectifs(projet))

    poster(client, f"/dossiers/{dossier.pk}/transmissions/{t.pk}/objectifs/",
           **{f"sens_{marcher}": "pour"})  # fmt: skip
    assert "Venue à pied." in lire(client, page(projet))
    poster(client, page(projet, f"objectifs/{chanter}/preuves/"),
           **{f"sens_transmission_{t.pk}": "contre"})  # fmt: skip
    assert Preuve.objects.count() == 2
    # A page opened before that transmission does not show it: it takes no link away.
    autre = TransmissionFactory(dossier=dossier)
    poster(client, page(projet, f"objectifs/{chanter}/preuves/"),
           **{f"sens_transmission_{autre.pk}": "neutre"})  # fmt: skip
    vieille = {f"sens_transmission_{autre.pk}": "aucun"}
    assert client.post(page(projet, f"objectifs/{chanter}/preuves/"), vieille).status_code == 302
    assert Preuve.objects.filter(retiree_le=None).count() == 2
    assert "Venue à pied." not in lire(client, page(projet, f"objectifs/{marcher}/?sens=contre"))
    assert f"/transmissions/{t.pk}/objectifs/" in lire(
        client, f"/dossiers/{dossier.pk}/transmissions/"
    )


def test_un_objectif_va_du_meme_pas_sur_le_projet_la_synthese_et_le_portail(
    en_tant_que, sur_le_portail, dossier, projet
):
    client, t = en_tant_que(dossier, role="AS"), TransmissionFactory(dossier=dossier)
    cle = objectifs(projet)[1]["id"]
    lien = {f"sens_transmission_{t.pk}": "contre"}
    poster(client, page(projet, f"objectifs/{cle}/preuves/"), **lien)
    for adresse in (page(projet), f"/dossiers/{dossier.pk}/"):
        assert "Recule" in lire(client, adresse)
    elle = sur_le_portail(dossier, "ANI", "PP")
    assert "C’est difficile en ce moment." in lire(elle, f"/portail/{dossier.pk}/")


def test_la_personne_lit_son_projet_en_facile_a_lire_et_rien_d_autre(
    sur_le_portail, dossier, projet
):
    elle = sur_le_portail(dossier, "ANI", "PP")
    brouillon(projet, objectif=[{"id": str(uuid.uuid4()), "titre": "Brouillon secret"}])
    html = lire(elle, f"/portail/{dossier.pk}/")

    assert "Je marche pour aller manger." in html
    assert "Être à la chorale chaque mardi" in html  # not yet written in plain words
    assert "Brouillon secret" not in html
    assert "Entretenir la marche" not in html
    lire(elle, page(projet), 404)
    proche = sur_le_portail(dossier, "ANI", qualite="PROCHE")
    assert "Je marche" not in lire(proche, f"/portail/{dossier.pk}/")


def test_la_liste_dit_ce_qui_presse_d_abord(en_tant_que, dossier, projet):
    client = en_tant_que(dossier, role="EDUCATEUR")
    fin = timezone.now() - timedelta(days=2)
    AbsenceFactory(dossier=dossier, sejour=dossier.sejours.get(), motif="AH",
                   debut=fin - timedelta(days=9), fin=fin)  # fmt: skip
    html = lire(client, "/projets/")

    assert "Bilan" in html  # six months after the version
    projet.revision_le = timezone.localdate() - timedelta(days=3)
    projet.referent = client.compte
    projet.save()
    assert "Révision en retard de 3 jours" in lire(client, "/projets/")
    assert "Vos projets à suivre" in lire(client, "/")
    assert "Retour d’hospitalisation" in lire(client, page(projet))


def test_la_synthese_du_dossier_montre_les_objectifs_a_qui_les_lit(en_tant_que, dossier, projet):
    synthese = f"/dossiers/{dossier.pk}/"
    assert "Aller à pied" in lire(en_tant_que(dossier, role="AS"), synthese)
    directeur = lire(en_tant_que(dossier, role="DIRECTEUR"), synthese)
    assert "Projet personnalisé" in directeur
    assert "Aller à pied" not in directeur


@pytest.mark.lent
def test_le_pdf_porte_le_projet_et_ne_nomme_personne_dans_son_nom(en_tant_que, dossier, projet):
    client = en_tant_que(dossier, role="IDE")
    reponse = client.get(page(projet, "projet.pdf"))

    assert reponse.content.startswith(b"%PDF-")
    assert dossier.usager.nom_naissance.lower() not in reponse["Content-Disposition"].lower()
    assert EntreeJournal.objects.filter(dossier=dossier, action="imprimer", bloc="PP").exists()


def remplir(projet, rangs):
    """Autant de versions, de traces, de points d’étape et de bilans."""
    element = ElementProjet.objects.get(pk=objectifs(projet)[0]["id"])
    for n in rangs:
        VersionFactory(projet=projet, numero=10 + n, courante=False, contenu=contenu())
        t = TransmissionFactory(dossier=projet.dossier)
        commun = {"projet": projet, "fonction": "IDE"}
        Preuve.objects.create(
            objectif=element, source="transmission", trace=t.pk, sens="pour",
            survenu_le=t.survenu_le, liee_par=t.auteur, **commun,
        )  # fmt: skip
        SuiviProjet.objects.create(
            element=element, pourcentage=n, le=timezone.localdate(), auteur=t.auteur, **commun
        )
        BilanProjet.objects.create(
            version=projet.versions.get(courante=True), nature="PARTIEL", synthese="x",
            le=timezone.localdate(), auteur=t.auteur, **commun,
        )  # fmt: skip


def _requetes(client, adresse) -> int:
    client.get(adresse)
    with CaptureQueriesContext(connection) as lues:
        lire(client, adresse)
    return len([q for q in lues if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])


@pytest.mark.lent
def test_une_page_coute_autant_de_requetes_avec_dix_fois_plus(en_tant_que, dossier, projet):
    client = en_tant_que(dossier, role="EDUCATEUR")
    maison = dossier.sejours.get().etablissement
    cle = objectifs(projet)[0]["id"]
    pages = [page(projet), page(projet, f"objectifs/{cle}/"), page(projet, "imprimer/"),
             page(projet, "bilan/"), "/projets/?vue=tous", "/"]  # fmt: skip
    Projet.objects.filter(pk=projet.pk).update_sans_historique(
        motif="essai", referent=client.compte, revision_le=timezone.localdate()
    )
    remplir(projet, range(2))
    avant = [_requetes(client, p) for p in pages]
    remplir(projet, range(2, 20))
    for _ in range(9):
        ProjetFactory(
            dossier=DossierFactory(sejour__etablissement=maison),
            referent=client.compte,
            revision_le=timezone.localdate(),
        )

    assert [_requetes(client, p) for p in pages] == avant
    assert max(avant) <= 15, list(zip(pages, avant, strict=True))
