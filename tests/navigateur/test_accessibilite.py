"""Le contrôle trouve ce qu’il cherche : sans cela, ses silences ne voudraient rien dire."""

from tests.navigateur.accessibilite import axe, defilement

FAUTIVE = """
<html lang="fr"><title>Essai</title><main><h1>Essai</h1><img src="x.png">
<p style="color: #999; background: #aaa">Presque illisible</p>
<input type="text"><div style="width: 1200px">Trop large pour un téléphone</div></main></html>
"""


def test_une_page_fautive_est_dite_fautive(chromium):
    page = chromium.new_page()
    page.set_content(FAUTIVE)
    trouvees = {faute.split(" : ")[0] for faute in axe(page)}
    assert {"image-alt", "color-contrast", "label"} <= trouvees
    assert defilement(page, 390) > 0 and defilement(page, 1920) == 0
    page.close()
