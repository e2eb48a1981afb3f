"""The one library a page loads (it is a template builtin): every component tag and filter.

A page is made of these and of nothing else; `/composants/` shows each of them in each state, and
an unknown variant, tone or icon raises ValueError instead of drawing something odd.

    {% tete "Relève de Magnolia" "24 résidents" %}{% bouton "Imprimer" url %}{% endtete %}
    {% section "Important" note=5 lien=url lien_texte="Tout voir" %}…{% endsection %}
    {% horaire "etat" %}<li>{% horaire_heure t.survenu_le %}{% dit "Lu" "vert" %}{% endhoraire %}
    {% champ formulaire.texte %}  {% puces formulaire.cible %}  {% resume_erreurs formulaire %}
    {{ t.survenu_le|quand }}  {{ usager.date_naissance|age }}  {{ phrase|typo }}

Tones: rouge (urgency), ambre (late, to review), bleu (information), vert (done), gris (not due),
violet (end of life). One `principal` button per region; one `plein` tag per screen.
"""

from django import template

from dui.socle.templatetags import blocs, dates, formulaires, listes, signaux, typographie

register = template.Library()
for module in (signaux, formulaires, blocs, listes, dates, typographie):
    register.tags.update(module.register.tags)
    register.filters.update(module.register.filters)
