"""Vital signs: a body, its slow drift, what an episode does to it, and the scheduled takings."""

from datetime import timedelta

# code: (usual gap, lowest, highest) around the person's own value
ECARTS = {
    "pas": (9, 92, 178),
    "pad": (6, 52, 98),
    "fc": (6, 52, 104),
    "spo2": (1.1, 90, 99),
}


def borner(valeur, mini, maxi):
    return min(max(valeur, mini), maxi)


class Corps:
    """The values of one person at a date. Falls of weight come from the episodes."""

    def __init__(self, p, alea, debut, jour, pertes=()):
        self.p, self.alea, self.debut, self.pertes = p, alea, debut, pertes
        self.pente = alea.gauss(2.4, 0.8) if p.genre == "ime" else alea.gauss(0, 0.7)
        if "fin_vie" in p.traits:
            self.pente = -6.0
        self.duree = max((jour - debut).days, 1)
        # Fixed weighings (day: kilos), for the scenario.
        self.pesees = {}

    def poids(self, jour) -> float:
        if self.pesees:
            proche = min(self.pesees, key=lambda d: abs((d - jour).days))
            return self.pesees[proche]
        base = self.p.corps["poids"]
        valeur = base + self.pente * ((jour - self.debut).days - self.duree) / 365
        for depuis, kilos in self.pertes:
            ecoule = (jour - depuis).days + 25
            if ecoule > 0:
                repris = borner((ecoule - 45) / 120, 0, 0.6)
                valeur += kilos * (borner(ecoule / 25, 0, 1) - repris)
        return round(max(valeur + self.alea.gauss(0, 0.22), 12.0), 1)

    def usuel(self, code: str) -> float:
        ecart, mini, maxi = ECARTS[code]
        return round(borner(self.alea.gauss(self.p.corps[code], ecart), mini, maxi))

    def tension(self) -> tuple[int, int]:
        pas = int(self.usuel("pas"))
        return pas, int(borner(self.usuel("pad"), 48, pas - 28))

    def temperature(self) -> float:
        return round(borner(self.alea.gauss(36.6, 0.25), 35.9, 37.3), 1)

    def glycemie(self) -> float:
        return round(borner(self.alea.gauss(self.p.corps.get("glycemie", 1), 0.28), 0.78, 2.9), 2)


def virgule(valeur, decimales=1) -> str:
    return f"{valeur:.{decimales}f}".replace(".", ",")


class Releve:
    """The measures that a text quotes are the measures that the record holds."""

    def __init__(self, corps):
        self.corps, self.lignes, self.jour = corps, [], None

    def _noter(self, code, valeur):
        self.lignes.append((code, valeur))
        return valeur

    def mots(self) -> dict:
        c, a = self.corps, self.corps.alea

        def entier(code, mini, maxi):
            return lambda: str(self._noter(code, a.randint(mini, maxi)))

        def fievre(moyenne, ecart):
            def prise():
                valeur = round(borner(a.gauss(moyenne, ecart), 37.8, 39.6), 1)
                return virgule(self._noter("temperature", valeur))

            return prise

        return {
            "ta": self._tension,
            "ta_haute": self._tension_haute,
            "pouls": lambda: str(self._noter("fc", c.usuel("fc"))),
            "pouls_rapide": entier("fc", 104, 124),
            "temp": lambda: virgule(self._noter("temperature", c.temperature())),
            "temp_moyenne": fievre(38.0, 0.15),
            "temp_fievre": fievre(38.6, 0.3),
            "spo2": lambda: str(self._noter("spo2", max(c.usuel("spo2"), 94))),
            "spo2_bpco": entier("spo2", 89, 93),
            "spo2_moyenne": entier("spo2", 91, 93),
            "spo2_basse": entier("spo2", 84, 88),
            "glycemie": lambda: virgule(self._noter("glycemie", c.glycemie()), 2),
            "glyc_basse": lambda: virgule(
                self._noter("glycemie", round(a.uniform(0.46, 0.66), 2)), 2
            ),
            "poids": lambda: virgule(self._noter("poids", c.poids(self.jour))),
        }

    def _tension(self):
        pas, pad = self.corps.tension()
        self._noter("pas", pas), self._noter("pad", pad)
        return f"{pas}/{pad}"

    def _tension_haute(self):
        pas, pad = self.corps.alea.randint(164, 178), self.corps.alea.randint(86, 98)
        self._noter("pas", pas), self._noter("pad", pad)
        return f"{pas}/{pad}"

    def rendre(self) -> list:
        """What the text just written quoted: one value a code, the last one."""
        lignes, self.lignes = list(dict(self.lignes).items()), []
        return lignes


def programme(p, corps, alea, debut, fin):
    """(day, minute, role, [(code, value)]) of the takings that the plan of care asks for."""
    jour, pesee = debut, alea.randint(1, 6)
    tension, rythme_pesee = alea.randint(0, 6), 7 if "denutri" in p.traits else 30
    while jour <= fin:
        rang = jour.toordinal()
        if p.genre == "ime":
            if jour.day == pesee and jour.month in (1, 4, 9) and jour.weekday() < 5:
                taille = p.corps["taille"]
                yield jour, 615, "IDE", [("poids", corps.poids(jour)), ("taille", taille)]
        else:
            if rang % rythme_pesee == pesee % rythme_pesee:
                yield jour, 540 + pesee * 4, "AS", [("poids", corps.poids(jour))]
            if rang % 7 == tension:
                yield jour, 555 + tension * 6, "IDE", _signes(corps)
            if "insuline" in p.traits:
                for minute in (465, 705, 1065):
                    valeur = [("glycemie", corps.glycemie())]
                    yield jour, minute + int(alea.random() * 25), "IDE", valeur
            if rang % 7 == (tension + 3) % 7 and "parle" in p.traits and "arthrose" in p.traits:
                score = alea.choices((0, 1, 2, 3, 4), (40, 22, 22, 11, 5))[0]
                yield jour, 640, "IDE", [("douleur_en", score)]
        jour += timedelta(days=1)


def _signes(corps):
    pas, pad = corps.tension()
    return [
        ("pas", pas),
        ("pad", pad),
        ("fc", corps.usuel("fc")),
        ("temperature", corps.temperature()),
        ("spo2", corps.usuel("spo2")),
    ]
