"""Lists and navigation: tabs, filters, sort links, pagination, strips, gauges, charts."""

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from dui.socle.templatetags.dates import age
from dui.socle.templatetags.outils import ICONES_DES_TONS, dessin, parmi
from dui.socle.templatetags.signaux import etiquette

register = template.Library()

ONGLETS_ENTIERS = 11
ONGLETS_VUS = 10


def _entrees(liste, **defauts) -> list[dict]:
    """Dicts with every key the template reads, so that a page may leave some out."""
    return [{**defauts, **dict(entree)} for entree in liste]


@register.inclusion_tag("composants/onglets.html")
def onglets(liste, libelle, voisins=None):
    """Tabs: [{url, libelle, courant, icone, nombre}], then the neighbours {precedent, suivant}.
    One line of them: the last ones fold under « Plus », the current one never does."""
    vus, plus = _entrees(liste, icone="", nombre="", courant=False), []
    if len(vus) > ONGLETS_ENTIERS:
        courant = [o for o in vus[ONGLETS_VUS:] if o["courant"]]
        tenus = vus[: ONGLETS_VUS - len(courant)] + courant
        vus, plus = tenus, [o for o in vus if o not in tenus]
    return {"onglets": vus, "plus": plus, "libelle": libelle, "voisins": voisins}


@register.inclusion_tag("composants/filtres.html")
def filtres(liste, libelle="Filtres", *, dense=True):
    """Chips that filter by GET: [{url, libelle, courant, icone, nombre}]."""
    entrees = _entrees(liste, icone="", nombre="", courant=False)
    return {"filtres": entrees, "libelle": libelle, "dense": dense}


@register.inclusion_tag("composants/segment_liens.html")
def segment_liens(liste, libelle):
    """Exclusive views of the same page: [{url, libelle, courant, icone}]."""
    return {"liens": _entrees(liste, icone="", courant=False), "libelle": libelle}


@register.simple_tag(takes_context=True)
def entete(context, libelle, *, tri="", classe=""):
    """A column head; with `tri`, a link that sorts by it and then reverses (`?tri=-nom`)."""
    classe_ = format_html(' class="{}"', classe) if classe else ""
    if not tri:
        return format_html('<th scope="col"{}>{}</th>', classe_, libelle)
    parametres = context["request"].GET.copy()
    actuel = parametres.get("tri", "")
    sens = {tri: "ascending", f"-{tri}": "descending"}.get(actuel, "")
    for perime in ("curseur", "page"):
        parametres.pop(perime, None)
    parametres["tri"] = f"-{tri}" if sens == "ascending" else tri
    dessin_ = dessin({"": "tri-inactif", "ascending": "tri", "descending": "haut"}[sens])
    return format_html(
        '<th scope="col"{}{}><a class="tri" href="?{}">{}{}</a></th>',
        classe_,
        format_html(' aria-sort="{}"', sens) if sens else "",
        parametres.urlencode(),
        libelle,
        dessin_,
    )


@register.simple_tag
def ferme(texte="non ouvert à vos droits"):
    """A cell one may not read: never to be taken for an empty one."""
    return format_html('<span class="neant">{}</span>', dessin("verrou", "s", texte))


@register.simple_tag
def neant(texte="rien"):
    """Nothing to show in a cell: a dot, with the word for those who listen."""
    return format_html(
        '<span class="neant"><span aria-hidden="true">·</span>'
        '<span class="lecteur">{}</span></span>',
        texte,
    )


@register.inclusion_tag("composants/pagination.html")
def pagination(
    recents="", anciens="", *, texte="", mot_recents="Plus récents", mot_anciens="Plus anciens"
):
    """Keyset pages: two URLs, either may be empty; drawn only when one exists."""
    return {
        "recents": recents,
        "anciens": anciens,
        "texte": texte,
        "mot_recents": mot_recents,
        "mot_anciens": mot_anciens,
    }


@register.inclusion_tag("composants/etapes.html")
def etapes(liste):
    """Progress in words: [{libelle, etat}], etat among fait, courante, a_venir."""
    for etape in liste:
        parmi("etat", etape["etat"], ("fait", "courante", "a_venir"))
    return {"etapes": liste}


@register.inclusion_tag("composants/semaine.html")
def semaine(jours, lignes, legende):
    """Seven days of care. `lignes`: [{icone, libelle, cases: [{texte, ton, icone}]}]."""
    preparees = []
    for ligne in lignes:
        cases = []
        for case, jour in zip(ligne["cases"], jours, strict=True):
            case = {"texte": "", "ton": "", "icone": "", **case, "jour": jour}
            parmi("ton", case["ton"], ("", *ICONES_DES_TONS))
            cases.append(case)
        preparees.append({**ligne, "cases": cases})
    return {"jours": jours, "lignes": preparees, "legende": legende}


@register.inclusion_tag("composants/jauge.html")
def jauge(valeur, maximum, libelle, *, texte="", ligne=False):
    """A native progress bar with its words; the label is read aloud."""
    return {
        "valeur": valeur,
        "maximum": maximum,
        "libelle": libelle,
        "texte": texte or f"{valeur} sur {maximum}",
        "ligne": ligne,
    }


@register.inclusion_tag("composants/progression.html")
def progression(travail):
    """Long work: an object or dict with libelle, fait, total, reste, rejets, termine, url,
    url_annuler, url_resultat. `url` answers this same fragment, polled every second."""
    return {"travail": travail}


@register.inclusion_tag("composants/graphe.html")
def graphe(dessin, *, titre="", niveau=3):
    """A chart computed by dui.socle.graphes, its last value in words, its table in details."""
    return {"g": dessin, "titre": titre, "niveau": parmi("niveau", str(niveau), ("2", "3", "4"))}


@register.inclusion_tag("composants/identite.html")
def identite(bandeau, *, peut_transmettre=False, lien_transmission="", lien_transmettre=""):
    """The identity banner. `bandeau`: see templates/composants/identite.html."""
    return {
        "bandeau": bandeau,
        "vignettes": quadruplets(getattr(bandeau, "vignettes", ())),
        "peut_transmettre": peut_transmettre,
        "lien_transmission": lien_transmission,
        "lien_transmettre": lien_transmettre,
    }


def quadruplets(liste) -> list[tuple]:
    """(ton, icone, libelle, plein), whether the page gives tuples or Vignette objects."""
    return [v if isinstance(v, tuple) else (v.ton, v.icone, v.libelle, v.plein) for v in liste]


@register.simple_tag
def vignettes(liste):
    """The badges of a person, in a row (board, search results)."""
    return format_html_join(
        " ",
        "{}",
        (
            (etiquette(mot, ton, icone, plein=plein),)
            for ton, icone, mot, plein in quadruplets(liste)
        ),
    )


@register.simple_tag
def contact(ordre, nom, *, relation="", detail="", telephone=""):
    """One line of the call order (inside <ol class="contacts">)."""
    lien = ""
    if telephone:
        chiffres = "".join(c for c in str(telephone) if c.isdigit() or c == "+")
        lien = format_html('<a href="tel:{}">{}{}</a>', chiffres, dessin("telephone"), telephone)
    return format_html(
        '<li><span class="ordre">{}</span><span><b>{}</b>{}{}</span>{}</li>',
        ordre,
        nom,
        f", {relation}" if relation else "",
        format_html("<small>{}</small>", detail) if detail else "",
        lien,
    )


@register.inclusion_tag("composants/message.html", takes_context=True)
def message(context):
    """Django's messages, announced; the success ones carry no close button script needs."""
    return {"messages": context.get("messages") or ()}


@register.inclusion_tag("composants/suggestions.html")
def suggestions(resultats):
    """The list under the search field, best first: [{usager, dossier, sejour}] of dossiers, or
    [{libelle, url, detail, chambre}] of anything else."""
    return {"resultats": [_suggestion(r) for r in resultats]}


def _suggestion(resultat: dict) -> dict:
    usager, sejour = resultat.get("usager"), resultat.get("sejour")
    neuf = {"usager": usager, "libelle": "", "detail": "", "chambre": "", "url": ""}
    if usager:
        naissance = f"{usager.naissance_affichee} ({age(usager.date_naissance)})"
        lieu = (sejour.unite or sejour.etablissement) if sejour else "sans séjour en cours"
        neuf |= {"libelle": usager.nom_affiche, "detail": f"{naissance}, {lieu}"}
    if sejour and sejour.place:
        neuf["chambre"] = str(sejour.place)
    if dossier := resultat.get("dossier"):
        neuf["url"] = reverse("dossier", args=[dossier.pk])
    return {**neuf, **{cle: resultat[cle] for cle in neuf if resultat.get(cle)}}
