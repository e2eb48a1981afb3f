"""French names as a care home meets them: frequent, regional, with particles, from elsewhere."""

from dui.demonstration.tirage import Urne

# By decreasing frequency: the rank makes the weight.
COURANTS = """MARTIN BERNARD THOMAS PETIT ROBERT RICHARD DURAND DUBOIS MOREAU LAURENT SIMON MICHEL
LEFÈVRE LEROY ROUX DAVID BERTRAND MOREL FOURNIER GIRARD BONNET DUPONT LAMBERT FONTAINE ROUSSEAU
VINCENT MULLER FAURE ANDRÉ MERCIER BLANC GUÉRIN BOYER GARNIER CHEVALIER FRANÇOIS LEGRAND GAUTHIER
PERRIN ROBIN CLÉMENT MORIN NICOLAS HENRY ROUSSEL MATHIEU GAUTIER MASSON MARCHAND DUVAL DENIS DUMONT
MARIE LEMAIRE NOËL MEYER DUFOUR MEUNIER BRUN BLANCHARD GIRAUD JOLY RIVIÈRE LUCAS BRUNET GAILLARD
BARBIER ARNAUD GÉRARD ROCHE RENARD SCHMITT ROY LEROUX COLIN VIDAL CARON PICARD ROGER FABRE AUBERT
LEMOINE RENAUD DUMAS LACROIX OLIVIER PHILIPPE BOURGEOIS PIERRE BENOÎT REY LECLERC PAYET ROLLAND
LECLERCQ GUILLAUME LECOMTE DUPUY JEAN GUILLOT HUBERT BERGER CARPENTIER MOULIN LOUIS DESCHAMPS HUET
VASSEUR BOUCHER FLEURY ROYER KLEIN JACQUET ADAM PARIS POIRIER MARTY AUBRY GUYOT CARRÉ CHARLES RENAULT
CHARPENTIER MÉNARD MAILLARD BARON BERTIN BAILLY HERVÉ SCHNEIDER COLLET LÉGER BOUVIER JULIEN PRÉVOST
MILLET PERROT DANIEL COUSIN GERMAIN BRETON BESSON LANGLOIS RÉMY PELLETIER LÉVÊQUE PERRIER LEBLANC
BARRE LEBRUN MARCHAL WEBER MALLET HAMON BOULANGER JACOB MONNIER MICHAUD RODRIGUEZ GUICHARD GILLET
ÉTIENNE GRONDIN POULAIN TESSIER CHEVALLIER COLLIN CHAUVIN GAY LEMAÎTRE BÉNARD MARÉCHAL HUMBERT
REYNAUD PASCAL BLONDEL""".split()
LIGERIENS = """BAUDRY BODIN BOUTIN BRÉMOND CESBRON CHAUVEAU CHUPIN COTTENCEAU DELAUNAY DENIAU ESNAULT
FROGER GABORIAU GASNIER GOURDON GRELLIER GUILLOTEAU HUMEAU JOUBERT LANDREAU LEMESLE MÉTAYER MOREAU
NAUDIN ONILLON OUVRARD PASQUIER PINEAU POIRON RABOUIN RETAILLEAU RIPOCHE ROCHARD SAMSON SECHET
SUPIOT TERTRAIS THARREAU TURPIN VIGNERON""".split()
BRETONS = ["LE GOFF", "LE GALL", "LE BRIS", "LE ROUX", "QUÉRÉ", "KERVELLA", "LE BIHAN", "TANGUY"]
BRETONS += ["PRIGENT", "ABGRALL", "CADIOU", "CORRE", "GUÉGUEN", "JÉZÉQUEL", "OLLIVIER", "RIOU"]
DELICATS = ["D'ARGENT", "DE LA TOUR", "DU BREIL", "DE KERGARIOU", "L'HERMITTE", "D'HONDT", "N'DIAYE"]
DELICATS += ["LE GUEN-KERMARREC", "SAINT-MARTIN", "DUPONT-MOREAU", "DE SAINT-JEAN", "L'HOSTIS"]
DELICATS += ["HAŸ", "ŒUVRARD", "LE FUR DE LA MOTTE", "PETIT--DURAND", "D'ANDIGNÉ", "LE DÛ", "M'BAREK"]
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

# Decade of birth: first names by decreasing frequency (women, then men).
FEMMES = {
    1920: "Marie Jeanne Madeleine Marguerite Suzanne Germaine Yvonne Marcelle Denise Simone Andrée"
    " Louise Paulette Georgette Lucienne Renée Odette Raymonde Thérèse Hélène Yvette Henriette",
    1930: "Marie Jeanne Jacqueline Denise Simone Paulette Yvette Thérèse Monique Madeleine Odette"
    " Janine Ginette Raymonde Huguette Colette Gisèle Marcelle Christiane Micheline Marie-Thérèse"
    " Solange Éliane Bernadette Lucette Marie-Louise",
    1940: "Marie Monique Nicole Jacqueline Jeannine Françoise Michèle Danielle Christiane Colette"
    " Annie Josette Claudine Bernadette Marie-Thérèse Ginette Marie-Claude Arlette Annick Josiane"
    " Geneviève Anne-Marie Yvette Éliane",
    1950: "Marie Françoise Martine Monique Nicole Catherine Christine Sylvie Annie Chantal Danielle"
    " Brigitte Marie-Christine Michèle Dominique Jocelyne Évelyne Bernadette Élisabeth Joëlle",
    1960: "Sylvie Christine Nathalie Catherine Isabelle Véronique Brigitte Patricia Florence"
    " Corinne Martine Valérie Pascale Laurence Sophie Agnès Béatrice Dominique",
    1970: "Nathalie Isabelle Sandrine Valérie Stéphanie Karine Sophie Céline Christelle Laurence"
    " Anne Sabrina Delphine Virginie Claire Séverine",
    1980: "Céline Aurélie Julie Émilie Élodie Stéphanie Laetitia Mélanie Virginie Caroline Marie"
    " Claire Marion Nadia Sarah Solène Audrey",
    1990: "Laura Marine Pauline Manon Camille Marion Léa Mathilde Justine Anaïs Élodie Chloé Sarah"
    " Clara Lucie Morgane",
    2000: "Léa Manon Chloé Emma Camille Océane Marie Clara Inès Sarah Lucie Anaïs Mathilde Jade",
    2010: "Emma Lola Chloé Inès Jade Louise Manon Lina Zoé Léna Alice Camille Sarah Ambre Nour",
    2020: "Jade Louise Ambre Alba Emma Rose Alma Romy Alice Anna Lina Inès",
}
HOMMES = {
    1920: "Jean André Pierre René Marcel Roger Louis Robert Maurice Georges Henri Raymond Lucien"
    " Paul Albert Joseph Fernand Émile Gaston Léon",
    1930: "Jean Pierre René André Marcel Roger Robert Claude Michel Jacques Maurice Raymond Henri"
    " Georges Paul Guy Gilbert Yves Lucien Roland Serge",
    1940: "Jean Michel Claude Pierre Jacques Bernard Gérard André Daniel Jean-Claude Guy Robert"
    " Alain Christian René Roger Yves Georges Jean-Pierre Serge Francis",
    1950: "Jean Michel Alain Patrick Philippe Gérard Bernard Christian Daniel Jean-Pierre Jacques"
    " Jean-Claude Dominique Pierre Marc Didier Joël",
    1960: "Philippe Pascal Éric Thierry Laurent Bruno Frédéric Christophe Patrick Olivier Didier"
    " Gilles Dominique Stéphane Franck Denis",
    1970: "Christophe Stéphane Laurent Frédéric Sébastien David Nicolas Olivier Jérôme Karim"
    " Fabrice Vincent Cédric Arnaud",
    1980: "Nicolas Julien Sébastien Guillaume Alexandre Romain Mathieu David Jérémy Thomas Maxime"
    " Vincent Pierre Mehdi",
    1990: "Thomas Alexandre Maxime Kévin Nicolas Antoine Quentin Valentin Florian Julien Hugo"
    " Lucas Clément Yanis",
    2000: "Lucas Théo Hugo Thomas Enzo Antoine Mathis Alexandre Clément Maxime Nathan Louis Yanis",
    2010: "Lucas Nathan Jules Gabriel Léo Louis Arthur Hugo Ethan Adam Raphaël Enzo Noah Tom Malo",
    2020: "Gabriel Léo Raphaël Louis Maël Noah Jules Adam Arthur Isaac Sacha Gabin",
}

_NOMS = Urne.par_rang(COURANTS, amorti=25)
_LIGERIENS, _BRETONS = Urne.par_rang(LIGERIENS, amorti=60), Urne.par_rang(BRETONS, amorti=20)
_PRENOMS = {
    (sexe, decennie): Urne.par_rang(liste.split(), amorti=6)
    for sexe, table in (("F", FEMMES), ("M", HOMMES))
    for decennie, liste in table.items()
}
_ORIGINES = tuple(AILLEURS)


def nom_de_famille(alea) -> str:
    tire = alea.random()
    if tire < 0.72:
        return _NOMS.tirer(alea)
    if tire < 0.88:
        return _LIGERIENS.tirer(alea)
    return _BRETONS.tirer(alea) if tire < 0.965 else alea.choice(DELICATS)


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
