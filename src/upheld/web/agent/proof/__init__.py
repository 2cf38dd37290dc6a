"""What the nightly verification found."""
