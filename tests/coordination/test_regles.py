"""Ce que chaque type d’événement demande : des données, lues une fois."""

from hypothesis import given
from hypothesis import strategies as st

from coordination.evenements import regles
from dui.socle.nomenclatures_fichiers import DOSSIER as NOMENCLATURES

TOUTES = list(regles.parties().values())
CHAMPS = [c for p in TOUTES for c in p.champs]


def _types():
    import json

    lu = json.loads((NOMENCLATURES / "type_evenement.json").read_text(encoding="utf-8"))
    return {t["code"]: t["proprietes"] for t in lu["codes"]}


def reponses(champ):
    codes = [code for code, _ in champ.choix] + ["inconnu"]
    if champ.sorte == "plusieurs":
        return st.lists(st.sampled_from(codes), unique=True)
    return st.sampled_from([*codes, ""]) if champ.sorte == "une" else st.text(max_size=20)


faits = st.fixed_dictionaries({c.nom: reponses(c) for c in CHAMPS} | {"intrus": st.text()})


def test_les_types_ne_nomment_que_des_parties_connues_et_les_champs_n_ont_qu_un_nom():
    for proprietes in _types().values():
        assert set(proprietes["parties"]) <= set(regles.parties())
        assert {proprietes.get(n) for n in ("famille", "medecin")} <= {None, "exigee", "proposee"}
    assert len({c.nom for c in CHAMPS}) == len(CHAMPS)
    assert all(c.seul in dict(c.choix) for c in CHAMPS if c.seul)


def test_une_chute_et_une_hospitalisation_exigent_famille_et_medecin():
    types = _types()
    for code in ("chute", "hospitalisation"):
        assert (types[code]["famille"], types[code]["medecin"]) == ("exigee", "exigee")
    exiges = [c.nom for p in regles.parties_de(types["chute"]) for c in p.champs if c.exige]
    assert exiges == ["activite", "temoin", "lesions", "surveillance"]


@given(faits)
def test_nettoyer_ne_garde_que_des_reponses_connues_et_ne_change_rien_deux_fois(donnees):
    propres = regles.nettoyes(TOUTES, donnees)
    assert regles.nettoyes(TOUTES, propres) == propres
    assert "intrus" not in propres and "inconnu" not in str(propres.get("lesions", ""))
    assert all(propres.values())


@given(faits)
def test_ce_qui_manque_est_exige_et_vide(donnees):
    propres = regles.nettoyes(TOUTES, donnees)
    manquants = {c.nom for c in regles.manquants(TOUTES, propres)}
    assert manquants == {c.nom for c in CHAMPS if c.exige and c.nom not in propres}


def test_rien_de_visible_va_seul():
    chute = [regles.parties()["blessure"]]
    assert not regles.contradictions(chute, {"lesions": ["aucune"]})
    assert [c.nom for c in regles.contradictions(chute, {"lesions": ["aucune", "plaie"]})] == [
        "lesions"
    ]


def test_chaque_etat_a_une_issue_et_un_clos_se_rouvre_en_analyse():
    for suites, fin in ((regles.SUITES, "clos"), (regles.SUITES_EIG, "clos")):
        atteints, file = set(), [next(iter(suites))]
        while file:
            if (etat := file.pop()) not in atteints:
                atteints.add(etat)
                file += suites[etat]
        assert atteints == set(suites) and fin in atteints
    assert regles.peut_passer("clos", "analyse", regles.SUITES)
    assert not regles.peut_passer("declare", "plan", regles.SUITES)
