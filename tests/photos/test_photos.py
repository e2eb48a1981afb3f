"""Une photo se joint avec l’accord de la personne, se cache quand il est retiré, et se lit comme
la transmission qui la porte."""

import io
import re
import uuid
from datetime import timedelta

import lxml.html
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains

from accompagnement import services
from accompagnement.models import DecisionPhotos, PhotoTransmission, Transmission
from accompagnement.photos import services as photos
from dui.socle import coffre
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.fichiers import FichierInterdit
from dui.socle.models import Document, EntreeJournal
from tests.accompagnement.factories import TransmissionFactory
from tests.accompagnement.test_transmissions import saisie, url
from tests.outils import formulaire_de, jeton_de
from tests.photos.factories import DecisionFactory, PhotoFactory, jpeg
from tests.socle.factories import DossierFactory

pytestmark = pytest.mark.django_db
POINTEUR = b"Exif\0\0"


@pytest.fixture
def dossier():
    return DossierFactory()


def televerser(contenu, nom="image.jpg"):
    return SimpleUploadedFile(nom, contenu, "image/jpeg")


def ecrire(client, dossier, contenu=None, **champs):
    adresse = url("transmission_nouvelle", dossier)
    corps = saisie(**champs) | jeton_de(client.get(adresse))
    if contenu is not None:
        corps["photo"] = televerser(contenu)
    return client.post(adresse, corps)


def adresse_de(photo):
    dossier = photo.transmission.dossier
    return url("transmission_photo", dossier, photo.transmission_id, photo.document_id)


def retirer(dossier, **champs):
    demain = timezone.now() + timedelta(seconds=1)
    return DecisionFactory(dossier=dossier, sens="refus", **({"note_le": demain} | champs))


# ------------------------------------------------------------------ joindre


def test_l_aide_soignante_joint_une_photo_gardee_chiffree_et_sans_metadonnees(en_tant_que, dossier):
    DecisionFactory(dossier=dossier)
    client = en_tant_que(dossier, role="AS")
    page = client.get(url("transmission_nouvelle", dossier))
    assertContains(page, 'enctype="multipart/form-data"')
    assertContains(page, 'capture="environment"')
    exif = Image.Exif()
    exif[0x0110] = "Téléphone de Claire"
    cle = str(uuid.uuid4())

    reponse = ecrire(client, dossier, jpeg(exif=exif), cle_saisie=cle)

    assert reponse.status_code == 302
    photo = PhotoTransmission.objects.get()
    assert photo.transmission == Transmission.objects.get()
    document = photo.document
    assert (document.bloc, document.dossier, document.communicable_le) == ("TRA", dossier, None)
    garde = coffre.contenu(document)
    assert POINTEUR not in garde and b"Claire" not in garde
    assert Image.open(io.BytesIO(garde)).size == (40, 30)
    assert garde not in coffre._fichier(document.chemin).read_bytes()

    assert ecrire(client, dossier, jpeg(), cle_saisie=cle).status_code == 302  # double click
    assert Document.objects.count() == 1


def test_sans_accord_le_formulaire_dit_pourquoi_et_qui_le_note(en_tant_que, dossier):
    page = en_tant_que(dossier, role="AS").get(url("transmission_nouvelle", dossier))
    assertContains(page, "l’accord de la personne n’est pas noté.")
    assertContains(page, "assistant de service social")
    assertNotContains(page, 'type="file"')
    assertNotContains(page, "multipart")
    medco = en_tant_que(dossier, role="MEDCO").get(url("transmission_nouvelle", dossier))
    assertContains(medco, url("photos_decider", dossier))
    retirer(dossier)
    page = en_tant_que(dossier, role="AS").get(url("transmission_nouvelle", dossier))
    assertContains(page, "refus noté.")


def test_un_accord_retire_entre_temps_garde_le_texte_et_refuse_la_photo(en_tant_que, dossier):
    DecisionFactory(dossier=dossier)
    client = en_tant_que(dossier, role="AS")
    retirer(dossier)
    reponse = ecrire(client, dossier, jpeg())
    assertContains(reponse, photos.SANS_ACCORD, status_code=422)
    assertContains(reponse, "Un tiers du plat, dessert refusé.", status_code=422)
    assert not Transmission.objects.exists() and not Document.objects.exists()


def test_un_fichier_qui_n_est_pas_une_photo_ne_perd_pas_le_texte(en_tant_que, dossier):
    DecisionFactory(dossier=dossier)
    reponse = ecrire(en_tant_que(dossier, role="AS"), dossier, b"%PDF-1.7")
    assertContains(reponse, "Ce type de fichier n’est pas accepté ici.", status_code=422)
    assertContains(reponse, "Un tiers du plat, dessert refusé.", status_code=422)
    assert not Transmission.objects.exists()


# ------------------------------------------------------------------ lire


def test_trois_acteurs_devant_une_photo(en_tant_que, sur_le_portail, dossier):
    photo = PhotoFactory(transmission__dossier=dossier, transmission__partagee=True)
    ide = en_tant_que(dossier, role="IDE")
    fil = ide.get(url("transmissions", dossier))
    assertContains(fil, "Photo jointe")
    assertNotContains(fil, '<img src="/dossiers/')  # never a thumbnail in a list
    page = ide.get(url("transmission_historique", dossier, photo.transmission_id))
    [image] = lxml.html.fromstring(page.content).xpath("//main//figure//img")
    assert image.get("src") == adresse_de(photo)
    assert re.fullmatch(r"Photo jointe le \d\d/.*, à ouvrir en grand", image.get("alt"))
    reponse = ide.get(adresse_de(photo))
    assert reponse.content == coffre.contenu(photo.document)
    assert reponse["Content-Type"] == "image/jpeg" and reponse["Cache-Control"] == "no-store"
    assert reponse["Content-Disposition"].startswith("inline")
    trace = EntreeJournal.objects.get(action="telecharger")
    assert (trace.dossier, trace.cible) == (dossier, str(photo.document_id))

    assert en_tant_que(dossier, role="SECRETAIRE").get(adresse_de(photo)).status_code == 403
    etranger = en_tant_que(DossierFactory(), role="IDE")
    assert etranger.get(adresse_de(photo)).status_code == 404
    assert sur_le_portail(dossier).get(adresse_de(photo)).status_code == 404
    ici = TransmissionFactory(dossier=dossier)
    autre = url("transmission_photo", dossier, ici.pk, photo.document_id)
    assert ide.get(autre).status_code == 404  # the document of another transmission


def test_la_photo_d_une_note_reservee_suit_la_note(en_tant_que, dossier):
    photo = PhotoFactory(transmission__dossier=dossier, transmission__reserve="psychologues")
    assert en_tant_que(dossier, role="PSYCHOLOGUE").get(adresse_de(photo)).status_code == 200
    assert en_tant_que(dossier, role="IDE").get(adresse_de(photo)).status_code == 404


def test_l_accord_retire_cache_les_photos_sans_les_effacer_et_redonne_les_remontre(
    en_tant_que, dossier
):
    photo = PhotoFactory(transmission__dossier=dossier)
    ide = en_tant_que(dossier, role="IDE")
    historique = url("transmission_historique", dossier, photo.transmission_id)
    retirer(dossier)
    assert ide.get(adresse_de(photo)).status_code == 404
    for page in (ide.get(url("transmissions", dossier)), ide.get(historique)):
        assertContains(page, "Photo masquée")
        assertNotContains(page, str(photo.document_id))
    assert coffre.contenu(photo.document)
    DecisionFactory(dossier=dossier, note_le=timezone.now() + timedelta(seconds=5))
    assert ide.get(adresse_de(photo)).status_code == 200


def test_une_correction_garde_la_photo_ou_la_retire(en_tant_que, dossier):
    client = en_tant_que(dossier, role="AS")
    photo = PhotoFactory(transmission__dossier=dossier, transmission__auteur=client.compte)
    nouvelle = services.corriger_transmission(
        client.habilitation, photo.transmission_id, version_lue=1, motif="heure",
        cle_saisie=uuid.uuid4(), survenu_le=timezone.now(), forme="recit", texte="Autre texte.",
        importance="courante",
    )  # fmt: skip
    assert nouvelle.photos.get().document == photo.document
    assert client.get(adresse_de(nouvelle.photos.get())).status_code == 200

    corriger = url("transmission_corriger", dossier, nouvelle.pk)
    adresse, champs = formulaire_de(client.get(corriger))
    autre = champs | {"sans_photo": ["on"], "motif": ["photo d’un autre"]}
    reponse = client.post(adresse, autre)
    assert reponse.status_code == 302, reponse.context["formulaire"].errors
    assert not Transmission.objects.get(version=3).photos.exists()
    assertNotContains(client.get(url("transmissions", dossier)), "Photo jointe")


# ------------------------------------------------------------------ décider


def test_trois_acteurs_devant_l_accord(en_tant_que, dossier):
    secretaire = en_tant_que(dossier, role="SECRETAIRE")
    adresse, champs = formulaire_de(secretaire.get(url("photos_decider", dossier)))
    champs |= {"sens": ["accord"], "precision": ["les plaies, jamais le visage"]}
    veille = dossier.usager.date_naissance - timedelta(days=1)
    avant = secretaire.post(adresse, champs | {"le": [f"{veille:%d/%m/%Y}"]})
    assertContains(avant, "précède la naissance", status_code=422)
    assert secretaire.post(adresse, champs).status_code == 302
    decision = DecisionPhotos.objects.get()
    assert decision.accordee and decision.note_par == secretaire.compte
    assert (decision.qualite, decision.qui) == ("personne", dossier.usager.nom_affiche)

    lectrice = en_tant_que(dossier, role="IDE")
    page = lectrice.get(url("photos", dossier))
    assertContains(page, "les plaies, jamais le visage")
    assertNotContains(page, url("photos_decider", dossier))
    assert lectrice.get(url("photos_decider", dossier)).status_code == 403
    assert en_tant_que(dossier, role="AS").get(url("photos", dossier)).status_code == 403
    assert (
        en_tant_que(DossierFactory(), role="MEDCO").get(url("photos", dossier)).status_code == 404
    )


def test_le_retrait_se_lit_comme_tel_et_l_accord_reste_ecrit(en_tant_que, dossier):
    client = en_tant_que(dossier, role="MEDCO")
    adresse, champs = formulaire_de(client.get(url("photos_decider", dossier)))
    client.post(adresse, champs | {"sens": ["accord"]})
    perime = champs | {"sens": ["refus"], "cle_saisie": [str(uuid.uuid4())]}
    assertContains(client.post(adresse, perime), "Un collègue a noté", status_code=409)
    adresse, champs = formulaire_de(client.get(url("photos_decider", dossier)))
    assert client.post(adresse, champs | {"sens": ["refus"]}).status_code == 302
    page = client.get(url("photos", dossier))
    assertContains(page, "Accord retiré")
    assert [d.sens for d in DecisionPhotos.objects.order_by("note_le")] == ["accord", "refus"]


def test_une_decision_ne_change_plus():
    decision = DecisionFactory()
    with pytest.raises(DatabaseError), transaction.atomic():
        decision.sens = "refus"
        decision.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        decision.delete()


def test_deux_collegues_ne_s_ecrasent_pas(en_tant_que, dossier):
    h = en_tant_que(dossier, role="MEDCO").habilitation
    dit = {"qui": "Elle", "qualite": "personne", "le": timezone.localdate(), "precision": ""}
    cle = uuid.uuid4()
    premiere = photos.decider(h, dossier, lue=None, cle_saisie=cle, sens="accord", **dit)
    assert photos.decider(h, dossier, lue=None, cle_saisie=cle, sens="accord", **dit) == premiere
    with pytest.raises(ConflitDeVersion):
        photos.decider(h, dossier, lue=None, cle_saisie=uuid.uuid4(), sens="refus", **dit)


def test_un_antivirus_qui_se_tait_au_dernier_moment_ne_perd_pas_le_texte(
    en_tant_que, dossier, monkeypatch
):
    def se_taire(*args, **options):
        raise FichierInterdit("antivirus muet", "Pas encore analysée.", "Réessayez.")

    DecisionFactory(dossier=dossier)
    monkeypatch.setattr(coffre.fichiers, "controler_document", se_taire)
    reponse = ecrire(en_tant_que(dossier, role="AS"), dossier, jpeg(), donnees="Talon rouge.")
    for mot in ("Pas encore analysée.", "Talon rouge."):
        assertContains(reponse, mot, status_code=422)
    assert not Transmission.objects.exists()
