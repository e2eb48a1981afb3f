"""The sentences at the head of this block's pages."""

from dui.socle.templatetags.dates import quand_texte


def de_la_releve(contexte: dict, lieu) -> dict:
    importantes, a_lire = len(contexte["importantes"]), len(contexte["a_lire"])
    personnes = len(contexte["par_resident"])
    return {
        "lieu": lieu,
        "titre": f"Relève · {lieu}",
        "sous_titre": f"Depuis {quand_texte(contexte['depuis'])}.",
        "note_important": f"{importantes}, dont {a_lire} à lire" if importantes else "",
        "note_personnes": f"{personnes} avec du nouveau" if personnes else "",
    }


def depuis_mon_poste(contexte: dict) -> str:
    """mar. 17 nov. 21:15 · 4 importantes, 31 autres"""
    importantes = len(contexte["importantes"])
    autres = contexte["nombre"] - importantes
    depuis = quand_texte(contexte["depuis"])
    if not contexte["nombre"]:
        return depuis
    return f"{depuis} · {_compte(importantes, 'importante')}, {_compte(autres, 'autre')}"


def _compte(nombre: int, mot: str) -> str:
    return f"{nombre} {mot}{'s' if nombre > 1 else ''}"
