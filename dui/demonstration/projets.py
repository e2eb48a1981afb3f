"""Projects that are lived: what each person wants, what was agreed, six months of notes, and the
transmissions that speak for or against. The stories are in corpus/projets.json."""

import re
from collections import defaultdict
from datetime import timedelta

from django.utils import timezone

from accompagnement.models import Preuve, Transmission, VersionProjet
from accompagnement.projets import contenu as contenus
from accompagnement.projets import trames
from accompagnement.projets.vie import SERVI
from dui.demonstration import projet_de_marie
from dui.demonstration import projet_ecrit as ecrit
from dui.demonstration.tirage import alea
from dui.socle.models import Contact, Sejour
from habilitations.models import MembreEquipe
from soins.models import ActePlanifie

VITRINES = {"Magnolia", "Les Mouettes (6-12 ans)", "Les Cormorans (12-16 ans)", "Tournée Saumur"}
GENRES = {"PA": "ehpad", "PH": "ime", "DOM": "ssiad"}
SERT = {"marche": "marche", "repas": "installation_repas", "toilette": "toilette"}
SEMESTRE = timedelta(days=182)
PREUVES_MAX = 18


def ecrire(graine: int) -> int:
    """For whoever has stayed long enough; some are still being prepared, some have none."""
    lot, histoires, maintenant = ecrit.Lot(), [], timezone.now()
    referents = _referents()
    contacts = _contacts()
    sejours = Sejour.objects.en_cours().select_related("dossier__usager", "etablissement", "unite")
    for sejour in sejours.order_by("dossier__numero", "pk"):
        referent = referents.get(sejour.dossier_id)
        genre = GENRES.get(sejour.etablissement.domaine)
        if referent is None or genre is None:
            continue
        a = alea(graine, "projet", sejour.dossier.numero)
        histoire = ecrit.Histoire(
            sejour, referent, contacts.get(sejour.dossier_id, []), a, lot, maintenant, genre
        )
        if _vivre(histoire):
            histoires.append(histoire)
    nombre = lot.ecrire()
    montrees = [h for h in histoires if h.sejour.unite and h.sejour.unite.nom in VITRINES]
    _relier(montrees)
    _servir([h.sejour.dossier_id for h in montrees])
    return nombre


def _referents() -> dict:
    membres = MembreEquipe.objects.filter(referent=True).select_related("compte").order_by("pk")
    return {m.dossier_id: m.compte for m in membres}


def _contacts() -> dict:
    par_dossier = defaultdict(list)
    for contact in Contact.objects.filter(actif=True).order_by("ordre_appel", "pk"):
        if contact.personne_confiance or contact.representant_legal:
            par_dossier[contact.dossier_id].append(contact)
    return par_dossier


def _vivre(h: ecrit.Histoire) -> bool:
    depuis = (timezone.localdate(h.maintenant) - h.sejour.entree_le).days
    if depuis < 60 or h.a.random() < 0.05:
        return False
    usager = h.sejour.dossier.usager
    if (usager.nom_naissance, usager.premier_prenom.upper()) == ("DURAND", "MARIE"):
        projet_de_marie.raconter(h)
    else:
        _ordinaire(h, depuis)
    return True


def _ordinaire(h: ecrit.Histoire, depuis: int) -> None:
    themes = [t for t in ecrit.corpus()["themes"] if t["genre"] == h.genre]
    choisis = h.a.sample(themes, 2)
    contenu = _contenu(h, choisis)
    if h.a.random() < 0.07:
        projet = ecrit.ouvrir(h, contenu, None, "EN_PREPARATION")
        ecrit.arreter(h, projet, contenu, 1, None)
        return
    age = h.a.randint(20, min(depuis - 20, 390))
    arretee = h.maintenant - age * ecrit.JOUR
    projet = ecrit.ouvrir(h, contenu, arretee, "EN_COURS")
    if depuis > age + 200 and h.a.random() < 0.4:
        avant = arretee - h.a.randint(150, 180) * ecrit.JOUR
        ecrit.arreter(h, projet, _plus_simple(contenu), 1, avant, courante=False)
        version = ecrit.arreter(h, projet, contenu, 2, arretee, motif="annuelle")
    else:
        version = ecrit.arreter(h, projet, contenu, 1, arretee)
    _accords(h, version, arretee)
    for theme, objectif in zip(choisis, contenu["objectif"], strict=True):
        _points(h, projet, objectif["id"], age)
        h.suivre[objectif["id"]] = (projet.pk, theme["pour"], theme["contre"])
    if age > 190 and h.a.random() < 0.7:
        ecrit.faire_le_bilan(
            h, projet, version, arretee + SEMESTRE, h.a.choice(ecrit.corpus()["bilans"])
        )


def _contenu(h: ecrit.Histoire, choisis) -> dict:
    trame = trames.pour(h.sejour.etablissement)
    contenu = contenus.vide(trame)
    contenu["participant"] = ecrit.participants(h)
    for theme in choisis:
        attente, besoin, objectif = h.cle(), h.cle(), h.cle()
        contenu["attente"].append(
            {"id": attente, "origine": "usager", "description": theme["attente"],
             "mode": h.a.choice(("entretien", "quotidien"))}
        )  # fmt: skip
        if theme["famille"] and h.contacts:
            contenu["attente"].append(
                {"id": h.cle(), "origine": "famille", "qui": str(h.contacts[0]),
                 "description": theme["famille"], "mode": "reunion"}
            )  # fmt: skip
        contenu["besoin"].append(
            {"id": besoin, "description": theme["besoin"], "type": theme["serafin"],
             "attente": attente}
        )  # fmt: skip
        contenu["objectif"].append(
            {"id": objectif, "titre": theme["objectif"], "besoin": [besoin],
             "domaine": theme["volet"], "resultat_attendu": theme["resultat"],
             "critere": theme["critere"], "falc": theme["falc"],
             "pictogramme": theme["pictogramme"], "referent": ecrit.nommer(h.referent)}
        )  # fmt: skip
        for titre, quand in theme["actions"]:
            action = {"id": h.cle(), "titre": titre, "objectif": [objectif], "periodicite": quand}
            contenu["action"].append({nom: v for nom, v in action.items() if v})
    return contenu


def _plus_simple(contenu) -> dict:
    """The version before: one objective less, hence one need and its actions."""
    dernier, besoin = contenu["objectif"][-1]["id"], contenu["besoin"][-1]["id"]
    avant = contenus.sans(contenu, "objectif", dernier)
    avant["action"] = [a for a in avant["action"] if a.get("objectif")]
    return contenus.sans(avant, "besoin", besoin)


def _accords(h: ecrit.Histoire, version, arretee) -> None:
    le = timezone.localdate(arretee)
    avis, commentaire, moyen = "accord", "", h.a.choice(("oral", "ecrit", "ecrit"))
    sort = h.a.random()
    if sort < 0.08:
        avis, commentaire, moyen = "sans_expression", ecrit.corpus()["sans_expression"], "aucun"
    elif sort < 0.1:
        avis, commentaire, moyen = "refus", ecrit.corpus()["refus"], "oral"
    usager = h.sejour.dossier.usager.nom_usuel
    ecrit.accorder(h, version, "usager", usager, "personne", avis, moyen, le, commentaire)
    for c in h.contacts[:1]:
        qualite = "rep_legal" if c.representant_legal else "confiance"
        if h.a.random() < 0.75:
            ecrit.accorder(
                h, version, "usager", str(c), qualite, "accord", "ecrit", le + 3 * ecrit.JOUR
            )
    ecrit.accorder(h, version, "structure", str(h.referent), "referent", "accord", "ecrit", le)


def _points(h: ecrit.Histoire, projet, objectif, age: int) -> None:
    """One finding a month or so, that goes somewhere."""
    statut = "ACTIF"
    valeur, pas = h.a.randint(1, 5) * 10, h.a.choice((10, 10, 5, -5, 0))
    for jours in range(age - 10, 5, -h.a.randint(28, 45)):
        ecrit.suivre(h, projet, objectif, jours, valeur, statut=statut)
        statut = ""
        valeur = max(0, min(95, valeur + pas + h.a.choice((-5, 0, 5))))


def _relier(histoires: list[ecrit.Histoire]) -> None:
    """Transmissions of the last months whose words speak of an objective."""
    par_dossier = {h.sejour.dossier_id: h for h in histoires}
    depuis = timezone.now() - SEMESTRE
    lignes = Transmission.objects.filter(
        dossier__in=list(par_dossier), courante=True, reserve="", survenu_le__gte=depuis
    ).order_by("-survenu_le", "-pk")
    comptes: dict = defaultdict(int)
    preuves = []
    for t in lignes.iterator(chunk_size=2000):
        h = par_dossier[t.dossier_id]
        for objectif, (projet, pour, contre) in h.suivre.items():
            sens = _sens(t.resume, pour, contre)
            if not sens or comptes[objectif] >= PREUVES_MAX:
                continue
            comptes[objectif] += 1
            preuves.append(
                Preuve(
                    id=h.cle(),
                    projet_id=projet,
                    objectif_id=objectif,
                    source="transmission",
                    trace=t.pk,
                    sens=sens,
                    survenu_le=t.survenu_le,
                    liee_par_id=t.auteur_id,
                    fonction=t.fonction,
                    liee_le=t.ecrit_le,
                )
            )
    Preuve.objects.bulk_create(preuves, batch_size=1000)


def _servir(dossiers) -> None:
    """The acts of the rounds that an objective is about."""
    versions = VersionProjet.objects.filter(projet__dossier__in=dossiers).en_vigueur()
    for version in versions.select_related("projet").order_by("pk"):
        for objectif in contenus.elements(version.contenu, "objectif"):
            code = SERT.get(objectif.get("pictogramme", ""), "")
            actes = ActePlanifie.objects.filter(dossier=version.projet.dossier_id, code=code)
            actes.update_sans_historique(
                motif="données inventées", objectif=f"{SERVI}{objectif['id']}"
            )


def _sens(texte: str, pour: str, contre: str) -> str:
    if re.search(contre, texte):
        return "contre"
    return "pour" if re.search(pour, texte) else ""
