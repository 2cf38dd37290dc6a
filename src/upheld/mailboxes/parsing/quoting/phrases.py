"""What mail programs write around an answer, in the languages they are used in. All of it in small letters, as
`bare` leaves it."""

import re


def _labels(*languages: str) -> frozenset[str]:
    return frozenset(label for language in languages for label in language.split("|"))


FROM = _labels(
    *("from", "von", "de|expéditeur", "de|remitente", "van|afzender", "da|mittente", "de|remetente"),
    *("fra", "från", "od", "lähettäjä"),
)
DATE = _labels(
    *("sent|date|sent on", "gesendet|datum|gesendet am", "envoyé|envoyé le|date|date d'envoi"),
    *("enviado|enviado el|fecha|enviado a las", "verzonden|datum|verzonden op", "inviato|data|inviato il"),
    *("enviado|enviada|enviado em|enviada em|enviado a|data", "sendt|dato", "skickat|datum"),
    *("wysłano|wysłane|data", "lähetetty|päivämäärä|päiväys"),
)
TO = _labels(
    *("to", "an", "à|pour|destinataire|destinataires", "para", "aan", "a|per", "para", "til", "till", "do"),
    "vastaanottaja",
)
SUBJECT = _labels(
    *(
        "subject",
        "betreff",
        "objet|sujet",
        "asunto",
        "onderwerp",
        "oggetto",
        "assunto",
        "emne",
        "ämne",
        "temat",
    ),
    "aihe",
)
OTHER = _labels(
    "cc|bcc|importance|attachments|reply-to|reply to|priority|sensitivity|when|where",
    "kopie|wichtigkeit|anlagen|anhänge|antwort an|priorität",
    "copie à|importance|pièces jointes|répondre à|priorité",
    "importancia|datos adjuntos|responder a|prioridad",
    "urgentie|bijlagen|bijlage|beantwoorden|prioriteit",
    "priorità|allegati|rispondi a",
    "importância|anexos|responder para|responder a|prioridade",
    "kopi|prioritet|vedhæftede filer|vedlegg|kopia|bifogade filer|prioritet|dw|ważność|kopio|tärkeys",
)

_ORIGINAL = frozenset(
    [
        *("original message", "original appointment", "reply message", "original e-mail", "original email"),
        *("ursprüngliche nachricht", "original-nachricht", "originalnachricht", "ursprünglicher termin"),
        *("ursprüngliche e-mail", "original nachricht", "urspr. nachricht"),
        *("message d'origine", "message original", "rendez-vous d'origine", "message initial"),
        *("mensaje original", "cita original", "mensaje de origen", "oorspronkelijk bericht"),
        *("oorspronkelijke bericht", "origineel bericht", "oorspronkelijke afspraak", "messaggio originale"),
        *("messaggio original", "appuntamento originale", "mensagem original", "compromisso original"),
        *("oprindelig meddelelse", "oprindelig besked", "opprinnelig melding", "ursprungligt meddelande"),
        *("originalmeddelande", "wiadomość oryginalna", "oryginalna wiadomość", "alkuperäinen viesti"),
    ]
)
_FORWARDED = frozenset(
    [
        *("forwarded message", "forwarded mail", "begin forwarded message", "fwd message"),
        *("weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "weitergeleitete e-mail"),
        *(
            "beginn der weitergeleiteten nachricht",
            "message transféré",
            "mail transféré",
            "message réexpédié",
        ),
        *(
            "début du message réexpédié",
            "début du message transféré",
            "courriel transféré",
            "message transmis",
        ),
        *("mensaje reenviado", "inicio del mensaje reenviado", "doorgestuurd bericht"),
        *("begin doorgestuurd bericht", "messaggio inoltrato", "inizio messaggio inoltrato"),
        *("inizio del messaggio inoltrato", "mensagem encaminhada", "mensagem reencaminhada"),
        *("início da mensagem encaminhada", "início da mensagem reencaminhada", "videresendt meddelelse"),
        *("videresendt besked", "start på videresendt besked", "videresendt melding"),
        *("start på videresendt melding", "vidarebefordrat meddelande", "vidarebefordrat brev"),
        *("börja på vidarebefordrat meddelande", "påbörja vidarebefordrat meddelande"),
        *("przekazana wiadomość", "wiadomość przekazana", "początek przekazywanej wiadomości"),
        *("välitetty viesti", "välitetty viesti alkaa", "edelleenlähetetty viesti"),
    ]
)
_MARKED = re.compile(r"(?P<left>[-_=]{2,} ?)?(?P<phrase>[^-_=:][^_=:]{3,60}?)(?P<right> ?[-_=]{2,}| ?:)?")

_FORWARDING_PREFIX = re.compile(
    r"(?:fwd?|wg|tr|rv|i|enc|doorst|doorgest|vb|vs|pd|vl|weitergeleitet|reenviado|inoltra|encaminhada) ?:"
)
_ANSWERING_PREFIX = re.compile(r"[^\s:\[\]]{1,12} ?(?:\[[0-9]{1,3}\])? ?:")
_TAG = re.compile(r"\[[^\[\]]{0,60}\] ?")

_LINK = re.compile(r"[<\[(] ?https?:[^<>()\[\]\s]{1,500} ?[>\])]")
_SENT_FROM = re.compile(
    r"(?:sent (?:from|via|with|using) |from my |gesendet (?:von|mit|über|aus|vom) "
    r"|von meine[mr] .{1,60} (?:gesendet|gesandt|verschickt)|von .{1,40} gesendet"
    r"|diese (?:nachricht|e-?mail) wurde von meinem "
    r"|envoyé (?:de|depuis|à partir|avec|par|via) "
    r"|enviado (?:desde|con|a partir|do|da|de|através|via|por|pelo) "
    r"|(?:verstuurd|verzonden) (?:vanaf|vanuit|met|via) |inviato (?:da|dal|dalla|con|tramite) "
    r"|sendt (?:fra|med|via) |skickat (?:från|med|via) |lähetetty |wysłan[eo] (?:z|za|przy) )"
)
_DEVICES = re.compile(
    r"\b(?:iphone|ipad|ipod|ios|android|galaxy|samsung|huawei|blackberry|windows|nexus|pixel|xperia|xiaomi|redmi"
    r"|oneplus|oppo|nokia|motorola|sony|honor|realme|fairphone|outlook|yahoo|gmail|gmx|web\.de|proton|aol|hotmail"
    r"|spark|k-9|bluemail|boxer|thunderbird|t-online|mail orange|mail app|mail-app|mailapp|apple watch|mac"
    r"|mobile|mobil|phone|smartphone|tablet|handy|smarttelefon|téléphone|portable|móvil|celular|teléfono|telefoon"
    r"|mobieltje|cellulare|telefono|telemóvel|telefone|telefon|puhelimesta)"
)
_GET_OUTLOOK = re.compile(
    r"(?:(?:get|download|holen sie sich|téléchargez?|télécharger|obtene[zr]|obtenir|obtén|obtenga|descargar?"
    r"|obter|obtenha|baixar?|transferir|ottieni|scarica|hent|få|skaff deg|hämta|skaffa|hanki|pobierz|verkrijg)"
    r"(?: o| program| aplikację| l'application)? )?"
    r"outlook (?:for|für|pour|para|voor|per|til|till|för|dla(?: systemu)?) (?:ios|android|mac|windows)"
    r"(?P<verb> (?:beziehen|herunterladen|downloaden|laden|abrufen|holen|ophalen))?"
)
_SLOGAN = re.compile(r"yahoo mail ?: [^:]{4,70}")


def is_original_mark(line: str) -> bool:
    """Whether a line says `-----Original Message-----`."""
    mark = _MARKED.fullmatch(line.lower()) if len(line) < 120 else None
    return bool(mark and mark["left"] and mark["phrase"].strip() in _ORIGINAL)


def is_original_word(line: str) -> bool:
    """Whether a line says the same without dashes, as some telephones write it above the headers of an older mail."""
    return line.lower().strip(": ") in _ORIGINAL


def is_forwarded_mark(line: str) -> bool:
    """Whether a line says `---------- Forwarded message ---------` or `Begin forwarded message:`."""
    mark = _MARKED.fullmatch(line.lower()) if len(line) < 120 else None
    return bool(mark and (mark["left"] or mark["right"]) and mark["phrase"].strip() in _FORWARDED)


def kind_of_label(line: str) -> frozenset[str] | None:
    """Which header a line such as `From: ...` gives: one of the sets of labels, None for no header."""
    label, colon, _ = line[:40].partition(":")
    label = label.strip().lower()
    if not colon or not label:
        return None
    return next((kind for kind in (FROM, DATE, TO, SUBJECT, OTHER) if label in kind), None)


def is_device_line(line: str) -> bool:
    """Whether a line is what a telephone or an app adds below: `Sent from my iPhone`."""
    said = _LINK.sub("", line.lower()).strip(" .!")
    if len(said) > 90 or said.count(" ") > 12:
        return False
    get = _GET_OUTLOOK.fullmatch(said)
    if get:
        return bool(get["verb"]) or not said.startswith("outlook")
    return bool((_SENT_FROM.match(said) and _DEVICES.search(said)) or _SLOGAN.fullmatch(said))


def is_forwarding_subject(subject: str, text: str) -> bool:
    """Whether a subject says that its sender passes on somebody else's mail. `VS:` is a forward in Danish and in
    Norwegian, and an answer in Finnish, whose mails name their sender in Finnish."""
    rest = _without_tags(subject)
    finnish = rest.startswith("vs") and "lähettäjä:" in text[:20_000].lower()
    return bool(_FORWARDING_PREFIX.match(rest)) and not finnish


def is_answering_subject(subject: str) -> bool:
    """Whether a subject begins as that of an answer does: with an abbreviation and a colon."""
    return bool(_ANSWERING_PREFIX.match(_without_tags(subject)))


def _without_tags(subject: str) -> str:
    rest = " ".join(subject[:400].lower().split())
    for _ in range(3):
        tag = _TAG.match(rest)
        rest = rest[tag.end() :] if tag else rest
    return rest
