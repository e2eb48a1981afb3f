"""`./run captures`: every page of the demo, as each role sees it, on every screen.

The pages come from the URLs, the records from what the role may read. A demo that runs on the
same folder is used; otherwise one is started and stopped. The contact sheet is
var/captures/index.html.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

from django.urls import reverse

from dui.demo import repond
from dui.emplacement import RACINE, Emplacement
from habilitations.connexion import attente

PORT = 8799
ATTENTE_SECONDES = 300
HAUTEUR_MAX = 3200  # pixels: beyond, a long list only repeats itself
ROLES = {
    "as": "AS",
    "ide": "IDE",
    "cadre": "IDEC",
    "medecin": "MEDCO",
    "secretaire": "SECRETAIRE",
    "direction": "DIRECTEUR",
    "dpo": "DPO",
    "educateur": "EDUCATEUR",
    "personne": "USAGER",
    "proche": "PERS_CONF",
    "anonyme": "",
}
PORTAIL = ("personne", "proche")
LARGEURS = (1366, 1920, 820)
THEMES = ("clair", "sombre")


@contextmanager
def demonstration(dossier):
    """The address of a running demo, and Django pointed at its data."""
    emplacement = Emplacement(dossier)
    processus = None
    if not emplacement.lire().get("adresses"):
        arguments = ["-m", "dui.demo", "--port", str(PORT), "--var", str(emplacement.dossier)]
        processus = subprocess.Popen([sys.executable, *arguments])
    try:
        limite = time.monotonic() + ATTENTE_SECONDES
        while not repond(f"{(url := emplacement.lire().get('url', 'http://127.0.0.1:1'))}/etat/"):
            if time.monotonic() > limite or (processus and processus.poll() is not None):
                sys.exit("La démonstration ne répond pas.")
            time.sleep(0.3)
        os.environ |= emplacement.lire()["adresses"] | {"DUI_ENV": "demo"}
        os.environ["DUI_VAR"] = str(emplacement.dossier)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dui.settings")
        # Playwright's loop lives in this thread, where Django would refuse to read the database.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        import django

        django.setup()
        yield url
    finally:
        if processus:
            processus.terminate()
            processus.wait()


class Role:
    """An account of the demo and what it may open."""

    def __init__(self, nom):
        from habilitations.politique import Habilitation

        self.nom = nom
        self.compte = self._compte(ROLES[nom]) if ROLES[nom] else None
        self.habilitation = Habilitation(self.compte) if self.compte else None

    @staticmethod
    def _compte(code):
        """The first one hired: the demo names those first."""
        from habilitations.models import AccesNominatif, Affectation

        acces = AccesNominatif.objects.en_cours().filter(qualite=code).order_by("user").first()
        if acces:
            return acces.user
        affectations = Affectation.objects.en_cours().filter(role=code)
        return affectations.order_by("compte").first().compte

    def session(self) -> dict:
        from tests.navigateur.visite import identite

        if self.compte is None:
            return {}
        return identite(self.compte) | {"activite": int(time.time())}

    def ouvre(self, route) -> bool:
        sorte, *droit = route.acces
        if route.publique:
            return self.compte is None
        if self.compte is None or route.du_portail != (self.nom in PORTAIL):
            return False
        if sorte in ("dossier", "portail", "bloc"):
            return self.habilitation.peut(*droit)
        return route.du_portail or self.habilitation.professionnel

    def dossiers(self, route):
        """[(state, record)]: the one about whom most is written, and the one just opened."""
        from django.db.models import Count

        from dui.socle.models import Dossier

        if "dossier_id" not in route.parametres:
            return [("", None)]
        visibles = Dossier.objects.visibles(self.habilitation, *route.acces[1:])
        par_volume = visibles.annotate(n=Count("transmissions")).order_by("n", "pk")
        plein = visibles.filter(
            usager__nom_naissance__iexact="durand", usager__premier_prenom__iexact="marie"
        )
        pleins = [plein.first() or par_volume.last()]
        vides = [par_volume.first()] if self.nom not in PORTAIL else []
        trouves = [("plein", d) for d in pleins] + [("vide", d) for d in vides]
        return [(etat, d) for etat, d in trouves if d]

    def adresses(self, route):
        """[(state, address)] of this page for this role; none when there is nothing to show."""
        for etat, dossier in self.dossiers(route):
            valeurs = {nom: self._identifiant(nom, dossier) for nom in route.parametres}
            if all(valeurs.values()):
                adresse = reverse(route.nom, kwargs=valeurs)
                for suffixe, requete in REQUETES.get(route.nom, [("", "")]):
                    yield "-".join(filter(None, (etat, suffixe))), adresse + requete

    def _identifiant(self, nom, dossier):
        from django.apps import apps

        if nom == "dossier_id":
            return dossier.pk
        if nom == "grille":
            return "aggir"
        sujet = nom.removesuffix("_id").replace("_", "")
        modele = next((m for m in apps.get_models() if m._meta.model_name == sujet), None)
        if modele is None:
            return None
        lignes, champs = modele._base_manager.order_by("pk"), {f.name for f in modele._meta.fields}
        if dossier and "dossier" in champs:
            lignes = lignes.filter(dossier=dossier)
        for champ in champs & {"auteur", "compte"}:
            lignes = lignes.filter(**{champ: self.compte})
        premiere = lignes.first()
        return premiere.pk if premiere else None


# States that an address alone can show: [(state, query string)].
REQUETES = {
    "recherche": [("plein", "?q=mar"), ("vide", "?q=zzzz")],
    "accompagnement:releve": [("plein", "?depuis=24"), ("vide", "?depuis=poste")],
    "accompagnement:transmissions": [("", ""), ("filtre", "?cible=chute&importance=urgente")],
    "residents": [("liste", ""), ("cartes", "?vue=cartes"), ("vide", "?filtre=alerte")],
}


class Photographe:
    def __init__(self, navigateur, url, options):
        self.navigateur, self.url, self.options = navigateur, url, options
        self.dossier = Path(options.sortie)
        self.images = []
        self.vues = set()  # pages already taken in every size by another role

    def photographier(self, role, routes):
        onglet = self._onglet(role.session())
        for route in routes:
            if role.ouvre(route):
                for etat, adresse in role.adresses(route):
                    self._page(onglet, role, route.nom, etat, adresse)
        onglet.context.close()

    def a_la_porte(self, routes):
        """The lock and the second factor only show to a session that is half open."""
        ide, anonyme = Role("ide"), Role("anonyme")
        sessions = {
            "verrou": ide.session() | {"verrouille": True},
            "connexion_code": attente.faits(ide.compte),
        }
        for route in routes:
            if route.nom in sessions:
                onglet = self._onglet(sessions[route.nom])
                self._page(onglet, anonyme, route.nom, "", reverse(route.nom))
                onglet.context.close()

    def _onglet(self, donnees):
        from django.conf import settings

        from tests.navigateur.chromium import CONTEXTE, DELAI
        from tests.navigateur.visite import garder_session

        contexte = self.navigateur.new_context(base_url=self.url, **CONTEXTE)
        contexte.set_default_timeout(3 * DELAI)
        if donnees:
            session = garder_session(donnees)
            biscuit = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.url}
            contexte.add_cookies([biscuit])
        return contexte.new_page()

    def _page(self, onglet, role, nom, etat, adresse):
        from playwright.sync_api import Error

        try:
            reponse = onglet.goto(adresse)
        except Error as erreur:
            if "Download is starting" in str(erreur) or "ERR_ABORTED" in str(erreur):
                return  # a file, not a page
            raise
        sorte = reponse.headers.get("content-type", "")
        ailleurs = urlsplit(onglet.url).path != urlsplit(adresse).path
        if "text/html" not in sorte or not onglet.title() or ailleurs:
            return
        if reponse.status >= 400:
            print(f"  {reponse.status} {role.nom} {adresse}")
        for largeur, theme in self._formats(role, f"{nom} {etat}"):
            self._image(onglet, (nom, etat, role.nom, largeur, theme))

    def _formats(self, role, page):
        """One image of each page for each role; every format once, or when they are asked for."""
        largeurs = LARGEURS + ((390,) if role.nom in PORTAIL else ())
        voulues = self.options.largeur or largeurs
        themes = self.options.theme or THEMES
        tout = self.options.tout and page not in self.vues
        self.vues.add(page)
        if not tout and not (self.options.largeur or self.options.theme):
            return [(1366, "clair")]
        return [f for f in product(voulues, themes)]

    def _image(self, onglet, legende):
        from tests.navigateur.chromium import ECRANS

        nom, etat, role, largeur, theme = legende
        ecran = ECRANS[largeur]
        onglet.set_viewport_size(ecran)
        onglet.emulate_media(color_scheme="dark" if theme == "sombre" else "light")
        haut = onglet.evaluate("document.documentElement.scrollHeight")
        cadre = {"x": 0, "y": 0, "width": largeur, "height": min(haut, HAUTEUR_MAX)}
        fichier = "-".join(filter(None, (nom, etat, role, str(largeur), theme))) + ".png"
        fichier = fichier.replace(":", ".")
        onglet.screenshot(path=self.dossier / fichier, full_page=True, clip=cadre)
        self.images.append((*legende, fichier))

    def planche(self):
        """The contact sheet: by page, then by state, role and screen."""
        lignes = [ENTETE]
        for nom in sorted({i[0] for i in self.images}):
            lignes.append(f"<h2>{nom}</h2><div>")
            for image in sorted(i for i in self.images if i[0] == nom):
                legende = " · ".join(str(x) for x in image[1:-1] if x)
                lignes.append(
                    f'<a href="{image[-1]}"><img loading="lazy" src="{image[-1]}" alt="">'
                    f"<span>{legende}</span></a>"
                )
            lignes.append("</div>")
        (self.dossier / "index.html").write_text("\n".join(lignes))


ENTETE = """<!doctype html><html lang="fr"><meta charset="utf-8"><title>Captures</title><style>
body { font: 14px sans-serif; margin: 2rem; } div { display: flex; flex-wrap: wrap; gap: 1rem; }
a { inline-size: 22rem; color: inherit; text-decoration: none; }
img { inline-size: 100%; block-size: 14rem; object-fit: cover; object-position: top;
      border: 1px solid #999; } span { display: block; }
</style><h1>Captures</h1>"""


def lire_options(arguments):
    analyseur = argparse.ArgumentParser(prog="./run captures", description=__doc__)
    analyseur.add_argument("--role", nargs="+", choices=ROLES, default=list(ROLES))
    analyseur.add_argument("--page", default="", help="expression régulière sur le nom de la page")
    analyseur.add_argument("--theme", nargs="+", choices=THEMES)
    analyseur.add_argument("--largeur", nargs="+", type=int, choices=[390, *LARGEURS])
    analyseur.add_argument("--tout", action="store_true", help="chaque page dans chaque format")
    analyseur.add_argument("--var", help="dossier de la démonstration (var par défaut)")
    analyseur.add_argument("--sortie", default=RACINE / "var" / "captures")
    return analyseur.parse_args(arguments)


def main(arguments=None):
    options = lire_options(arguments)
    debut = time.monotonic()
    shutil.rmtree(options.sortie, ignore_errors=True)
    Path(options.sortie).mkdir(parents=True)
    with demonstration(options.var) as url:
        from tests.navigateur.chromium import lancer
        from tests.navigateur.pages import a_lire

        routes = [r for r in a_lire() if re.search(options.page, r.nom)]
        with lancer() as navigateur:
            photographe = Photographe(navigateur, url, options)
            for nom in options.role:
                photographe.photographier(Role(nom), routes)
                print(f"{nom} : {len(photographe.images)} images", flush=True)
            if "anonyme" in options.role:
                photographe.a_la_porte(routes)
    photographe.planche()
    duree = time.monotonic() - debut
    print(f"{len(photographe.images)} images en {duree:.0f} s : {options.sortie}/index.html")


if __name__ == "__main__":
    main()
