// Writing: preview, mentions, saved replies.
