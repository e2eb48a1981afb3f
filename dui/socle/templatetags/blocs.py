"""Components that hold a content: `{% section "Titre" %}…{% endsection %}` (block tags)."""

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import slugify

from dui.socle.templatetags.outils import (
    ICONES_DES_TONS,
    classes,
    dessin,
    dessin_ou_rien,
    icone_du_ton,
    parmi,
)

register = template.Library()


@register.simple_block_tag
def tete(content, titre, sous_titre="", *, cache=False):
    """The head of a page: its only h1, a sentence, and the gestures (the content).

    `cache`: an h1 for screen readers only, where the page speaks for itself.
    """
    if cache:
        return format_html('<h1 class="lecteur">{}</h1>{}', titre, content)
    phrase = format_html("<p>{}</p>", sous_titre) if sous_titre else ""
    return format_html(
        '<div class="page-tete"><div><h1>{}</h1>{}</div>{}</div>', titre, phrase, content
    )


@register.simple_block_tag
def section(
    content, titre, *, id="", note="", niveau=2, fine=False, lien="", lien_texte="", classe=""
):
    """A section hung from an ink rule, named by its heading."""
    niveau = parmi("niveau", str(niveau), ("2", "3", "4"))
    identifiant = id or f"s-{slugify(titre)}"
    entete = format_html(
        '<h{0} id="{1}-titre">{2}</h{0}>{3}{4}',
        niveau,
        identifiant,
        titre,
        format_html('<span class="discret">{}</span>', note) if note != "" else "",
        format_html('<a class="pousse" href="{}">{}</a>', lien, lien_texte) if lien else "",
    )
    return format_html(
        '<section class="{}" id="{}" aria-labelledby="{}-titre">'
        '<div class="section__tete">{}</div>{}</section>',
        f"{classes('section', 'fine' if fine else '', ('fine',))} {classe}".strip(),
        identifiant,
        identifiant,
        entete,
        content,
    )


@register.simple_block_tag
def alerte(content, titre, ton="bleu", icone="", *, role="", geste=""):
    """A tinted message in the page: title, content, and one button (`{% bouton … as geste %}`)."""
    parmi("role", role, ("", "status", "alert"))
    return format_html(
        '<div class="alerte {}"{}>{}<div><p class="alerte__titre">{}</p>{}</div>{}</div>',
        parmi("ton", ton, ICONES_DES_TONS),
        format_html(' role="{}"', role) if role else "",
        dessin(icone_du_ton(ton, icone)),
        titre,
        content,
        geste,
    )


@register.simple_block_tag
def dialogue(content, id, titre, *, ouvert=False):
    """A native dialog, opened by `data-dialogue="id"`: one short question, never long work.

    The content holds `<div class="dialogue__corps">` then `<footer>`, inside a form if needed.
    """
    return format_html(
        '<dialog class="dialogue" id="{0}" aria-labelledby="{0}-titre"{1}>'
        '<header><h2 id="{0}-titre">{2}</h2><button class="bouton bouton--nu bouton--carre" '
        'type="button" data-fermer command="close" commandfor="{0}" aria-label="Fermer">{3}'
        "</button></header>{4}</dialog>",
        id,
        " open" if ouvert else "",
        titre,
        dessin("fermer"),
        content,
    )


@register.simple_block_tag
def menu(content, libelle, icone="", *, classe="bouton", a_droite=False, nom="menus"):
    """A drop-down of links without any script; opening one closes the others."""
    return format_html(
        '<details class="deroulant{}" name="{}"><summary class="{}">{}{}{}</summary>'
        '<div class="menu">{}</div></details>',
        " deroulant--droite" if a_droite else "",
        nom,
        classe,
        dessin_ou_rien(icone),
        libelle,
        dessin("bas", "s"),
        content,
    )


@register.simple_block_tag
def vide(content, titre, icone="info", *, niveau=3):
    """Empty state: what is missing, and (the content) what to do about it."""
    niveau = parmi("niveau", str(niveau), ("2", "3", "4"))
    return format_html(
        '<div class="vide">{0}<h{1}>{2}</h{1}>{3}</div>', dessin(icone), niveau, titre, content
    )


@register.simple_block_tag
def panneau(content, titre="", *, colle=False, niveau=2):
    """A hollow panel beside the work; `colle` follows the scroll."""
    niveau = parmi("niveau", str(niveau), ("2", "3"))
    entete = format_html("<h{0}>{1}</h{0}>", niveau, titre) if titre else ""
    classe = classes("panneau", "colle" if colle else "", ("colle",))
    return format_html('<section class="{}">{}{}</section>', classe, entete, content)


@register.simple_block_tag
def carte(content, titre=""):
    """Portal only: a white card on the warm ground."""
    entete = format_html("<h2>{}</h2>", titre) if titre else ""
    return format_html('<section class="carte">{}{}</section>', entete, content)


@register.simple_block_tag
def actions_bas(content):
    """The bar that saves, always within reach at the bottom of the screen."""
    return format_html('<div class="actions-bas">{}</div>', content)


@register.simple_block_tag
def fil(content, *, serre=False):
    """A chronological thread; its items are `{% jalon %}`."""
    return format_html(
        '<ol class="{}">{}</ol>', classes("fil", "serre" if serre else "", ("serre",)), content
    )


@register.simple_block_tag
def jalon(content, ton="gris", *, plein=False, id=""):
    classe = parmi("ton", ton, ICONES_DES_TONS) + (" plein" if plein else "")
    ancre = format_html(' id="{}"', id) if id else ""
    return format_html('<li class="{}"{}>{}</li>', classe, ancre, content)


VARIANTES_HORAIRE = ("etat", "haut", "court", "sans")


@register.simple_block_tag
def horaire(content, variante="", *, libelle=""):
    """The master list: hour, fact, gesture. `etat` adds a column of states."""
    nom = format_html(' aria-label="{}"', libelle) if libelle else ""
    return format_html(
        '<ul class="{}"{}>{}</ul>', classes("horaire", variante, VARIANTES_HORAIRE), nom, content
    )


@register.simple_block_tag
def tableau(content, legende, *, visible=False, fixe=False, classe=""):
    """A table with its caption, scrolling inside its frame on narrow screens."""
    return format_html(
        '<div class="tableau-cadre" role="group" aria-label="{0}" tabindex="0">'
        '<table class="{1}"><caption{2}>{0}</caption>{3}</table></div>',
        legende,
        f"{classes('tableau', 'fixe' if fixe else '', ('fixe',))} {classe}".strip(),
        "" if visible else mark_safe(' class="lecteur"'),
        content,
    )


@register.simple_block_tag
def imprimable(content):
    """The content, printed only."""
    return format_html('<div class="impression-seule">{}</div>', content)


@register.simple_block_tag
def deplier(content, resume, *, ouvert=False):
    """Details on demand, native."""
    return render_to_string(
        "composants/deplier.html", {"resume": resume, "contenu": content, "ouvert": ouvert}
    )
