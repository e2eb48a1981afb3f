"""The provider's own pages: not those of the product, and they look it."""

from html import escape

STYLE = """
body{font:1.125rem/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;
color:#14213d;background:#fff}h1{font-size:1.5rem}form{margin:.5rem 0}
button{font:inherit;min-height:3rem;width:100%;padding:.5rem 1rem;text-align:start;
border:1px solid #14213d;border-radius:.5rem;background:#eef3ff;color:#14213d;cursor:pointer}
"""


def _page(titre: str, corps: str) -> str:
    return (
        '<!doctype html><html lang="fr"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(titre)}</title><style>{STYLE}</style>"
        f"<main><h1>{escape(titre)}</h1>{corps}</main>"
    )


def _bouton(libelle: str, action: str, **champs: str) -> str:
    caches = "".join(
        f'<input type="hidden" name="{escape(nom)}" value="{escape(valeur)}">'
        for nom, valeur in champs.items()
    )
    return (
        f'<form method="post" action="{escape(action)}">{caches}'
        f"<button>{escape(libelle)}</button></form>"
    )


def choix(demande: str, professionnels: list[dict]) -> str:
    lignes = [
        _bouton(
            f"{p['given_name'].title()} {p['family_name']}, {p['SubjectNameID']}",
            "/auth",
            demande=demande,
            qui=p["SubjectNameID"],
        )
        for p in professionnels
    ]
    corps = "<p>Fournisseur d’identité local, professionnels inventés.</p>" + "".join(lignes)
    return _page("Qui êtes-vous ?", corps + _bouton("Annuler", "/auth", demande=demande))


def e_cps(demandes: list[tuple[str, str, str]]) -> str:
    """(request, message, who) of each request that waits."""
    if not demandes:
        return _page("Votre e-CPS", "<p>Aucune demande en attente. Rechargez la page.</p>")
    corps = "".join(
        f"<h2>{escape(qui)} : code {escape(message)}</h2>"
        + _bouton("Confirmer", "/e-cps", demande=demande, reponse="oui")
        + _bouton("Refuser", "/e-cps", demande=demande, reponse="non")
        for demande, message, qui in demandes
    )
    return _page("Votre e-CPS", corps)


def erreur(code: str) -> str:
    return _page("Demande refusée", f"<p>{escape(code)}</p>")


def sortie() -> str:
    return _page("Vous êtes déconnecté", "<p>La session du fournisseur est fermée.</p>")
