"""What every request passes through; the order is in the settings."""
