# Quand : les premiers mots d'une phrase. Mêmes clés que dans en/times.ftl. Brouillon.

on-day = Le { $day }
on-day-at = Le { $day }, à { $time }
on-day-around = Le { $day }, vers { $time }
on-day-before = Le { $day }, avant { $time }
at-time = À { $time }
around-time = Vers { $time }
same-day-before = Le même jour, avant { $time }
same-day = Le même jour
in-month = En { $month }
in-year = En { $year }
before-day = Avant le { $day }
since-then = Le { $day } ou après
since-day = Depuis le { $day }
since-month = Depuis { $month }
since-year = Depuis { $year }
between-days = Entre le { $from } et le { $until }
midnight-between = Vers minuit, entre le { $from } et le { $until }
before-again = Avant cette date
between-again = Pendant la même période
then = Ensuite
as-of = Au { $day }
