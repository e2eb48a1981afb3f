"""Rows of a year of life: transmissions, measures, absences, receipts, events, journal."""

import uuid
from datetime import datetime, time, timedelta

from accompagnement.models import Absence, Lecture, Transmission
from dui.demonstration import magnolia
from dui.demonstration.copie import Table
from dui.demonstration.fil import LIEUX, Fil, Note, a_l_heure
from dui.demonstration.fil import Absence as AbsenceEcrite
from dui.demonstration.fil import Mesure as MesureEcrite
from dui.demonstration.tirage import hexa
from dui.socle import models as socle
from soins.models import Mesure

LECTURES_COMPLETES = timedelta(days=15)
FRAICHES = timedelta(hours=36)
JOURNAL_JOURS = 7
# Last trace of each shift before the visit: what « depuis mon dernier poste » starts from.
DERNIER_POSTE = {"soir": (2, 21, 10), "matin": (1, 14, 20), "nuit": (1, 7, 5), "jour": (1, 17, 25)}
PAGES = (
    ("TRA", "voir", "accompagnement:transmissions", ("AS", "IDE", "IDEC", "EDUCATEUR")),
    ("TRA", "saisir", "accompagnement:transmission_nouvelle", ("AS", "IDE", "EDUCATEUR")),
    ("ID", "voir", "dossier", ("AS", "IDE", "IDEC", "EDUCATEUR", "MEDCO", "PSYCHOLOGUE")),
    ("CST", "voir", "soins:constantes", ("IDE", "MEDCO", "AS")),
    ("ENT", "voir", "administratif:entourage", ("SECRETAIRE", "IDEC", "IDE")),
)


class LignesDeTraces:
    def __init__(self, monde):
        self.monde = monde
        t = self.tables = {}
        t["absence"] = Table(
            Absence, "id", "dossier", "sejour", "motif", "lieu", "debut", "retour_prevu", "fin",
            "saisie_par",
        )  # fmt: skip
        t["transmission"] = Table(
            Transmission, "id", "dossier", "unite", "auteur", "fonction", "forme", "cible",
            "donnees", "actions", "resultat", "texte", "importance", "destinataires", "survenu_le",
            "ecrit_le", "communicable_le", "version", "courante", "remplace", "motif_correction",
            "cle_saisie", "reserve",
        )  # fmt: skip
        t["mesure"] = Table(
            Mesure, "id", "dossier", "code", "valeur", "mesuree_le", "ecrite_le", "auteur",
            "cle_saisie",
        )  # fmt: skip
        t["lecture"] = Table(Lecture, "transmission", "compte", "lu_le")
        t["evenement"] = Table(socle.Evenement, "type", "dossier", "acteur", "survenu_le", "charge")
        t["journal"] = Table(
            socle.EntreeJournal, "horodatage", "acteur", "dossier", "bloc", "action", "cible",
            "titre_acces", "contexte",
        )  # fmt: skip
        t["brouillon"] = Table(
            socle.Brouillon, "id", "compte", "formulaire", "dossier", "objet", "chemin", "saisies",
            "extrait", "modifie_le",
        )  # fmt: skip
        self.journal = []
        self.lues = set()  # (transmission, account): a scenario may have said who read it
        self.reference = magnolia.reference(monde.maintenant)
        self.scenes = {}
        for scene in magnolia.scenes(monde.maintenant):
            self.scenes.setdefault(scene.personne, []).append(scene)
        self.voisins = {}
        for p in monde.personnes:
            if not p.sortie and p.entree <= monde.jour:
                self.voisins.setdefault(p.unite.id, []).append(p)

    # ------------------------------------------------------------ one person

    def personne(self, p):
        a = self.monde.alea("fil", p.dossier)
        if p.entree > self.monde.jour or (p.sortie and p.sortie <= self.monde.debut):
            return
        scenes = self._scenes_de(p)
        fil = Fil(
            p,
            a,
            debut=self.monde.debut,
            maintenant=self.monde.maintenant,
            service=self.monde.service,
            voisins=self._voisins(p, a),
            calme_depuis=(self.reference - timedelta(days=9)).date() if _figee(p) else None,
            silence=self._silence(scenes),
        )
        marie = _figee(p) and (p.nom, p.prenom) == ("DURAND", "Marie")
        if marie:
            self._corps_de_marie(fil)
        traces = fil.ecrire()
        if _figee(p):
            self._jouer(p, a, traces, scenes)
        if marie:
            self._mesures_de_marie(a, traces)
        self._ecrire(p, a, traces)

    def _voisins(self, p, a):
        if p.genre == "ssiad":
            return ("sa voisine",)
        autres = [v for v in self.voisins.get(p.unite.id, ()) if v is not p]
        presents = [v for v in autres if "leve" in v.traits and "parle" in v.traits] or autres
        return [v.appelee for v in a.sample(presents, min(4, len(presents)))]

    def _ecrire(self, p, a, traces):
        for n in traces.notes:
            self._transmission(p, n, a)
        for m in traces.mesures:
            self.tables["mesure"].ajouter(
                m.id, p.dossier, m.code, m.valeur, m.mesuree, m.mesuree, m.auteur.numero, m.cle
            )
        for ab in traces.absences:
            self.tables["absence"].ajouter(
                ab.id, p.dossier, p.sejour, ab.motif, LIEUX[ab.motif], ab.debut, ab.retour_prevu,
                ab.fin, ab.auteur.numero,
            )  # fmt: skip
            self.tables["evenement"].ajouter(
                "absence.declaree", p.dossier, ab.auteur.numero, ab.debut,
                {"absence": str(uuid.UUID(ab.id))},
            )  # fmt: skip
        if not p.sortie:
            self._consulter(p, a)

    def _transmission(self, p, n, a):
        parties = (*n.parties, "", "")[:3] if n.forme == "ciblee" else ("", "", "")
        recit = n.parties[0] if n.forme == "recit" else ""
        corrigee = a.random() < 0.004 and n.forme == "ciblee" and not n.communicable
        commun = (
            p.dossier, p.unite.id, n.auteur.numero, n.auteur.fonction, n.forme, n.cible,
        )  # fmt: skip
        suite = (n.importance, n.destinataires, n.survenu)
        ligne = self.tables["transmission"].ajouter
        avant = None
        if corrigee:
            avant = hexa(a)
            coquille = parties[0].replace(".", "", 1)
            ligne(
                avant, *commun, coquille, *parties[1:], recit, *suite, n.ecrit, None, 1, False,
                None, "", hexa(a), n.reserve,
            )  # fmt: skip
        ecrit = n.ecrit
        if corrigee:
            ecrit = min(n.ecrit + timedelta(minutes=9), self.monde.maintenant)
        ligne(
            n.id, *commun, *parties, recit, *suite, ecrit, n.communicable, 2 if corrigee else 1,
            True, avant, "Phrase complétée" if corrigee else "", hexa(a),
            n.reserve,
        )  # fmt: skip
        if n.importance != "courante":
            self._faire_lire(p, n, a)

    def _faire_lire(self, p, n, a):
        """Old ones are read; those of the last day and a half wait for the visitor."""
        age = self.monde.maintenant - n.ecrit
        listes = self.monde.service.listes
        equipe = [
            e
            for metier in ("IDE", "AS", "EDUCATEUR", "IDEC")
            for e in listes.get((p.unite.id, metier, ""), ())
            if e is not n.auteur
        ]
        if not equipe:
            return
        if age < FRAICHES:
            lecteurs = [e for e in a.sample(equipe, min(2, len(equipe))) if not e.vitrine]
        elif age < LECTURES_COMPLETES:
            lecteurs = equipe
        else:
            lecteurs = a.sample(equipe, min(3, len(equipe)))
        delai = min(age, timedelta(hours=30))
        for e in lecteurs:
            lu = n.ecrit + delai * (0.05 + 0.9 * a.random())
            self._lire(n.id, e, lu.replace(microsecond=0))

    def _lire(self, note, employe, instant):
        if (note, employe.numero) not in self.lues:
            self.lues.add((note, employe.numero))
            self.tables["lecture"].ajouter(note, employe.numero, instant)

    def _consulter(self, p, a):
        """Readings of the last days, by those who were there."""
        listes = self.monde.service.listes
        for _ in range(a.randint(6, 14)):
            bloc, action, page, metiers = a.choice(PAGES)
            equipe = listes.get((p.unite.id, a.choice(metiers), ""))
            if not equipe:
                continue
            acteur = a.choice(equipe)
            fin = self.dernier_poste(acteur)
            quand = fin - timedelta(days=a.randint(0, JOURNAL_JOURS), seconds=a.randint(60, 21000))
            self.journal.append((quand, acteur.numero, p.dossier, bloc, action, page))

    # ------------------------------------------------------------ the unit of the screenshots

    def _scenes_de(self, p):
        if not _figee(p):
            return []
        return [s for cle in (p.nom, f"{p.nom} {p.prenom}") for s in self.scenes.get(cle, ())]

    def _silence(self, scenes):
        """When a scenario tells the last two days, ordinary texts keep out of them."""
        debut = self.reference.replace(hour=0, minute=0) - timedelta(days=1)
        return (debut, self.reference) if any(s.quand >= debut for s in scenes) else None

    def _jouer(self, p, a, traces, scenes):
        for s in scenes:
            parties = tuple(s.fragment.parties)
            communicable = s.quand if s.partagee else None
            avance = timedelta(minutes=10 if s.fragment.cible == "chute" else 0)
            note = Note(
                hexa(a), self.monde.employe(s.auteur), "ciblee", s.fragment.cible,
                tuple(_typographier(x) for x in parties), s.fragment.importance,
                s.fragment.destinataires, s.quand - avance, s.quand,
                communicable, s.reserve,
            )  # fmt: skip
            if p.nom == "DURAND" and s.quand.hour == 12 and s.quand.date() == self.reference.date():
                note.ecrit = self.reference - timedelta(minutes=4)  # done 12:35, written 14:08
            traces.notes.append(note)
            if p.nom == "VASSEUR" and s.fragment.importance == "importante":
                claire = self.monde.employe("Claire Martin")
                lu = self.reference.replace(hour=13, minute=36)
                self._lire(note.id, claire, lu)
        if p.nom == "CHEVALIER":
            self._mesure(a, traces, "glycemie", 0.58, self.reference.replace(hour=13, minute=40))
        if p.nom == "HAMON":
            debut = self.reference.replace(hour=8, minute=50)
            traces.absences.append(self._absence(a, "AH", debut, None))
            self._mesure(a, traces, "spo2", 86, debut - timedelta(minutes=20))
        if p.nom == "NGUYEN":
            debut = self.reference.replace(hour=10, minute=0) - timedelta(days=1)
            retour = datetime.combine(self.monde.jour, time(17))
            if retour <= self.monde.maintenant:
                retour += timedelta(days=1)
            traces.absences.append(self._absence(a, "AW", debut, retour))
        if p.nom in ("HAMON", "NGUYEN"):
            parti = traces.absences[-1].debut
            traces.notes = [n for n in traces.notes if n.ecrit <= parti]
            traces.mesures = [m for m in traces.mesures if m.mesuree <= parti]
        traces.notes.sort(key=lambda n: n.ecrit)

    def _absence(self, a, motif, debut, retour):
        auteur = self.monde.employe("Élise Roux")
        return AbsenceEcrite(hexa(a), motif, debut, retour, None, auteur)

    def _mesure(self, a, traces, code, valeur, quand, cle=None):
        auteur = self.monde.employe("Claire Martin" if quand.hour >= 13 else "Élise Roux")
        traces.mesures.append(MesureEcrite(hexa(a), cle or hexa(a), code, valeur, quand, auteur))

    def _corps_de_marie(self, fil):
        jour = self.reference.date()
        fil.corps.pesees = {
            jour - timedelta(days=recul): kg for recul, kg in magnolia.POIDS_DE_MARIE.items()
        }
        fil.programmer = False

    def _mesures_de_marie(self, a, traces):
        jour = self.reference.date()
        for recul, kg in magnolia.POIDS_DE_MARIE.items():
            self._mesure(a, traces, "poids", kg, a_l_heure(jour - timedelta(days=recul), 545))
        self._mesure(a, traces, "taille", 160, a_l_heure(jour - timedelta(days=306), 550))
        for recul, pas, pad in magnolia.TENSIONS_DE_MARIE:
            quand, cle = a_l_heure(jour - timedelta(days=recul), 18 * 60), hexa(a)
            valeurs = [("pas", pas), ("pad", pad), ("fc", 68 if recul == 1 else a.randint(64, 78))]
            if recul == 1:
                valeurs += [("temperature", 36.8), ("spo2", 96)]
            for code, valeur in valeurs:
                self._mesure(a, traces, code, valeur, quand, cle)

    # ------------------------------------------------------------ journal, drafts

    def dernier_poste(self, employe) -> datetime:
        jours, heure, minute = DERNIER_POSTE[employe.equipe]
        jour = self.monde.jour - timedelta(days=jours)
        return datetime.combine(jour, time(heure, minute))

    def journal_des_comptes(self):
        for e in self.monde.employes:
            fin = self.dernier_poste(e)
            for jours in (4, 3, 0):
                depart = fin - timedelta(days=jours)
                prise = depart - timedelta(hours=7, minutes=25)
                self.journal.append((prise, e.numero, None, "", "connexion", ""))
                self.journal.append((depart, e.numero, None, "", "deconnexion", ""))
        self.journal.sort(key=lambda ligne: (ligne[0], ligne[1]))
        ajouter = self.tables["journal"].ajouter
        for quand, acteur, dossier, bloc, action, page in self.journal:
            titre = "affectation" if dossier else ""
            poste = {"adresse": f"192.0.2.{acteur % 250 + 1}"}
            ajouter(quand, acteur, dossier, bloc, action, page, titre, poste)
        self.journal.clear()

    def brouillons(self):
        claire = self.monde.employe("Claire Martin")
        a = self.monde.alea("brouillons")
        for nom, prenom, minutes, cible, donnees in (
            ("DURAND", "Marie", 9, "alimentation",
             "Repas de midi : un tiers du plat, dessert refusé. "
             "Dit : « Je n’ai plus faim, ce n’est pas la peine. »"),
            ("AUBERT", "Lucien", 25, "chute",
             "Contrôle neurologique de 13:30 : conscient, pupilles égales, "
             "maux de tête en baisse."),
        ):  # fmt: skip
            p = next(
                x for x in self.monde.personnes if _figee(x) and (x.nom, x.prenom) == (nom, prenom)
            )
            cle, ident = uuid.UUID(hexa(a)), uuid.UUID(hexa(a))
            saisies = {
                "cle_saisie": [str(cle)], "forme": ["ciblee"], "cible": [cible],
                "donnees": [donnees], "actions": [""], "resultat": [""], "texte": [""],
                "importance": ["courante"],
            }  # fmt: skip
            chemin = f"/dossiers/{p.dossier}/transmissions/nouvelle/"
            self.tables["brouillon"].ajouter(
                ident, claire.numero, "Nouvelle transmission", p.dossier, str(cle), chemin, saisies,
                donnees, self.monde.maintenant - timedelta(minutes=minutes),
            )  # fmt: skip


def _figee(p) -> bool:
    return p.maison.vitrine and "fige" in p.traits


def _typographier(texte):
    from dui.demonstration.moteur import typographie

    return typographie(texte)
