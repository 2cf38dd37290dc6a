"""What a ticket is about and how urgent it is: what was asked for, what holds, and what is still to be found out."""
