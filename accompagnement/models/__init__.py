from accompagnement.models.quotidien import Absence, Habitude
from accompagnement.models.transmissions import Lecture, Transmission

__all__ = ["Absence", "Habitude", "Lecture", "Transmission"]
