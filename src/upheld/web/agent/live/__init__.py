"""What is live on the pages."""
