"""Les composants : ce qu'ils écrivent, et ce qu'ils refusent d'écrire."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from dui.socle.enums import StatutIdentite
from dui.socle.registres import Vignette
from dui.socle.templatetags import outils
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
    assert 'aria-label="Précédent : Ch. 11, BENALI Fatima"' in html.replace("\n", " ")


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
