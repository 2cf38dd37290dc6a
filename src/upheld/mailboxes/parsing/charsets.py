"""From bytes to text, whatever the label says."""

import codecs

_KNOWN = frozenset(
    [
        *("ascii", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
        *(f"iso8859-{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)),
        *(f"cp{number}" for number in (1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258)),
        *(f"cp{number}" for number in (437, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865)),
        *(f"cp{number}" for number in (866, 869, 874, 932, 949, 950, 1125)),
        *(
            "koi8-r",
            "koi8-u",
            "koi8-t",
            "mac-roman",
            "mac-cyrillic",
            "mac-greek",
            "mac-latin2",
            "mac-turkish",
        ),
        *("tis-620", "gb2312", "gbk", "gb18030", "hz", "big5", "big5hkscs", "euc_jp", "shift_jis", "johab"),
        *("iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_ext", "euc_kr", "iso2022_kr"),
    ]
)
# What programs mean when they write the narrower name.
_WIDER = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "cp950",
    "iso2022_jp": "iso2022_jp_ext",
}
# Names that are in use and that Python does not know.
_ALSO = {
    "ks_c_5601": "cp949",
    "windows-874": "cp874",
    "windows-949": "cp949",
    "windows-31j": "cp932",
    "windows-936": "gb18030",
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "x-euc-jp": "euc_jp",
    "x-mac-roman": "mac-roman",
    "x-macroman": "mac-roman",
    "x-cp1251": "cp1251",
    "cp-850": "cp850",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "cp50220": "iso2022_jp",
    "cp50221": "iso2022_jp",
}
_UNLABELLED = frozenset(["ascii", "utf-8"])
# Many programs call UTF-8 by these names; hardly any text in them happens to be good UTF-8 too.
_OFTEN_UTF_8 = frozenset(["cp1252", "cp1250", "iso8859-2", "iso8859-15"])
_JAPANESE = (b"\x1b$B", b"\x1b$@")


def decode(data: bytes, label: str, otherwise: str = "cp1252") -> str:
    """Decode what says that it is `label`. Unknown and false labels are read as UTF-8, else as `otherwise`.

    Only character sets are looked up: Python also knows codecs that unpack, escape or take quadratic time. UTF-7 is
    none of them: it hides `<` and `@` from whoever looks at the bytes.
    """
    name = _codec(label)
    if data.isascii() and b"\0" not in data and (name in _UNLABELLED or name.startswith("utf-")):
        return _seven_bits(data)
    if name in _UNLABELLED:
        return _unlabelled(data, _codec(otherwise))
    if name in _OFTEN_UTF_8 and (text := _strictly(data, "utf-8")) is not None:
        return text
    text = _strictly(data, name)
    if text is not None:
        return text
    one_byte = name.startswith(("iso8859", "cp125"))
    return _unlabelled(data, "cp1252") if one_byte else data.decode(name, "replace")


def is_known(label: str) -> bool:
    """Whether a label names a character set that is read."""
    return bool(label.strip(" '\"")) and _looked_up(label) is not None


def _codec(label: str) -> str:
    name = _looked_up(label) or "utf-8"
    return _WIDER.get(name, name)


def _looked_up(label: str) -> str | None:
    label = label.strip(" '\"")[:40].lower().partition(" ")[0]
    try:
        name = codecs.lookup(_ALSO.get(label, label)).name
    except (LookupError, ValueError, UnicodeError):
        return None
    return name if name in _KNOWN else None


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _seven_bits(data: bytes) -> str:
    if any(mark in data for mark in _JAPANESE):
        return data.decode("iso2022_jp_ext", "replace")
    return data.decode("ascii")


def _unlabelled(data: bytes, otherwise: str) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if (text := _strictly(data, "utf-8")) is not None:
        return text
    text = data.decode("utf-8", "replace")
    foreign = len(data) - len(data.translate(None, _FOREIGN))
    # A few broken characters in good UTF-8 (a text cut in the middle) stay broken; otherwise it never was UTF-8.
    if text.count("\ufffd") * 4 <= foreign:
        return text
    return data.decode("cp1252" if otherwise in _UNLABELLED else otherwise, "replace")


_FOREIGN = bytes(range(128, 256))
