# When something happened, as the first words of a sentence. $day and $time are already written out.

on-day = On { $day }
on-day-at = On { $day }, at { $time }
on-day-around = On { $day }, at around { $time }
on-day-before = On { $day }, before { $time }
at-time = At { $time }
around-time = At around { $time }
same-day-before = On the same day, before { $time }
same-day = On the same day
in-month = In { $month }
in-year = In { $year }
before-day = Before { $day }
since-then = On or after { $day }
since-day = Since { $day }
since-month = Since { $month }
since-year = Since { $year }
between-days = Between { $from } and { $until }
midnight-between = At around midnight between { $from } and { $until }
# The same bounds as in the sentence before.
before-again = Before that day
between-again = In the same period
then = Then
as-of = As of { $day }
