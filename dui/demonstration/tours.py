"""The plan of everyday acts of each resident, and the rounds of the last weeks, by COPY."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accompagnement.models import Absence
from dui.demonstration.copie import Table, copier
from dui.demonstration.tirage import alea, hexa
from dui.socle.models import Compte, Sejour
from soins.models import ActePlanifie, ActeRealise
from soins.tours import lectures, listes

SEMAINES = timedelta(days=28)
ECARTS = 0.035
MOTIFS = (("refus", 34), ("fatigue", 18), ("douleur", 8), ("sommeil", 14), ("temps", 6),
          ("partie", 12), ("seul", 5), ("autrement", 3))  # fmt: skip
PRECISIONS = {
    "partie": ("Haut du corps seulement.", "La moitié du verre.", "Jusqu’au couloir."),
    "autrement": ("Au lit, à sa demande.", "Avec sa fille.", "Assise au bord du lit."),
}
TOUS, TOILETTES = list(range(1, 8)), [1, 3, 5, 6, 7]
# (act, moments, days, from which GIR it is due, help)
EHPAD = (
    ("lever", ["matin"], TOUS, (1, 4), "partielle"),
    ("toilette_lit", ["matin"], TOUS, (1, 1), "totale"),
    ("toilette", ["matin"], TOILETTES, (2, 5), "partielle"),
    ("douche", ["matin"], [2], (2, 5), "partielle"),
    ("habillage", ["matin"], TOUS, (1, 4), "partielle"),
    ("change", ["matin", "apres_midi", "soir", "nuit"], TOUS, (1, 3), "totale"),
    ("hydratation", ["matin", "apres_midi"], TOUS, (1, 6), "stimulation"),
    ("installation_repas", ["midi", "soir"], TOUS, (1, 4), "partielle"),
    ("repas", ["midi", "soir"], TOUS, (1, 2), "totale"),
    ("position", ["apres_midi", "nuit"], TOUS, (1, 2), "totale"),
    ("marche", ["apres_midi"], TOUS, (3, 5), "partielle"),
    ("coucher", ["soir"], TOUS, (1, 4), "partielle"),
    ("passage_nuit", ["nuit"], TOUS, (1, 6), ""),
)
SSIAD = (
    ("toilette", ["matin"], [1, 2, 3, 4, 5, 6], (1, 6), "partielle"),
    ("habillage", ["matin"], [1, 2, 3, 4, 5, 6], (1, 6), "partielle"),
    ("bas_pose", ["matin"], [1, 2, 3, 4, 5, 6], (4, 6), "totale"),
    ("coucher", ["soir"], TOUS, (1, 2), "partielle"),
)
PLANS = {"PA": EHPAD, "DOM": SSIAD}


def ecrire(graine: int) -> int:
    planifies = Table(
        ActePlanifie, "id", "dossier", "code", "consigne", "aide", "objectif", "jours", "moments",
        "debut", "saisi_par",
    )  # fmt: skip
    realises = Table(
        ActeRealise, "dossier", "acte", "unite", "jour", "moment", "code", "issue", "motif",
        "precision", "fait_le", "ecrit_le", "auteur", "fonction", "cle_saisie",
    )  # fmt: skip
    ecrivain = _Ecrivain(graine, planifies, realises)
    sejours = Sejour.objects.en_cours().filter(etablissement__domaine__in=PLANS)
    sejours = sejours.exclude(unite=None).select_related("dossier", "etablissement")
    for sejour in sejours.order_by("etablissement", "unite", "dossier__numero"):
        ecrivain.personne(sejour)
    nombre = len(realises.lignes)
    with connection.cursor() as curseur:
        lots = [(planifies.ordre, planifies.prendre()), (realises.ordre, realises.prendre())]
        copier(curseur.cursor, lots)
        curseur.execute(
            "SELECT setval(pg_get_serial_sequence('soins_acteplanifie', 'id'), "
            "greatest(max(id), 1)) FROM soins_acteplanifie"
        )
    return nombre


class _Ecrivain:
    def __init__(self, graine, planifies, realises):
        self.graine, self.planifies, self.realises = graine, planifies, realises
        self.numero = 0
        self.maintenant = timezone.now()
        self.jour, self.moment = lectures.en_ce_moment()
        self.equipes: dict = {}
        self.cles: dict = {}
        self.absences: dict = {}
        for a in Absence.objects.filter(debut__gte=self.maintenant - 4 * SEMAINES).order_by("pk"):
            self.absences.setdefault(a.dossier_id, []).append((a.debut, a.fin))

    def personne(self, sejour):
        a = alea(self.graine, "tours", sejour.dossier.numero)
        plan, gir = PLANS[sejour.etablissement.domaine], sejour.dossier.gir or 4
        infirmiere, aides = self._equipe(sejour.etablissement_id)
        if not aides or not infirmiere:
            return
        depuis = max(sejour.entree_le, self.jour - SEMAINES)
        for code, moments, jours, (bas, haut), aide in plan:
            if not bas <= gir <= haut:
                continue
            self.numero += 1
            self.planifies.ajouter(
                self.numero, sejour.dossier_id, code, "", aide, "", list(map(str, jours)), moments,
                sejour.entree_le, infirmiere,
            )  # fmt: skip
            self._tours(a, sejour, aides, (code, moments, jours, depuis))

    def _tours(self, a, sejour, aides, acte):
        code, moments, jours, depuis = acte
        jour = depuis
        while jour <= self.jour:
            if jour.isoweekday() in jours:
                for moment in moments:
                    self._realiser(a, sejour, aides, code, jour, listes.moments()[moment])
            jour += timedelta(days=1)

    def _realiser(self, a, sejour, aides, code, jour, moment):
        """The round in progress and those to come stay to be done."""
        fin = lectures.instants(jour, moment)[1]
        if fin > self.maintenant or (jour, moment) == (self.jour, self.moment):
            return
        cle, auteur, fait_le, ecrit_le = self._passage(sejour.unite_id, jour, moment, aides)
        if any(d <= fait_le and (f is None or f > fait_le) for d, f in self._parti(sejour)):
            return
        motif = issue = precision = ""
        if a.random() < ECARTS:
            motif = a.choices([m for m, _ in MOTIFS], [p for _, p in MOTIFS])[0]
            issue, precision = listes.issue(motif), a.choice(PRECISIONS.get(motif, ("",)))
        self.realises.ajouter(
            sejour.dossier_id, self.numero, sejour.unite_id, jour, moment.code, code,
            issue or "fait", motif, precision, fait_le.isoformat(), ecrit_le.isoformat(), auteur,
            "AS", cle,
        )  # fmt: skip

    def _passage(self, unite, jour, moment, aides):
        """One validation for the whole round of a unit; one in nine is typed after the fact."""
        if (unite, jour, moment.code) not in self.cles:
            a = alea(self.graine, "passage", str(unite), jour.isoformat(), moment.code)
            fin = lectures.instants(jour, moment)[1]
            fait_le = fin - timedelta(minutes=a.randint(20, 70))
            tard = a.randint(65, 150) if a.random() < 0.11 else a.randint(1, 25)
            ecrit_le = min(fait_le + timedelta(minutes=tard), self.maintenant)
            auteur = a.choice(aides)
            self.cles[unite, jour, moment.code] = UUID(hexa(a)), auteur, fait_le, ecrit_le
        return self.cles[unite, jour, moment.code]

    def _parti(self, sejour) -> list[tuple[datetime, datetime | None]]:
        return self.absences.get(sejour.dossier_id, [])

    def _equipe(self, etablissement):
        """(a nurse, the care assistants) of the house."""
        if etablissement not in self.equipes:
            ici = Compte.objects.filter(affectations__etablissement=etablissement)
            infirmiere = ici.filter(affectations__role="IDE").order_by("pk").first()
            aides = ici.filter(affectations__role="AS").order_by("pk").distinct()
            cles = list(aides.values_list("pk", flat=True))
            self.equipes[etablissement] = infirmiere and infirmiere.pk, cles
        return self.equipes[etablissement]
