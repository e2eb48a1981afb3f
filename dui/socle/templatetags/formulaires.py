"""Form components: label, hint, error and field tied together; chips; the error summary."""

from django import forms, template
from django.forms.formsets import BaseFormSet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from dui.socle.champs import intitule
from dui.socle.templatetags.outils import parmi

register = template.Library()

A_COCHER = (forms.RadioSelect, forms.CheckboxSelectMultiple)
# Beyond, a list of boxes can be searched (static/js/filtre.js): a house has a hundred persons.
LONGUE = 20


def nature(bf) -> str:
    """How a field is drawn: one box to tick, a list to tick, a group of entries, one entry."""
    widget = bf.field.widget
    if isinstance(widget, A_COCHER):
        return "liste"
    if isinstance(widget, forms.CheckboxInput):
        return "case"
    return "groupe" if widget.use_fieldset else "entree"


def rendu(bf, classe: str):
    """The widget with our class beside its own."""
    siennes = bf.field.widget.attrs.get("class", "")
    return bf.as_widget(attrs={"class": f"{classe} {siennes}".strip()})


def options(bf) -> list[dict]:
    """Each choice with its input and the icon named by `icones` on the field or its widget."""
    icones = getattr(bf.field, "icones", None) or getattr(bf.field.widget, "icones", {})
    return [
        {
            "entree": bw.tag(),
            "libelle": bw.choice_label,
            "icone": icones.get(str(bw.data["value"]), ""),
        }
        for bw in bf
    ]


def contexte(bf, **autres) -> dict:
    decrit = bf.aria_describedby if not bf.is_hidden else ""
    return {
        "champ": bf,
        "longue": len(autres.get("options", ())) > LONGUE,
        "decrit": decrit or "",
        "facultatif": not bf.field.required,
        **autres,
    }


@register.inclusion_tag("composants/champ.html")
def champ(bf, *, ligne=False, facultatif=True, dense=False):
    """Label, hint, error and the field, whatever its widget."""
    sorte = nature(bf)
    if sorte == "liste":
        dessin = {"options": options(bf)}
    else:
        dessin = {"entree": rendu(bf, "" if sorte == "case" else "entree")}
    communs = contexte(bf, sorte=sorte, ligne=ligne, dense=dense, **dessin)
    communs["facultatif"] = communs["facultatif"] and facultatif and sorte != "case"
    return communs


@register.inclusion_tag("composants/champ.html")
def champ_ligne(bf, *, facultatif=False):
    """The label on the left (forms of a ward: données, actions, résultat)."""
    return champ(bf, ligne=True, facultatif=facultatif)


@register.inclusion_tag("composants/champ.html")
def choix(bf, *, dense=False):
    """A single box, or a plain list of boxes or radios."""
    parmi("widget", nature(bf), ("case", "liste"))
    return champ(bf, dense=dense, facultatif=False)


@register.inclusion_tag("composants/puces.html")
def puces(bf, *, ligne=False, dense=False, legende=True):
    """Chips: radios or boxes one can tap. Icons come from `icones = {valeur: nom}`."""
    parmi("widget", nature(bf), ("liste",))
    return contexte(bf, options=options(bf), ligne=ligne, dense=dense, legende=legende)


@register.inclusion_tag("composants/segment.html")
def segment(bf, *, ligne=False, legende=True):
    """Two to four exclusive choices side by side."""
    parmi("widget", nature(bf), ("liste",))
    return contexte(bf, options=options(bf), ligne=ligne, legende=legende)


def points_a_corriger(formulaire) -> list[dict]:
    """Every error of a form or a formset, with the anchor of the field to correct."""
    if isinstance(formulaire, BaseFormSet):
        points = [{"texte": e, "ancre": ""} for e in formulaire.non_form_errors()]
        for membre in formulaire.forms:
            points += points_a_corriger(membre)
        return points
    if not formulaire.is_bound:
        return []
    points = [{"texte": e, "ancre": ""} for e in formulaire.non_field_errors()]
    for bf in formulaire:
        for erreur in bf.errors:
            titre = intitule(bf.field, bf.label)
            texte = erreur if bf.is_hidden else _nommer(titre, erreur)
            points.append({"texte": texte, "ancre": bf.id_for_label or f"{bf.auto_id}_0"})
    return points


def _nommer(label, erreur):
    """« Date : … »; a label that asks has its own sign."""
    separateur = " " if str(label).rstrip().endswith(("?", "!", ":", "…")) else "\u00a0: "
    return format_html("{}{}{}", label, separateur, erreur)


@register.inclusion_tag("composants/resume_erreurs.html")
def resume_erreurs(*formulaires, focus=True, titre=""):
    """Focused summary at the top of a refused form, each point linked to its field. Where nothing
    was typed that could be lost, `titre` says what did not happen, and the field takes the focus.
    """
    points = [
        p
        for formulaire in formulaires
        if formulaire is not None
        for p in points_a_corriger(formulaire)
    ]
    pluriel = "s" if len(points) > 1 else ""
    return {
        "points": points,
        "titre": titre or f"{len(points)} point{pluriel} à corriger, rien n’est perdu",
        "focus": focus,
    }


@register.simple_tag
def champs_caches(formulaire):
    """Hidden fields of a form whose visible fields are placed one by one."""
    return mark_safe("".join(str(bf) for bf in formulaire.hidden_fields()))  # noqa: S308


@register.simple_tag
def champs_de_redaction(redaction):
    """Which draft this form writes: see habilitations/redaction.py."""
    if not redaction:
        return ""
    champ = '<input type="hidden" name="{}" value="{}">'
    noms = {
        "_formulaire": redaction.formulaire,
        "_forme": redaction.forme,
        "_brouillon": redaction.objet,
        "_textes": redaction.textes,
        "_libelles": redaction.libelles,
    }
    return format_html_join("", champ, noms.items())


@register.simple_block_tag(takes_context=True)
def redaction(context, content, formulaire, *, classe="pile pile--serree"):
    """The one form of a page, with its draft, its hidden fields and its errors."""
    gabarit = context.template.engine.get_template("composants/redaction.html")
    communs = {nom: context.get(nom) for nom in ("request", "redaction")}
    valeurs = {"formulaire": formulaire, "classe": classe, "contenu": content}
    return gabarit.render(context.new(communs | valeurs))


@register.inclusion_tag("composants/etat_brouillon.html")
def etat_brouillon(enregistre_a=None):
    """What became of the text: the draft script writes into it, and only after the server's yes."""
    return {"enregistre_a": enregistre_a}


@register.inclusion_tag("composants/enregistrer_bas.html", takes_context=True)
def enregistrer_bas(context, libelle, retour, annuler="Annuler", *, icone="coche"):
    """The bar of most forms: save, go back, and what became of the text."""
    barre = {"libelle": libelle, "retour": retour, "annuler": annuler, "icone": icone}
    return barre | {"redaction": context.get("redaction")}
