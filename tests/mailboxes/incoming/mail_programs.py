"""Answers as mail programs write them: what each puts above, below and around the words of its user.

A language gives the facts (its sentences and labels), a program gives the form: its plain text and its HTML.
"""

import html
from collections.abc import Callable
from dataclasses import dataclass

NAME, ADDRESS = "School Device Support", "support@desk.example.com"

LANGUAGES = ("en", "de", "fr", "es", "nl", "it", "pt-PT", "pt-BR", "da", "sv", "nb", "pl", "fi")

ANSWERS = {
    "en": "It is still black.\n\nKind regards\nAmina",
    "de": "Er bleibt schwarz.\nAuch über Nacht am Netz.\n\nMit freundlichen Grüßen\nAmina",
    "fr": "L'écran reste noir : rien à faire.\n\nCordialement,\nAmina",
    "es": "La pantalla sigue negra.\n\nUn saludo,\nAmina",
    "nl": "Het scherm blijft zwart.\n\nMet vriendelijke groet,\nAmina",
    "it": "Lo schermo è sempre nero.\n\nCordiali saluti\nAmina",
    "pt-PT": "O ecrã continua preto.\n\nCom os melhores cumprimentos,\nAmina",
    "pt-BR": "A tela continua preta.\n\nAtenciosamente,\nAmina",
    "da": "Skærmen er stadig sort.\n\nVenlig hilsen\nAmina",
    "sv": "Skärmen är fortfarande svart.\n\nVänliga hälsningar\nAmina",
    "nb": "Skjermen er fortsatt svart.\n\nVennlig hilsen\nAmina",
    "pl": "Ekran jest nadal czarny.\n\nPozdrawiam\nAmina",
    "fi": "Näyttö on yhä musta.\n\nTerveisin\nAmina",
}
HISTORY = "Please hold the power key for ten seconds.\n\nBob\nSchool Device Support"

GMAIL = {
    "en": "On Tue, 3 Mar 2026 at 09:12, {name} <{address}> wrote:",
    "de": "Am Di., 3. März 2026 um 09:12 Uhr schrieb {name} <{address}>:",
    "fr": "Le mar. 3 mars 2026 à 09:12, {name} <{address}> a écrit :",
    "es": "El mar, 3 mar 2026 a las 9:12, {name} (<{address}>) escribió:",
    "nl": "Op di 3 mrt 2026 om 09:12 schreef {name} <{address}>:",
    "it": "Il giorno mar 3 mar 2026 alle ore 09:12 {name} <{address}> ha scritto:",
    "pt-PT": "{name} <{address}> escreveu no dia terça, 3/03/2026 à(s) 09:12:",
    "pt-BR": "Em ter., 3 de mar. de 2026 às 09:12, {name} <{address}> escreveu:",
    "da": "Den tirs. 3. mar. 2026 kl. 09.12 skrev {name} <{address}>:",
    "sv": "Den tis 3 mars 2026 kl 09:12 skrev {name} <{address}>:",
    "nb": "tir. 3. mars 2026 kl. 09:12 skrev {name} <{address}>:",
    "pl": "wt., 3 mar 2026 o 09:12 {name} <{address}> napisał(a):",
    "fi": "ti 3. maalisk. 2026 klo 9.12 {name} ({address}) kirjoitti:",
}
APPLE = {
    "en": "On 3 Mar 2026, at 09:12, {name} <{address}> wrote:",
    "de": "Am 03.03.2026 um 09:12 schrieb {name} <{address}>:",
    "fr": "Le 3 mars 2026 à 09:12, {name} <{address}> a écrit :",
    "es": "El 3 mar 2026, a las 9:12, {name} <{address}> escribió:",
    "nl": "Op 3 mrt 2026 om 09:12 heeft {name} <{address}> het volgende geschreven:",
    "it": "Il giorno 3 mar 2026, alle ore 09:12, {name} <{address}> ha scritto:",
    "pt-PT": "No dia 03/03/2026, às 09:12, {name} <{address}> escreveu:",
    "pt-BR": "Em 3 de mar. de 2026, à(s) 09:12, {name} <{address}> escreveu:",
    "da": "Den 3. mar. 2026 kl. 09.12 skrev {name} <{address}>:",
    "sv": "3 mars 2026 kl. 09:12 skrev {name} <{address}>:",
    "nb": "3. mars 2026 kl. 09:12 skrev {name} <{address}>:",
    "pl": "Wiadomość napisana przez {name} <{address}> w dniu 3 mar 2026, o godz. 09:12:",
    "fi": "{name} <{address}> kirjoitti 3.3.2026 kello 9.12:",
}
THUNDERBIRD = {
    "en": "On 03.03.26 09:12, {name} wrote:",
    "de": "Am 03.03.26 um 09:12 schrieb {name}:",
    "fr": "Le 03/03/2026 à 09:12, {name} a écrit :",
    "es": "El 3/3/26 a las 9:12, {name} escribió:",
    "nl": "Op 3-3-2026 om 09:12 schreef {name}:",
    "it": "Il 03/03/2026 09:12, {name} ha scritto:",
    "pt-PT": "Às 09:12 de 03/03/2026, {name} escreveu:",
    "pt-BR": "Em 03/03/2026 09:12, {name} escreveu:",
    "da": "Den 03.03.2026 kl. 09.12 skrev {name}:",
    "sv": "Den 2026-03-03 kl. 09:12, skrev {name}:",
    "nb": "Den 03.03.2026 09:12, skrev {name}:",
    "pl": "W dniu 3.03.2026 o 09:12, {name} pisze:",
    "fi": "{name} kirjoitti 3.3.2026 klo 9.12:",
}
YAHOO = {
    "en": "On Tuesday, March 3, 2026 at 09:12:00 AM GMT+1, {name} <{address}> wrote:",
    "de": "Am Dienstag, 3. März 2026 um 09:12:00 MEZ hat {name} <{address}> Folgendes geschrieben:",
    "fr": "Le mardi 3 mars 2026 à 09:12:00 UTC+1, {name} <{address}> a écrit :",
    "es": "En martes, 3 de marzo de 2026, 09:12:00 CET, {name} <{address}> escribió:",
    "nl": "Op dinsdag 3 maart 2026 om 09:12:00 CET schreef {name} <{address}>:",
    "it": "Il martedì 3 marzo 2026 alle ore 09:12:00 CET, {name} <{address}> ha scritto:",
    "pt-PT": "Em terça-feira, 3 de março de 2026 às 09:12:00 WET, {name} <{address}> escreveu:",
    "pt-BR": "Em terça-feira, 3 de março de 2026 às 09:12:00 BRT, {name} <{address}> escreveu:",
    "da": "Den tirsdag den 3. marts 2026 09.12.00 CET skrev {name} <{address}>:",
    "sv": "Den tisdag 3 mars 2026 09:12:00 CET skrev {name} <{address}>:",
    "nb": "tirsdag 3. mars 2026, 09:12:00 CET skrev {name} <{address}>:",
    "pl": "We wtorek, 3 marca 2026 09:12:00 CET, {name} <{address}> napisał(a):",
    "fi": "tiistai 3. maaliskuuta 2026 klo 09.12.00 UTC+2 {name} <{address}> kirjoitti:",
}
PROTON = {
    "en": "On Tuesday, March 3rd, 2026 at 09:12, {name} <{address}> wrote:",
    "de": "Am Dienstag, 3. März 2026 um 09:12 schrieb {name} <{address}>:",
    "fr": "Le mardi 3 mars 2026 à 09:12, {name} <{address}> a écrit :",
    "es": "El martes, 3 de marzo de 2026 a las 9:12, {name} <{address}> escribió:",
    "nl": "Op dinsdag 3 maart 2026 om 09:12 schreef {name} <{address}>:",
    "it": "Martedì 3 marzo 2026 alle 09:12, {name} <{address}> ha scritto:",
    "pt-PT": "Na terça-feira, 3 de março de 2026 às 09:12, {name} <{address}> escreveu:",
    "pt-BR": "Em terça-feira, 3 de março de 2026 às 09:12, {name} <{address}> escreveu:",
    "da": "Tirsdag den 3. marts 2026 kl. 09.12, {name} <{address}> skrev:",
    "sv": "Tisdag 3 mars 2026 kl. 09:12 skrev {name} <{address}>:",
    "nb": "Tirsdag 3. mars 2026 kl. 09:12 skrev {name} <{address}>:",
    "pl": "W dniu wtorek, 3 marca 2026 o 09:12, {name} <{address}> napisał(a):",
    "fi": "Tiistai 3. maaliskuuta 2026 klo 9.12 {name} <{address}> kirjoitti:",
}

# From, Sent, To, Cc, Subject; and the date as that language writes it.
OUTLOOK = {
    "en": ("From:", "Sent:", "To:", "Cc:", "Subject:", "Tuesday, March 3, 2026 9:12 AM"),
    "de": ("Von:", "Gesendet:", "An:", "Cc:", "Betreff:", "Dienstag, 3. März 2026 09:12"),
    "fr": ("De :", "Envoyé :", "À :", "Cc :", "Objet :", "mardi 3 mars 2026 09:12"),
    "es": ("De:", "Enviado el:", "Para:", "CC:", "Asunto:", "martes, 3 de marzo de 2026 9:12"),
    "nl": ("Van:", "Verzonden:", "Aan:", "CC:", "Onderwerp:", "dinsdag 3 maart 2026 09:12"),
    "it": ("Da:", "Inviato:", "A:", "Cc:", "Oggetto:", "martedì 3 marzo 2026 09:12"),
    "pt-PT": ("De:", "Enviado:", "Para:", "Cc:", "Assunto:", "3 de março de 2026 09:12"),
    "pt-BR": ("De:", "Enviada em:", "Para:", "Cc:", "Assunto:", "terça-feira, 3 de março de 2026 09:12"),
    "da": ("Fra:", "Sendt:", "Til:", "Cc:", "Emne:", "3. marts 2026 09:12"),
    "sv": ("Från:", "Skickat:", "Till:", "Kopia:", "Ämne:", "den 3 mars 2026 09:12"),
    "nb": ("Fra:", "Sendt:", "Til:", "Kopi:", "Emne:", "tirsdag 3. mars 2026 09:12"),
    "pl": ("Od:", "Wysłano:", "Do:", "DW:", "Temat:", "wtorek, 3 marca 2026 09:12"),
    "fi": (
        "Lähettäjä:",
        "Lähetetty:",
        "Vastaanottaja:",
        "Kopio:",
        "Aihe:",
        "tiistai 3. maaliskuuta 2026 9.12",
    ),
}
ORIGINAL = {
    "en": "Original Message",
    "de": "Ursprüngliche Nachricht",
    "fr": "Message d'origine",
    "es": "Mensaje original",
    "nl": "Oorspronkelijk bericht",
    "it": "Messaggio originale",
    "pt-PT": "Mensagem Original",
    "pt-BR": "Mensagem original",
    "da": "Oprindelig meddelelse",
    "sv": "Ursprungligt meddelande",
    "nb": "Opprinnelig melding",
    "pl": "Oryginalna wiadomość",
    "fi": "Alkuperäinen viesti",
}
IPHONE = {
    "en": "Sent from my iPhone",
    "de": "Von meinem iPhone gesendet",
    "fr": "Envoyé de mon iPhone",
    "es": "Enviado desde mi iPhone",
    "nl": "Verstuurd vanaf mijn iPhone",
    "it": "Inviato da iPhone",
    "pt-PT": "Enviado do meu iPhone",
    "pt-BR": "Enviado do meu iPhone",
    "da": "Sendt fra min iPhone",
    "sv": "Skickat från min iPhone",
    "nb": "Sendt fra min iPhone",
    "pl": "Wysłane z iPhone'a",
    "fi": "Lähetetty iPhonesta",
}
OUTLOOK_APP = {
    "en": "Get Outlook for iOS",
    "de": "Outlook für iOS beziehen",
    "fr": "Obtenir Outlook pour iOS",
    "es": "Obtener Outlook para iOS",
    "nl": "Outlook voor iOS downloaden",
    "it": "Scarica Outlook per iOS",
    "pt-PT": "Obter o Outlook para iOS",
    "pt-BR": "Obter o Outlook para iOS",
    "da": "Hent Outlook til iOS",
    "sv": "Hämta Outlook för iOS",
    "nb": "Skaff deg Outlook for iOS",
    "pl": "Pobierz program Outlook dla systemu iOS",
    "fi": "Hanki Outlook for iOS",
}
YAHOO_APP = {
    "en": "Yahoo Mail: Search, Organize, Conquer",
    "de": "Gesendet von Yahoo Mail auf Android",
    "fr": "Envoyé à partir de Yahoo Mail sur Android",
    "es": "Enviado desde Yahoo Mail con Android",
    "nl": "Verzonden vanaf Yahoo Mail op Android",
    "it": "Inviato da Yahoo Mail su Android",
    "pt-PT": "Enviado do Yahoo Mail no Android",
    "pt-BR": "Enviado do Yahoo Mail no Android",
    "da": "Sendt fra Yahoo Mail på Android",
    "sv": "Skickat från Yahoo Mail på Android",
    "nb": "Sendt fra Yahoo Mail på Android",
    "pl": "Wysłane z Yahoo Mail na Androidzie",
    "fi": "Lähetetty Yahoo Mailista Androidissa",
}
SIGNATURE = "Amina Yusuf\nHarbour School, room 12\nTel. +49 30 1234567"

SENT_WITH = "Sent with Proton Mail secure email."
ELEMENT, LEFT, ARIAL = (
    '<div class="elementToProof">',
    '<div dir="ltr">',
    '<div style="font-family: Arial, sans-serif;">',
)
WORD_BLANK = "<o:p>&nbsp;</o:p>"


@dataclass(frozen=True)
class Mail:
    """A text and its HTML, as one program writes the same mail."""

    text: str
    markup: str


def introduction(sentences: dict[str, str], language: str) -> str:
    return sentences[language].format(name=NAME, address=ADDRESS)


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def wrapped(sentence: str, width: int = 78) -> str:
    """A sentence broken as Gmail breaks it: at the last space that fits, an address after its `<`."""
    if len(sentence) <= width:
        return sentence
    sentence = sentence.replace(f"<{ADDRESS}", f"< {ADDRESS}", 1)
    cut = sentence.rfind(" ", 0, width)
    first, rest = sentence[:cut], sentence[cut + 1 :]
    return f"{first}\n{wrapped(rest, width)}".replace(f"< {ADDRESS}", f"<{ADDRESS}")


def marked(text: str, *, link: bool = True) -> str:
    """Text as HTML writes it, with the address as a link where programs make it one."""
    said = html.escape(text, quote=False).replace("\u00a0", "&nbsp;")
    return said.replace(ADDRESS, f'<a href="mailto:{ADDRESS}">{ADDRESS}</a>') if link else said


def in_blocks(text: str, tag: str = "<div>", blank: str = "<br>") -> str:
    end = f"</{tag[1:-1].split()[0]}>"
    return "".join(f"{tag}{marked(line, link=False) or blank}{end}" for line in text.split("\n"))


def with_breaks(text: str) -> str:
    return "<br>\n".join(marked(line, link=False) for line in text.split("\n"))


def outlook_block(language: str, *, cc: bool = False) -> list[tuple[str, str]]:
    sender, sent, to, copy, subject, date = OUTLOOK[language]
    copies = [(copy, "Ben Ode <ben@school.example.org>")] if cc else []
    return [
        (sender, f"{NAME} <{ADDRESS}>"),
        (sent, date),
        (to, "Amina Yusuf <amina@school.example.org>"),
        *copies,
        (subject, "RE: [SDS-1001] Laptop will not start"),
    ]


def gmail(answer: str, language: str) -> Mail:
    """Gmail in a browser; the answer above."""
    sentence = introduction(GMAIL, language)
    return Mail(
        f"{answer}\n\n{wrapped(sentence)}\n\n{quoted(HISTORY)}\n>\n",
        f'<div dir="ltr">{in_blocks(answer)}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{marked(sentence)}<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid '
        f'rgb(204,204,204);padding-left:1ex">{with_breaks(HISTORY)}<br>\n</blockquote></div>\n',
    )


def gmail_signed(answer: str, language: str) -> Mail:
    """The same with a signature, which Gmail puts between the answer and the history."""
    top = gmail(answer, language)
    return Mail(
        top.text.replace(f"{answer}\n\n", f"{answer}\n\n-- \n{SIGNATURE}\n\n\n", 1),
        top.markup.replace(
            "</div></div><br>",
            '</div><div><br clear="all"></div><br><span class="gmail_signature_prefix">-- </span><br>'
            '<div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature"><div dir="ltr">'
            f"{in_blocks(SIGNATURE)}</div></div></div><br>",
            1,
        ),
    )


def gmail_phone(answer: str, language: str) -> Mail:
    """Gmail's app: the answer in `dir=auto` blocks, the history as in a browser."""
    top = gmail(answer, language)
    body = in_blocks(answer, '<div dir="auto">')
    return Mail(top.text, f'<div dir="auto">{body}</div><br>' + top.markup.partition("</div><br>")[2])


def gmail_below(answer: str, language: str) -> Mail:
    sentence = introduction(GMAIL, language)
    return Mail(
        f"{wrapped(sentence)}\n\n{quoted(HISTORY)}\n>\n\n{answer}\n",
        f'<div dir="ltr"><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{marked(sentence)}<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{with_breaks(HISTORY)}</blockquote>'
        f"<div><br></div>{in_blocks(answer)}</div></div>",
    )


def apple_mail(answer: str, language: str) -> Mail:
    """Apple Mail on a Mac: the sentence is part of the quotation."""
    sentence = introduction(APPLE, language)
    return Mail(
        f"{answer}\n\n> {sentence}\n> \n{quoted(HISTORY)}\n\n",
        f'<html><body style="overflow-wrap: break-word; -webkit-nbsp-mode: space;">{in_blocks(answer)}'
        f'<div><br><blockquote type="cite"><div>{marked(sentence)}</div>'
        f'<br class="Apple-interchange-newline"><div><div>{with_breaks(HISTORY)}</div></div></blockquote></div>'
        "<br></body></html>",
    )


def apple_mail_older(answer: str, language: str) -> Mail:
    """Older ones put the sentence above the quotation, and a signature in an element of its own."""
    sentence = introduction(APPLE, language)
    return Mail(
        f"{answer}\n-- \n{SIGNATURE}\n\n{sentence}\n\n{quoted(HISTORY)}\n",
        f'<html><body>{in_blocks(answer)}<div>\n<div class="AppleMailSignature">-- <br>{with_breaks(SIGNATURE)}'
        f'</div></div><br><div style=""><div>{marked(sentence)}</div><br class="Apple-interchange-newline">'
        f'<blockquote type="cite"><div>{with_breaks(HISTORY)}</div></blockquote></div></body></html>',
    )


def iphone(answer: str, language: str) -> Mail:
    sentence, device = introduction(APPLE, language), IPHONE[language]
    first, *rest = answer.split("\n")
    return Mail(
        f"{answer}\n\n{device}\n\n> {sentence}\n> \n> \ufeff{HISTORY.replace(chr(10), chr(10) + '> ')}\n",
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
        f'<body dir="auto">{marked(first)}{in_blocks(chr(10).join(rest))}'
        f'<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">{device}</div><div dir="ltr"><br>'
        f'<blockquote type="cite">{marked(sentence)}<br><br></blockquote></div><blockquote type="cite">'
        f'<div dir="ltr">\ufeff{with_breaks(HISTORY)}</div></blockquote></body></html>',
    )


def apple_mail_below(answer: str, language: str) -> Mail:
    sentence = introduction(APPLE, language)
    return Mail(
        f"> {sentence}\n> \n{quoted(HISTORY)}\n\n{answer}\n",
        f'<html><body><div><blockquote type="cite"><div>{marked(sentence)}</div>'
        f'<br class="Apple-interchange-newline"><div>{with_breaks(HISTORY)}</div></blockquote></div><br>'
        f"{in_blocks(answer)}</body></html>",
    )


def thunderbird(answer: str, language: str) -> Mail:
    """Thunderbird, the answer above, with a signature below the history as some set it."""
    sentence = introduction(THUNDERBIRD, language)
    return Mail(
        f"{answer}\n\n{sentence}\n{quoted(HISTORY)}\n\n-- \n{SIGNATURE}\n",
        f"<html><body>\n    <p>{with_breaks(answer)}</p>\n    "
        f'<div class="moz-cite-prefix">{marked(sentence)}<br>\n    </div>\n    '
        '<blockquote type="cite" cite="mid:1@desk.example.com">\n      '
        f'<pre class="moz-quote-pre" wrap="">{marked(HISTORY)}</pre>\n    </blockquote>\n'
        f'    <div class="moz-signature">-- <br>\n{with_breaks(SIGNATURE)}</div>\n  </body></html>',
    )


def thunderbird_below(answer: str, language: str) -> Mail:
    sentence = introduction(THUNDERBIRD, language)
    return Mail(
        f"{sentence}\n{quoted(HISTORY)}\n\n{answer}\n\n-- \n{SIGNATURE}\n",
        f'<html><body><div class="moz-cite-prefix">{marked(sentence)}<br></div>'
        f'<blockquote type="cite" cite="mid:1@desk.example.com">{with_breaks(HISTORY)}</blockquote>'
        f'<p>{with_breaks(answer)}</p><pre class="moz-signature" cols="72">-- \n{marked(SIGNATURE)}</pre>'
        "</body></html>",
    )


def yahoo(answer: str, language: str) -> Mail:
    """Yahoo in a browser: in its plain text the history is indented and not marked."""
    sentence = introduction(YAHOO, language)
    indented = "\n".join(f"  {line}".rstrip() for line in HISTORY.split("\n"))
    return Mail(
        f" {answer}\n\n    {sentence}  \n \n{indented}\n  ".replace(" ", "", 1),
        f'<html><head></head><body><div class="ydp1f2yahoo-style-wrap">{in_blocks(answer, "<div dir=ltr>")}'
        '</div><div id="ydp3f4yahoo_quoted_8012345678" class="ydp3f4yahoo_quoted">'
        "<div style=\"font-family:'Helvetica Neue', Helvetica, Arial, sans-serif;font-size:13px;color:#26282a;\">"
        f"<div>\n                    \n                        {marked(sentence)}\n                    </div>"
        f"<div><br></div><div><br></div><div>{in_blocks(HISTORY)}</div></div></div></body></html>",
    )


def yahoo_phone(answer: str, language: str) -> Mail:
    """Yahoo's app: the sentence is broken before the address, and stands in the quotation."""
    sentence, app = introduction(YAHOO, language), YAHOO_APP[language]
    first, _, rest = sentence.partition(" <")
    return Mail(
        f"{answer}\n\n{app} \n \n  {first} <{rest}   {HISTORY}\n".replace(":   Please", ":\n   Please"),
        f'{in_blocks(answer)}<br><div id="ymail_android_signature"><a id="ymail_android_signature_link" '
        f'href="https://go.mail.example/{language}">{app}</a></div> <br> '
        '<blockquote style="margin: 0 0 20px 0;"> <div style="font-family:Roboto, sans-serif; color:#6D00F6;"> '
        f"<div>{marked(first)}</div><div>&lt;{marked(rest)}</div> </div> "
        '<div style="padding: 10px 0 0 20px; margin: 10px 0 0 0; border-left: 1px solid #6D00F6;">'
        f"{in_blocks(HISTORY)}</div></blockquote>",
    )


def outlook_desktop(answer: str, language: str) -> Mail:
    """Outlook for Windows, whose HTML a word processor makes."""
    block = outlook_block(language, cc=True)
    tag = "<p class=MsoNormal>"
    headers = "<br>".join(f"<b>{marked(label)}</b> {marked(value, link=False)}" for label, value in block)
    return Mail(
        f"{answer}\n\n" + "\n".join(f"{label} {value} " for label, value in block) + f"\n\n{HISTORY}\n",
        '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
        '<head><!--[if gte mso 9]><xml><o:shapedefaults v:ext="edit" spidmax="1026"/></xml><![endif]-->'
        "<style><!--\np.MsoNormal {margin:0cm;}\n--></style></head><body lang=DE style='word-wrap:break-word'>"
        f"<div class=WordSection1>{in_blocks(answer, tag, WORD_BLANK)}<p class=MsoNormal><o:p>&nbsp;</o:p>"
        "</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
        f"<p class=MsoNormal>{headers}<o:p></o:p></p></div></div><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
        f"{in_blocks(HISTORY, tag, WORD_BLANK)}</div></body></html>",
    )


def outlook_original(answer: str, language: str) -> Mail:
    """Outlook for Windows answering a mail of plain text."""
    block = outlook_block(language)
    mark = f"-----{ORIGINAL[language]}-----"
    headers = [f"{label} {value}" for label, value in block]
    tag = "<p class=MsoPlainText>"
    return Mail(
        "\n".join([answer, "", mark, *headers, "", HISTORY, ""]),
        f"<html><body>{in_blocks(answer, tag, WORD_BLANK)}<p class=MsoPlainText>"
        f"<o:p>&nbsp;</o:p></p><p class=MsoPlainText>{mark}<br>{with_breaks(chr(10).join(headers))}</p>"
        f"{in_blocks(HISTORY, tag, WORD_BLANK)}</body></html>",
    )


def outlook_web(answer: str, language: str) -> Mail:
    """Outlook in a browser, and the new one for Windows: a line of underscores in the plain text."""
    block = outlook_block(language)
    headers = "<br>\n".join(f"<b>{marked(label)}</b> {marked(value, link=False)}" for label, value in block)
    return Mail(
        f"{answer}\n{'_' * 32}\n"
        + "\n".join(f"{label} {value}" for label, value in block)
        + f"\n\n{HISTORY}\n",
        f'<html><head><style type="text/css" style="display:none;"> P {{margin-top:0;margin-bottom:0;}} </style>'
        f'</head><body dir="ltr">{in_blocks(answer, ELEMENT)}'
        f'<div id="Signature" class="elementToProof">{in_blocks(SIGNATURE)}</div>'
        '<div id="appendonsend"></div>\n<hr style="display:inline-block;width:98%" tabindex="-1">\n'
        f'<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" color="#000000">{headers}</font>\n'
        f"<div>&nbsp;</div>\n</div>\n{in_blocks(HISTORY)}</body></html>".replace("\u00a0", "&nbsp;"),
    )


def outlook_phone(answer: str, language: str) -> Mail:
    block = outlook_block(language)
    app = OUTLOOK_APP[language]
    headers = "<br>".join(f"<b>{marked(label)}</b> {marked(value, link=False)}" for label, value in block)
    return Mail(
        f"{answer}\n\n{app}<https://aka.example/o0ukef>\n{'_' * 32}\n"
        + "\n".join(f"{label} {value}" for label, value in block)
        + f"\n\n{HISTORY}\n",
        f'<html><body dir="auto">{in_blocks(answer, LEFT)}'
        '<div id="ms-outlook-mobile-body-separator-line" data-applydefaultfontstyles="true"><br></div>'
        f'<div id="ms-outlook-mobile-signature" style="text-align: left;"><a href="https://aka.example/o0ukef">{app}'
        '</a></div><div id="mail-editor-reference-message-container" class="ms-outlook-mobile-reference-message '
        'skipProofing"><hr style="display:inline-block;width:98%" tabindex="-1">'
        f'<div id="divRplyFwdMsg" dir="ltr">{headers}<div>&nbsp;</div></div>{in_blocks(HISTORY)}</div>'
        "</body></html>",
    )


def exchange_relayed(answer: str, language: str) -> Mail:
    """An answer that a gateway turned into text, and from it into HTML: labels in stars, the address twice."""
    lines = [
        f"*{label}* {value.replace('>', f'<mailto:{ADDRESS}>>') if ADDRESS in value else value}"
        for label, value in outlook_block(language, cc=True)
    ]
    return Mail(
        "\n".join([answer, "", *lines, "", HISTORY, ""]),
        f"<html><body><p>{with_breaks(chr(10).join([answer, '', *lines, '', HISTORY]))}</p></body></html>",
    )


def proton(answer: str, language: str) -> Mail:
    sentence = introduction(PROTON, language)
    return Mail(
        f"{answer}\n\n{SENT_WITH}\n\n{sentence}\n\n{quoted(HISTORY)}\n",
        f"{in_blocks(answer, ARIAL)}<div><br></div>"
        f'<div class="protonmail_signature_block"><div class="protonmail_signature_block-proton">{SENT_WITH}</div>'
        f'</div><div><br></div><div class="protonmail_quote">\n        {marked(sentence)}<br><br>\n        '
        f'<blockquote class="protonmail_quote" type="cite">\n {with_breaks(HISTORY)}\n</blockquote><br>\n    </div>',
    )


def zimbra(answer: str, language: str) -> Mail:
    block = outlook_block(language)
    headers = "<br>".join(f"<b>{marked(label)} </b>{marked(value, link=False)}" for label, value in block)
    return Mail(
        "\n".join([answer, "", *(f"{label} {value}" for label, value in block), "", HISTORY, ""]),
        f'<html><body><div style="font-family: arial"><div>{in_blocks(answer)}</div><div><br></div>'
        f'<div data-marker="__SIG_POST__">{with_breaks(SIGNATURE)}</div><hr id="zwchr" data-marker="__DIVIDER__">'
        f'<div data-marker="__HEADERS__">{headers}<br></div><div><br></div><div data-marker="__QUOTED_TEXT__">'
        f"{in_blocks(HISTORY)}</div></div></body></html>",
    )


PROGRAMS: dict[str, Callable[[str, str], Mail]] = {
    program.__name__.replace("_", "-"): program
    for program in (
        *(gmail, gmail_signed, gmail_phone, gmail_below),
        *(apple_mail, apple_mail_older, apple_mail_below, iphone),
        *(thunderbird, thunderbird_below, yahoo, yahoo_phone),
        *(outlook_desktop, outlook_original, outlook_web, outlook_phone, exchange_relayed, proton, zimbra),
    )
}
