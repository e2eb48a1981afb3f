"""What the pages about INSi show."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from administratif.identification import regles
from administratif.identification.lectures import traits_a_comparer
from administratif.insi import attentes
from administratif.insi.issues import CAUSES
from administratif.services import peut_corriger
from dui.connecteurs.insi import Geste
from dui.socle.enums import Action, Bloc, StatutIdentite
from dui.socle.identite import cle_comparaison
from dui.socle.ins import NATURES
from dui.socle.models import (
    AppelInsi,
    AttenteInsi,
    LotVerification,
    MessageSortant,
    Usager,
    VerificationDemandee,
)
from dui.socle.models.insi import Resultat
from dui.socle.sortants import TENTATIVES_MAX

INTERROGEABLES = (StatutIdentite.PROVISOIRE, StatutIdentite.VALIDEE)
TONS = {
    Geste.PROPOSER: "bleu",
    Geste.CONFIRMER: "vert",
    Geste.RETROGRADER: "rouge",
    Geste.REFORMULER: "ambre",
    Geste.PRECISER: "ambre",
    Geste.INTERDIRE: "gris",
}
TITRES = {
    Geste.PROPOSER: "À comparer avant d’accepter",
    Geste.REFORMULER: "Aucune identité trouvée",
    Geste.PRECISER: "Plusieurs identités possibles",
    Geste.CONFIRMER: "INS confirmée",
    Geste.RETROGRADER: "INS refusée",
    Geste.REESSAYER: "Pas de réponse pour l’instant",
    Geste.CONFIGURER: "Un réglage est à revoir",
    Geste.ECARTER: "Réponse écartée",
    Geste.INTERDIRE: "Appel impossible",
}
AVERTISSEMENTS = {
    "cle_fausse": "La clé du matricule reçu n’est pas celle que donne le calcul. INSi fait foi : "
    "le matricule est pris tel quel.",
    "ecart_nom": "Le nom n’est pas celui qui a été demandé.",
    "ecart_prenom": "Aucun des prénoms demandés n’est dans la liste reçue.",
}
MAXIMUM = 100
ARRETE, ATTEND = "arrete", "attend"


# ---------------------------------------------------------------- on the page of the identity


@dataclass(frozen=True)
class Acces:
    """What the page of an identity offers about INSi; nothing of it when nothing is allowed."""

    ouvert: bool
    interroger_url: str = ""
    carte_url: str = ""
    verifier_url: str = ""
    reponse_url: str = ""
    appels_url: str = ""
    bloque: str = ""
    fermeture: str = ""

    @property
    def utile(self) -> bool:
        gestes = (self.interroger_url, self.verifier_url, self.appels_url)
        return any((*gestes, self.bloque, self.fermeture))

    @property
    def patience(self) -> int:
        """Seconds that a call may take, all in all."""
        return settings.INSI_DELAI


NON_CONFIGURE = (
    "INSi n’est pas configuré ici : l’identité se crée et se valide sans lui. L’administrateur "
    "technique indique l’adresse, le certificat et le numéro d’autorisation (DUI_INSI_URL, "
    "DUI_INSI_CERTIFICAT, DUI_INSI_CLE, DUI_INSI_IDAM)."
)


def acces(habilitation, dossier, usager) -> Acces:
    def lien(nom):
        return reverse(f"administratif:identite_insi{nom}", args=[dossier.pk])

    cellule = habilitation.peut_pour(dossier, Bloc.IDV, Action.VOIR)
    appels_url = lien("_appels") if cellule else ""
    if not settings.INSI_OUVERT:
        fermeture = NON_CONFIGURE if habilitation.peut(Bloc.PAR, Action.ADMINISTRER) else ""
        return Acces(False, appels_url=appels_url, fermeture=fermeture)
    if not habilitation.peut_pour(dossier, Bloc.ID, Action.SAISIR):
        return Acces(True, appels_url=appels_url)
    cherche = usager.statut_identite in INTERROGEABLES
    suspecte = usager.faits_identite.suspecte
    attend = attentes.courante(habilitation, dossier, attentes.Sorte.REPONSE)
    return Acces(
        True,
        interroger_url=lien("_interroger") if cherche and not suspecte else "",
        carte_url=lien("_carte") if cherche and not suspecte else "",
        verifier_url="" if cherche else lien("_verifier"),
        reponse_url=lien("") if attend and not attend.decision else "",
        appels_url=appels_url,
        bloque="douteuse" if usager.douteuse else "fictive" if usager.fictive else "",
    )


# ---------------------------------------------------------------- the answer


@dataclass(frozen=True)
class Trait:
    libelle: str
    ici: str
    insi: str
    mot: str
    ton: str


@dataclass(frozen=True)
class Reponse:
    attente: AttenteInsi
    geste: Geste
    titre: str
    message: str
    ton: str
    aides: list[str] = field(default_factory=list)
    avertissements: list[str] = field(default_factory=list)
    traits: list[Trait] = field(default_factory=list)
    nature: str = ""
    differents: bool = False
    perimee: bool = False
    contredit: bool = False  # a validated identity: nothing of the answer will be taken
    autre: bool = False  # somebody else: it can only be refused

    @property
    def a_decider(self) -> bool:
        return bool(self.traits) and not self.perimee

    @property
    def corrigeable(self) -> bool:
        return self.geste in (Geste.REFORMULER, Geste.PRECISER)


def reponse(habilitation, dossier, usager) -> Reponse | None:
    """What waits for this account, beside the identity as it is now."""
    attente = attentes.courante(habilitation, dossier, attentes.Sorte.REPONSE)
    recu = attentes.contenu(attente) if attente else {}
    if not attente or not recu:
        return None
    geste = Geste(recu["geste"])
    perimee = attente.version != usager.version
    avertis = [AVERTISSEMENTS[a] for a in recu["avertissements"] if a in AVERTISSEMENTS]
    commun = Reponse(
        attente, geste, TITRES[geste], recu["message"], TONS.get(geste, "ambre"), recu["aides"]
    )
    if "traits" not in recu:
        return replace(commun, perimee=perimee and geste in CAUSES)
    ecarts = regles.divergences(attentes.locaux(usager), attentes.traits_recus(recu, usager))
    return replace(
        commun,
        avertissements=avertis,
        traits=_cote_a_cote(usager, recu, ecarts),
        nature=NATURES.get(recu["oid"], ""),
        differents=bool(ecarts),
        contredit=bool(ecarts) and usager.identite_validee,
        autre=not usager.identite_validee and attentes.autre_personne(usager, ecarts),
        perimee=perimee,
    )


def vers_la_correction(habilitation, dossier, usager) -> str:
    """The form of the traits, which comes back here."""
    if not peut_corriger(habilitation, dossier, usager):
        return ""
    return f"{reverse('administratif:identite_traits', args=[dossier.pk])}?suite=insi"


def _cote_a_cote(usager, recu, ecarts) -> list[Trait]:
    """Ours and theirs in the same form; the difference in words, not by a colour alone."""
    ici = traits_a_comparer(usager)
    recus = attentes.traits_recus(recu, usager)
    siens = Usager(**{"commune_naissance": usager.commune_naissance} | recus)
    insi = traits_a_comparer(siens)
    if not recu["traits"]["lieu_naissance_cog"]:
        insi["lieu_naissance_cog"] = "non donné"
    lignes = []
    for nom, libelle in regles.TRAITS.items():
        if nom in ecarts:
            mot, ton = "différent", "rouge"
        elif insi[nom] == "non donné":
            mot, ton = "sans réponse", "gris"
        elif cle_comparaison(ici[nom]) == cle_comparaison(insi[nom]):
            mot, ton = "identique", "vert"
        else:
            mot, ton = "compatible", "bleu"
        lignes.append(Trait(libelle, ici[nom], insi[nom], mot, ton))
    return lignes


# ---------------------------------------------------------------- for the cellule


def appels(habilitation, dossier) -> list[AppelInsi]:
    lignes = AppelInsi.objects.du_dossier(habilitation, dossier)
    return list(lignes.select_related("par").defer("chiffre").order_by("-le", "pk")[:MAXIMUM])


def appel(habilitation, dossier, appel_insi_id) -> AppelInsi | None:
    lignes = AppelInsi.objects.du_dossier(habilitation, dossier)
    return lignes.filter(pk=appel_insi_id).order_by("pk").first()


def a_reprendre(habilitation, etablissement) -> list[AppelInsi]:
    """Identities that INSi refused, here, and that nobody has retrieved again."""
    ici = Q(dossier__sejours__etablissement=etablissement)
    refus = AppelInsi.objects.visibles(habilitation).filter(ici).a_reprendre()
    return list(refus.select_related("dossier__usager").defer("chiffre")[:MAXIMUM])


@dataclass(frozen=True)
class Lot:
    lot: LotVerification
    fait: int
    total: int
    refusees: int
    reste: str  # why it waits
    pourquoi: str

    @property
    def arrete(self) -> bool:
        return self.reste == ARRETE

    @property
    def titre(self) -> str:
        auteur = self.lot.demande_par.get_full_name()
        return f"Qualifiées depuis le {self.lot.depuis:%d/%m/%Y}, demandée par {auteur}"

    @property
    def texte(self) -> str:
        if self.fait == self.total:
            return f"terminée, {self.total} sur {self.total}"
        return f"{self.fait} sur {self.total}"

    @property
    def dit_refusees(self) -> str:
        return "1 INS refusée" if self.refusees == 1 else f"{self.refusees} INS refusées"


def lots(etablissement) -> list[Lot]:
    demandes = LotVerification.objects.filter(etablissement=etablissement)
    demandes = demandes.select_related("demande_par").annotate(
        total=Count("demandees"),
        fait=Count("demandees", filter=~Q(demandees__resultat="")),
        refusees=Count("demandees", filter=Q(demandees__resultat=Geste.RETROGRADER)),
    )
    recents = list(demandes.order_by("-demande_le", "pk")[:10])
    etats = _etats({lot.file for lot in recents})
    return [
        Lot(lot, lot.fait, lot.total, lot.refusees, *etats.get(lot.file, ("", "")))
        for lot in recents
    ]


def _etats(files) -> dict[str, tuple[str, str]]:
    """Of the queues that wait: for INSi, which will be asked again, or for a person."""
    etats: dict[str, tuple[str, str]] = {}
    for message in MessageSortant.objects.en_attente().filter(file__in=files).order_by("pk"):
        if message.etat == MessageSortant.Etat.ABANDONNE:
            etats[message.file] = (ARRETE, _pourquoi(message))
        elif message.tentatives and message.etat == MessageSortant.Etat.EN_ATTENTE:
            etats.setdefault(message.file, (ATTEND, ""))
    return etats


def _pourquoi(message) -> str:
    """A setting, in the words of the client; else INSi was silent to the end."""
    if message.tentatives >= TENTATIVES_MAX:
        return "INSi n’a pas répondu, malgré plusieurs essais. Reprenez quand il répond."
    return message.erreur


def impossibles(habilitation, etablissement) -> list[VerificationDemandee]:
    """Of the last batches: neither confirmed nor refused, with the reason."""
    conclues = ["", Geste.CONFIRMER.value, Geste.RETROGRADER.value]
    visibles = VerificationDemandee.objects.visibles(habilitation)
    recentes = visibles.filter(
        lot__etablissement=etablissement,
        lot__demande_le__gte=timezone.now() - timedelta(days=30),
    )
    lignes = recentes.exclude(resultat__in=conclues).select_related("dossier__usager")
    return list(lignes.order_by("-traitee_le", "pk")[:MAXIMUM])


def par_resultat(habilitation, depuis: date) -> list[tuple[str, int, int]]:
    """[(result, operations, percent of all)] since this day, the most frequent first (H13)."""
    nombres: Counter[str] = Counter()
    for ligne in AppelInsi.objects.visibles(habilitation).par_resultat(depuis):
        nombres[ligne["resultat"]] += ligne["nombre"]
    libelles, total = dict(Resultat.choices), nombres.total()
    return [(libelles[r], n, round(100 * n / total)) for r, n in nombres.most_common()]


def comptes(habilitation, depuis: date) -> list[dict]:
    """Operations of the month, by result, in words."""
    lignes = AppelInsi.objects.visibles(habilitation).par_resultat(depuis)
    natures, resultats = dict(AppelInsi.Nature.choices), dict(Resultat.choices)
    return [
        ligne | {"nature": natures[ligne["nature"]], "resultat": resultats[ligne["resultat"]]}
        for ligne in lignes
    ]
