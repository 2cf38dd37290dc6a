// The clock strip: what lies behind a stretch of it.
