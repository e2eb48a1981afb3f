"""Eight weeks of agenda: the weekly activities of each house, appointments, and the rounds of the
home service, with what happened until now."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

from coordination.agenda.regles import Repetition
from coordination.models import (
    Domicile,
    Intervenant,
    Participation,
    RendezVous,
    Reservation,
    Ressource,
    Serie,
)
from dui.demonstration import structure
from dui.demonstration.copie import Table, copier
from dui.demonstration.personnel import MATIN, SOIR
from dui.demonstration.tirage import identifiant

PROGRAMME = json.loads((Path(__file__).parent / "agenda.json").read_text(encoding="utf-8"))
AVANT, APRES = timedelta(days=28), timedelta(days=28)
TOURNEES = (timedelta(days=10), timedelta(days=7))
ABSENCES = ("fatigue", "hospitalisation", "absence")


def ecrire(monde, curseur) -> int:
    """Number of meetings written."""
    return Agenda(monde).ecrire(curseur)


TRAJET = (
    "trajet_conducteur", "trajet_transporteur", "trajet_accompagnant", "trajet_km",
    "trajet_minutes", "trajet_prevu", "trajet_reel",
)  # fmt: skip


class Agenda:
    def __init__(self, monde):
        self.monde, self.maintenant = monde, monde.maintenant
        self.a, self.b = monde.alea("agenda"), monde.alea("trajets")
        self.tables = {
            "ressource": Table(Ressource, "id", "etablissement", "nature", "nom", "places"),
            "serie": Table(
                Serie, "id", "etablissement", "premier", "regle", "creee_par", "creee_le"
            ),
            "seance": Table(
                RendezVous, "id", "etablissement", "unite", "serie", "nature", "type", "libelle",
                "lieu", "debut", "fin", "statut", "motif", "transport", *TRAJET,
                "compte_rendu", "cree_par", "cree_le",
            ),
            "participation": Table(
                Participation, "rendez_vous", "dossier", "presence", "motif", "note", "arrivee",
                "depart", "ecrite_le", "ecrite_par",
            ),
            "intervenant": Table(Intervenant, "rendez_vous", "compte"),
            "reservation": Table(Reservation, "rendez_vous", "ressource", "debut", "fin"),
            "domicile": Table(
                Domicile, "dossier", "adresse", "complement", "code_postal", "ville", "telephone",
                "consignes",
            ),
        }  # fmt: skip
        self.nombre = 0

    def ecrire(self, curseur) -> int:
        for maison in self.monde.maisons:
            presents = [p for p in self.monde.personnes if self._present(p, maison)]
            salles = self._ressources(maison)
            for ligne in PROGRAMME["activites"][maison.genre]:
                self._activite(maison, ligne, presents, salles)
            for p in presents:
                self._rendez_vous(maison, p)
            if maison.genre == "ssiad":
                self._tournees(maison, presents)
            copier(curseur.cursor, [(t.ordre, t.prendre()) for t in self.tables.values()])
        return self.nombre

    def _present(self, p, maison) -> bool:
        return p.maison is maison and not p.sortie and p.entree <= self.monde.jour - AVANT

    def _ressources(self, maison) -> dict:
        salles = {}
        for nature, nom, places in PROGRAMME["ressources"][maison.genre]:
            salles[nom] = identifiant(self.a)
            self.tables["ressource"].ajouter(salles[nom], maison.id, nature, nom, places)
        return salles

    def _qui(self, unite, metier, equipe="", rang=0):
        liste = self.monde.service.listes.get((unite.id, metier, equipe), ())
        return liste[rang % len(liste)] if liste else None

    # ------------------------------------------------------------ activities

    def _activite(self, maison, ligne, presents, salles):
        unite = self.a.choice(maison.unites) if maison.genre == "ime" else maison.unites[0]
        anime = self._qui(unite, ligne["par"])
        if anime is None or not presents:
            return
        proches = [p for p in presents if p.unite is unite and "fin_vie" not in p.traits]
        inscrits = self.a.sample(proches, min(ligne["nombre"], len(proches)))
        premier = self._premier(ligne["jours"])
        serie = identifiant(self.a)
        fin = self.monde.jour + APRES
        regle = Repetition("semaine", 1, tuple(ligne["jours"]), fin).en_donnees()
        cree_le = datetime.combine(premier - timedelta(days=9), time(14))
        self.tables["serie"].ajouter(serie, maison.id, premier, regle, anime.numero, cree_le)
        jour = premier
        while jour <= fin:
            if jour.weekday() in ligne["jours"]:
                self._seance(maison, unite, ligne, jour, serie, anime, inscrits, salles)
            jour += timedelta(days=1)

    def _premier(self, jours) -> date:
        premier = self.monde.jour - AVANT
        while premier.weekday() not in jours:
            premier += timedelta(days=1)
        return premier

    def _seance(self, maison, unite, ligne, jour, serie, anime, inscrits, salles):
        debut, fin = _heures(jour, ligne["de"], ligne["a"])
        annulee = debut > self.maintenant - timedelta(days=20) and self.a.random() < 0.03
        # What ended today or yesterday waits for whoever concludes it.
        realisee = fin < self.maintenant - timedelta(hours=26) and not annulee
        statut = "ANNULE" if annulee else "REALISE" if realisee else "PLANIFIE"
        rapport = self.a.choice(PROGRAMME["comptes_rendus"]) if realisee else ""
        cle = self._ajouter(
            maison, unite, serie, "activite", ligne["type"], ligne["libelle"], "", (debut, fin),
            statut, "intemperies" if annulee else "", "", rapport, anime,
        )  # fmt: skip
        if ligne["salle"] and not annulee:
            self.tables["reservation"].ajouter(cle, salles[ligne["salle"]], debut, fin)
        self.tables["intervenant"].ajouter(cle, anime.numero)
        for p in inscrits:
            presence, motif = self._presence(realisee, annulee)
            note = self.a.choice(PROGRAMME["notes"]) if presence == "presente" else ""
            ecrite = (fin + timedelta(minutes=20), anime.numero) if realisee else (None, None)
            self.tables["participation"].ajouter(
                cle, p.dossier, presence, motif, note, None, None, *ecrite
            )

    def _presence(self, realisee, annulee):
        if annulee:
            return "annulee", "intemperies"
        if not realisee:
            return "prevue", ""
        tirage = self.a.random()
        if tirage < 0.06:
            return "refusee", "refus"
        return ("absente", self.a.choice(ABSENCES)) if tirage < 0.16 else ("presente", "")

    def _ajouter(
        self, maison, unite, serie, nature, type_, libelle, lieu, heures, statut, motif,
        transport, rapport, pro,
    ):  # fmt: skip
        cle = identifiant(self.a)
        self.nombre += 1
        cree_le = min(heures[0], self.maintenant) - timedelta(days=6)
        self.tables["seance"].ajouter(
            cle, maison.id, unite.id, serie, nature, type_, libelle, lieu, *heures, statut, motif,
            transport, *self._trajet(transport, statut), rapport, pro.numero, cree_le,
        )  # fmt: skip
        return cle

    def _trajet(self, transport, statut):
        """Who drives goes with the mode; some journeys still look for somebody."""
        if not transport:
            return "", "", "", None, None, None, None
        conducteur, transporteur, euros = self.b.choice(PROGRAMME["trajets"][transport])
        if statut == "PLANIFIE" and self.b.random() < 0.2:
            conducteur = transporteur = ""
        km = round(self.b.uniform(3, 38), 1)
        prevu = round(km * euros, 2) if euros else None
        reel = round(prevu * self.b.uniform(0.9, 1.2), 2) if prevu and statut == "REALISE" else None
        accompagnant = self.b.choice(("professionnel", "proche", "seule"))
        return conducteur, transporteur, accompagnant, km, round(km * 2 + 10), prevu, reel

    # ------------------------------------------------------------ appointments

    def _rendez_vous(self, maison, p):
        for _ in range(self.a.choice((0, 0, 1, 1, 2))):
            libelle, type_, lieu, transport = self.a.choice(PROGRAMME["rendez_vous"][maison.genre])
            jour = self.monde.jour + timedelta(days=self.a.randint(-14, 21))
            jour -= timedelta(days=max(0, jour.weekday() - 4))
            heure = self.a.choice(("09:00", "09:45", "10:30", "11:15", "14:00", "14:45", "16:00"))
            debut, _ = _heures(jour, heure, heure)
            fin = debut + timedelta(minutes=self.a.choice((30, 45, 60)))
            pro = self._qui(p.unite, "IDE") or self._qui(p.unite, "EDUCATEUR")
            if pro is None:
                return
            realise = fin < self.maintenant - timedelta(hours=5)
            cle = self._ajouter(
                maison, p.unite, None, "rendez_vous", type_, libelle, lieu, (debut, fin),
                "REALISE" if realise else "PLANIFIE", "", transport, "", pro,
            )  # fmt: skip
            self.tables["intervenant"].ajouter(cle, pro.numero)
            presence, motif = self._presence(realise, False)
            ecrite = (fin + timedelta(hours=1), pro.numero) if realise else (None, None)
            self.tables["participation"].ajouter(
                cle, p.dossier, presence, motif, "", None, None, *ecrite
            )

    # ------------------------------------------------------------ rounds

    def _tournees(self, maison, presents):
        for p in presents:
            rue, code_postal, ville = p.adresse
            self.tables["domicile"].ajouter(
                p.dossier, rue, self.a.choice(("", "", "1er étage", "Bâtiment B")), code_postal,
                ville, structure.telephone_fixe(self.a), self.a.choice(PROGRAMME["consignes"]),
            )  # fmt: skip
        jour = self.monde.jour - TOURNEES[0]
        while jour <= self.monde.jour + TOURNEES[1]:
            for unite in maison.unites:
                chez = [p for p in presents if p.unite is unite]
                self._matinee(maison, unite, chez, jour, MATIN, "07:30")
                self._matinee(maison, unite, chez[::4], jour, SOIR, "17:30")
            jour += timedelta(days=1)

    def _matinee(self, maison, unite, chez, jour, equipe, depart):
        aides = self.monde.service.listes.get((unite.id, "AS", equipe), ())
        if not aides:
            return
        for rang, aide in enumerate(aides):
            heure, _ = _heures(jour, depart, depart)
            for p in chez[rang :: len(aides)]:
                type_, libelle = PROGRAMME["visites"][p.rang % len(PROGRAMME["visites"])]
                duree = timedelta(minutes=25 + 5 * (p.rang % 4))
                # Somebody called in sick for tomorrow: her first visits are still to be shared.
                absente = rang == len(aides) - 1 and jour == self.monde.jour + timedelta(days=1)
                self._visite(
                    maison, unite, p, type_, libelle, (heure, heure + duree), aide,
                    confiee=not absente,
                )  # fmt: skip
                heure += duree + timedelta(minutes=10)

    def _visite(self, maison, unite, p, type_, libelle, heures, aide, *, confiee):
        notee = heures[1] < self.maintenant - timedelta(minutes=50)
        manquee = notee and self.a.random() < 0.05
        motif = self.a.choice(("porte_close", "hospitalisation", "refus")) if manquee else ""
        statut = "ANNULE" if manquee else "REALISE" if notee else "PLANIFIE"
        cle = self._ajouter(
            maison, unite, None, "visite", type_, libelle, "", heures, statut, motif, "", "", aide
        )
        if confiee:
            self.tables["intervenant"].ajouter(cle, aide.numero)
        decalage = timedelta(minutes=self.a.randint(-5, 15))
        faite = notee and not manquee
        arrivee = heures[0] + decalage if faite else None
        presence = "refusee" if motif == "refus" else "absente" if manquee else "prevue"
        self.tables["participation"].ajouter(
            cle, p.dossier, "presente" if faite else presence, motif, "",
            arrivee, heures[1] + decalage if faite else None,
            heures[1] + timedelta(minutes=25) if notee else None, aide.numero if notee else None,
        )  # fmt: skip


def _heures(jour, debut: str, fin: str) -> tuple[datetime, datetime]:
    return (
        datetime.combine(jour, time.fromisoformat(debut)),
        datetime.combine(jour, time.fromisoformat(fin)),
    )
