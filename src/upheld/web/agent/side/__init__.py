"""Side conversations."""
