"""What a program owes to who wrote: word that her mail came. The one room that the receiver and the mailer share."""
