"""The cells of the grid: three thousand for a month of a hundred persons, hence no template."""

from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accompagnement.presences.regles import HORS_SEJOUR, PRESENT, Statut
from dui.socle import codes


def lignes(grille, jours) -> list[dict]:
    dessin = _dessinateur(tuple(j.weekday() > 4 for j in jours))
    return [{"ligne": x, "cases": dessin(tuple(x.journees))} for x in grille]


def _dessinateur(fins_de_semaine):
    motifs = {code: c for code, c in codes.codes("motif_absence").items()}

    @lru_cache(maxsize=512)
    def case(statuts: tuple[Statut, ...], fin_de_semaine: bool) -> str:
        """One sign when the whole day is the same, one for each half-day otherwise."""
        distincts = set(statuts)
        classe = _classe(distincts, motifs)
        if fin_de_semaine and classe in ("pres", "attendu"):
            classe += " we"
        if len(distincts) == 1:
            return format_html(
                '<td class="{}" title="{}">{}</td>', classe, *_mot(statuts[0], motifs)
            )
        mots = [_mot(s, motifs) for s in statuts]
        signes = format_html_join("", "<span>{}</span>", ((signe,) for _, signe in mots))
        return format_html(
            '<td class="{}" title="{}">{}</td>', classe, ", ".join(m for m, _ in mots), signes
        )

    def ligne(journees) -> SafeString:
        couples = zip(journees, fins_de_semaine, strict=True)
        return format_html_join("", "{}", ((case(s, f),) for s, f in couples))

    return ligne


def _classe(distincts, motifs) -> str:
    statuts = sorted(distincts, key=lambda s: s.code)
    if any(_alerte(s, motifs) for s in statuts):
        return "alarme"
    if any(s.code not in (PRESENT, HORS_SEJOUR) and not s.prevue for s in statuts):
        return "abs"
    if any(s.prevue and s.code != PRESENT for s in statuts):
        return "prevue"
    if statuts[0].code == HORS_SEJOUR:
        return "hors"
    return "attendu" if statuts[0].prevue else "pres"


def _alerte(statut, motifs) -> bool:
    connu = motifs.get(statut.code)
    return bool(connu and not statut.prevue and connu.proprietes.get("alerte_ei"))


def _mot(statut, motifs) -> tuple[str, str]:
    """(in words, sign)"""
    if statut.code == PRESENT:
        return ("Attendu", "·") if statut.prevue else ("Présent", "P")
    if statut.code == HORS_SEJOUR:
        return "Hors séjour", ""
    connu = motifs.get(statut.code)
    mot = connu.libelle if connu else statut.code
    return (f"{mot} (prévue)", f"({statut.code})") if statut.prevue else (mot, statut.code)
