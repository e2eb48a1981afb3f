"""Small inline components: icons, buttons, tags, counters, portraits."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dui.socle.templatetags.dates import age
from dui.socle.templatetags.outils import (
    ICONES_DES_TONS,
    attributs,
    classes,
    dessin,
    dessin_ou_rien,
    icone_du_ton,
    noms_du_sprite,
    parmi,
)

register = template.Library()

VARIANTES_BOUTON = ("principal", "danger", "nu", "dense", "plein", "carre", "pile")


@register.simple_tag
def icone(nom, taille="", libelle=""):
    return dessin(nom, taille, libelle)


@register.simple_tag
def bouton(
    libelle,
    url="",
    *,
    icone="",
    icone_fin="",
    variante="",
    type="submit",
    touche="",
    desactive=False,
    enfonce=None,
    **autres,
):
    """A link when there is a URL, a button otherwise. `carre`: the label becomes aria-label."""
    parmi("type", type, ("submit", "button", "reset"))
    classe = classes("bouton", variante, VARIANTES_BOUTON)
    communs = {"class": classe, "aria_keyshortcuts": touche, **autres}
    if "carre" in variante.split():
        communs["aria_label"] = libelle
        texte = SafeString("")
    else:
        texte = libelle
    if touche and texte:
        texte = format_html('{} <kbd class="touche" aria-hidden="true">{}</kbd>', libelle, touche)
    if enfonce is not None:
        communs["aria_pressed"] = "true" if enfonce else "false"
    interieur = (dessin_ou_rien(icone), texte, dessin_ou_rien(icone_fin))
    if url and not desactive:
        return format_html("<a{}>{}{}{}</a>", attributs(href=url, **communs), *interieur)
    etat = attributs(type=type, disabled=bool(desactive), **communs)
    return format_html("<button{}>{}{}{}</button>", etat, *interieur)


@register.simple_tag
def etiquette(libelle, ton="gris", icone="", *, plein=False, trait=False, titre=""):
    """A tinted tag. `plein` is the one solid red of a screen; `trait` only an outline."""
    dessin_ = dessin("urgence" if plein and not icone else icone_du_ton(ton, icone))
    if plein and ton != "rouge":
        raise ValueError(f"une étiquette pleine est rouge, pas {ton!r}")
    forme = " etiquette--plein" if plein else f" {ton}" + (" etiquette--trait" if trait else "")
    return format_html(
        '<span class="etiquette{}"{}>{}{}</span>', forme, attributs(title=titre), dessin_, libelle
    )


@register.simple_tag
def dit(libelle, ton="gris", icone="", *, petit=False):
    """An icon and a word in a meaning colour, without any box."""
    classe = f"dit {parmi('ton', ton, ICONES_DES_TONS)}" + (" petit" if petit else "")
    return format_html(
        '<span class="{}">{}{}</span>', classe, dessin(icone_du_ton(ton, icone)), libelle
    )


@register.simple_tag
def compteur(nombre, ton="", *, libelle=""):
    """A number in a pill; `libelle` is read by screen readers after it."""
    classe = f"compteur compteur--{parmi('ton', ton, ('gris', 'rouge'))}" if ton else "compteur"
    suite = format_html(' <span class="lecteur">{}</span>', libelle) if libelle else ""
    return format_html('<span class="{}">{}</span>{}', classe, nombre, suite)


@register.simple_tag
def touche(texte):
    return format_html('<kbd class="touche">{}</kbd>', texte)


@register.simple_tag
def portrait(usager, taille=""):
    """Photo, drawn portrait of the demo, or initials. Decorative: the name stands beside it."""
    classe = classes("portrait", parmi("taille", taille, ("", "l", "xl")), ("l", "xl"))
    if adresse := getattr(usager, "photo_url", ""):
        return format_html('<img class="{}" src="{}" alt="">', classe, adresse)
    if dessine := portrait_dessine(getattr(usager, "portrait", 0), classe):
        return dessine
    return format_html(
        '<span class="{} portrait--initiales" aria-hidden="true">{}</span>',
        classe,
        initiales_de(usager),
    )


@lru_cache(maxsize=128)
def portrait_dessine(numero: int, classe: str) -> SafeString:
    """Empty when the sprite has no such portrait."""
    if not numero or f"p{numero}" not in noms_du_sprite("portraits"):
        return SafeString("")
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#p{}"/></svg>',
        classe,
        static("img/portraits.svg"),
        numero,
    )


def initiales_de(usager) -> str:
    nom = getattr(usager, "nom_affiche", "") or str(usager)
    return "".join(mot[0] for mot in nom.split()[:2]).upper()


@register.simple_tag
def personne(usager, url="", *, detail=None, avec_portrait=True):
    """Portrait, name, then birth date and age (or `detail`): the cell that names somebody."""
    lien, sans = '<a class="personne__nom" href="{1}">{0}</a>', '<b class="personne__nom">{0}</b>'
    nom = format_html(lien if url else sans, usager.nom_affiche, url)
    if detail is None:
        detail = f"{usager.naissance_affichee} ({age(usager.date_naissance)})"
    image = portrait(usager) if avec_portrait else ""
    petit = format_html("<small>{}</small>", detail) if detail else ""
    return format_html('<div class="personne">{}<span>{}{}</span></div>', image, nom, petit)


TONS_IDENTITE = {"QUAL": "vert", "VALI": "bleu", "RECUP": "bleu", "PROV": "ambre"}


@register.simple_tag
def statut_identite(statut, *, trait=False):
    """The trust put in an identity (RNIV): a StatutIdentite member."""
    ton = TONS_IDENTITE[parmi("statut", str(statut), TONS_IDENTITE)]
    return etiquette(statut.label, ton, "identite", trait=trait)
