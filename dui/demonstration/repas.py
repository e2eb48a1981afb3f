"""What each resident may eat, in step with their vigilances, and the meals of the last days, by
COPY; some guests on Sunday."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accompagnement.models import Absence, Alimentation, Invites, RepasServi
from accompagnement.repas import lectures, listes
from dui.demonstration.copie import Table, copier
from dui.demonstration.tirage import alea, hexa
from dui.socle.models import Compte, Sejour
from soins.models import Vigilance

JOURS = 7
DOMAINES = ("PA", "PH")
ECARTS = (("moitie", 0.06), ("peu", 0.015), ("refus", 0.015), ("exterieur", 0.005))
# label of the vigilance: texture, drink
TEXTURES = {"Texture mixée": ("mixee", "epaisse"), "Texture hachée": ("hachee", "liquide")}
REGIMES = (("sans_sel", 0.16), ("enrichi", 0.14), ("sans_porc", 0.04), ("sans_residu", 0.02))
# What the transmissions of Marie DURAND tell of her meals: (days ago, meal).
DE_MARIE = {(0, "dejeuner"): "peu", (1, "diner"): "peu", (2, "diner"): "moitie"}
SERVICE = timedelta(minutes=35)  # from the landmark hour to what is written


def ecrire(graine: int) -> int:
    prevues = Table(
        Alimentation, "id", "dossier", "texture", "boisson", "regimes", "consigne", "debut",
        "motif", "auteur", "fonction", "ecrit_le", "cle_saisie",
    )  # fmt: skip
    servis = Table(
        RepasServi, "id", "dossier", "sejour", "unite", "jour", "repas", "issue", "motif",
        "texture", "boisson", "regimes", "ecrit_le", "auteur", "fonction", "cle_saisie",
    )  # fmt: skip
    ecrivain = _Ecrivain(graine, prevues, servis)
    sejours = Sejour.objects.en_cours().filter(etablissement__domaine__in=DOMAINES)
    sejours = sejours.exclude(unite=None).select_related("dossier__usager", "etablissement")
    for sejour in sejours.order_by("etablissement", "unite", "dossier__numero"):
        ecrivain.personne(sejour)
    nombre = len(servis.lignes)
    with connection.cursor() as curseur:
        copier(curseur.cursor, [(t.ordre, t.prendre()) for t in (prevues, servis)])
    _invites()
    return nombre


class _Ecrivain:
    def __init__(self, graine, prevues, servis):
        self.graine, self.prevues, self.servis = graine, prevues, servis
        self.maintenant, self.en_cours = timezone.now(), lectures.en_ce_moment()
        self.equipes: dict = {}
        self.vigilances: dict = {}
        for v in Vigilance.objects.en_cours().filter(
            type__in=["regime", "fausse_route", "diabete"]
        ):
            self.vigilances.setdefault(v.dossier_id, {})[v.type] = v.libelle
        self.absences: dict = {}
        depuis = self.maintenant - timedelta(days=90)
        for a in Absence.objects.reelles().filter(debut__gte=depuis).order_by("pk"):
            self.absences.setdefault(a.dossier_id, []).append((a.debut, a.fin))

    def personne(self, sejour):
        a = alea(self.graine, "repas", sejour.dossier.numero)
        infirmiere, aides = self._equipe(sejour.etablissement_id)
        if not infirmiere or not aides:
            return
        texture, boisson, regimes = self._plateau(a, sejour)
        if a.random() > 0.03:  # somebody came in yesterday: nothing written yet
            self.prevues.ajouter(
                UUID(hexa(a)), sejour.dossier_id, texture, boisson, regimes, "",
                sejour.entree_le, "Évaluation à l’entrée", infirmiere, "IDE",
                _a_table(sejour.entree_le, time(17)).isoformat(), UUID(hexa(a)),
            )  # fmt: skip
        else:
            texture, boisson, regimes = "", "", []
        for recul in reversed(range(JOURS)):
            jour = timezone.localdate() - timedelta(days=recul)
            for un in listes.repas().values():
                if un.code in listes.compris(sejour.modalite) and jour >= sejour.entree_le:
                    self._servir(a, sejour, aides, (jour, un), (texture, boisson, regimes))

    def _plateau(self, a, sejour) -> tuple[str, str, list[str]]:
        dites = self.vigilances.get(sejour.dossier_id, {})
        texture, boisson = TEXTURES.get(dites.get("regime", ""), ("normale", "liquide"))
        if "fausse_route" in dites:
            boisson = "gelifiee"
            texture = "mixee" if texture == "normale" else texture
        elif texture == "normale" and sejour.etablissement.domaine == "PA" and a.random() < 0.1:
            texture = "facile"
        tires = {r for r, part in REGIMES if a.random() < part}
        if "diabete" in dites:
            tires.add("diabetique")
        return texture, boisson, listes.dans_l_ordre("regime_alimentaire", tires)

    def _servir(self, a, sejour, aides, quand, plateau):
        """The meal in progress stays to be noted."""
        jour, un = quand
        table = _a_table(jour, un.repere)
        if table + SERVICE > self.maintenant or quand == self.en_cours:
            return
        parti = self.absences.get(sejour.dossier_id, [])
        if any(d <= table and (f is None or f > table) for d, f in parti):
            return
        passage = alea(self.graine, "service", str(sejour.unite_id), f"{jour}", un.code)
        auteur, cle = passage.choice(aides), UUID(hexa(passage))
        tire, motif = a.random(), ""
        for code, part in ECARTS:
            if tire < part:
                motif = code
                break
            tire -= part
        usager = sejour.dossier.usager
        if (usager.nom_naissance, usager.premier_prenom.upper()) == ("DURAND", "MARIE"):
            motif = DE_MARIE.get(((timezone.localdate() - jour).days, un.code), "")
        issue = listes.propriete("ecart_repas", motif, "issue") if motif else "pris"
        texture, boisson, regimes = plateau
        self.servis.ajouter(
            UUID(hexa(a)), sejour.dossier_id, sejour.pk, sejour.unite_id, jour, un.code, issue,
            motif, texture, boisson, regimes, (table + SERVICE).isoformat(), auteur, "AS", cle,
        )  # fmt: skip

    def _equipe(self, etablissement):
        """(a nurse, the care assistants) of the house."""
        if etablissement not in self.equipes:
            ici = Compte.objects.filter(affectations__etablissement=etablissement)
            infirmiere = ici.filter(affectations__role="IDE").order_by("pk").first()
            aides = ici.filter(affectations__role__in=["AS", "IDE"]).order_by("pk").distinct()
            cles = list(aides.values_list("pk", flat=True))
            self.equipes[etablissement] = infirmiere and infirmiere.pk, cles
        return self.equipes[etablissement]


def _a_table(jour, heure) -> datetime:
    return timezone.make_aware(datetime.combine(jour, heure))


def _invites():
    aujourdhui = timezone.localdate()
    unites = Sejour.objects.en_cours().filter(etablissement__domaine="PA", unite__isnull=False)
    lignes = unites.order_by("unite").values_list("unite", flat=True).distinct()
    auteur = Compte.objects.filter(affectations__role="SECRETAIRE").order_by("pk").first()
    if auteur:
        Invites.objects.bulk_create(
            Invites(unite_id=u, jour=aujourdhui + timedelta(days=n), repas="dejeuner",
                    nombre=1 + (rang + n) % 3, saisi_par=auteur)
            for rang, u in enumerate(lignes)
            for n in (0, 1)
        )  # fmt: skip
