"""What an agent promises and decides in the course of a ticket."""
