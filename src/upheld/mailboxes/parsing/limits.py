"""How much of a mail is looked at. Whatever is beyond a limit stays in the raw mail."""

HEADER_BLOCK = 256 * 1024
HEADER_LINES = 2_000
HEADER_VALUE = 8 * 1024
CONTENT_HEADER = 8 * 1024
ADDRESS_HEADER = 64 * 1024
SENDER_HEADER = 2_000
ADDRESSES = 200
ADDRESS = 254
NAME = 160
SUBJECT = 998
REFERENCES = 50
PARTS = 500
DEPTH = 30
FILES = 100
FILE_NAME = 200
ENCODED_TEXT = 4 * 1024 * 1024
TEXT = 1_000_000
HTML = 2_000_000
HTML_READ = 400_000
LINES_FOLDED = 10_000
# How often the bytes of a mail are walked in search of boundaries, which is once a level.
WALKS = 8
WALKED_ANYWAY = 16 * 1024 * 1024
AUTHENTICATION = 10
