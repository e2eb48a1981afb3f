"""Les composants : ce qu'ils écrivent, et ce qu'ils refusent d'écrire."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
import time_machine
from django import forms
from django.forms import formset_factory
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from dui.socle import graphes
from dui.socle.enums import StatutIdentite
from dui.socle.graphes import Seuil, courbe, intervalles
from dui.socle.registres import Vignette
from dui.socle.templatetags import formulaires, outils
from dui.socle.templatetags.typographie import francais
from tests.outils import fautes_de_page

JEUDI = datetime(2026, 11, 19, 13, 10, tzinfo=UTC)  # 14:10 à Paris


def rendu(gabarit: str, **contexte) -> str:
    return Template(gabarit).render(Context(contexte))


@pytest.fixture
def jeudi():
    with time_machine.travel(JEUDI, tick=False):
        yield


@pytest.fixture
def marie():
    return SimpleNamespace(
        nom_affiche="DURAND Marie",
        date_naissance=date(1945, 3, 28),
        naissance_affichee="28/03/1945",
        portrait=2,
        sexe="F",
    )


# ------------------------------------------------------------------ refus des variantes inconnues


@pytest.mark.parametrize(
    "balise",
    [
        '{% icone "licorne" %}',
        '{% icone "alerte" "xxl" %}',
        '{% bouton "Envoyer" variante="rose" %}',
        '{% bouton "Envoyer" type="lien" %}',
        '{% etiquette "Urgent" "fuchsia" %}',
        '{% etiquette "Fait" "vert" plein=True %}',
        '{% dit "Fait" "jaune" %}',
        '{% compteur 3 "bleu" %}',
        '{% alerte "Titre" "orange" %}{% endalerte %}',
        '{% section "Titre" niveau=1 %}{% endsection %}',
        '{% horaire "large" %}{% endhoraire %}',
        '{% jalon "rose" %}{% endjalon %}',
    ],
)
def test_une_variante_inconnue_est_refusee(balise):
    with pytest.raises(ValueError, match=r"inconnu|pleine"):
        rendu(balise)


def test_chaque_ton_a_une_icone_qui_existe():
    assert set(outils.ICONES_DES_TONS.values()) <= outils.noms_du_sprite("icones")


# ------------------------------------------------------------------ signaux


def test_une_icone_se_tait_sauf_si_elle_a_un_nom():
    assert 'aria-hidden="true"' in rendu('{% icone "alerte" %}')
    assert 'role="img" aria-label="Fermer"' in rendu('{% icone "fermer" libelle="Fermer" %}')


def test_un_bouton_est_un_lien_quand_il_a_une_adresse():
    lien = rendu('{% bouton "Ouvrir" "/x/" icone="voir" variante="principal" data_raccourci="a" %}')
    assert lien.startswith('<a class="bouton bouton--principal" data-raccourci="a" href="/x/">')
    bouton = rendu('{% bouton "Enregistrer" touche="Alt+S" name="garder" %}')
    assert 'type="submit"' in bouton and 'aria-keyshortcuts="Alt+S"' in bouton
    assert 'name="garder"' in bouton


def test_un_bouton_inactif_n_est_jamais_un_lien():
    assert rendu('{% bouton "Ouvrir" "/x/" desactive=True %}').startswith("<button")


def test_un_bouton_carre_dit_son_nom_aux_lecteurs_d_ecran():
    carre = rendu('{% bouton "Fermer" icone="fermer" variante="carre" type="button" %}')
    assert 'aria-label="Fermer"' in carre
    assert ">Fermer<" not in carre


def test_ce_qui_vient_d_une_personne_est_echappe():
    assert "&lt;b&gt;" in rendu("{% etiquette mot %}", mot="<b>")
    assert "&lt;b&gt;" in rendu("{% bouton mot %}", mot="<b>")
    assert "&lt;b&gt;" in rendu("{% section mot %}{% endsection %}", mot="<b>")


def test_une_personne_sans_portrait_a_ses_initiales(marie):
    assert "portraits.svg#p2" in rendu("{% portrait p %}", p=marie)
    marie.portrait = 0
    assert ">DM<" in rendu("{% portrait p %}", p=marie)


def test_une_personne_est_nommee_et_datee(marie, jeudi):
    html = rendu('{% personne p "/dossier/" %}', p=marie)
    assert "DURAND Marie" in html and "28/03/1945 (81 ans)" in html


def test_le_statut_d_identite_porte_son_mot():
    html = rendu("{% statut_identite s %}", s=StatutIdentite.PROVISOIRE)
    assert "Provisoire" in html and "ambre" in html


def test_les_vignettes_acceptent_objets_et_quadruplets():
    html = rendu(
        "{% vignettes v %}",
        v=[
            Vignette("rouge", "urgence", "Allergie", plein=True),
            ("gris", "marche", "Chute", False),
        ],
    )
    assert "etiquette--plein" in html and "Chute" in html


# ------------------------------------------------------------------ blocs


def test_une_section_est_nommee_par_son_titre():
    html = rendu(
        '{% section "À faire d’abord" note=5 lien="/x/" lien_texte="Tout" %}…{% endsection %}'
    )
    assert 'aria-labelledby="s-a-faire-dabord-titre"' in html
    assert '<h2 id="s-a-faire-dabord-titre">' in html and '<span class="discret">5</span>' in html


def test_une_note_nulle_s_affiche():
    assert '<span class="discret">0</span>' in rendu('{% section "T" note=0 %}{% endsection %}')


def test_un_tableau_a_une_legende_meme_cachee():
    html = rendu('{% tableau "Résidents" %}<tbody></tbody>{% endtableau %}')
    assert '<caption class="lecteur">Résidents</caption>' in html


def test_un_dialogue_est_nomme_et_se_ferme():
    html = rendu('{% dialogue "signer" "Signer" %}…{% enddialogue %}')
    assert 'aria-labelledby="signer-titre"' in html and "data-fermer" in html


# ------------------------------------------------------------------ listes


def entete(adresse: str) -> str:
    requete = RequestFactory().get(adresse)
    return rendu('{% entete "Nom" tri="nom" %}', request=requete)


def test_un_tri_garde_les_filtres_et_revient_a_la_premiere_page():
    html = entete("/residents/?unite=3&curseur=abc")
    assert 'href="?unite=3&amp;tri=nom"' in html and "aria-sort" not in html


def test_un_tri_actif_s_annonce_et_s_inverse():
    assert 'aria-sort="ascending"' in entete("/?tri=nom")
    assert 'href="?tri=-nom"' in entete("/?tri=nom")
    assert 'aria-sort="descending"' in entete("/?tri=-nom")


def test_une_liste_d_une_seule_page_n_a_pas_de_pagination():
    assert rendu('{% pagination "" "" %}').strip() == ""
    assert 'rel="next"' in rendu('{% pagination "" "?curseur=x" %}')


def test_l_onglet_courant_est_annonce():
    html = rendu(
        '{% onglets liste "Dossier" voisins %}',
        liste=[{"url": "/a/", "libelle": "Synthèse", "courant": True}],
        voisins={"precedent": {"url": "/p/", "libelle": "Ch. 11", "nom": "BENALI Fatima"}},
    )
    assert 'aria-current="page"' in html
    assert 'aria-label="Précédent : Ch. 11, BENALI Fatima"' in html.replace("\n", " ")


def test_une_case_vide_de_la_semaine_le_dit(jeudi):
    jours = [date(2026, 11, 13) + timedelta(days=n) for n in range(7)]
    cases = [{"texte": "½", "ton": "ambre", "icone": "baisse"}, *({} for _ in range(6))]
    html = rendu(
        '{% semaine jours lignes "Repas" %}',
        jours=jours,
        lignes=[{"icone": "repas", "libelle": "Repas", "cases": cases}],
    )
    assert html.count("non renseigné") == 6
    assert "auj.<b>19</b>" in html and "hier<b>18</b>" in html


def test_un_travail_long_dit_ou_il_en_est():
    travail = {
        "libelle": "Import",
        "fait": 3120,
        "total": 5000,
        "rejets": 18,
        "termine": False,
        "url": "/suivi/",
        "reste": "14 min",
    }
    html = rendu("{% progression t %}", t=travail)
    assert "3\u00a0120 sur 5\u00a0000, reste 14 min" in html
    assert 'data-progression="/suivi/"' in html.replace("\n", "")
    assert 'value="3120"' in html and "18 lignes rejetées" in html


def test_une_suggestion_nomme_date_et_situe(marie, jeudi):
    dossier = SimpleNamespace(pk="3f2c1a5e-0000-4000-8000-000000000001")
    sejour = SimpleNamespace(place="12", unite="Magnolia", etablissement="Les Tilleuls")
    html = rendu("{% suggestions r %}", r=[{"usager": marie, "dossier": dossier, "sejour": sejour}])
    assert f'href="/dossiers/{dossier.pk}/"' in html and 'role="option"' in html
    assert "28/03/1945 (81 ans), Magnolia" in html and ">12<" in html
    assert "Personne ne correspond" in rendu("{% suggestions r %}", r=[])


def test_un_message_prend_le_focus_et_rien_sinon():
    message = SimpleNamespace(level_tag="success", __str__=lambda m: "Enregistré")
    assert "autofocus" in rendu("{% message %}", messages=[message])
    assert "autofocus" not in rendu("{% message %}", messages=[])


# ------------------------------------------------------------------ bandeau d'identité


def bandeau(usager, **autres):
    return SimpleNamespace(
        **{
            "usager": usager,
            "chambre": "12",
            "unite": "Magnolia",
            "gir": 3,
            "ins": "2 45 03 49 007 118 69 (NIR)",
            "statut_identite": StatutIdentite.QUALIFIEE,
            "vignettes": [Vignette("rouge", "urgence", "Allergie : pénicilline", plein=True)],
            "decede": None,
        }
        | autres
    )


def test_le_bandeau_porte_les_traits_et_les_vigilances(marie, jeudi):
    html = rendu("{% identite b %}", b=bandeau(marie))
    for trait in ("DURAND Marie", "née le", "28/03/1945 (81 ans)", "2 45 03", "Qualifiée"):
        assert trait in html
    assert "Allergie : pénicilline" in html
    assert "Transmission" not in html


def test_le_bandeau_d_une_personne_decedee_le_dit(marie):
    html = rendu("{% identite b %}", b=bandeau(marie, decede=date(2026, 11, 18)))
    assert "identite--decede" in html and "Décès le 18/11/2026" in html


# ------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    ("instant", "texte"),
    [
        (datetime(2026, 11, 19, 13, 2, tzinfo=UTC), "aujourd’hui 14:02"),
        (datetime(2026, 11, 18, 20, 30, tzinfo=UTC), "hier 21:30"),
        (datetime(2026, 11, 17, 13, 2, tzinfo=UTC), "mar. 17 nov. 14:02"),
        (datetime(2026, 11, 18, 23, 30, tzinfo=UTC), "aujourd’hui 00:30"),
        (datetime(2025, 2, 1, 9, 0, tzinfo=UTC), "sam. 1er févr. 2025 10:00"),
        (date(2026, 11, 20), "demain"),
        (None, ""),
    ],
)
def test_quand(jeudi, instant, texte):
    html = rendu("{{ i|quand }}", i=instant)
    assert texte in html
    assert html == "" or html.startswith("<time datetime=")


def test_quand_court(jeudi):
    assert ">auj. 14:10<" in rendu('{{ i|quand:"court" }}', i=JEUDI)


@pytest.mark.parametrize(
    ("ecart", "texte"),
    [
        (timedelta(minutes=20), "dans 20 min"),
        (timedelta(minutes=-15), "il y a 15 min"),
        (timedelta(hours=-2, minutes=-5), "il y a 2 h 05"),
        (timedelta(hours=-30), "il y a 1 jour"),
        (timedelta(days=-3), "il y a 3 jours"),
        (timedelta(0), "maintenant"),
    ],
)
def test_dans(jeudi, ecart, texte):
    assert rendu("{{ i|dans }}", i=JEUDI + ecart).endswith(texte)


def test_les_deux_heures_se_voient_au_dela_d_une_heure(jeudi):
    tard = rendu("{% fait_et_ecrit a b %}", a=JEUDI - timedelta(minutes=61), b=JEUDI)
    assert "écrit" in tard
    assert "écrit" not in rendu("{% fait_et_ecrit a b %}", a=JEUDI - timedelta(minutes=59), b=JEUDI)


def test_l_age_change_le_jour_de_l_anniversaire(jeudi):
    assert rendu("{{ d|age }}", d=date(1945, 11, 19)) == "81 ans"
    assert rendu("{{ d|age }}", d=date(1945, 11, 20)) == "80 ans"


# ------------------------------------------------------------------ typographie


def test_les_espaces_du_francais_ne_se_coupent_pas():
    assert francais("Vraiment ? Oui : « 12 % »") == (
        "Vraiment\u00a0? Oui\u00a0: «\u00a012\u00a0%\u00a0»"
    )
    assert francais("l'allergie, 1 234 kg") == "l’allergie, 1\u00a0234\u00a0kg"


def test_typo_echappe_et_ne_repasse_pas():
    assert rendu("{{ t|typo }}", t="<b> l'eau") == "&lt;b&gt; l’eau"
    assert rendu("{{ t|typo|typo }}", t="Oui !") == "Oui\u00a0!"


@given(st.text())
def test_la_typographie_est_stable(texte):
    assert francais(francais(texte)) == francais(texte)


# ------------------------------------------------------------------ formulaires


class Saisie(forms.Form):
    pouls = forms.IntegerField(label="Pouls", help_text="par minute", max_value=250)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    prevenue = forms.BooleanField(label="Famille prévenue", required=False)
    cible = forms.ChoiceField(
        label="Cible", choices=[("repas", "Repas"), ("nuit", "Nuit")], widget=forms.RadioSelect
    )
    jeton = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cible"].icones = {"repas": "repas"}


def test_un_champ_lie_son_aide_et_son_erreur():
    html = rendu("{% champ f.pouls %}", f=Saisie({"pouls": "680", "cible": "repas"}))
    assert 'aria-describedby="id_pouls_helptext id_pouls_error"' in html
    assert 'id="id_pouls_helptext"' in html and 'id="id_pouls_error"' in html
    assert 'aria-invalid="true"' in html and 'for="id_pouls"' in html


def test_un_champ_libre_se_dit_facultatif():
    assert "(facultatif)" in rendu("{% champ f.note %}", f=Saisie())
    assert "(facultatif)" not in rendu("{% champ f.pouls %}", f=Saisie())


def test_la_classe_du_widget_est_gardee():
    formulaire = Saisie()
    formulaire.fields["pouls"].widget.attrs["class"] = "entree--court"
    assert 'class="entree entree--court"' in rendu("{% champ f.pouls %}", f=formulaire)


def test_les_puces_portent_les_icones_du_champ():
    html = rendu("{% puces f.cible %}", f=Saisie(initial={"cible": "nuit"}))
    assert html.count('type="radio"') == 2 and "icones.svg#repas" in html
    assert "<legend>Cible</legend>" in html
    assert 'value="nuit"' in html and "checked" in html


def test_les_puces_refusent_un_champ_de_texte():
    with pytest.raises(ValueError, match="widget inconnu"):
        rendu("{% puces f.note %}", f=Saisie())


def test_le_resume_compte_et_relie_les_erreurs():
    html = rendu("{% resume_erreurs f %}", f=Saisie({"pouls": "680"}))
    assert "2 points à corriger, rien n’est perdu" in html
    assert 'href="#id_pouls"' in html and 'href="#id_cible_0"' in html
    assert "autofocus" in html


def test_le_resume_se_tait_quand_tout_va_bien():
    assert rendu("{% resume_erreurs f %}", f=Saisie()).strip() == ""


def test_le_resume_lit_aussi_les_listes_de_formulaires():
    liste = formset_factory(Saisie, extra=0)(
        {
            "form-TOTAL_FORMS": "1",
            "form-INITIAL_FORMS": "0",
            "form-0-pouls": "x",
            "form-0-cible": "nuit",
        }
    )
    points = formulaires.points_a_corriger(liste)
    assert [p["ancre"] for p in points] == ["id_form-0-pouls"]


def test_un_formulaire_entier_se_dessine_avec_les_memes_composants():
    html = str(Saisie({"pouls": "680"}))
    assert 'class="entree"' in html and "resume-erreurs" in html


def test_le_brouillon_n_annonce_rien_avant_le_serveur():
    assert "Brouillon enregistré" not in rendu("{% etat_brouillon %}")
    assert "Brouillon enregistré à 14:02" in rendu('{% etat_brouillon "14:02" %}')


# ------------------------------------------------------------------ graphiques

jours = st.dates(date(2000, 1, 1), date(2040, 1, 1))
valeurs = st.floats(-500, 500, allow_nan=False).map(lambda v: round(v, 1))
mesures = st.lists(st.tuples(jours, valeurs), min_size=1, max_size=40, unique_by=lambda m: m[0])


@given(valeurs, valeurs)
def test_les_graduations_sont_rondes_et_encadrent(a, b):
    bas, haut = min(a, b), max(a, b)
    ticks = graphes.graduations(bas, haut)
    assert 2 <= len(ticks) <= graphes.GRADUATIONS_MAX
    assert ticks[0] <= bas and ticks[-1] >= haut
    ecarts = {round(y - x, 6) for x, y in pairwise(ticks)}
    assert len(ecarts) == 1 and ecarts.pop() > 0


@given(mesures)
def test_une_courbe_tient_dans_son_cadre_et_suit_le_temps(serie):
    g = courbe(serie, titre="Poids", unite="kg")
    couples = [tuple(map(float, p.split(","))) for p in g.trace.split()]
    assert len(couples) == len(serie) == len(g.lignes)
    assert [x for x, _ in couples] == sorted(x for x, _ in couples)
    for x, y in couples:
        assert float(g.x0) <= x <= float(g.x1)
        assert graphes.HAUT - 0.1 <= y <= graphes.HAUTEUR - graphes.BAS + 0.1


@given(mesures)
def test_les_etiquettes_du_temps_ne_se_touchent_pas(serie):
    places = [float(a["x"]) for a in courbe(serie, titre="Poids").abscisses]
    assert all(b - a >= graphes.ECART_ABSCISSES - 0.1 for a, b in pairwise(places))


@given(mesures)
def test_aucun_nombre_du_dessin_n_a_de_virgule(serie):
    svg = render_to_string("composants/graphe_svg.html", {"g": courbe(serie, titre="Poids")})
    nombres = re.findall(r'\s(?:x|y|x1|x2|y1|y2|cx|cy|r)="([^"]*)"', svg)
    assert nombres
    for nombre in nombres:
        float(nombre)


def test_une_mesure_hors_seuil_est_marquee_et_ecrite():
    g = intervalles(
        [(date(2026, 11, 9), 88, 162), (date(2026, 11, 10), 74, 128)],
        titre="Pression",
        unite="mmHg",
        seuils=[Seuil(150)],
    )
    assert [b["hors"] for b in g.barres] == [True, False]
    assert [b["texte"] for b in g.barres] == ["162", ""]
    assert g.derniere == "128/74 mmHg"
    assert "de 162/88 à 128/74 mmHg" in g.resume


def test_une_courbe_se_lit_sans_se_voir():
    g = courbe([(date(2026, 10, 19), 56.4), (date(2026, 11, 19), 53.4)], titre="Poids", unite="kg")
    html = rendu('{% graphe g titre="Poids" %}', g=g)
    assert 'aria-label="Poids, 2 mesures du 19/10/2026 au 19/11/2026 : de 56,4 à 53,4 kg."' in html
    assert "<details>" in html and "53,4 kg" in html


def test_sans_mesure_il_n_y_a_pas_de_graphique():
    assert courbe([], titre="Poids") is None
    assert intervalles([], titre="Pression") is None


def test_une_heure_s_ecrit_dans_le_fuseau_de_l_etablissement():
    g = courbe([(JEUDI, 37.2), (JEUDI + timedelta(hours=4), 38.1)], titre="Température")
    assert [a["texte"] for a in g.abscisses] == ["14:10", "18:10"]


def test_la_variation_compare_a_la_mesure_d_avant():
    serie = [(date(2026, 9, 1), 57.0), (date(2026, 10, 18), 56.4), (date(2026, 11, 19), 53.4)]
    assert graphes.variation(serie, 30) == pytest.approx(-3.0)
    assert graphes.variation(serie[-1:], 30) is None


@given(st.lists(st.integers(), max_size=300), st.integers(2, 60))
def test_eclaircir_garde_la_derniere(serie, maximum):
    gardees = graphes.eclaircir(serie, maximum)
    assert len(gardees) <= max(maximum, 0) or gardees == serie
    assert not serie or gardees[-1] == serie[-1]


# ------------------------------------------------------------------ pages


@pytest.mark.parametrize("code", [400, 403, 404, 409, 413, 429, 500])
def test_une_page_d_erreur_se_passe_de_tout_contexte(code):
    html = render_to_string(f"{code}.html")
    assert "<title>Erreur – " in html and html.count("<h1>") == 1


def test_les_gabarits_n_ecrivent_ni_style_ni_script_en_ligne():
    for code in (404, 409, 500):
        assert fautes_de_page(render_to_string(f"{code}.html")) == []


@pytest.mark.django_db
def test_la_galerie_montre_tout_sans_erreur(client):
    reponse = client.get("/composants/")
    assert reponse.status_code == 200
    html = reponse.content.decode()
    for composant in ("identite--decede", "resume-erreurs", "semaine", "graphe", "puce", "jauge"):
        assert composant in html


@pytest.mark.parametrize(
    ("gabarit", "classe"),
    [
        ("404.html", "appli"),
        ("gabarit_accueil.html", "accueil"),
        ("gabarit_portail.html", "portail"),
    ],
)
def test_chaque_gabarit_habille_le_corps_de_la_page(gabarit, classe):
    portail = SimpleNamespace(usager=None, titre="", sous_titre="", actions=[], rail=[])
    html = render_to_string(gabarit, {"portail": portail})
    assert f'<body class="{classe}">' in html


def test_sur_papier_un_jour_se_dit_par_sa_date(jeudi):
    gabarit = "{% sur_papier %}{{ t|quand }}{% endsur_papier %} {{ t|quand }}"
    html = rendu(gabarit, t=JEUDI)
    assert "jeu. 19 nov. 14:10" in html
    assert "aujourd’hui 14:10" in html
