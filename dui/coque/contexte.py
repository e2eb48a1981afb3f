"""What the shell shows on every page, computed only when a template asks for it."""

from contextlib import suppress
from functools import cached_property

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.urls import reverse

from dui import __version__
from dui.socle import registres
from dui.socle.enums import MotPersonne
from dui.socle.models import Brouillon, MessageSortant
from habilitations.administration.site import site
from habilitations.bris import lectures as bris
from habilitations.lieux import lieu_de
from habilitations.moyens import delais


def coque(request):
    return {"coque": Coque(request)}


def compter(requetes: dict) -> dict[str, int]:
    """{name: number of rows, when there are any} of several QuerySets, by one query.

    Written by hand: every page pays it, and the ORM takes longer to build it than SQL to answer.
    """
    parties, parametres = [], []
    for nom, requete in requetes.items():
        with suppress(EmptyResultSet):
            sql, valeurs = requete.values("pk").query.sql_with_params()
            parties.append(f"SELECT %s, COUNT(*) FROM ({sql}) AS lignes")  # noqa: S608  the ORM's own SQL
            parametres += [nom, *valeurs]
    if not parties:
        return {}
    with connection.cursor() as curseur:
        curseur.execute(" UNION ALL ".join(parties), parametres)
        return {nom: nombre for nom, nombre in curseur.fetchall() if nombre}


# Beyond these, the rail keeps its first entries and folds the others under « Plus ».
RAIL_ENTIER = 9
RAIL_REPLIE = 8
RAIL_TELEPHONE = 4


class Mots:
    """The establishment's word for the person, in both numbers."""

    def __init__(self, mot: MotPersonne):
        self.singulier, self.pluriel, self.indefini = mot.label, mot.pluriel, mot.indefini


class Compte:
    def __init__(self, habilitation):
        compte = habilitation.compte
        self.nom_court, self.initiales = compte.nom_court, compte.initiales
        self.fonction = habilitation.fonction


class Coque:
    version = __version__
    url_preferences = "/preferences/"
    url_presence = "/presence/"

    def __init__(self, request):
        self._request = request
        self._connecte = hasattr(request, "habilitation")

    @property
    def _h(self):
        return self._request.habilitation

    @cached_property
    def _lieu(self):
        return lieu_de(self._request) if self._connecte and self._h.professionnel else None

    @property
    def etablissement(self):
        return self._lieu.etablissement if self._lieu else None

    @property
    def unite(self):
        return self._lieu.unite if self._lieu else None

    @property
    def etablissements(self) -> list[dict]:
        if not self._lieu:
            return []
        tous = {a.etablissement_id: a.etablissement for a in self._h.affectations}
        if len(tous) < 2:
            return []
        return [self._entree(e, "etablissement", e == self.etablissement) for e in tous.values()]

    @cached_property
    def lieux(self) -> list[dict]:
        if not self._lieu or not self.etablissement:
            return []
        unites = self._h.unites_dans(self.etablissement.pk)
        if len(unites) < 2:
            return []
        toutes = self._entree(self.etablissement, "etablissement", self.unite is None)
        toutes["libelle"] = "Toutes les unités"
        return [toutes, *(self._entree(u, "unite", u == self.unite) for u in unites)]

    def _entree(self, objet, parametre, courant) -> dict:
        # A list keeps its page; a dossier never changes place: its menu leads to the list.
        dossier = getattr(self._request, "dossier", None)
        page = reverse("residents") if dossier else self._request.path
        url = f"{page}?{parametre}={objet.pk}"
        return {"libelle": str(objet), "url": url, "courant": courant}

    @cached_property
    def _entrees(self) -> list:
        if not self._connecte or not self._h.professionnel:
            return []
        domaine = self.etablissement.domaine if self.etablissement else ""
        permises = registres.rail.permis(self._h)
        return [e for e in permises if not (domaine and e.domaines) or domaine in e.domaines]

    @cached_property
    def _rail(self) -> dict[str, list[dict]]:
        """`vus`, `plus` (folded), `pied`, and `replies`: what a telephone folds too."""
        pied = [self._lien(e) for e in self._entrees if e.pied]
        vus = [self._lien(e) for e in self._entrees if not e.pied]
        plus: list[dict] = []
        if len(vus) > RAIL_ENTIER:
            plus = [x for x in vus[RAIL_REPLIE:] if not x["courant"]]
            vus = [x for x in vus if x not in plus]
        replies = vus[RAIL_TELEPHONE:] + pied
        return {"vus": vus, "plus": plus, "pied": pied, "replies": replies if replies[1:] else []}

    @property
    def rail(self) -> list[dict]:
        replies = self._rail["replies"]
        return [lien | {"replie": lien in replies} for lien in self._rail["vus"]]

    @property
    def rail_plus(self) -> list[dict]:
        return self._rail["plus"]

    @property
    def rail_replies(self) -> list[dict]:
        return self._rail["replies"]

    @property
    def rail_pied(self) -> list[dict]:
        return self._rail["pied"]

    def _lien(self, entree) -> dict:
        url, ici = reverse(entree.url_nom), self._request.path
        prefixe = entree.prefixe or url
        courant = ici == url if prefixe == "/" else ici.startswith(prefixe)
        libelle = entree.libelle
        if entree.nom == "residents":
            courant = courant or getattr(self._request, "dossier", None) is not None
            libelle = self.mots.pluriel.capitalize()
        return {"url": url, "icone": entree.icone, "libelle": libelle, "courant": courant}

    @cached_property
    def _comptes(self) -> dict[str, int]:
        """Every counter of the shell in one query: drafts, exchanges, what waits."""
        if not self._connecte:
            return {}
        attentes = registres.attentes.permis(self._h)
        ici = [a for a in attentes if not a.accueil or self._request.path == reverse("accueil")]
        return compter(
            {
                "brouillons": Brouillon.objects.visibles(self._h).montrables(self._h),
                "bris": bris.en_cours(self._h),
                "echanges": MessageSortant.objects.en_attente(),
                **{
                    f"{'accueil' if a.accueil else 'attente'} {a.nom}": a.requete(self._h)
                    for a in ici
                },
            }
        )

    @cached_property
    def bris(self) -> list:
        """Exceptional accesses in progress; that of the page's record first."""
        if not self._comptes.get("bris"):
            return []
        dossier = getattr(self._request, "dossier", None)
        lignes = (
            bris.en_cours(self._h).select_related("dossier__usager").order_by("expire_le", "pk")
        )
        return sorted(lignes, key=lambda b: b.dossier != dossier)

    @property
    def nb_brouillons(self) -> int:
        return self._comptes.get("brouillons", 0)

    @property
    def accueil(self) -> dict[str, int]:
        """What the home page alone counts, by name."""
        comptes = self._comptes.items()
        return {nom.removeprefix("accueil "): n for nom, n in comptes if nom.startswith("accueil ")}

    @cached_property
    def attentes(self) -> dict[str, int]:
        """What waits for the account, by name."""
        comptes = self._comptes.items()
        return {nom.removeprefix("attente "): n for nom, n in comptes if nom.startswith("attente ")}

    @property
    def nb_a_traiter(self) -> int:
        return sum(self.attentes.values())

    @cached_property
    def compte(self):
        return Compte(self._h) if self._connecte else None

    @cached_property
    def mots(self) -> Mots:
        etablissement = self.etablissement
        return Mots(etablissement.mot if etablissement else MotPersonne.RESIDENT)

    @property
    def autre_cle(self) -> str:
        """What else one looks for a person by: only who resides has a room."""
        resident = not self.etablissement or self.etablissement.mot == MotPersonne.RESIDENT
        return "une chambre" if resident else "un numéro de dossier"

    @cached_property
    def echanges(self) -> str:
        if not self._connecte:
            return ""
        nombre = self._comptes.get("echanges", 0)
        if not nombre:
            return "tout est parti"
        return "1 envoi en attente" if nombre == 1 else f"{nombre} envois en attente"

    @property
    def gabarit(self) -> str:
        """The shell of a page that both professionals and the portal open."""
        portail = self._connecte and not self._h.professionnel
        return "gabarit_portail.html" if portail else "gabarit.html"

    @property
    def menu_compte(self) -> list[dict]:
        liens = [("/moi/connexion/", "cle", "Mes moyens de connexion")]
        if self._connecte and self._h.professionnel:
            liens.insert(0, (reverse("mon_journal"), "historique", "Mes accès"))
        if self._h.peut_briser:
            urgence = reverse("bris_de_glace:chercher")
            liens.append((urgence, "urgence", "Ouvrir un dossier en urgence"))
        if self._h.encadres:
            liens.append(("/postes/", "poste", "Postes partagés"))
            liens.append(("/pieces-identite/", "identite", "Pièces d’identité"))
        if site.has_permission(self._request):
            liens.append((reverse("administration:index"), "reglages", "Administration"))
        if settings.DEMONSTRATION:
            liens.append(("/demo/", "residents", "Changer de rôle"))
        return [dict(zip(("url", "icone", "libelle"), lien, strict=True)) for lien in liens]

    @property
    def theme(self) -> str:
        return self._request.user.theme if self._connecte else ""

    @property
    def densite(self) -> str:
        return self._request.user.densite if self._connecte else ""

    @property
    def raccourcis(self) -> bool:
        return self._request.user.raccourcis_actifs if self._connecte else True

    @property
    def delai(self) -> int:
        return delais.delai(self._request) if self._connecte else 0
