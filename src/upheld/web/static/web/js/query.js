// The typed query: chips and completion.
