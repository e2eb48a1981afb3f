"""Birth places with their official geographical code; a few merged since, still right at birth."""

from dui.demonstration.tirage import Urne

# « name code », the nearest first: the rank makes the weight.
COMMUNES = """Saumur 49328|Angers 49007|Nantes 44109|Cholet 49099|Le Mans 72181|Tours 37261
Longué-Jumelles 49180|Doué-la-Fontaine 49125|Beaufort-en-Vallée 49021|Baugé 49018|Segré 49331
Les Ponts-de-Cé 49246|Trélazé 49353|Montreuil-Bellay 49215|Chalonnes-sur-Loire 49063|Vihiers 49373
Beaupréau 49023|Chemillé 49092|Chinon 37072|Loudun 86137|Thouars 79329|Bressuire 79049
La Flèche 72154|Laval 53130|Château-Gontier 53062|Mayenne 53147|Saint-Nazaire 44184|Ancenis 44003
Châteaubriant 44036|Clisson 44043|Rezé 44143|Pornic 44131|Guérande 44069|Rennes 35238|Vannes 56260
La Roche-sur-Yon 85191|Les Sables-d'Olonne 85194|Fontenay-le-Comte 85092|Poitiers 86194|Niort 79191
Châtellerault 86066|Redon 35236|Fougères 35115|Vitré 35360|Saint-Malo 35288|Brest 29019
Quimper 29232|Lorient 56121|Saint-Brieuc 22278|Orléans 45234|Blois 41018|Chartres 28085|Bourges 18033
Limoges 87085|La Rochelle 17300|Angoulême 16015|Bordeaux 33063|Rouen 76540|Caen 14118|Le Havre 76351
Paris 75056|Lille 59350|Roubaix 59512|Lens 62498|Strasbourg 67482|Metz 57463|Nancy 54395|Dijon 21231
Lyon 69123|Marseille 13055|Toulouse 31555|Montpellier 34172|Nice 06088|Grenoble 38185
Clermont-Ferrand 63113|Ajaccio 2A004|Bastia 2B033|Saint-Denis de La Réunion 97411
Fort-de-France 97209|Cayenne 97302"""
LISTE = [tuple(c.rsplit(" ", 1)) for c in COMMUNES.replace("\n", "|").split("|")]
_COMMUNES = Urne.par_rang(LISTE, amorti=4)


def commune(alea) -> tuple[str, str]:
    return _COMMUNES.tirer(alea)


def departement_nir(cog: str, annee: int) -> str:
    """The department part of the number: Corsica was 20 until 1976; overseas keeps three figures."""
    if cog[:2] in ("2A", "2B") and annee < 1976:
        return "20" + cog[2:]
    return cog


def matricule(alea, *, sexe, naissance, cog, cle) -> str:
    """A number of demonstration: right shape, right key, and an order that no birth registry gave.
    `cle` is the rule that computes the key."""
    racine = f"{'1' if sexe == 'M' else '2'}{naissance:%y%m}"
    racine += departement_nir(cog, naissance.year) + f"{alea.randint(600, 999)}"
    return f"{racine}{cle(racine):02d}"
