// What is being written is kept while it is written.
