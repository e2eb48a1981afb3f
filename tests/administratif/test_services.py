from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from administratif import services
from administratif.enums import ModeSortie
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import Contact, Dossier, Evenement, Sejour, Usager
from tests.administratif.factories import entoure
from tests.socle.factories import ContactFactory, DossierFactory, PlaceFactory, SejourFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return entoure("Isabelle", "Pierre", "Hélène")


@pytest.fixture
def secretaire(dossier, en_tant_que):
    return en_tant_que(dossier, role="SECRETAIRE").habilitation


@pytest.fixture
def ide(dossier, en_tant_que):
    return en_tant_que(dossier, role="IDE").habilitation


def ordre(dossier):
    actifs = Contact.objects.filter(dossier=dossier, actif=True).dans_l_ordre()
    return [(c.ordre_appel, c.prenom) for c in actifs]


def contact(dossier, prenom):
    return Contact.objects.get(dossier=dossier, prenom=prenom)


NOUVEAU = {"nom": "Petit", "prenom": "Anne", "role": "NOK", "telephone": "06 12 34 56 78"}


# ---------------------------------------------------------------- entourage


def test_un_nouveau_contact_arrive_en_dernier_et_l_histoire_dit_qui_l_a_ajoute(dossier, ide):
    nouveau = services.ajouter_contact(ide, dossier, **NOUVEAU)
    assert ordre(dossier)[-1] == (4, "Anne")
    assert nouveau.history.get().history_user == ide.compte
    evenement = Evenement.objects.get()
    assert (evenement.type, evenement.charge["role"]) == ("contact.ajoute", "NOK")
    assert "Petit" not in str(evenement.charge)


def test_monter_puis_descendre_un_contact(dossier, ide):
    services.deplacer_contact(ide, contact(dossier, "Hélène").pk, sens="monter")
    assert ordre(dossier) == [(1, "Isabelle"), (2, "Hélène"), (3, "Pierre")]
    services.deplacer_contact(ide, contact(dossier, "Isabelle").pk, sens="descendre")
    assert ordre(dossier) == [(1, "Hélène"), (2, "Isabelle"), (3, "Pierre")]


def test_le_premier_ne_monte_pas_et_des_numeros_en_double_se_remettent_en_ordre(dossier, ide):
    Contact.objects.filter(dossier=dossier).update_sans_historique(motif="essai", ordre_appel=7)
    premier = Contact.objects.filter(dossier=dossier).dans_l_ordre().first()
    services.deplacer_contact(ide, premier.pk, sens="monter")
    assert [rang for rang, _ in ordre(dossier)] == [1, 2, 3]


def test_retirer_un_contact_resserre_l_ordre_et_peut_se_defaire(dossier, ide):
    pierre = contact(dossier, "Pierre")
    services.retirer_contact(ide, pierre.pk, version_lue=1, motif="Décédé")
    assert ordre(dossier) == [(1, "Isabelle"), (2, "Hélène")]
    assert pierre.history.latest().history_change_reason == "Décédé"
    services.remettre_contact(ide, pierre.pk)
    assert ordre(dossier)[-1] == (3, "Pierre")


def test_retirer_demande_un_motif(dossier, ide):
    with pytest.raises(ValidationError) as exc:
        services.retirer_contact(ide, contact(dossier, "Pierre").pk, version_lue=1, motif=" ")
    assert list(exc.value.message_dict) == ["motif"]


def test_une_seule_personne_de_confiance(dossier, ide):
    isabelle = contact(dossier, "Isabelle")
    services.modifier_contact(ide, isabelle.pk, version_lue=1, personne_confiance=True)
    with pytest.raises(ValidationError, match="Isabelle MOREL l’est déjà"):
        services.modifier_contact(
            ide, contact(dossier, "Pierre").pk, version_lue=1, personne_confiance=True
        )


def test_deux_personnes_modifient_le_meme_contact(dossier, ide, secretaire):
    isabelle = contact(dossier, "Isabelle")
    services.modifier_contact(ide, isabelle.pk, version_lue=1, telephone="06 00 00 00 01")
    with pytest.raises(ConflitDeVersion) as exc:
        services.modifier_contact(
            secretaire, isabelle.pk, version_lue=1, telephone="06 00 00 00 02"
        )
    assert exc.value.actuel.telephone == "06 00 00 00 01"


def test_un_contact_d_ailleurs_ne_se_modifie_pas(ide):
    with pytest.raises(Contact.DoesNotExist):
        services.modifier_contact(ide, ContactFactory().pk, version_lue=1, nom="X")


def test_l_aide_soignante_lit_l_entourage_sans_l_ecrire(dossier, en_tant_que):
    h = en_tant_que(dossier, role="AS").habilitation
    with pytest.raises(Dossier.DoesNotExist):
        services.ajouter_contact(h, dossier, **NOUVEAU)


# ---------------------------------------------------------------- identité


def traits(usager, **champs):
    lus = {n: getattr(usager, n) for n in services.identite.TRAITS}
    return lus | champs


def test_le_nom_utilise_change_sans_toucher_a_la_confiance(dossier, ide):
    Usager.objects.filter(pk=dossier.usager_id).update_sans_historique(
        motif="essai", identite_validee=True
    )
    champs = dict.fromkeys(services.identite.USAGE, "") | {"nom_utilise": "Le Bihan"}
    usager = services.modifier_usage(ide, dossier, version_lue=1, **champs)
    assert (usager.nom_utilise, usager.statut_identite.label) == ("Le Bihan", "Validée")
    assert usager.history.latest().history_user == ide.compte


def test_corriger_un_trait_rend_l_identite_provisoire_et_retire_l_ins(en_tant_que):
    dossier = DossierFactory(usager__qualifiee=True)
    h = en_tant_que(dossier, role="IDENTITOVIG").habilitation
    champs = {"version_lue": 1, "motif": "Carte d’identité", **traits(dossier.usager, sexe="M")}
    with pytest.raises(ValidationError) as exc:
        services.corriger_traits(h, dossier, **champs)
    assert list(exc.value.message_dict) == ["confirmer"]

    usager = services.corriger_traits(h, dossier, confirmer=True, **champs)

    assert usager.statut_identite == "PROV" and usager.matricule_ins == usager.oid_ins == ""
    avant = usager.history.order_by("history_date").first()
    assert usager.history.latest().history_change_reason == "Carte d’identité"
    assert avant.matricule_ins
    assert Evenement.objects.get().charge["traits"] == ["sexe"]


def test_corriger_sans_rien_changer_ne_degrade_pas_l_identite(en_tant_que):
    dossier = DossierFactory(usager__qualifiee=True)
    h = en_tant_que(dossier, role="IDENTITOVIG").habilitation
    with pytest.raises(ValidationError, match="Aucun trait"):
        services.corriger_traits(
            h, dossier, version_lue=1, motif="x", confirmer=True, **traits(dossier.usager)
        )
    dossier.usager.refresh_from_db()
    assert dossier.usager.statut_identite == "QUAL"


def test_l_infirmiere_ne_corrige_pas_l_etat_civil(dossier, ide):
    with pytest.raises(Usager.DoesNotExist):
        services.corriger_traits(
            ide, dossier, version_lue=1, motif="x", **traits(dossier.usager, sexe="M")
        )


def test_le_medecin_coordonnateur_note_le_gir_qu_il_a_relu(dossier, en_tant_que):
    h = en_tant_que(dossier, role="MEDCO").habilitation
    services.noter_gir(h, dossier, gir=3, gir_le=timezone.localdate(), gir_lu=None)
    with pytest.raises(ValidationError, match="GIR 3"):
        services.noter_gir(h, dossier, gir=2, gir_le=timezone.localdate(), gir_lu=None)
    with pytest.raises(ValidationError):
        demain = timezone.localdate() + timedelta(days=1)
        services.noter_gir(h, dossier, gir=2, gir_le=demain, gir_lu=3)


# ---------------------------------------------------------------- séjours


@pytest.fixture
def sejour(dossier):
    return dossier.sejours.get()


def hier():
    return timezone.localdate() - timedelta(days=1)


def test_changer_de_chambre_garde_l_ancienne_dans_l_histoire(sejour, secretaire):
    ancienne, nouvelle = sejour.place, PlaceFactory(unite=sejour.unite)
    services.changer_de_place(secretaire, sejour.pk, version_lue=1, place=nouvelle, le=hier())
    sejour.refresh_from_db()
    assert (sejour.place, sejour.place_depuis) == (nouvelle, hier())
    assert ancienne.pk not in sejour.history.values_list("place_id", flat=True)[:1]


def test_une_place_occupee_est_refusee_en_francais(sejour, secretaire):
    voisin = SejourFactory(unite=sejour.unite)
    with pytest.raises(ValidationError, match="déjà occupée"):
        services.changer_de_place(
            secretaire, sejour.pk, version_lue=1, place=voisin.place, le=hier()
        )


def test_une_place_d_un_autre_etablissement_est_refusee(sejour, secretaire):
    with pytest.raises(ValidationError, match="autre établissement"):
        services.changer_de_place(
            secretaire, sejour.pk, version_lue=1, place=PlaceFactory(), le=hier()
        )


@pytest.mark.parametrize("jours, champ", [(1, "le"), (-4000, "le")])
def test_on_ne_demenage_ni_demain_ni_avant_d_etre_entre(sejour, secretaire, jours, champ):
    le = timezone.localdate() + timedelta(days=jours)
    with pytest.raises(ValidationError) as exc:
        services.changer_de_place(
            secretaire, sejour.pk, version_lue=1, place=PlaceFactory(unite=sejour.unite), le=le
        )
    assert list(exc.value.message_dict) == [champ]


def test_noter_une_sortie_libere_la_place(sejour, secretaire):
    services.noter_sortie(secretaire, sejour.pk, version_lue=1, le=hier(), mode="domicile")
    sejour.refresh_from_db()
    assert (sejour.sortie_le, sejour.mode_sortie) == (hier(), "domicile")
    assert not Sejour.objects.en_cours().filter(pk=sejour.pk).exists()
    SejourFactory(unite=sejour.unite, place=sejour.place, entree_le=hier())


def test_une_sortie_ne_precede_pas_l_entree_et_ne_se_note_pas_deux_fois(sejour, secretaire):
    with pytest.raises(ValidationError):
        services.noter_sortie(
            secretaire, sejour.pk, version_lue=1, le=date(2020, 1, 1), mode="domicile"
        )
    services.noter_sortie(secretaire, sejour.pk, version_lue=1, le=hier(), mode="domicile")
    with pytest.raises(ValidationError, match="déjà notée"):
        services.noter_sortie(secretaire, sejour.pk, version_lue=2, le=hier(), mode="autre")


def test_un_deces_s_ecrit_sur_la_personne_et_termine_tous_ses_sejours(sejour, secretaire):
    ailleurs = SejourFactory(dossier=sejour.dossier, unite=None, place=None)
    services.noter_sortie(secretaire, sejour.pk, version_lue=1, le=hier(), mode=ModeSortie.DECES)
    ailleurs.refresh_from_db()
    usager = Usager.objects.get(pk=sejour.dossier.usager_id)
    assert usager.date_deces == ailleurs.sortie_le == hier()
    assert Evenement.objects.filter(type="usager.decede").count() == 1


def test_un_deces_note_par_erreur_se_defait(sejour, secretaire):
    services.noter_sortie(secretaire, sejour.pk, version_lue=1, le=hier(), mode=ModeSortie.DECES)
    services.annuler_sortie(secretaire, sejour.pk, version_lue=2, motif="Mauvaise personne")
    assert Usager.objects.get(pk=sejour.dossier.usager_id).date_deces is None
    assert Sejour.objects.en_cours().filter(pk=sejour.pk).exists()


def test_une_sortie_ne_s_annule_pas_quand_la_place_est_reprise(sejour, secretaire):
    services.noter_sortie(secretaire, sejour.pk, version_lue=1, le=hier(), mode="domicile")
    SejourFactory(unite=sejour.unite, place=sejour.place, entree_le=hier())
    with pytest.raises(ValidationError, match="déjà occupée"):
        services.annuler_sortie(secretaire, sejour.pk, version_lue=2, motif="Erreur")


def test_l_infirmiere_ne_note_pas_les_mouvements(sejour, ide):
    with pytest.raises(Sejour.DoesNotExist):
        services.noter_sortie(ide, sejour.pk, version_lue=1, le=hier(), mode="domicile")
