"""What leaves by mail: a notice's row becomes bytes once, and those bytes are sent until somebody takes them."""
