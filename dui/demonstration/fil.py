"""The thread of one person over a year: episodes that hold together, and ordinary days between."""

from collections import deque
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from dui.demonstration import constantes, rythme, textes
from dui.demonstration.entourage import mots
from dui.demonstration.moteur import Plume
from dui.demonstration.tirage import Urne, hexa

FRAGMENTS = {
    "ehpad": ("ehpad_quotidien.txt", "ehpad_metiers.txt"),
    "ime": ("ime.txt",),
    "ssiad": ("ssiad.txt",),
}
EPISODES = {
    "ehpad": ("ehpad_episodes.txt",),
    "ime": ("autres_episodes.txt",),
    "ssiad": ("autres_episodes.txt",),
}
EPISODES_PAR_AN = {"ehpad": 14, "ime": 6, "ssiad": 4}
# On the first days of an episode, an ordinary text about these would contradict it.
DISCRETES = frozenset(["autonomie", "elimination", "famille", "hydratation", "peau"])
MOTIFS = {"hopital": "AH", "famille": "AW"}
LIEUX = {"AH": "Centre hospitalier de Saumur", "AW": "En famille"}
MINUIT = time(0)
MINUTE = timedelta(minutes=1)


@dataclass
class Note:
    """A transmission to come; times are naive, in the time zone of the house."""

    id: str
    auteur: object
    forme: str
    cible: str
    parties: tuple
    importance: str
    destinataires: tuple
    survenu: datetime
    ecrit: datetime
    communicable: datetime | None = None
    reserve: str = ""


@dataclass
class Mesure:
    id: str
    cle: str
    code: str
    valeur: float
    mesuree: datetime
    auteur: object


@dataclass
class Absence:
    id: str
    motif: str
    debut: datetime
    retour_prevu: datetime | None
    fin: datetime | None
    auteur: object


@dataclass
class Traces:
    notes: list = field(default_factory=list)
    mesures: list = field(default_factory=list)
    absences: list = field(default_factory=list)


def a_l_heure(jour: date, minute: int) -> datetime:
    return datetime.combine(jour, MINUIT) + MINUTE * minute


def vacances(jour: date) -> bool:
    return jour.month == 8 or (jour.month, jour.day) >= (12, 21) or (jour.month, jour.day) <= (1, 3)


class Fil:
    """`debut` and `maintenant` bound the traces; `service` says who is on duty.

    No episode after `calme_depuis`; no ordinary text within `silence`, where a scenario speaks.
    """

    def __init__(
        self, p, alea, *, debut, maintenant, service, voisins=(), calme_depuis=None, silence=None
    ):
        self.p, self.alea, self.service = p, alea, service
        self.maintenant = maintenant
        self.debut, self.fin = max(debut, p.entree), min(maintenant.date(), p.sortie or date.max)
        self.traits = frozenset(p.traits)
        self.traces = Traces()
        self.recents = deque(maxlen=14)
        self.silence, self.programmer = silence, True
        self.prevus = self._prevoir()
        if calme_depuis:
            avant = [(j, e) for j, e in self.prevus if j + timedelta(days=e.duree) < calme_depuis]
            self.prevus = avant
        pertes = [
            (jour, float(e.effets["poids"])) for jour, e in self.prevus if "poids" in e.effets
        ]
        self.corps = constantes.Corps(p, alea, self.debut, self.fin, pertes)
        self.releve = constantes.Releve(self.corps)
        contexte = mots(p, voisins=voisins) | self.releve.mots()
        self.plume = Plume(alea, p.feminin, textes.lexique("lexique.txt"), contexte)
        self.voisins = voisins
        self.urnes = self._urnes()
        self.absents, self.agites = set(), set()

    # ------------------------------------------------------------ what will happen

    def _urnes(self):
        """One urn by moment of the day, of what suits this person."""
        par_moment = {}
        for fichier in FRAGMENTS[self.p.genre]:
            for fragment in textes.fragments(fichier):
                if fragment.convient(self.traits):
                    for moment in fragment.moments:
                        par_moment.setdefault(moment, []).append(fragment)
        return {m: Urne(f, [x.poids for x in f]) for m, f in par_moment.items()}

    def _prevoir(self):
        """Episodes drawn for the year, never two at a time."""
        possibles = [
            e
            for fichier in EPISODES[self.p.genre]
            for e in textes.episodes(fichier)
            if e.domaine == self.p.maison.domaine
            and e.si <= self.traits
            and not e.sauf & self.traits
        ]
        jours = (self.fin - self.debut).days
        prevus, libre = [], self.debut
        if self.p.entree >= self.debut and self.p.genre == "ehpad":
            accueil = next(e for e in textes.episodes("ehpad_episodes.txt") if e.code == "entree")
            prevus.append((self.p.entree, accueil))
            libre = self.p.entree + timedelta(days=accueil.duree)
        tirables = [e for e in possibles if e.poids > 0]
        if not tirables:
            return prevus
        nombre = rythme.nombre_du_jour(self.alea, EPISODES_PAR_AN[self.p.genre] * jours / 365)
        departs = sorted(int(self.alea.random() * max(jours - 1, 1)) for _ in range(nombre))
        urne = Urne(tirables, [e.poids for e in tirables])
        for depart in departs:
            jour = self.debut + timedelta(days=depart)
            if self.p.genre == "ime":
                jour -= timedelta(days=jour.weekday())
            if jour < libre or (self.p.genre == "ime" and vacances(jour)):
                continue
            episode = urne.tirer(self.alea)
            if episode.code == "canicule" and jour.month not in (6, 7, 8):
                continue
            prevus.append((jour, episode))
            libre = jour + timedelta(days=episode.duree + 2)
        return prevus

    # ------------------------------------------------------------ writing

    def ecrire(self) -> Traces:
        for jour, episode in self.prevus:
            self._absence(jour, episode)
            for scene in episode.scenes:
                le = jour + timedelta(days=scene.jour)
                minute = rythme.minute_du_moment(self.alea, scene.moment)
                if self.p.genre == "ime" and le.weekday() > 4:
                    le += timedelta(days=7 - le.weekday())
                self._noter(scene.fragment, scene.role, le, minute, retard=False)
                if scene.jour < 3:
                    self.agites.add(le)
        self._quotidien()
        if self.programmer:
            self._programme()
        self.traces.notes.sort(key=lambda n: n.ecrit)
        return self.traces

    def _absence(self, jour, episode):
        effet = episode.effets.get("absence")
        if not effet:
            return
        lieu, _, bornes = effet.partition(":")
        depart, retour = (jour + timedelta(days=int(j)) for j in bornes.split("-"))
        debut = a_l_heure(jour, 17 * 60) if lieu == "hopital" else a_l_heure(depart, 10 * 60)
        prevu = a_l_heure(retour, 15 * 60 if lieu == "hopital" else 17 * 60 + 30)
        if debut > self.maintenant or depart > self.fin:
            return
        auteur = self._auteur("IDE", jour, 600)
        if auteur is None:
            return
        fin = prevu if prevu < self.maintenant else None
        motif = MOTIFS[lieu]
        absence = Absence(hexa(self.alea), motif, debut, prevu, fin, auteur)
        self.traces.absences.append(absence)
        entre = depart
        while entre < retour:
            self.absents.add(entre)
            entre += timedelta(days=1)

    def _quotidien(self):
        jour, p = self.debut, self.p
        scolaire = p.genre == "ime"
        while jour <= self.fin:
            ouvert = not scolaire or (jour.weekday() < 5 and not vacances(jour))
            if ouvert and jour not in self.absents:
                faits = set()
                for _ in range(rythme.nombre_du_jour(self.alea, p.intensite)):
                    self._ordinaire(jour, faits)
            jour += timedelta(days=1)

    def _ordinaire(self, jour, faits):
        minute = rythme.minute_du_jour(self.alea, self.p.maison.domaine)
        moment = rythme.moment(minute)
        urne = self.urnes.get(moment)
        quand = a_l_heure(jour, minute)
        if not urne or quand > self.maintenant:
            return
        if self.silence and self.silence[0] <= quand <= self.silence[1]:
            return
        for _ in range(6):
            fragment = urne.tirer(self.alea)
            sujet = (fragment.cible, moment)
            if sujet in faits or fragment in self.recents:
                continue
            if jour in self.agites and fragment.cible not in DISCRETES:
                continue
            role = next(iter(fragment.roles))
            if self._noter(fragment, role, jour, minute):
                faits.add(sujet)
                self.recents.append(fragment)
                return

    def _noter(self, fragment, role, jour, minute, retard=True) -> bool:
        ecrit = a_l_heure(jour, minute) + timedelta(seconds=int(self.alea.random() * 60))
        if ecrit > self.maintenant or jour > self.fin or jour < self.debut:
            return False
        auteur = self._auteur(role, jour, minute)
        if auteur is None:
            return False
        partagee = fragment.cible == "vie_sociale" and (self.maintenant - ecrit).days < 60
        if self.voisins:
            i = int(self.alea.random() * len(self.voisins))
            # A family reads nothing of another resident, not even her name.
            self.plume.contexte["voisin"] = "une voisine" if partagee else self.voisins[i]
        self.releve.jour = jour
        parties = tuple(self.plume.ecrire(partie) for partie in fragment.parties)
        delai = (
            rythme.retard(self.alea, rythme.moment(minute))
            if retard
            else int(self.alea.random() * 25)
        )
        survenu = ecrit - MINUTE * delai
        note = Note(
            hexa(self.alea),
            auteur,
            "recit" if fragment.recit else "ciblee",
            fragment.cible,
            parties,
            fragment.importance,
            fragment.destinataires,
            survenu,
            ecrit,
        )
        if partagee:
            note.communicable = ecrit
        self.traces.notes.append(note)
        self._mesurer(survenu, auteur, self.releve.rendre())
        return True

    def _auteur(self, role, jour, minute):
        unite = self.p.unite.id
        return self.service.auteur(self.alea, unite, role, jour.toordinal(), minute)

    # ------------------------------------------------------------ measures

    def _mesurer(self, quand, auteur, valeurs):
        if valeurs:
            cle = hexa(self.alea)
            for code, valeur in valeurs:
                self.traces.mesures.append(
                    Mesure(hexa(self.alea), cle, code, valeur, quand, auteur)
                )

    def _programme(self):
        p, alea = self.p, self.alea
        for jour, minute, role, valeurs in constantes.programme(
            p, self.corps, alea, self.debut, self.fin
        ):
            quand = a_l_heure(jour, minute)
            if jour in self.absents or quand > self.maintenant:
                continue
            auteur = self._auteur(role, jour, minute)
            if auteur is not None:
                self._mesurer(quand, auteur, valeurs)
