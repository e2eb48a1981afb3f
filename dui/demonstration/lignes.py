"""Rows of the world: houses, staff, persons, stays, people around, portal accounts."""

import hashlib
from datetime import datetime, time, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from django_otp.plugins.otp_totp.models import TOTPDevice

from accompagnement.models import Habitude
from dui.demonstration import presentation, structure
from dui.demonstration.annuaire import correspondants
from dui.demonstration.copie import Table
from dui.demonstration.magnolia import QUI_EST_MARIE
from dui.demonstration.personnes import OID_DEMONSTRATION
from dui.demonstration.tirage import alea, identifiant
from dui.socle import models as socle
from habilitations.models import AccesNominatif, Affectation, Droit, MembreEquipe
from soins.models import Vigilance

MOT_DE_PASSE = "demonstration-rives-de-loire"


def cle_totp(nom: str) -> str:
    """The same at each loading: a telephone enrolled once stays good."""
    return hashlib.sha1(f"demonstration:{nom}".encode(), usedforsecurity=False).hexdigest()


class Lignes:
    """The tables that describe the world, filled from a Monde."""

    def __init__(self, monde):
        self.monde = monde
        self.organisme = identifiant(alea(monde.graine, "organisme"))
        t = self.tables = {}
        t["organisme"] = Table(socle.Organisme, "id", "nom", "finess_ej")
        t["etablissement"] = Table(
            socle.Etablissement, "id", "organisme", "nom", "finess", "domaine", "categorie",
            "mot_personne", "telephone", "adresse",
        )  # fmt: skip
        t["unite"] = Table(socle.Unite, "id", "etablissement", "nom", "ordre")
        t["place"] = Table(socle.Place, "id", "unite", "chambre", "ordre")
        t["compte"] = Table(
            socle.Compte, "id", "username", "password", "first_name", "last_name", "email",
            "date_joined",
        )  # fmt: skip
        t["professionnel"] = Table(
            socle.Professionnel, "id", "compte", "civilite", "nom", "prenom", "profession",
            "libelle_fonction", "rpps", "telephone", "mssante", "portrait",
        )  # fmt: skip
        t["affectation"] = Table(
            Affectation, "id", "compte", "role", "etablissement", "unite", "portee", "debut", "fin"
        )
        t["totp"] = Table(TOTPDevice, "user", "name", "confirmed", "key")
        t["usager"] = Table(
            socle.Usager, "id", "nom_naissance", "prenoms", "premier_prenom", "nom_utilise",
            "prenom_utilise", "civilite", "sexe", "date_naissance", "naissance_incomplete",
            "lieu_naissance_cog", "commune_naissance", "matricule_ins", "oid_ins",
            "ins_recuperee", "identite_validee", "homonyme", "douteuse", "portrait", "date_deces",
            "telephone", "nationalite", "situation_familiale",
        )  # fmt: skip
        t["dossier"] = Table(
            socle.Dossier, "id", "organisme", "usager", "numero", "ouvert_le", "clos_le", "gir",
            "gir_le",
        )  # fmt: skip
        t["sejour"] = Table(
            socle.Sejour, "id", "dossier", "etablissement", "unite", "place", "place_depuis",
            "modalite", "entree_le", "sortie_le", "mode_entree", "provenance", "mode_sortie",
        )  # fmt: skip
        t["contact"] = Table(
            socle.Contact, "id", "dossier", "civilite", "nom", "prenom", "role", "relation",
            "ordre_appel", "telephone", "telephone_2", "courriel", "code_postal", "ville",
            "disponibilite", "personne_confiance", "representant_legal", "commentaire",
        )  # fmt: skip
        t["correspondant"] = Table(
            socle.Correspondant, "id", "dossier", "professionnel", "role", "structure",
            "structure_identifiant", "adresse", "code_postal", "commune", "telephone", "mssante",
            "debut", "fin",
        )  # fmt: skip
        t["equipe"] = Table(MembreEquipe, "compte", "dossier", "referent", "debut")
        t["vigilance"] = Table(
            Vigilance, "id", "dossier", "type", "libelle", "precision", "gravite", "depuis",
            "saisie_par",
        )  # fmt: skip
        t["habitude"] = Table(Habitude, "dossier", "rubrique", "texte", "ordre")
        t["nominatif"] = Table(
            AccesNominatif, "user", "permission", "content_object", "motif", "qualite"
        )
        self.mot_de_passe = make_password(MOT_DE_PASSE, salt="rives-de-loire-49")
        self.suivant = max(e.numero for e in monde.employes) + 1
        self.numeros = {}
        self.portail = []

    # ------------------------------------------------------------ houses and staff

    def structure(self):
        m, t = self.monde, self.tables
        t["organisme"].ajouter(self.organisme, structure.ORGANISME, structure.finess(0))
        for maison in m.maisons:
            t["etablissement"].ajouter(
                maison.id, self.organisme, maison.nom, maison.finess, maison.domaine,
                maison.categorie, maison.mot, maison.telephone, maison.adresse,
            )  # fmt: skip
            for unite in maison.unites:
                t["unite"].ajouter(unite.id, maison.id, unite.nom, unite.ordre)
                for place in unite.places:
                    t["place"].ajouter(place.id, unite.id, place.chambre, place.ordre)

    def compte(self, numero, identifiant_, prenom, nom):
        embauche = datetime.combine(self.monde.debut - timedelta(days=400), time(9))
        courriel = f"{identifiant_}@rives-de-loire.example.org"
        self.tables["compte"].ajouter(
            numero, identifiant_, self.mot_de_passe, prenom, nom, courriel, embauche
        )
        self.tables["totp"].ajouter(numero, "Application de codes", True, cle_totp(identifiant_))

    def employes(self):
        for e in self.monde.employes:
            a = alea(self.monde.graine, "professionnel", e.numero)
            self.compte(e.numero, e.identifiant, e.prenom, e.nom)
            soignant = e.code in ("10", "21", "60", "70")
            self.tables["professionnel"].ajouter(
                e.id, e.numero, e.civilite, e.nom, e.prenom, e.code, e.libelle,
                f"8999{e.numero:07d}" if soignant else "",
                e.maison.telephone,
                f"{e.identifiant}@demonstration.mssante.example.org" if soignant else "",
                e.portrait,
            )  # fmt: skip
            self._affecter(e, a)
        for professionnel in correspondants.professionnels(self.monde.graine):
            self.tables["professionnel"].ajouter(*professionnel)

    def _affecter(self, e, a):
        jour = self.monde.jour
        fin = None
        if e.metier == "EVALUATEUR":
            fin = jour + timedelta(days=10)
        elif e.identifiant == "aminata.diallo":
            fin = jour + timedelta(days=3)
        debut = jour - timedelta(days=20 if fin else a.randint(60, 1500))
        for maison in (e.maison, *e.autres_maisons):
            self.tables["affectation"].ajouter(
                identifiant(a), e.numero, e.role, maison.id, e.unite.id if e.unite else None,
                e.portee, debut, fin,
            )  # fmt: skip

    # ------------------------------------------------------------ persons

    def personne(self, p):
        a = alea(self.monde.graine, "lignes", p.dossier)
        qualifiee, recuperee = p.statut == "QUAL", p.statut in ("QUAL", "RECUP")
        if p.attributs & {"douteuse"}:
            qualifiee = recuperee = False
        self.tables["usager"].ajouter(
            p.id, p.nom, p.prenoms, p.prenom, p.nom_utilise, p.prenom_utilise, p.civilite, p.sexe,
            p.naissance, p.incomplete, p.cog, p.commune, p.matricule,
            OID_DEMONSTRATION if p.matricule else "",
            recuperee, qualifiee or (p.statut == "VALI"), "homonyme" in p.attributs,
            "douteuse" in p.attributs, p.portrait, p.deces,
            structure.telephone_fixe(a) if p.adresse else "",
            "" if p.pays and a.random() < 0.5 else "française",
            self._situation(p, a),
        )  # fmt: skip
        annee = p.entree.year
        rang = self.numeros[annee] = self.numeros.get(annee, 0) + 1
        self.tables["dossier"].ajouter(
            p.dossier, self.organisme, p.id, f"{annee}-{rang:04d}", p.entree - timedelta(days=7),
            p.sortie, p.gir, p.entree + timedelta(days=20) if p.gir else None,
        )  # fmt: skip
        self._sejour(p, a)
        self._autour(p, a)
        self._connaitre(p, a)

    def _situation(self, p, a):
        if p.maison.genre == "ime":
            return ""
        if "conjoint" in p.traits:
            return "marié" + "e" * p.feminin
        return (
            a.choice(("veuf", "veuf", "célibataire", "divorcé"))
            .replace("veuf", "veuve" if p.feminin else "veuf")
            .replace("divorcé", "divorcée" if p.feminin else "divorcé")
        )

    def _sejour(self, p, a):
        genre = p.maison.genre
        modalite = {"ehpad": "permanent", "ssiad": "domicile"}.get(genre)
        modalite = modalite or ("internat" if "internat" in p.traits else "semi_internat")
        provenance = {
            "ehpad": ("Domicile", "Domicile", "CH de Saumur", "SSR", "Autre EHPAD"),
            "ime": ("École", "SESSAD", "Autre IME"),
            "ssiad": ("Domicile", "CH de Saumur"),
        }[genre]
        if "fige" not in p.traits and genre == "ehpad" and a.random() < 0.04:
            modalite = "temporaire"
        self.tables["sejour"].ajouter(
            p.sejour, p.dossier, p.maison.id, p.unite.id, p.place.id if p.place else None,
            p.entree if p.place else None, modalite, p.entree, p.sortie, "", a.choice(provenance),
            p.mode_sortie,
        )  # fmt: skip

    def _autour(self, p, a):
        for ordre, c in enumerate(p.contacts, 1):
            self.tables["contact"].ajouter(
                identifiant(a), p.dossier, c.civilite, c.nom, c.prenom, c.role, c.relation, ordre,
                c.telephone, c.telephone_2, c.courriel, c.code_postal, c.ville, c.disponibilite,
                c.confiance, c.legal, c.commentaire,
            )  # fmt: skip
        chez = self.monde.employe("Hélène Petit")
        traitant = (chez.id, f"{chez.identifiant}@demonstration.mssante.example.org")
        for ligne in correspondants.du_dossier(self.monde.graine, p, self.monde.jour, traitant):
            self.tables["correspondant"].ajouter(identifiant(a), *ligne)
        metier = "EDUCATEUR" if p.genre == "ime" else "AS"
        candidats = self.monde.service.listes.get((p.unite.id, metier, ""), ())
        referent = candidats[p.rang % len(candidats)] if candidats else None
        if p.nom == "DURAND" and p.prenom == "Marie":
            referent = self.monde.employe("Solène Le Bris")
        if referent and not p.sortie:
            self.tables["equipe"].ajouter(
                referent.numero, p.dossier, True, min(p.entree, self.monde.jour)
            )
        if p.maison.vitrine and p.nom in ("AUBERT", "DURAND", "LE GOFF") and p.place:
            liberal = self.monde.employe("Marc Guillou")
            self.tables["equipe"].ajouter(liberal.numero, p.dossier, False, p.entree)
        if p.maison.vitrine and p.place and p.nom not in ("MERCIER", "HAMON"):
            traitant = self.monde.employe("Hélène Petit")
            self.tables["equipe"].ajouter(traitant.numero, p.dossier, False, p.entree)

    def _connaitre(self, p, a):
        marie = "fige" in p.traits and (p.nom, p.prenom) == ("DURAND", "Marie")
        vigilances = presentation.vigilances(p, a)
        habitudes = presentation.habitudes(p, a)
        if marie:
            depuis = p.entree + timedelta(days=1)
            vigilances = [(*v, depuis) for v in presentation.VIGILANCES_DE_MARIE]
            habitudes = list(QUI_EST_MARIE.items())
        auteurs = self.monde.service.listes.get((p.unite.id, "IDE", ""))
        auteur = auteurs[p.rang % len(auteurs)].numero
        for type_, libelle, precision, gravite, depuis in vigilances:
            self.tables["vigilance"].ajouter(
                identifiant(a), p.dossier, type_, libelle, precision, gravite,
                min(depuis, self.monde.jour), auteur,
            )  # fmt: skip
        for ordre, (rubrique, texte) in enumerate(habitudes):
            self.tables["habitude"].ajouter(p.dossier, rubrique, texte, ordre)

    # ------------------------------------------------------------ portal

    def ouvrir_portail(self):
        """The person herself, a trusted daughter, parents, a relative, a guardian of property."""
        tous = self.monde.personnes
        marie = next(p for p in tous if (p.nom, p.prenom) == ("DURAND", "Marie"))
        self._portail(marie, "USAGER", marie.prenom, marie.nom, "la personne elle-même")
        for p, qualite, role_du_contact, quoi in (
            (marie, "PERS_CONF", "DAUC", "sa fille, personne de confiance"),
            (marie, "PROCHE", "SONC", "son fils"),
            (_avec(tous, "ime", "MTH"), "REP_LEGAL", "MTH", "sa mère, représentante légale"),
            (_avec(tous, "ehpad", "CURATEUR"), "ASSISTANT_JUR", "CURATEUR", "son curateur"),
        ):
            if p is None:
                continue
            contact = next(c for c in p.contacts if c.relation == role_du_contact)
            self._portail(p, qualite, contact.prenom or "Maître", contact.nom, quoi)

    def _portail(self, p, qualite, prenom, nom, quoi):
        from dui.socle.identite import forme_ins

        nom = nom.title() if nom.isupper() else nom
        court = f"{forme_ins(prenom)}.{forme_ins(nom)}".lower().replace(" ", "-").replace("'", "")
        numero, self.suivant = self.suivant, self.suivant + 1
        self.compte(numero, court, prenom, nom)
        droits = Droit.objects.filter(role=qualite).values_list("bloc", "action")
        codes = {f"{action}_{bloc}" for bloc, action in droits}
        if qualite == "PROCHE":
            codes |= {"voir_ANI"}
        permissions = Permission.objects.filter(
            content_type__app_label="socle", content_type__model="dossier", codename__in=codes
        )
        for permission in permissions.order_by("codename").values_list("pk", flat=True):
            motif = f"Accès au portail : {quoi}"[:200]
            if qualite == "USAGER":
                motif = "Accès de la personne à son propre dossier"
            self.tables["nominatif"].ajouter(numero, permission, p.dossier, motif, qualite)
        self.portail.append((numero, qualite, p))


def _avec(personnes, genre, relation):
    return next(
        (
            p
            for p in personnes
            if p.genre == genre and not p.sortie and any(c.relation == relation for c in p.contacts)
        ),
        None,
    )
