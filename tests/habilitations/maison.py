"""An object of each kind in a dossier, for the walks through the addresses."""

from datetime import date
from functools import cached_property
from io import BytesIO
from uuid import uuid4

from django.utils import timezone

from admission import services as importations
from dui.socle.models import (
    AppelInsi,
    Brouillon,
    Doublon,
    EcartAnnuaire,
    IdentiteRecue,
    SaisieEnAttente,
)
from dui.socle.recue import Recue
from habilitations.models import Interdiction, Role
from habilitations.politique import Habilitation
from soins.models import Mesure
from tests.accompagnement.factories import AbsenceFactory, TransmissionFactory
from tests.agenda.factories import RendezVousFactory, RessourceFactory
from tests.cibles.factories import CibleFactory
from tests.coordination.factories import EigFactory, EvenementFactory, PointReunionFactory
from tests.evaluations.factories import ALGOPLUS, EvaluationFactory, GrilleFactory
from tests.habilitations.factories import (
    AffectationFactory,
    BrisDeGlaceFactory,
    MembreEquipeFactory,
    PosteDeTravailFactory,
    acces_portail,
)
from tests.photos.factories import PhotoFactory
from tests.projets.factories import ProjetFactory, brouillon, objectifs
from tests.repas.factories import RepasServiFactory
from tests.socle.factories import (
    CompteFactory,
    ContactFactory,
    CorrespondantFactory,
    DocumentFactory,
    DossierFactory,
    ProfessionnelFactory,
    SejourFactory,
    UsagerFactory,
)
from tests.soins.factories import VigilanceFactory
from tests.taches.factories import TacheFactory
from tests.tours.factories import ActePlanifieFactory, ActeRealiseFactory

LISTE = b"Nom de naissance;Prenoms;Date de naissance;Sexe\nAUBRY;JEANNE;01/02/1938;F\n"


class Maison:
    """A dossier with one object of each kind, and the import of its establishment."""

    def __init__(self, nom):
        self.dossier = DossierFactory(usager=UsagerFactory(nom_naissance=nom))
        self.sejour = self.dossier.sejours.get()
        # One who may hand in a list, and writes what the others read.
        self.auteur = AffectationFactory(
            role="SECRETAIRE", etablissement=self.sejour.etablissement
        ).compte
        self.collegue = AffectationFactory(
            role="AS", etablissement=self.sejour.etablissement, compte=CompteFactory()
        )
        self.poste = PosteDeTravailFactory(etablissement=self.sejour.etablissement)

    @cached_property
    def objets(self) -> dict:
        """{argument of an address: identifier}; written when first asked for."""
        d = {"dossier": self.dossier}
        return {
            "dossier_id": self.dossier.pk,
            "sejour_id": self.sejour.pk,
            "transmission_id": TransmissionFactory(**d, auteur=self.auteur).pk,
            **self._evaluations(self.auteur),
            "grille": "algoplus",
            "macrocible": "appel",
            "membre_equipe_id": MembreEquipeFactory(**d).pk,
            "suite_id": self._suite(self.auteur).pk,
            "cible_id": CibleFactory(**d).pk,
            "cible_close": CibleFactory(**d, close=True).pk,
            "macrocible_a_moi": self._macrocible(self.auteur).pk,
            **self._projet(),
            "rendez_vous_id": RendezVousFactory(dossiers=[self.dossier]).pk,
            "visite_id": RendezVousFactory(visite=True, dossiers=[self.dossier]).pk,
            "ressource_id": RessourceFactory(etablissement=self.sejour.etablissement).pk,
            "jeton": "inconnu",
            **self._photo(),
            **self._grille(),
            "contact_id": ContactFactory(**d).pk,
            "contact_retire": ContactFactory(**d, actif=False).pk,
            "correspondant_id": CorrespondantFactory(**d).pk,
            "sejour_sorti": SejourFactory(**d, sorti=True, place=None, **self._ancien()).pk,
            "transmission_a_moi": TransmissionFactory(**d, auteur=self.auteur).pk,
            "appel_insi_id": self._appel_insi().pk,
            "vigilance_id": VigilanceFactory(**d).pk,
            "acte_planifie_id": ActePlanifieFactory(**d).pk,
            "acte_realise_id": ActeRealiseFactory(acte__dossier=self.dossier).pk,
            "absence_id": AbsenceFactory(**d, fin=timezone.now()).pk,
            "unite_id": self.sejour.unite_id,
            "jour": timezone.localdate().isoformat(),
            "moment": "matin",
            "repas": "dejeuner",
            "repas_servi_id": RepasServiFactory(**d).pk,
            "mesure_id": self._mesure().pk,
            "acces_nominatif_id": self._portail().pk,
            "document_id": DocumentFactory(**d, communicable_le=timezone.now()).pk,
            "importation_id": self._importation().pk,
            "brouillon_id": self._brouillon(self.auteur).pk,
            "saisie_id": self._saisie(self.auteur).pk,
            "cle": self._bris().cle,
            "interdiction_id": self._interdiction().pk,
            "doublon_id": self._doublon().pk,
            "poste_de_travail_id": self.poste.pk,
            "passage_au_poste_id": self.poste.passages.create(compte=self.auteur).pk,
            "cle_id": uuid4(),
            "session_id": uuid4(),
            "object_id": self.auteur.pk,
            "compte_id": self.collegue.compte_id,
            "affectation_id": self.collegue.pk,
            "role": "AS",
            "identite_recue_id": self._recue().pk,
            "ecart_annuaire_id": self._ecart().pk,
            **self._coordination(),
        }

    def _coordination(self) -> dict:
        maison = self.sejour.etablissement
        evenement = EvenementFactory(dossier=self.dossier, declarant=self.auteur)
        preuve = DocumentFactory(dossier=self.dossier, bloc="EI")
        eig = EigFactory(evenement=evenement)
        eig.envois.create(
            autorite="ars", moyen="portail", transmis_le=timezone.now(), par=self.auteur,
            preuve=preuve,
        )  # fmt: skip
        d_ici = {"dossier": None, "etablissement": maison, "unite": None, "type": "equipement"}
        de_la_maison = EvenementFactory(**d_ici, faits={}, declarant=self.auteur)
        EigFactory(evenement=de_la_maison)
        point = PointReunionFactory(dossier=self.dossier, reunion__animee_par=self.auteur)
        return {
            "evenement_indesirable_id": evenement.pk,
            "evenement_de_la_maison": de_la_maison.pk,
            "type_evenement": "chute",
            "type_de_la_maison": "equipement",
            "preuve": preuve.pk,
            "reunion_id": point.reunion_id,
            "point_reunion_id": point.pk,
            "tache_id": self._tache(self.auteur).pk,
        }

    def _tache(self, compte):
        return TacheFactory(dossier=None, compte=compte, creee_par=compte)

    def _recue(self):
        recue = IdentiteRecue(
            etablissement=self.sejour.etablissement, source="import", motif="proches"
        )
        recue.sceller(Recue(self.dossier.usager.nom_naissance, "JEANNE", "F", date(1931, 5, 12)))
        recue.save()
        return recue

    def _ecart(self):
        professionnel = ProfessionnelFactory(compte=self.collegue.compte)
        return EcartAnnuaire.objects.create(professionnel=professionnel, nature="fin")

    def _bris(self):
        bris = BrisDeGlaceFactory(
            dossier=self.dossier, compte=self.auteur, etablissement=self.sejour.etablissement
        )
        bris.refresh_from_db()
        return bris

    def _appel_insi(self):
        return AppelInsi.objects.create(
            dossier=self.dossier,
            usager=self.dossier.usager,
            nature=AppelInsi.Nature.TRAITS,
            par=self.auteur,
            code="garde:nom_interdit",
            resultat="interdire",
        )

    def _portail(self):
        return acces_portail(CompteFactory(), self.dossier, qualite="USAGER")[0]

    def _interdiction(self):
        return Interdiction.objects.create(
            dossier=self.dossier,
            compte=self.auteur,
            blocs=["PSY"],
            origine="personne",
            decidee_par=self.auteur,
        )

    def _doublon(self):
        """With a record that never stayed anywhere: the pair follows this house."""
        premier, second = sorted(
            (self.dossier, DossierFactory(sejour=None)), key=lambda dossier: dossier.pk
        )
        return Doublon.objects.create(
            organisme=premier.organisme, premier=premier, second=second, score=90
        )

    def _ancien(self):
        unite = self.sejour.unite
        return {"unite": unite, "entree_le": date(2022, 5, 2), "sortie_le": date(2022, 6, 1)}

    def _mesure(self):
        return Mesure.objects.create(
            dossier=self.dossier,
            code="poids",
            valeur=60,
            mesuree_le=timezone.now(),
            auteur=self.auteur,
        )

    def _importation(self):
        return importations.deposer_fichier(
            Habilitation(self.auteur),
            etablissement=self.sejour.etablissement,
            flux=BytesIO(LISTE),
            nom="liste.csv",
        )

    def _brouillon(self, compte):
        return Brouillon.objects.create(
            compte=compte, objet=str(uuid4()), dossier=self.dossier, chemin="/", extrait="x"
        )

    def _saisie(self, compte):
        return SaisieEnAttente.objects.create(
            compte=compte, chemin=f"/dossiers/{self.dossier.pk}/", champs={"donnees": ["x"]}
        )

    def _projet(self) -> dict:
        """Lived, and a second version in preparation."""
        projet = ProjetFactory(dossier=self.dossier)
        brouillon(projet)
        objectif = objectifs(projet)[0]["id"]
        return {
            "projet_id": projet.pk,
            "numero": 1,
            "genre": "objectif",
            "element_id": objectif,
            "objectif_id": objectif,
        }

    def _evaluations(self, compte) -> dict:
        d = {"dossier": self.dossier, "grille": "algoplus", "reponses": ALGOPLUS}
        piece = str(DocumentFactory(dossier=self.dossier, bloc="EVA").pk)
        validee = EvaluationFactory(**d, auteur=compte, pieces=[piece]).pk
        en_cours = EvaluationFactory(**d, auteur=compte, brouillon=True).pk
        return {
            "evaluation_id": validee,
            "evaluation_a_moi": validee,
            "piece": piece,
            "evaluation_en_cours": en_cours,
        }

    def _suite(self, compte):
        return TacheFactory(
            dossier=self.dossier, creee_par=compte, compte=compte, source_type="transmission"
        )

    def _photo(self) -> dict:
        photo = PhotoFactory(transmission__dossier=self.dossier)
        return {"photo": photo.document_id, "photographiee": photo.transmission_id}

    def _macrocible(self, compte):
        return TransmissionFactory(dossier=self.dossier, auteur=compte, macro=True)

    def _grille(self) -> dict:
        grille = GrilleFactory(chez=self.sejour.etablissement)
        return {"grille_id": grille.pk, "publication_grille_id": grille.publications.get().pk}

    def siens(self, compte) -> dict:
        """The same objects, with what belongs to this account alone."""
        return self.objets | {
            **self._evaluations(compte),
            "transmission_a_moi": TransmissionFactory(dossier=self.dossier, auteur=compte).pk,
            "macrocible_a_moi": self._macrocible(compte).pk,
            "brouillon_id": self._brouillon(compte).pk,
            "saisie_id": self._saisie(compte).pk,
            "tache_id": self._tache(compte).pk,
        }

    def compte(self, *roles: Role):
        """Somebody of these roles, here: affectations, or nominative rights on the portal."""
        compte = CompteFactory()
        for role in roles:
            if role.acteur != Role.Acteur.PORTAIL:
                lieu = {"etablissement": self.sejour.etablissement}
                AffectationFactory(compte=compte, role=role, **lieu)
            elif len(roles) == 1:
                acces_portail(compte, self.dossier, qualite=role.pk)
        return compte
