// The conversation: folding, pictures, moving by key.
