"""French names as a care home meets them: frequent, regional, with particles, from elsewhere."""

from dui.demonstration import textes
from dui.demonstration.tirage import Urne

# The longest a column takes: 100 characters, as real inheritance can make them.
TRES_LONG = (
    "DE LA ROCHE-SAINT-ANDRÉ DE MONTMORENCY-BEAUMONT DE LA TRÉMOÏLLE DU PLESSIS-BELLIÈRE "
    "D'ARGENTRÉ-KERLY"
)

# Origin: names, first names of men and of women, code of the country, its name.
AILLEURS = {
    "Portugal": (
        "DA SILVA|DOS SANTOS|FERREIRA|PEREIRA|DE OLIVEIRA|RODRIGUES|GONÇALVES|MARQUES",
        "Manuel|António|José|Joaquim|Fernando",
        "Maria|Fernanda|Amélia|Rosa|Conceição",
        "99139",
    ),
    "Algérie": (
        "BENALI|BOUDIAF|HADDAD|MEZIANE|KACI|BELKACEM|SAÏDI|BENSAÏD",
        "Mohamed|Ahmed|Rachid|Ali|Saïd",
        "Fatima|Zohra|Yamina|Khadija|Malika",
        "99352",
    ),
    "Maroc": (
        "EL IDRISSI|ALAOUI|BENNANI|CHRAÏBI|EL AMRANI",
        "Abdellah|Hassan|Driss|Brahim",
        "Aïcha|Naïma|Latifa|Rkia",
        "99350",
    ),
    "Pologne": (
        "KOWALSKI|NOWAK|WIŚNIEWSKI|ZIELIŃSKI|LEWANDOWSKI",
        "Stanisław|Jan|Kazimierz|Edmund",
        "Jadwiga|Stefania|Zofia|Halina",
        "99122",
    ),
    "Italie": (
        "ROSSI|BIANCHI|DI MARCO|ESPOSITO|COLOMBO|DELL'ACQUA",
        "Giuseppe|Antonio|Aldo|Bruno",
        "Angela|Rosa|Carmela|Assunta",
        "99127",
    ),
    "Espagne": (
        "GARCÍA|FERNÁNDEZ|LÓPEZ|SÁNCHEZ|NÚÑEZ|MARTÍNEZ",
        "Antonio|José|Francisco|Miguel",
        "Carmen|Pilar|Dolores|Encarnación",
        "99134",
    ),
    "Turquie": (
        "YILMAZ|KAYA|DEMİR|ÇELİK|ÖZTÜRK",
        "Mehmet|Mustafa|Hasan",
        "Emine|Fatma|Ayşe",
        "99208",
    ),
    "Viêt Nam": (
        "NGUYEN|TRAN|LE|PHAM|HOANG",
        "Van Minh|Duc|Quang",
        "Thi Lan|Thi Hoa|Thi Mai",
        "99243",
    ),
    "Sénégal": (
        "DIALLO|N'DIAYE|SARR|DIOP|FAYE",
        "Mamadou|Ousmane|Ibrahima",
        "Aminata|Fatou|Awa",
        "99341",
    ),
    "Arménie": (
        "SARKISSIAN|PETROSSIAN|HAGOPIAN",
        "Hagop|Krikor|Armen",
        "Araxie|Chouchane|Anahit",
        "99252",
    ),
}

_LISTES = textes.listes("noms.txt")


def _urne(cle, amorti, separateur=None):
    return Urne.par_rang(_LISTES[cle].split(separateur), amorti=amorti)


_NOMS, _LIGERIENS = _urne("courants", 25), _urne("ligeriens", 60)
_BRETONS = _urne("bretons", 20, "|")
_DELICATS = _LISTES["delicats"].split("|")
_PRENOMS = {
    (sexe, decennie): _urne(f"{sexe} {decennie}", 6)
    for sexe in "FM"
    for decennie in range(1920, 2030, 10)
}
_ORIGINES = tuple(AILLEURS)


def nom_de_famille(alea) -> str:
    tire = alea.random()
    if tire < 0.72:
        return _NOMS.tirer(alea)
    if tire < 0.88:
        return _LIGERIENS.tirer(alea)
    return _BRETONS.tirer(alea) if tire < 0.965 else alea.choice(_DELICATS)


def prenom(alea, sexe: str, annee: int) -> str:
    decennie = min(max(annee // 10 * 10, 1920), 2020)
    return _PRENOMS[sexe, decennie].tirer(alea)


def prenoms_de_naissance(alea, premier: str, sexe: str, annee: int) -> str:
    """One to four; the others are those of godparents, a generation older."""
    autres = []
    for _ in range(alea.choice((0, 1, 1, 2, 2, 3))):
        autre = prenom(alea, sexe, annee - 30 * alea.randint(0, 1))
        if autre != premier and autre not in autres:
            autres.append(autre)
    return " ".join([premier, *autres])


def origine(alea):
    """(family name, men's first names, women's first names, code, country) of somebody abroad."""
    pays = alea.choice(_ORIGINES)
    noms, hommes, femmes, code = AILLEURS[pays]
    return alea.choice(noms.split("|")), hommes.split("|"), femmes.split("|"), code, pays
