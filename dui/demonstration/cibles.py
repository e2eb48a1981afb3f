"""Targets that a team follows, what is left to do, and who helps the referent: in the first house
of each kind, after the ordinary traces. By COPY, as everything that is invented."""

import json
from datetime import datetime, time, timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone

from accompagnement.cibles import catalogue, regles
from accompagnement.models import Cible, Transmission
from dui.demonstration.copie import Table, copier
from dui.demonstration.tirage import alea, identifiant
from dui.socle import taches
from dui.socle.models import Etablissement, Sejour, Tache
from habilitations.models import Affectation, MembreEquipe

CORPUS = Path(__file__).parent / "corpus/cibles.json"
GENRES = {"PA": "ehpad", "PH": "ime", "DOM": "ssiad"}
UN_SUR = 3  # residents with a target


class Lignes:
    def __init__(self):
        self.cibles = Table(
            Cible, "id", "dossier", "code", "intitule", "etat", "reserve", "ouverte_le",
            "ouverte_par", "nouvelles_le", "relance_le", "a_relancer_le", "close_le",
        )  # fmt: skip
        self.transmissions = Table(
            Transmission, "id", "dossier", "unite", "auteur", "fonction", "forme", "cible",
            "donnees", "actions", "resultat", "texte", "importance", "survenu_le", "ecrit_le",
            "cle_saisie", "cible_suivie", "macrocible", "rubriques",
        )  # fmt: skip
        self.taches = Table(
            Tache, "id", "titre", "dossier", "bloc", "source_type", "source_id", "role",
            "etablissement", "unite", "echeance_le", "creee_par", "fonction", "creee_le",
            "cle_saisie",
        )  # fmt: skip
        self.equipe = Table(MembreEquipe, "compte", "dossier", "perimetre", "coreferent", "debut")

    def copier(self):
        tables = (self.cibles, self.transmissions, self.taches, self.equipe)
        with connection.cursor() as curseur:
            copier(curseur.cursor, [(t.ordre, t.prendre()) for t in tables])


def ecrire(graine: int) -> None:
    corpus, lignes = json.loads(CORPUS.read_text(encoding="utf-8")), Lignes()
    for domaine, genre in GENRES.items():
        maison = Etablissement.objects.filter(domaine=domaine).order_by("pk").first()
        if maison:
            Maison(lignes, maison, corpus, genre).ecrire(graine)
    lignes.copier()


class Maison:
    def __init__(self, lignes, maison, corpus, genre):
        self.lignes, self.maison, self.genre = lignes, maison, genre
        self.scenarios, self.macrocible = corpus[genre], corpus["macrocible"]
        self.roles: dict[tuple, list[int]] = {}
        ici = Affectation.objects.en_cours().filter(etablissement=maison).select_related("role")
        self.fonctions = {}
        for a in ici.order_by("pk"):
            self.roles.setdefault((a.unite_id, a.role_id), []).append(a.compte_id)
            self.roles.setdefault((None, a.role_id), []).append(a.compte_id)
            self.fonctions[a.role_id] = a.role.fonction_courte

    def auteur(self, a, sejour, role) -> int | None:
        choix = self.roles.get((sejour.unite_id, role)) or self.roles.get((None, role))
        return a.choice(choix) if choix else None

    def ecrire(self, graine):
        sejours = Sejour.objects.en_cours().filter(etablissement=self.maison)
        for rang, sejour in enumerate(sejours.order_by("unite__ordre", "place__ordre", "pk")):
            a = alea(graine, "cibles", str(sejour.dossier_id))
            self._aider_le_referent(a, sejour)
            recent = (timezone.localdate() - sejour.entree_le).days < 40
            if rang % UN_SUR == 1 and not recent:
                self._cible(a, sejour, self.scenarios[rang // UN_SUR % len(self.scenarios)])
            if rang == 2 and self.genre == "ehpad":
                self._macrocible(a, sejour)

    def _aider_le_referent(self, a, sejour):
        deja = MembreEquipe.objects.filter(dossier=sejour.dossier_id)
        role = "EDUCATEUR" if self.genre == "ime" else "IDE"
        compte = self.auteur(a, sejour, role)
        if compte and not deja.filter(compte=compte).exists():
            perimetre = "educatif" if self.genre == "ime" else "soins"
            debut = max(sejour.entree_le, timezone.localdate() - timedelta(days=300))
            self.lignes.equipe.ajouter(compte, sejour.dossier_id, perimetre, True, debut)

    def _cible(self, a, sejour, scenario):
        lignes = [x for x in scenario["lignes"] if self.auteur(a, sejour, x[1])]
        if not lignes:
            return
        cle, jour = identifiant(a), timezone.localdate()
        instants = [_instant(a, jour - timedelta(days=x[0])) for x in lignes]
        auteurs = [self.auteur(a, sejour, x[1]) for x in lignes]
        relance = scenario["relance"]
        relance_le = jour + timedelta(days=relance) if relance is not None else None
        delai = catalogue.delai_de_relance(scenario["code"])
        close = instants[-1] if scenario.get("close") else None
        self.lignes.cibles.ajouter(
            cle, sejour.dossier_id, scenario["code"], scenario["intitule"],
            scenario.get("close", Cible.Etat.OUVERTE.value), "", instants[0], auteurs[0],
            instants[-1], relance_le,
            regles.echeance(timezone.localdate(instants[-1]), delai, relance_le), close,
        )  # fmt: skip
        for (_, role, *parties), quand, auteur in zip(lignes, instants, auteurs, strict=True):
            derniere = self._transmission(
                a,
                sejour,
                (auteur, role),
                quand,
                cible=scenario["code"],
                parties=parties,
                suivie=cle,
            )
        if suite := scenario["suite"]:
            self._suite(a, sejour, suite, derniere, auteurs[-1], instants[-1])

    def _transmission(
        self, a, sejour, qui, quand, *, cible="", parties=("", "", ""), suivie=None, macro=None
    ):
        cle, (auteur, role) = identifiant(a), qui
        forme, moment, rubriques, texte = "ciblee", "", {}, ""
        if macro:
            forme, moment, rubriques = "macro", macro["moment"], macro["rubriques"]
            noms = {r.code: r.libelle for r in catalogue.moments()[moment].rubriques}
            texte = "\n".join(f"{noms[c]} : {t}" for c, t in rubriques.items())
        self.lignes.transmissions.ajouter(
            cle, sejour.dossier_id, sejour.unite_id, auteur, self.fonctions[role], forme, cible,
            *parties, texte, "importante" if macro else "courante", quand,
            quand + timedelta(minutes=8), identifiant(a), suivie, moment, rubriques,
        )  # fmt: skip
        return cle

    def _macrocible(self, a, sejour):
        role = self.macrocible["role"]
        quand = _instant(a, timezone.localdate() - timedelta(days=self.macrocible["jours"]))
        if auteur := self.auteur(a, sejour, role):
            self._transmission(a, sejour, (auteur, role), quand, macro=self.macrocible)

    def _suite(self, a, sejour, suite, source, auteur, quand):
        titre, role, jours = suite
        le = taches.fin_de_journee(timezone.localdate() + timedelta(days=jours))
        self.lignes.taches.ajouter(
            identifiant(a), titre, sejour.dossier_id, "TRA", "transmission", source, role,
            self.maison.pk, sejour.unite_id, le, auteur, "", quand, identifiant(a),
        )  # fmt: skip


def _instant(a, jour):
    heure = time(a.randint(8, 11), a.randint(0, 59))
    return timezone.make_aware(datetime.combine(jour, heure))
