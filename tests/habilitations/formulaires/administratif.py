"""Les formulaires de l’administratif et de l’identité."""

from django.utils import timezone

from administratif.identification.regles import TRAITS
from dui.socle.models import (
    Contact,
    Correspondant,
    Dossier,
    EcartAnnuaire,
    HomonymeConfirme,
    IdentiteRecue,
    Place,
    Sejour,
    Usager,
)
from dui.socle.recue import Recue
from tests.annuaire.factories import exercice
from tests.habilitations.formulaires.cas import Cas, du_dossier, valeurs
from tests.socle.factories import (
    ContactFactory,
    CorrespondantFactory,
    PlaceFactory,
)

HIER = timezone.localdate() - timezone.timedelta(days=1)


def _contact(geste, **champs):
    def page(dossier, compte):
        c = ContactFactory(dossier=dossier, **champs)
        return f"/dossiers/{dossier.pk}/entourage/{c.pk}/{geste}/"

    return page


def _deux_contacts(dossier, compte):
    ContactFactory(dossier=dossier, ordre_appel=1)
    ContactFactory(dossier=dossier, ordre_appel=2, prenom="Paul")
    return f"/dossiers/{dossier.pk}/entourage/"


def _contact_retire(dossier, compte):
    ContactFactory(dossier=dossier, actif=False)
    return f"/dossiers/{dossier.pk}/entourage/"


def _vers_le_contact(geste):
    def action(dossier):
        c = dossier.contacts.order_by("-ordre_appel").first()
        return f"/dossiers/{dossier.pk}/entourage/{c.pk}/{geste}/"

    return action


def _annuaire(dossier, compte):
    exercice(cle="essai")
    return f"/dossiers/{dossier.pk}/entourage/correspondants/ajouter/?nom=saucier"


def _correspondant(dossier, compte):
    c = CorrespondantFactory(dossier=dossier)
    return f"/dossiers/{dossier.pk}/entourage/correspondants/{c.pk}/terminer/"


def _sejour(geste, **champs):
    def page(dossier, compte):
        sejour = dossier.sejours.get()
        for nom, valeur in champs.items():
            setattr(sejour, nom, valeur)
        sejour.save()
        PlaceFactory(unite=sejour.unite)
        return f"/dossiers/{dossier.pk}/sejours/{sejour.pk}/{geste}/"

    return page


def _place_libre(dossier):
    return str(Place.objects.filter(sejours=None).get().pk)


def _en_quarantaine(dossier, compte):
    recue = IdentiteRecue(
        etablissement=dossier.sejours.get().etablissement, source="import", motif="proches"
    )
    recue.sceller(Recue("DURANT", "MARIE", "F", HIER))
    recue.save()
    return f"/identitovigilance/quarantaine/{recue.pk}/"


def _homonyme(dossier, compte):
    dossier.usager.homonyme = True
    dossier.usager.save()
    return "/identitovigilance/attributs/"


def _ecart(dossier, compte):
    medecin = CorrespondantFactory(dossier=dossier).professionnel
    EcartAnnuaire.objects.create(professionnel=medecin, nature="fin")
    return "/annuaire/ecarts/"


def _vers_l_ecart(dossier):
    return f"/annuaire/ecarts/{EcartAnnuaire.objects.get().pk}/"


FORMULAIRES = (
    Cas(
        "décider d’une identité en quarantaine",
        "cellule/recue.html",
        _en_quarantaine,
        valeurs(IdentiteRecue, "etat"),
        {"decision": "refuser", "raison": "Doublon de saisie"},
        role="IDENTITOVIG",
    ),
    Cas(
        "confirmer un homonyme",
        "cellule/liste.html",
        _homonyme,
        HomonymeConfirme.objects.count,
        action=lambda dossier: f"/dossiers/{dossier.pk}/identite/homonyme/",
        role="IDENTITOVIG",
    ),
    Cas(
        "juger un écart avec l’annuaire",
        "ecarts/ecarts.html",
        _ecart,
        valeurs(EcartAnnuaire, "etat"),
        {"geste": "ignorer"},
        action=_vers_l_ecart,
        role="IDEC",
    ),
    Cas(
        "ajouter un contact",
        "administratif/contact_formulaire.html",
        du_dossier("entourage/ajouter/"),
        Contact.objects.count,
        {"nom": "Petit", "role": "NOK", "telephone": "06 39 98 01 12"},
    ),
    Cas(
        "modifier un contact",
        "administratif/contact_formulaire.html",
        _contact("modifier"),
        valeurs(Contact, "telephone"),
        {"telephone": "07 00 00 00 01"},
    ),
    Cas(
        "retirer un contact",
        "administratif/contact_retirer.html",
        _contact("retirer"),
        valeurs(Contact, "actif"),
        {"motif": "Déménagement"},
    ),
    Cas(
        "changer l’ordre d’appel",
        "administratif/entourage.html",
        _deux_contacts,
        valeurs(Contact, "ordre_appel"),
        {"sens": "monter"},
        action=_vers_le_contact("deplacer"),
    ),
    Cas(
        "remettre un contact",
        "administratif/entourage.html",
        _contact_retire,
        valeurs(Contact, "actif"),
        action=_vers_le_contact("remettre"),
    ),
    Cas(
        "noter un correspondant",
        "administratif/correspondants/ajouter.html",
        _annuaire,
        Correspondant.objects.count,
        {"choix": "exercice:essai|", "role": "MEDECIN_TRAITANT", "commentaire": "Le mardi"},
    ),
    Cas(
        "terminer un suivi",
        "administratif/correspondants/terminer.html",
        _correspondant,
        valeurs(Correspondant, "fin"),
        {"motif": "A pris sa retraite"},
    ),
    Cas(
        "changer comment on appelle la personne",
        "administratif/identite_formulaire.html",
        du_dossier("identite/usage/"),
        valeurs(Usager, "langue"),
        {"langue": "français et breton"},
    ),
    Cas(
        "corriger un trait d’identité",
        "administratif/identite_formulaire.html",
        du_dossier("identite/traits/"),
        valeurs(Usager, "commune_naissance"),
        {"commune_naissance": "Lomme", "motif": "Carte d’identité"},
        role="SECRETAIRE",
    ),
    Cas(
        "valider l’identité",
        "identification/valider.html",
        du_dossier("identite/valider/"),
        valeurs(Usager, "identite_validee"),
        {
            "piece": "PA",
            **dict.fromkeys((f"trait_{nom}" for nom in TRAITS), "conforme"),
        },
        role="SECRETAIRE",
    ),
    Cas(
        "signaler un doute sur l’identité",
        "identification/attribut.html",
        du_dossier("identite/signaler/"),
        valeurs(Usager, "douteuse"),
        {"cause": "doute", "motif": "Deux cartes Vitale"},
        role="SECRETAIRE",
    ),
    Cas(
        "noter le GIR",
        "administratif/sejour_formulaire.html",
        du_dossier("identite/gir/"),
        valeurs(Dossier, "gir"),
        {"gir": "3"},
        role="MEDCO",
    ),
    Cas(
        "changer de chambre",
        "administratif/sejour_formulaire.html",
        _sejour("place"),
        valeurs(Sejour, "place"),
        {"place": _place_libre},
        role="SECRETAIRE",
    ),
    Cas(
        "noter une sortie",
        "administratif/sejour_formulaire.html",
        _sejour("sortie"),
        valeurs(Sejour, "sortie_le"),
        {"mode": "domicile"},
        role="SECRETAIRE",
    ),
    Cas(
        "annuler une sortie",
        "administratif/sejour_formulaire.html",
        _sejour("annuler-sortie", sortie_le=HIER, mode_sortie="domicile"),
        valeurs(Sejour, "sortie_le"),
        {"motif": "revenue le soir même"},
        role="SECRETAIRE",
    ),
)
