"""From bytes to text, whatever the label says."""

import codecs

_KNOWN = frozenset(
    [
        *("ascii", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
        *(f"iso8859-{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)),
        *(f"cp{number}" for number in (1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258)),
        *(f"cp{number}" for number in (437, 850, 852, 866, 874, 932, 949, 950)),
        *("koi8-r", "koi8-u", "mac-roman", "tis-620", "gb2312", "gbk", "gb18030", "hz", "big5", "big5hkscs"),
        *(
            "euc_jp",
            "shift_jis",
            "iso2022_jp",
            "iso2022_jp_1",
            "iso2022_jp_2",
            "euc_kr",
            "iso2022_kr",
            "johab",
        ),
    ]
)
_UNLABELLED = frozenset(["ascii", "utf-8"])


def decode(data: bytes, label: str) -> str:
    """Decode what says that it is `label`. Unknown and false labels are read as UTF-8, else as Windows Latin.

    Only character sets are looked up: Python also knows codecs that unpack, escape or take quadratic time.
    """
    name = _codec(label)
    if name in _UNLABELLED:
        return _utf8_or_latin(data)
    try:
        return data.decode("cp1252" if name == "iso8859-1" else name)
    except UnicodeDecodeError:
        return _utf8_or_latin(data) if name.startswith(("iso8859", "cp125")) else data.decode(name, "replace")


def _codec(label: str) -> str:
    try:
        name = codecs.lookup(label.strip(" '\"")[:40]).name
    except (LookupError, ValueError, UnicodeError):
        return "utf-8"
    return name if name in _KNOWN else "utf-8"


def _utf8_or_latin(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    foreign = sum(1 for byte in data if byte > 127)
    # A few broken characters in good UTF-8 (a text cut in the middle) stay broken; otherwise it never was UTF-8.
    if text.count("\ufffd") * 4 <= foreign:
        return text
    return data.decode("cp1252", "replace")
