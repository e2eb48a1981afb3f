"""Events in every state, and an inbox for each function: one year in each house."""

from datetime import timedelta

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from coordination.models import (
    EnvoiEig,
    EtapeEvenement,
    EvenementIndesirable,
    Participant,
    PointReunion,
    Reunion,
    SignalementEig,
)
from dui.demonstration.tirage import alea
from dui.socle.enums import Bloc
from dui.socle.models import Compte, Contact, Etablissement, LectureTache, Sejour, Tache
from habilitations.models import Affectation

E = EvenementIndesirable
PAR_MOIS = {"PA": 4, "PH": 2, "DOM": 1}
# type, gravity, circumstances, measures, answers
RECITS = (
    ("chute", 1, "Retrouvée assise au pied du lit au tour de nuit, consciente, dit avoir glissé.",
     "Relevée à deux, tension et glycémie normales.",
     {"activite": "lit", "temoin": "non", "facteurs": ["eclairage"], "lesions": ["aucune"],
      "surveillance": ["constantes"]}),
    ("chute", 2, "Tombée en se levant du fauteuil sans son déambulateur, choc à la hanche gauche.",
     "Examen, glace, médecin appelé.",
     {"activite": "transfert", "temoin": "oui", "facteurs": ["aide", "chaussage"],
      "lesions": ["douleur", "hematome"], "lesion_lieu": "hanche gauche",
      "surveillance": ["constantes", "rapprochee"]}),
    ("chute", 3, "Trouvée au sol dans la salle de bain, choc frontal, plaie de l’arcade.",
     "Compression, appel du 15, surveillance toutes les heures.",
     {"activite": "toilettes", "temoin": "non", "facteurs": ["sol"], "lesions": ["tete", "plaie"],
      "lesion_lieu": "arcade droite", "surveillance": ["neurologique", "quinze"]}),
    ("hospitalisation", 2, "Dyspnée au lever, saturation basse malgré l’oxygène.",
     "Médecin de garde, transfert avec le dossier de liaison.",
     {"hopital": "Centre hospitalier, urgences", "transport": "ambulance",
      "remis": ["dlu", "vitale", "lunettes"]}),
    ("medicament", 2, "Comprimés du voisin de table donnés au petit-déjeuner.",
     "Médecin appelé, surveillance renforcée, famille informée.",
     {"erreur": ["personne"], "produit": "bisoprolol 2,5 mg", "surveillance": ["constantes"]}),
    ("agression", 2, "A reçu une gifle au salon lors d’un échange pour une place à table.",
     "Séparés, rassurés, places revues.",
     {"forme": ["physique"], "lesions": ["aucune"]}),
    ("plainte", 1, "Linge perdu pour la deuxième fois en un mois.", "Recherche en lingerie.",
     {"plaignant": "sa fille", "recue": "oral"}),
    ("fugue", 3, "Absente au dîner, portillon du jardin ouvert.",
     "Recherche dans la maison et le quartier, gendarmerie appelée.",
     {"vue": "au jardin vers 17 h, par l’animatrice", "tenue": "gilet bleu, pantalon gris",
      "police": "oui", "retrouvee": "à 19 h 40 place de l’église, sans blessure"}),
)  # fmt: skip
POIDS = (30, 26, 8, 10, 6, 6, 8, 2)
PLAN = ("Poser une barre d’appui", "Revoir le chaussage", "Rappeler le protocole à l’équipe")
MAISON = (
    ("equipement", 2, "Panne de l’ascenseur pendant six heures.", "Repas montés par l’escalier."),
    ("organisation", 1, "Deux absences le même matin à l’étage.", "Renfort de l’équipe de jour."),
)
DEMANDES = (
    ("Rappeler la famille, qui voudrait vous parler", 2, "tache", -1),
    ("Relire le projet avant la synthèse de jeudi", 3, "tache", 4),
    ("Changement de chambre prévu mardi", 3, "message", None),
    ("Rapprocher le rendez-vous de contrôle", 1, "tache", 0),
)
ENVOYE = "Sa fille passe à 15 h, elle voudrait vous voir"
FONCTIONS = (
    "IDE", "AS", "MEDCO", "IDEC", "PSYCHOLOGUE", "EDUCATEUR", "SECRETAIRE", "DIRECTEUR",
    "ANIMATEUR", "ASS_SOCIAL", "QUALITE",
)  # fmt: skip


def ecrire(graine: int) -> int:
    evenements: list[E] = []
    for maison in Etablissement.objects.order_by("finess"):
        a = alea(graine, "evenements", maison.finess)
        sejours = list(_presents(maison))
        equipe = _equipe(maison)
        if not sejours or not equipe.get("IDE", equipe.get("EDUCATEUR")):
            continue
        evenements += _de_la_maison(a, maison, sejours, equipe)
        _boites(a, maison, sejours, equipe)
        _reunions(a, maison, sejours, equipe)
    return len(evenements)


def _presents(maison):
    presents = Sejour.objects.en_cours().filter(etablissement=maison, unite__isnull=False)
    return presents.select_related("dossier__usager", "unite").order_by("unite__ordre", "pk")


def _equipe(maison) -> dict[str, list[Compte]]:
    equipe: dict[str, list[Compte]] = {}
    lignes = Affectation.objects.en_cours().filter(etablissement=maison)
    for affectation in lignes.select_related("compte").order_by("compte__pk"):
        equipe.setdefault(affectation.role_id, []).append(affectation.compte)
    return equipe


def _de_la_maison(a, maison, sejours, equipe) -> list[E]:
    maintenant, lignes = timezone.now(), []
    soignants = equipe.get("IDE", []) + equipe.get("AS", []) + equipe.get("EDUCATEUR", [])
    proches = _proches(sejours)
    jour = 0
    while jour < 365:
        jour += a.randint(1, 60 // PAR_MOIS.get(maison.domaine, 2))
        sejour, (recit,) = a.choice(sejours), a.choices(RECITS, POIDS)
        if timezone.localdate() - timedelta(days=jour) <= sejour.entree_le:
            continue
        le = maintenant - timedelta(days=jour, minutes=a.randint(0, 600))
        lignes.append(_evenement(a, maison, sejour, recit, le, a.choice(soignants), proches))
    lignes += _d_aubert(maison, sejours, soignants)
    for type_, gravite, circonstances, mesures in MAISON:
        le = maintenant - timedelta(days=a.randint(3, 90))
        e = E(etablissement=maison, type=type_, gravite=gravite, constate_le=le, declare_le=le,
              circonstances=circonstances, mesures=mesures, lieu="couloir",
              declarant=a.choice(soignants))  # fmt: skip
        lignes.append(_vieillir(a, e, jour=30))
    bulk_create_with_history(lignes, E, batch_size=500)
    _suivre(a, lignes, equipe)
    return lignes


def _d_aubert(maison, sejours, soignants) -> list[E]:
    """The fall that the handover of the showcase unit tells: yesterday, the son not told yet."""
    siens = [s for s in sejours if s.dossier.usager.nom_naissance == "AUBERT"]
    auteur = next((c for c in soignants if c.last_name == "Haddad"), soignants[0])
    le = timezone.localtime().replace(hour=21, minute=20) - timedelta(days=1)
    return [
        E(
            etablissement=maison, unite=s.unite, dossier=s.dossier, type="chute", gravite=3,
            constate_le=le, declare_le=le + timedelta(minutes=25), lieu="chambre",
            circonstances="Trouvé au sol près du lit, choc frontal, sous apixaban. Conscient.",
            mesures="Glasgow 15, tension 138/78, surveillance neurologique sur 24 h.",
            faits={"activite": "lit", "temoin": "non", "facteurs": ["eclairage"],
                   "lesions": ["tete", "hematome"], "lesion_lieu": "front",
                   "surveillance": ["neurologique", "constantes"]},
            famille="non", famille_motif="La nuit : son fils, dès 8 h 30.",
            medecin="oui", medecin_qui="Médecin de garde", medecin_le=le + timedelta(minutes=10),
            medecin_consignes="Surveillance toutes les heures.",
            declarant=auteur, fonction="IDE",
        )
        for s in siens[:1]
    ]  # fmt: skip


def _proches(sejours) -> dict:
    contacts = Contact.objects.filter(dossier__in=[s.dossier_id for s in sejours], actif=True)
    return {c.dossier_id: str(c) for c in contacts.order_by("-ordre_appel", "pk")}


def _evenement(a, maison, sejour, recit, le, auteur, proches) -> E:
    type_, gravite, circonstances, mesures, faits = recit
    if sejour.dossier.usager.sexe == "M":
        for feminin, masculin in (("ée ", "é "), ("née", "né"), ("assise", "assis")):
            circonstances = circonstances.replace(feminin, masculin)
    dite = type_ not in ("plainte",)
    jour = (timezone.now() - le).days
    e = E(
        etablissement=maison, unite=sejour.unite, dossier=sejour.dossier, type=type_,
        gravite=gravite, constate_le=le, declare_le=le + timedelta(minutes=20),
        lieu=a.choice(["chambre", "salle_de_bain", "couloir", "salle_a_manger", "exterieur"]),
        circonstances=circonstances, mesures=mesures, faits=faits, declarant=auteur,
        fonction="IDE",
    )  # fmt: skip
    if dite:
        e.famille, e.famille_par = "oui", auteur.signature
        e.famille_qui = proches.get(sejour.dossier_id, "sa famille")
        e.famille_le = le + timedelta(minutes=35)
        e.medecin, e.medecin_qui = "oui", "Médecin de garde"
        e.medecin_le = le + timedelta(minutes=15)
        if jour < 2:
            e.famille, e.famille_qui, e.famille_le, e.famille_par = "non", "", None, ""
            e.famille_motif = "Sans réponse, rappeler ce soir."
    return _vieillir(a, e, jour=jour)


def _vieillir(a, e, *, jour: int) -> E:
    """The older, the further."""
    e.etat = "declare" if jour < 6 else "analyse" if jour < 20 else "plan" if jour < 45 else "clos"
    if e.etat != "declare":
        e.causes = a.sample(["personne", "environnement", "equipe", "taches"], 2)
        e.analyse = "Faits repris en équipe : le moment, le lieu, ce qui a manqué."
    if e.etat == "clos":
        e.bilan = "Actions menées, situation revue à un mois : pas de récidive."
    return e


def _suivre(a, lignes, equipe) -> None:
    """Steps, actions, and the reports of what is serious."""
    etapes, actions, graves = [], [], []
    cadre = (equipe.get("IDEC") or equipe.get("QUALITE") or equipe.get("IDE") or [None])[0]
    ordre = ("declare", "analyse", "plan", "clos")
    for e in lignes:
        for rang, etape in enumerate(ordre[: ordre.index(e.etat) + 1]):
            par = e.declarant if rang == 0 else cadre
            le = min(e.declare_le + timedelta(days=6 * rang), timezone.now())
            etapes.append(EtapeEvenement(evenement=e, etape=etape, par=par, le=le))
        if e.etat == "plan" and e.dossier_id and cadre:
            actions.append(_action(a, e, cadre))
        if e.gravite == 3 and e.dossier_id and cadre and len(graves) < 4:
            graves.append(e)
    EtapeEvenement.objects.bulk_create(etapes)
    bulk_create_with_history(actions, Tache, batch_size=500)
    etats = ("brouillon", "declare", "transmis", "clos")
    for e, etat in zip(graves, etats, strict=False):
        _signaler(e, etat, cadre)


def _action(a, e, cadre) -> Tache:
    return Tache(titre=a.choice(PLAN), dossier=e.dossier, bloc=Bloc.EI, source_type="evenement",
                 source_id=e.pk, compte=cadre, creee_par=cadre, fonction="IDEC",
                 creee_le=e.declare_le, echeance_le=timezone.now() + timedelta(days=5))  # fmt: skip


def _signaler(e, etat, cadre) -> None:
    eig = SignalementEig(
        evenement=e, categorie="9" if e.type == "fugue" else "4", etat=etat,
        nature=e.circonstances, victimes=1, circonstances=e.circonstances,
        consequences="Aucune séquelle à ce jour.", mesures=e.mesures,
        information="Famille reçue par la direction.", declarant=cadre.get_full_name(),
        declarant_fonction="Cadre de santé",
    )  # fmt: skip
    bulk_create_with_history([eig], SignalementEig)
    if etat in ("transmis", "clos"):
        EnvoiEig.objects.create(
            signalement=eig, autorite="ars", moyen="portail", reference="accusé 2026-0417",
            transmis_le=e.declare_le + timedelta(hours=3), par=cadre,
        )  # fmt: skip


def _boites(a, maison, sejours, equipe) -> None:
    """Each function finds something to do, something to read, something late, something done."""
    maintenant, lignes = timezone.now(), []
    auteurs = [c for comptes in equipe.values() for c in comptes[:1]]
    for role in FONCTIONS:
        for compte in equipe.get(role, [])[:3]:
            for titre, priorite, nature, jours in DEMANDES:
                sejour = a.choice(sejours)
                auteur = a.choice([c for c in auteurs if c != compte] or [compte])
                echeance = (
                    maintenant + timedelta(days=jours, hours=2) if jours is not None else None
                )
                lignes.append(
                    Tache(titre=titre, nature=nature, priorite=priorite, compte=compte,
                          bloc=Bloc.ID, dossier=sejour.dossier, creee_par=auteur,
                          creee_le=maintenant - timedelta(hours=a.randint(1, 40)),
                          echeance_le=echeance)
                )  # fmt: skip
            lignes += _envoyes(a, compte, sejours, auteurs, maintenant)
            faite = lignes[-5]
            faite.etat, faite.close_par, faite.close_le = "faite", compte, maintenant
            faite.suite = "Fait ce matin."
    bulk_create_with_history(lignes, Tache, batch_size=500)
    lues = [t for t in lignes if t.close_le or t.titre == ENVOYE]
    LectureTache.objects.bulk_create(
        LectureTache(tache=t, compte=t.compte, lue_le=maintenant - timedelta(minutes=30))
        for t in lues
    )


def _envoyes(a, compte, sejours, auteurs, maintenant) -> list[Tache]:
    """One message sent by each, read since."""
    vers = a.choice([c for c in auteurs if c != compte] or [compte])
    sejour = a.choice(sejours)
    envoye = Tache(titre=ENVOYE, nature="message", compte=vers, bloc=Bloc.ID, creee_par=compte,
                   dossier=sejour.dossier, creee_le=maintenant - timedelta(hours=3))  # fmt: skip
    return [envoye]


DECISIONS = (
    "Veilleuse la nuit, lever accompagné.\nRevoir le traitement du soir avec le médecin.",
    "Proposer l’atelier cuisine le jeudi.\nPoint avec la famille dans un mois.",
    "Toilette en deux temps, seule pour le visage.\nBilan de la marche par la rééducatrice.",
)


def _reunions(a, maison, sejours, equipe) -> None:
    """Four syntheses held, one to come."""
    auteur = (equipe.get("IDEC") or equipe.get("EDUCATEUR") or equipe.get("IDE") or [None])[0]
    if auteur is None:
        return
    matin = timezone.localtime().replace(hour=14, minute=0, second=0, microsecond=0)
    reunions, participants, points = [], [], []
    for jours in (-90, -60, -30, -9, 5):
        le = matin + timedelta(days=jours)
        reunion = Reunion(
            etablissement=maison, unite=sejours[0].unite, titre="Synthèse", prevue_le=le,
            ordre_du_jour="Projets à réviser, sorties, demandes des familles.",
            etat="tenue" if jours < 0 else "prevue", animee_par=auteur,
        )  # fmt: skip
        reunions.append(reunion)
        presents = [c for comptes in equipe.values() for c in comptes[:1]]
        participants += [Participant(reunion=reunion, compte=c) for c in presents[:6]]
        for sejour in a.sample(sejours, min(3, len(sejours))):
            point = PointReunion(reunion=reunion, dossier=sejour.dossier)
            if jours < 0:
                point.situation = "Point de l’équipe sur le sommeil, les repas, les sorties."
                point.decisions = a.choice(DECISIONS)
                point.ecrit_par, point.ecrit_le = auteur, le + timedelta(hours=2)
            points.append(point)
    bulk_create_with_history(reunions, Reunion)
    Participant.objects.bulk_create(participants)
    bulk_create_with_history(points, PointReunion)
