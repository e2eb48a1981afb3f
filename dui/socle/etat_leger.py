"""The state that the migrations build, drawn again one model at a time.

Django draws again every model that a changed one can reach; here each reaches all the others, and
an empty database took nine tenths of its time at it. What only adds (a model, a field, an index, a
constraint) leaves the others as they were.
"""

from django.db.migrations.state import ProjectState


class EtatLeger(ProjectState):
    _seul = False

    def clone(self):
        copie = super().clone()
        copie.__class__ = EtatLeger
        return copie

    def add_model(self, model_state):
        self._sans_les_autres(super().add_model, model_state)

    def add_field(self, *args, **kwargs):
        self._sans_les_autres(super().add_field, *args, **kwargs)

    def add_index(self, *args, **kwargs):
        self._sans_les_autres(super().add_index, *args, **kwargs)

    def add_constraint(self, *args, **kwargs):
        self._sans_les_autres(super().add_constraint, *args, **kwargs)

    def alter_model_options(self, *args, **kwargs):
        self._sans_les_autres(super().alter_model_options, *args, **kwargs)

    def _sans_les_autres(self, ajouter, *args, **kwargs):
        self._seul = True
        try:
            ajouter(*args, **kwargs)
        finally:
            self._seul = False

    def reload_model(self, app_label, model_name, delay=False):
        """`is_delayed`: Django draws everything again before a function reads the models."""
        if "apps" not in self.__dict__:
            return
        if self._seul:
            self.is_delayed = True
            self._reload({(app_label, model_name)})
            return
        self.clear_delayed_apps_cache()
        self.is_delayed = False
        super().reload_model(app_label, model_name, delay)
