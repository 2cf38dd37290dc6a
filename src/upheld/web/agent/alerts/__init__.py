"""What an agent is told, and how."""
