from soins.models.actes import ActePlanifie, ActeRealise
from soins.models.surveillances import Mesure, Vigilance

__all__ = ["ActePlanifie", "ActeRealise", "Mesure", "Vigilance"]
