"""Data of the inbox: in which block a message about a person is kept, how much is shown."""

from dui.socle.enums import Bloc

# The first that both ends read: care first, so that a message about care stays with care.
BLOCS = (Bloc.TRA, Bloc.AGE, Bloc.ENT, Bloc.ID)
LUES_MAX = 60
ATTENTE_MAX = 100
