"""What the rounds say of an objective: how often the acts that serve it were done (registry
`sources_decomptes`)."""

from collections import Counter, defaultdict

from django.db.models import Count

from dui.socle import codes
from dui.socle.enums import Bloc
from dui.socle.registres import Decompte, SourceDecomptes
from soins.models import ActeRealise

POUR, CONTRE, NEUTRE = "pour", "contre", "neutre"


def sens(ecart: str) -> str:
    """Done goes its way; what a departure says is data (« preuve »), neutral unless it is said."""
    if not ecart:
        return POUR
    connu = codes.codes("ecart_acte").get(ecart)
    return connu.proprietes.get("preuve", NEUTRE) if connu else NEUTRE


def compter(habilitation, dossier, depuis) -> dict[str, list[Decompte]]:
    faits = ActeRealise.objects.visibles(habilitation).filter(dossier=dossier).en_vigueur()
    faits = faits.filter(jour__gte=depuis).exclude(acte__objectif="")
    par_ecart = faits.values_list("acte__objectif", "code", "motif").annotate(n=Count("pk"))
    actes: dict = defaultdict(Counter)
    for objectif, code, ecart, nombre in par_ecart.order_by("code", "motif"):
        actes[objectif, code][ecart] += nombre
    trouves: dict[str, list[Decompte]] = defaultdict(list)
    for (objectif, code), ecarts in actes.items():
        trouves[objectif].append(_decompte(code, ecarts))
    return trouves


def _decompte(code, ecarts: Counter) -> Decompte:
    par_sens: Counter = Counter()
    for ecart, nombre in ecarts.items():
        par_sens[sens(ecart)] += nombre
    dits = [(codes.libelle("ecart_acte", e), n) for e, n in ecarts.most_common() if e]
    return Decompte(
        codes.libelle("acte_quotidien", code),
        pour=par_sens[POUR],
        contre=par_sens[CONTRE],
        neutres=par_sens[NEUTRE],
        precision=", ".join(f"{libelle} ({n})" for libelle, n in dits),
        url_nom="soins:actes",
    )


SOURCE = SourceDecomptes("actes", compter, Bloc.AVQ)
