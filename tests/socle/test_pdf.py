import page as verificateur
import pikepdf
import pytest

from dui.socle import pdf

PROFILS = (verificateur.ValidationProfile.PDF_A_3A, verificateur.ValidationProfile.PDF_UA_1)
CORPS = "<p>Œdème, Łukasz, L’Haÿ, 36,8 °C ≥ 37</p><p><b>Öğretmen</b></p>"


def html(corps=CORPS, tete="", classe=""):
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Essai</title>'
        f'<link rel="stylesheet" href="static:css/pdf.css">{tete}</head>'
        f'<body class="{classe}"><header class="entete">DURAND Marie</header>'
        f'<footer class="pied">EHPAD</footer><main><h1>Essai</h1>{corps}</main></body></html>'
    )


def verifier(contenu, tmp_path):
    fichier = tmp_path / "document.pdf"
    fichier.write_bytes(contenu)
    for profil in PROFILS:
        rapport = verificateur.validate_pdf(str(fichier), profile=profil)
        assert rapport.is_compliant, (profil, [(f.rule_id, f.message) for f in rapport.failures])
    return pikepdf.open(fichier)


def test_un_document_est_a_la_fois_archivable_et_accessible(tmp_path):
    with verifier(pdf.depuis_html(html()), tmp_path) as document:
        assert document.Root.Lang == "fr"
        with document.open_metadata() as metadonnees:
            assert metadonnees.pdfa_status == "3A"


def test_un_brouillon_filigrane_reste_conforme(tmp_path):
    verifier(pdf.depuis_html(html(classe="brouillon")), tmp_path).close()


def test_le_controle_sait_echouer(tmp_path):
    """Negative control: what WeasyPrint makes without us is not archivable."""
    from weasyprint import HTML

    fichier = tmp_path / "ordinaire.pdf"
    HTML(string="<p>Essai</p>").write_pdf(str(fichier))
    for profil in PROFILS:
        assert not verificateur.validate_pdf(str(fichier), profile=profil).is_compliant


def test_le_meme_html_donne_les_memes_octets():
    assert pdf.depuis_html(html()) == pdf.depuis_html(html())
    assert pdf.depuis_html(html()) != pdf.depuis_html(html("<p>Autre</p>"))


def test_les_noms_d_ailleurs_s_ecrivent_avec_leurs_lettres(tmp_path):
    with verifier(pdf.depuis_html(html()), tmp_path) as document:
        polices = {
            str(objet.BaseFont).partition("+")[2]
            for objet in document.objects
            if isinstance(objet, pikepdf.Dictionary) and objet.get("/Type") == "/Font"
        }
    assert "Atkinson-Hyperlegible-Next-Etendu-Bold" in polices


@pytest.mark.parametrize(
    "adresse",
    [
        "https://exemple.fr/suivi.css",
        "file:///etc/passwd",
        "static:../dui/settings/base.py",
        "static:css/absent.css",
        "data:text/css,p{color:red}",
    ],
)
def test_un_document_n_ouvre_que_nos_fichiers_statiques(adresse):
    tete = f'<link rel="stylesheet" href="{adresse}">'
    with pytest.raises(pdf.AdresseRefusee):
        pdf.depuis_html(html(tete=tete))
