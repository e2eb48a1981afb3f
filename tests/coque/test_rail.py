"""Le rail et les onglets : ce qui sert à toute heure en vue, le reste sous « Plus »."""

from types import SimpleNamespace

import pytest

from dui.coque.contexte import RAIL_ENTIER, RAIL_REPLIE, RAIL_TELEPHONE, Coque
from dui.socle import registres
from dui.socle.enums import Action, Bloc, Domaine
from dui.socle.registres import EntreeRail, Registre
from dui.socle.templatetags.listes import ONGLETS_ENTIERS, ONGLETS_VUS, onglets


@pytest.fixture
def rail(monkeypatch):
    registre: Registre = Registre()
    monkeypatch.setattr(registres, "rail", registre)
    return registre


def coque(domaine=Domaine.PA, chemin="/"):
    habilitation = SimpleNamespace(peut=lambda bloc, action: True, professionnel=True)
    page = Coque(SimpleNamespace(habilitation=habilitation, path=chemin))
    page.__dict__["_lieu"] = SimpleNamespace(
        etablissement=SimpleNamespace(domaine=domaine, mot=SimpleNamespace())
    )
    return page


def remplir(rail, nombre):
    for rang in range(nombre):
        rail.ajouter(
            EntreeRail(
                f"e{rang}", f"Entrée {rang}", "poste", "journal", Bloc.ID, Action.VOIR, rang,
                prefixe=f"/e{rang}/",
            )
        )  # fmt: skip


def libelles(liens):
    return [lien["libelle"] for lien in liens]


def test_un_rail_court_se_montre_entier(rail):
    remplir(rail, RAIL_ENTIER)

    assert len(coque().rail) == RAIL_ENTIER
    assert coque().rail_plus == []


def test_un_rail_long_garde_ses_premieres_entrees_et_replie_les_autres(rail):
    remplir(rail, 13)
    page = coque()

    assert libelles(page.rail) == [f"Entrée {r}" for r in range(RAIL_REPLIE)]
    assert libelles(page.rail_plus) == [f"Entrée {r}" for r in range(RAIL_REPLIE, 13)]


def test_la_page_ouverte_est_toujours_en_vue(rail):
    remplir(rail, 13)
    page = coque(chemin="/e12/")

    assert libelles(page.rail)[-1] == "Entrée 12"
    assert "Entrée 12" not in libelles(page.rail_plus)


def test_le_telephone_replie_aussi_ce_que_sa_barre_ne_tient_pas(rail):
    remplir(rail, 6)
    rail.ajouter(EntreeRail("issue", "Issue", "sortie", "journal", Bloc.ID, ordre=95, pied=True))
    page = coque()

    assert [lien["replie"] for lien in page.rail] == [False] * RAIL_TELEPHONE + [True] * 2
    assert libelles(page.rail_replies) == ["Entrée 4", "Entrée 5", "Issue"]
    assert libelles(page.rail_pied) == ["Issue"]


def test_une_entree_d_un_domaine_ne_parait_que_chez_lui(rail):
    rail.ajouter(
        EntreeRail(
            "tournee", "Ma tournée", "lieu", "journal", Bloc.AVQ, domaines=frozenset({Domaine.DOM})
        )
    )

    assert libelles(coque(Domaine.DOM).rail) == ["Ma tournée"]
    assert coque(Domaine.PA).rail == []


@pytest.mark.parametrize("courant", [0, ONGLETS_VUS - 1, ONGLETS_VUS, 13])
def test_les_onglets_tiennent_sur_une_ligne_et_montrent_toujours_le_courant(courant):
    liste = [{"url": f"/{r}", "libelle": str(r), "courant": r == courant} for r in range(14)]
    rendu = onglets(liste, "Dossier")

    assert len(rendu["onglets"]) == ONGLETS_VUS
    assert str(courant) in libelles(rendu["onglets"])
    tous = libelles(rendu["onglets"]) + libelles(rendu["plus"])
    assert sorted(tous, key=int) == [str(r) for r in range(14)]


def test_peu_d_onglets_se_montrent_tous():
    liste = [{"url": f"/{r}", "libelle": str(r)} for r in range(ONGLETS_ENTIERS)]

    assert onglets(liste, "Dossier")["plus"] == []
