"""What a desk's stories amount to: figures over many tickets. It reads, and changes nothing."""
