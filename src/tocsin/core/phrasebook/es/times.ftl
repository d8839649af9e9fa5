# Cuándo: las primeras palabras de una frase. Las mismas claves que en en/times.ftl. Borrador.

on-day = El { $day }
on-day-at = El { $day }, a las { $time }
on-day-around = El { $day }, hacia las { $time }
on-day-before = El { $day }, antes de las { $time }
at-time = A las { $time }
around-time = Hacia las { $time }
same-day-before = El mismo día, antes de las { $time }
same-day = El mismo día
in-month = En { $month }
in-year = En { $year }
before-day = Antes del { $day }
since-then = El { $day } o después
since-day = Desde el { $day }
since-month = Desde { $month }
since-year = Desde { $year }
between-days = Entre el { $from } y el { $until }
midnight-between = Hacia la medianoche, entre el { $from } y el { $until }
before-again = Antes de esa fecha
between-again = En el mismo período
then = Después
as-of = A fecha del { $day }
