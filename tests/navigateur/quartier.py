"""A small ward that lives: residents, what is written about them, and those who write."""

from datetime import date, timedelta
from io import BytesIO

from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from admission import services as importations
from dui.socle.models import AppelInsi, Doublon, EcartAnnuaire, IdentiteRecue
from dui.socle.recue import Recue
from habilitations.models import Interdiction, PassageAuPoste, PosteDeTravail
from habilitations.moyens import postes
from habilitations.politique import Habilitation
from soins.models import Mesure, Vigilance
from soins.tours import lectures as tours
from tests.accompagnement.factories import AbsenceFactory, HabitudeFactory, TransmissionFactory
from tests.agenda.factories import DomicileFactory, RendezVousFactory, RessourceFactory
from tests.cibles.factories import CibleFactory
from tests.coordination.factories import EigFactory, EvenementFactory, PointReunionFactory
from tests.evaluations.factories import HUIT_A, HUIT_C, EvaluationFactory, GrilleFactory
from tests.habilitations.factories import (
    AffectationFactory,
    BrisDeGlaceFactory,
    MembreEquipeFactory,
    acces_portail,
)
from tests.photos.factories import PhotoFactory
from tests.projets.factories import ProjetFactory, brouillon, objectifs
from tests.repas.factories import AlimentationFactory, RepasServiFactory
from tests.socle.factories import (
    CompteFactory,
    ContactFactory,
    CorrespondantFactory,
    DocumentFactory,
    DossierFactory,
    EtablissementFactory,
    PlaceFactory,
    ProfessionnelFactory,
    SejourFactory,
    UniteFactory,
    UsagerFactory,
)
from tests.taches.factories import TacheFactory
from tests.tours.factories import ActePlanifieFactory, ActeRealiseFactory

CODE_PERSONNEL = "480253"
RESIDENTS = [
    ("DURAND", "MARIE", "F"),
    ("LE GOFF", "YVES", "M"),
    ("BENALI", "LEÏLA", "F"),
    ("D'ALMEIDA", "COLETTE", "F"),
    ("PETIT-JEAN", "ODETTE", "F"),
    ("NGUYEN", "THI MAI", "F"),
    ("ROUSSEAU", "HENRI", "M"),
    ("DE LA ROCHEFOUCAULD-MONTMORENCY", "MARIE-CHARLOTTE", "F"),
    ("MARTIN", "RAYMONDE", "F"),
    ("GARCIA", "LUIS", "M"),
    ("DUPRÉ", "ÉLISE", "F"),
    ("ABDELKADER", "FATIHA", "F"),
]
OBSERVATIONS = [
    ("alimentation", "A mangé la moitié du plat, dessert pris en entier.", "Enrichi la purée."),
    ("mobilite", "Marche jusqu’à la salle à manger avec le déambulateur.", ""),
    ("douleur", "Se plaint du genou gauche au lever, EN à 4.", "Paracétamol donné à 8 h."),
    ("sommeil", "Nuit calme, levée une fois vers 3 h.", ""),
    ("comportement", "Cherche sa sœur en fin d’après-midi, rassurée par la présence.", ""),
    ("peau", "Rougeur au talon droit, non douloureuse.", "Talonnière posée, à revoir demain."),
]
IMPORTANTES = [
    (
        "chute",
        "Retrouvée assise au pied du lit à 6 h 10, consciente, sans plaie.",
        "Médecin prévenu.",
    ),
    ("alimentation", "Fausse route au déjeuner, toux efficace.", "Texture modifiée dès ce soir."),
]


class Quartier:
    def __init__(self, residents=12, nom="Magnolia"):
        self.etablissement = EtablissementFactory(nom="EHPAD Les Tilleuls")
        self.unite = UniteFactory(etablissement=self.etablissement, nom=nom)
        self.collegue = self.professionnel("IDE", prenom="Élise", nom="Roux")
        self.dossiers = [self._resident(rang) for rang in range(residents)]
        self.dossier, self.voisin = self.dossiers[:2]
        # Arguments of addresses that are nobody's object.
        jour, moment = tours.en_ce_moment()
        self.codes = {
            "grille": "aggir", "jour": jour.isoformat(), "moment": moment.code,
            "macrocible": "appel", "type_evenement": "chute", "repas": "dejeuner",
        }  # fmt: skip

    def _resident(self, rang):
        nom, prenom, sexe = RESIDENTS[rang % len(RESIDENTS)]
        suite = f" {'ABCDEFGH'[rang // len(RESIDENTS)]}" if rang >= len(RESIDENTS) else ""
        usager = UsagerFactory(
            nom_naissance=f"{nom}{suite}",
            premier_prenom=prenom,
            sexe=sexe,
            civilite="M" if sexe == "M" else "MME",
            date_naissance=date(1930 + rang % 20, 1 + rang % 12, 1 + rang % 28),
        )
        place = PlaceFactory(unite=self.unite, chambre=str(rang + 11), ordre=rang)
        return DossierFactory(usager=usager, gir=1 + rang % 6, sejour__place=place)

    def professionnel(self, *roles, prenom="Claire", nom="Martin", portee="etablissement"):
        """An account of the ward; several roles add up. Signs in with a code application."""
        compte = CompteFactory(first_name=prenom, last_name=nom)
        for role in roles:
            AffectationFactory(compte=compte, role=role, unite=self.unite, portee=portee)
        ProfessionnelFactory(compte=compte)
        TOTPDevice.objects.create(user=compte, name="Application de codes", confirmed=True)
        return compte

    def portail(self, dossier=None):
        compte = CompteFactory(first_name="Isabelle", last_name="Morel")
        acces_portail(compte, dossier or self.dossier, qualite="USAGER")
        return compte

    def transmettre(self, dossiers=None, *, chacun=2, importantes=2):
        """What a shift writes: everybody, some things important."""
        maintenant = timezone.now()
        for rang, dossier in enumerate(dossiers or self.dossiers):
            for fois in range(chacun):
                cible, donnees, actions = OBSERVATIONS[(rang + fois) % len(OBSERVATIONS)]
                TransmissionFactory(
                    dossier=dossier,
                    auteur=self.collegue,
                    fonction="IDE",
                    cible=cible,
                    donnees=donnees,
                    actions=actions,
                    survenu_le=maintenant - timedelta(minutes=20 + rang * 5 + fois * 60),
                )
            if rang < importantes:
                cible, donnees, actions = IMPORTANTES[rang % len(IMPORTANTES)]
                TransmissionFactory(
                    dossier=dossier,
                    auteur=self.collegue,
                    fonction="IDE",
                    cible=cible,
                    donnees=donnees,
                    actions=actions,
                    importance="urgente" if rang % 5 == 0 else "importante",
                    survenu_le=maintenant - timedelta(minutes=90 + rang * 7),
                )

    def tout_remplir(self, dossier, auteur):
        """Every section of a record has something to show, and `auteur` something to correct."""
        HabitudeFactory(dossier=dossier, rubrique="histoire", texte="Institutrice à Saumur.")
        HabitudeFactory(dossier=dossier, rubrique="ce_qui_compte", texte="Qu’on frappe à la porte.")
        for ordre, relation in enumerate(("DAUGHTER", "SON"), 1):
            ContactFactory(dossier=dossier, relation=relation, ordre_appel=ordre)
        CorrespondantFactory(dossier=dossier)
        Vigilance.objects.create(
            dossier=dossier, type="allergie", libelle="Pénicilline", gravite=3,
            saisie_par=self.collegue,
        )  # fmt: skip
        Vigilance.objects.create(
            dossier=dossier, type="chute", libelle="Risque de chute", saisie_par=self.collegue
        )
        for mois in range(6):
            le = timezone.now() - timedelta(days=30 * mois, hours=2)
            self._mesures(dossier, le, mois, auteur)
        AbsenceFactory(dossier=dossier, fin=timezone.now() - timedelta(hours=1))
        self.document = DocumentFactory(
            dossier=dossier, depose_par=self.collegue, communicable_le=timezone.now()
        )
        self.ancien_sejour = SejourFactory(
            dossier=dossier,
            unite=self.unite,
            place=None,
            entree_le=date(2022, 5, 2),
            sortie_le=date(2022, 6, 1),
        )
        TransmissionFactory(dossier=dossier, auteur=auteur, partagee=True)
        self.photo = PhotoFactory(transmission__dossier=dossier)
        self._agenda(dossier, auteur)
        for mois, reponses in ((14, HUIT_A), (1, HUIT_C)):
            le = timezone.now() - timedelta(days=30 * mois)
            EvaluationFactory(dossier=dossier, auteur=auteur, faite_le=le, reponses=reponses)
        for code in ("toilette", "marche"):
            ActePlanifieFactory(dossier=dossier, code=code)
        AlimentationFactory(dossier=dossier)
        RepasServiFactory(dossier=dossier, auteur=auteur)
        ActeRealiseFactory(acte__dossier=dossier, issue="non_fait", motif="refus", auteur=auteur)
        self.evaluation_en_cours = EvaluationFactory(
            dossier=dossier, auteur=self.collegue, brouillon=True, reponses={}
        )
        self.piece = DocumentFactory(dossier=dossier, bloc="EVA", depose_par=self.collegue)
        self.evaluation_jointe = EvaluationFactory(
            dossier=dossier, auteur=auteur, pieces=[str(self.piece.pk)]
        )

        self._evenements(dossier, auteur)
        self.du_projet = self._projet(dossier)

    def _evenements(self, dossier, auteur):
        evenement = EvenementFactory(dossier=dossier, declarant=auteur)
        self.preuve = DocumentFactory(dossier=dossier, bloc="EI", depose_par=self.collegue)
        eig = EigFactory(evenement=evenement)
        eig.envois.create(
            autorite="ars", moyen="portail", transmis_le=timezone.now(), par=auteur,
            preuve=self.preuve,
        )  # fmt: skip
        self.evenement_de_la_maison = EvenementFactory(
            dossier=None, etablissement=self.etablissement, unite=None, type="equipement",
            declarant=auteur, faits={},
        )  # fmt: skip
        EigFactory(evenement=self.evenement_de_la_maison)
        PointReunionFactory(dossier=dossier, reunion__animee_par=auteur, decisions="Veilleuse.")
        TacheFactory(dossier=dossier, compte=auteur, creee_par=self.collegue)

    def de_la_maison(self, valeurs):
        """The same address, for what happens to the house."""
        siens = {
            "evenement_indesirable_id": self.evenement_de_la_maison.pk,
            "type_evenement": "equipement",
        }
        return {nom: siens.get(nom, valeur) for nom, valeur in valeurs.items()}

    def creer_membreequipe(self, auteur):
        return MembreEquipeFactory(dossier=self.dossier)

    def creer_cible(self, auteur):
        return CibleFactory(dossier=self.dossier, ouverte_par=auteur, en_retard=True)

    def suite(self, auteur):
        return TacheFactory(
            dossier=self.dossier, creee_par=auteur, compte=auteur, source_type="transmission"
        )

    def macrocible(self, auteur):
        return TransmissionFactory(dossier=self.dossier, auteur=auteur, macro=True)

    def _projet(self, dossier) -> dict:
        """Lived, and a second version in preparation: what its pages ask for."""
        projet = ProjetFactory(dossier=dossier)
        brouillon(projet)
        objectif = objectifs(projet)[0]["id"]
        cles = {"element_id": objectif, "objectif_id": objectif}
        return {"numero": 1, "genre": "objectif"} | cles

    def _agenda(self, dossier, auteur):
        DomicileFactory(dossier=dossier)
        qui = {"dossiers": [dossier], "comptes": [auteur]}
        self.visite = RendezVousFactory(visite=True, **qui)
        RendezVousFactory(activite=True, dossiers=self.dossiers, comptes=[auteur])
        RendezVousFactory(dossiers=[dossier], demain=True)
        salon = RessourceFactory(etablissement=self.etablissement)
        self.rendez_vous = RendezVousFactory(**qui)
        r = self.rendez_vous
        r.reservations.create(ressource=salon, debut=r.debut, fin=r.fin)

    def _mesures(self, dossier, le, mois, auteur):
        for code, valeur in (("poids", 53 + mois / 2), ("pas", 128 + mois), ("pad", 74)):
            Mesure.objects.create(
                dossier=dossier, code=code, valeur=valeur, mesuree_le=le, auteur=auteur
            )

    def bris_a_revoir(self):
        bris = BrisDeGlaceFactory(
            compte=self.collegue, dossier=self.dossier, etablissement=self.etablissement
        )
        bris.refresh_from_db()  # its key comes from the database
        return bris

    def creer_doublon(self, compte):
        autre = DossierFactory(usager__nom_naissance="DURANT", sejour=None)
        premier, second = sorted((self.dossier, autre), key=lambda d: d.pk)
        return Doublon.objects.create(
            organisme=premier.organisme, premier=premier, second=second, score=80, raisons=["date"]
        )

    def creer_grille(self, compte):
        return GrilleFactory(chez=self.etablissement)

    def creer_publicationgrille(self, compte):
        return self.creer_grille(compte).publications.get()

    def creer_identiterecue(self, compte):
        recue = IdentiteRecue(etablissement=self.etablissement, source="import", motif="proches")
        recue.sceller(Recue("DURANT", "MARIE", "F", self.dossier.usager.date_naissance))
        recue.save()
        return recue

    def creer_ecartannuaire(self, compte):
        professionnel = ProfessionnelFactory(compte=CompteFactory())
        return EcartAnnuaire.objects.create(professionnel=professionnel, nature="fin")

    def creer_appelinsi(self, compte):
        return AppelInsi.objects.create(
            dossier=self.dossier, usager=self.dossier.usager, nature="traits", par=compte,
            code="CR:01", resultat="reformuler", message_id="urn:uuid:essai",
        )  # fmt: skip

    def creer_interdiction(self, compte):
        return Interdiction.objects.create(
            compte=self.collegue,
            dossier=self.dossier,
            blocs=["PSY"],
            origine="personne",
            motif="Préfère qu’un autre s’en occupe.",
            decidee_par=compte,
        )

    def creer_postedetravail(self, compte):
        """Enrolled; its browser would hold `secret_du_poste`."""
        poste, self.secret_du_poste = postes.enroler(
            Habilitation(compte),
            etablissement=self.etablissement,
            unite=self.unite,
            nom="Salle de soins",
            delai_minutes=None,
        )
        return poste

    def creer_passageauposte(self, compte):
        """This account proved two factors there today, and has a personal code."""
        poste = PosteDeTravail.objects.first() or self.creer_postedetravail(compte)
        postes.choisir_le_code(compte, CODE_PERSONNEL)
        return PassageAuPoste.objects.create(poste=poste, compte=compte)

    def creer_importation(self, compte):
        """A list handed in, its columns recognised."""
        liste = b"Nom de naissance;Prenoms;Date de naissance;Sexe\nAUBRY;JEANNE;01/02/1938;F\n"
        return importations.deposer_fichier(
            Habilitation(compte), etablissement=self.etablissement, flux=BytesIO(liste), nom="l.csv"
        )
