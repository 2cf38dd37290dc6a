"""Problems behind many tickets, and broadcasts."""
