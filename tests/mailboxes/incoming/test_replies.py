"""Whole answers, with everything that mail programs put into a mail: parts, encodings, character sets, HTML."""

import pytest

from mailboxes.incoming.mails import FOLDER
from upheld.mailboxes.parsing import parse

REPLIES = FOLDER / "replies"

WRITTEN = {
    "en": (
        "Hello Bob,\n\n"
        "I held the power key for ten seconds, twice, and I also tried another charger from the "
        "staff room. The screen stays black, but the little light on the left blinks orange.\n\n"
        "It's number 4711 – shall I bring it in on Thursday?\n\nKind regards\nAmina"
    ),
    "de": (
        "Hallo Bob,\n\n"
        "ich habe die Einschalttaste zweimal zehn Sekunden lang gedrückt und auch ein anderes "
        "Netzteil aus dem Lehrerzimmer probiert. Der Bildschirm bleibt schwarz, nur das Lämpchen "
        "links blinkt orange.\n\n"
        "Es ist die Nummer 4711 – soll ich es am Donnerstag vorbeibringen?\n\nViele Grüße\nAmina"
    ),
    "fr": (
        "Bonjour Bob,\n\n"
        "J'ai maintenu la touche de démarrage pendant dix secondes, deux fois, et j'ai essayé un "
        "autre chargeur de la salle des professeurs. L'écran reste noir, mais le petit voyant à "
        "gauche clignote en orange.\n\nC'est le numéro 4711 : dois-je l'apporter jeudi ?\n\n"
        "Cordialement,\nAmina"
    ),
    "es": (
        "Hola, Bob:\n\n"
        "He mantenido pulsada la tecla de encendido diez segundos, dos veces, y también he probado "
        "otro cargador de la sala de profesores. La pantalla sigue en negro, pero la lucecita de "
        "la izquierda parpadea en naranja.\n\nEs el número 4711. ¿Lo llevo el jueves?\n\n"
        "Un saludo,\nAmina"
    ),
    "nl": (
        "Dag Bob,\n\n"
        "Ik heb de aan-uitknop twee keer tien seconden ingedrukt en ook een andere lader uit de "
        "lerarenkamer geprobeerd. Het scherm blijft zwart, maar het lampje links knippert oranje.\n"
        "\nHet is nummer 4711 – zal ik hem donderdag brengen?\n\nGroeten,\nAmina"
    ),
    "it": (
        "Ciao Bob,\n\n"
        "ho tenuto premuto il tasto di accensione per dieci secondi, due volte, e ho provato anche "
        "un altro caricatore della sala insegnanti. Lo schermo è sempre nero, ma la lucina a "
        "sinistra lampeggia arancione.\n\nÈ il numero 4711: lo porto giovedì?\n\n"
        "Cordiali saluti\nAmina"
    ),
    "pt-PT": (
        "Olá, Bob,\n\n"
        "mantive premida a tecla de ligar durante dez segundos, duas vezes, e também experimentei "
        "outro carregador da sala dos professores. O ecrã continua preto, mas a luzinha à esquerda "
        "pisca a laranja.\n\nÉ o número 4711. Levo-o na quinta-feira?\n\nCumprimentos,\nAmina"
    ),
    "pt-BR": (
        "Oi, Bob,\n\n"
        "segurei a tecla de ligar por dez segundos, duas vezes, e também testei outro carregador "
        "da sala dos professores. A tela continua preta, mas a luzinha da esquerda pisca em laranja.\n"
        "\nÉ o número 4711. Levo na quinta-feira?\n\nAtenciosamente,\nAmina"
    ),
    "da": (
        "Hej Bob\n\nSkærmen er stadig sort, men den lille lampe til venstre blinker orange.\n\n"
        "Venlig hilsen\nAmina"
    ),
    "sv": (
        "Hej Bob!\n\n"
        "Skärmen är fortfarande svart, men den lilla lampan till vänster blinkar orange.\n\n"
        "Vänliga hälsningar\nAmina"
    ),
    "pl": (
        "Cześć Bob,\n\nekran jest nadal czarny, ale mała lampka po lewej miga na pomarańczowo.\n"
        "\nPozdrawiam\nAmina"
    ),
    "fi": (
        "Hei Bob,\n\nnäyttö on yhä musta, mutta pieni valo vasemmalla vilkkuu oranssina.\n\nTerveisin\nAmina"
    ),
}
# The same in the plain text of Gmail, which breaks lines.
BROKEN = {
    "en": (
        "Hello Bob,\n\nI held the power key for ten seconds, twice, and I also tried another\n"
        "charger from the staff room. The screen stays black, but the little light on\n"
        "the left blinks orange.\n\nIt's number 4711 – shall I bring it in on Thursday?\n\n"
        "Kind regards\nAmina"
    ),
    "de": (
        "Hallo Bob,\n\n"
        "ich habe die Einschalttaste zweimal zehn Sekunden lang gedrückt und auch ein\n"
        "anderes Netzteil aus dem Lehrerzimmer probiert. Der Bildschirm bleibt\n"
        "schwarz, nur das Lämpchen links blinkt orange.\n\n"
        "Es ist die Nummer 4711 – soll ich es am Donnerstag vorbeibringen?\n\nViele Grüße\nAmina"
    ),
    "fr": (
        "Bonjour Bob,\n\n"
        "J'ai maintenu la touche de démarrage pendant dix secondes, deux fois, et\n"
        "j'ai essayé un autre chargeur de la salle des professeurs. L'écran reste\n"
        "noir, mais le petit voyant à gauche clignote en orange.\n\n"
        "C'est le numéro 4711 : dois-je l'apporter jeudi ?\n\nCordialement,\nAmina"
    ),
    "es": (
        "Hola, Bob:\n\nHe mantenido pulsada la tecla de encendido diez segundos, dos veces, y\n"
        "también he probado otro cargador de la sala de profesores. La pantalla sigue\n"
        "en negro, pero la lucecita de la izquierda parpadea en naranja.\n\n"
        "Es el número 4711. ¿Lo llevo el jueves?\n\nUn saludo,\nAmina"
    ),
    "nl": (
        "Dag Bob,\n\nIk heb de aan-uitknop twee keer tien seconden ingedrukt en ook een andere\n"
        "lader uit de lerarenkamer geprobeerd. Het scherm blijft zwart, maar het\n"
        "lampje links knippert oranje.\n\nHet is nummer 4711 – zal ik hem donderdag brengen?\n\n"
        "Groeten,\nAmina"
    ),
    "it": (
        "Ciao Bob,\n\n"
        "ho tenuto premuto il tasto di accensione per dieci secondi, due volte, e ho\n"
        "provato anche un altro caricatore della sala insegnanti. Lo schermo è sempre\n"
        "nero, ma la lucina a sinistra lampeggia arancione.\n\n"
        "È il numero 4711: lo porto giovedì?\n\nCordiali saluti\nAmina"
    ),
    "pt-PT": (
        "Olá, Bob,\n\n"
        "mantive premida a tecla de ligar durante dez segundos, duas vezes, e também\n"
        "experimentei outro carregador da sala dos professores. O ecrã continua\n"
        "preto, mas a luzinha à esquerda pisca a laranja.\n\n"
        "É o número 4711. Levo-o na quinta-feira?\n\nCumprimentos,\nAmina"
    ),
    "pt-BR": (
        "Oi, Bob,\n\n"
        "segurei a tecla de ligar por dez segundos, duas vezes, e também testei outro\n"
        "carregador da sala dos professores. A tela continua preta, mas a luzinha da\n"
        "esquerda pisca em laranja.\n\nÉ o número 4711. Levo na quinta-feira?\n\n"
        "Atenciosamente,\nAmina"
    ),
}
# The name of a mail: its program, its language, its form. In a forwarded one the whole text is content.
NEW = {
    "apple-mail-en-both": WRITTEN["en"],
    "apple-mail-fr-both": WRITTEN["fr"],
    "apple-mail-fr-forward-plain": (
        "C'est à vous ?\n\nDébut du message réexpédié\u00a0:\n\n"
        "> De: Ben Ode <ben@school.example.org>\n> Objet: Facture\n"
        "> Date: 3 mars 2026 à 08:00:00 UTC+1\n> À: Amina Yusuf <amina@school.example.org>\n>\n"
        "> Voici la facture."
    ),
    "apple-mail-it-below-both": WRITTEN["it"],
    "apple-mail-nl-plain": WRITTEN["nl"],
    "apple-mail-ptbr-html": WRITTEN["pt-BR"],
    "exchange-relayed-en-plain": WRITTEN["en"],
    "exchange-relayed-fr-both": WRITTEN["fr"],
    "gmail-android-es-both": BROKEN["es"],
    "gmail-de-both": BROKEN["de"],
    "gmail-de-forward-both": (
        "Gehört das zu euch?\n\n---------- Forwarded message ---------\n"
        "Von: Ben Ode <ben@school.example.org>\nDate: Di., 3. März 2026 um 08:00 Uhr\n"
        "Subject: Rechnung\nTo: Amina Yusuf <amina@school.example.org>\n\n\n"
        "Anbei die Rechnung.\n\n"
        "Am Mo., 2. März 2026 um 08:00 Uhr schrieb Shop <shop@x.example>:\n\n"
        "> Vielen Dank für Ihre Bestellung."
    ),
    "gmail-de-forward-html": (
        "Gehört das zu euch?\n\n---------- Forwarded message ---------\n"
        "Von: Ben Ode <ben@school.example.org>\nDate: Di., 3. März 2026 um 08:00 Uhr\n"
        "Subject: Rechnung\nTo: Amina Yusuf <amina@school.example.org>\n\nAnbei die Rechnung."
    ),
    "gmail-de-html": WRITTEN["de"],
    "gmail-en-both": BROKEN["en"],
    "gmail-en-inline-both": (
        "Hi Bob, see below.\n\n"
        "On Tue, 3 Mar 2026 at 09:12, School Device Support <support@desk.example.com>\nwrote:\n"
        "\n> What does the light on the left do?\n>\n\nOrange, three times, then a pause.\n\n\n"
        "> Did you try another charger?\n>\n\nYes, the one from the staff room."
    ),
    "gmail-en-inline-html": (
        "Hi Bob, see below.\n\n"
        "On Tue, 3 Mar 2026 at 09:12, School Device Support <support@desk.example.com> wrote:\n"
        "\n> What does the light on the left do?\n\nOrange, three times, then a pause.\n\n"
        "> Did you try another charger?\n\nYes, the one from the staff room."
    ),
    "gmail-en-signature-html": WRITTEN["en"],
    "gmail-en-us-both": BROKEN["en"],
    "gmail-es-both": BROKEN["es"],
    "gmail-fi-html": WRITTEN["fi"],
    "gmail-fr-both": BROKEN["fr"],
    "gmail-fr-signature": BROKEN["fr"],
    "gmail-it-both": BROKEN["it"],
    "gmail-nl-both": BROKEN["nl"],
    "gmail-pl-both": WRITTEN["pl"],
    "gmail-ptbr-both": BROKEN["pt-BR"],
    "gmail-ptpt-both": BROKEN["pt-PT"],
    "gmx-de-html": WRITTEN["de"],
    "iphone-de-both": WRITTEN["de"],
    "iphone-es-html": WRITTEN["es"],
    "iphone-fr-both": WRITTEN["fr"],
    "iphone-it-both": WRITTEN["it"],
    "iphone-nl-plain": WRITTEN["nl"],
    "iphone-ptpt-both": WRITTEN["pt-PT"],
    "iphone-sv-both": WRITTEN["sv"],
    "outlook-desktop-da-both": WRITTEN["da"],
    "outlook-desktop-de-both": WRITTEN["de"],
    "outlook-desktop-de-forward-both": WRITTEN["de"]
    + (
        "\n\nVon: School Device Support <support@desk.example.com>\n"
        "Gesendet: Dienstag, 3. März 2026 09:12\nAn: Amina Yusuf <amina@school.example.org>\n"
        "Betreff: [SDS-1001] Laptop startet nicht – schwarzer Bildschirm\n\nHallo Amina,\n\n"
        "bitte die Einschalttaste zehn Sekunden lang drücken und schreiben, was zu sehen ist: "
        "https://desk.example.com/t/SDS-1001\n\nBob\nSchool Device Support"
    ),
    "outlook-desktop-en-both": WRITTEN["en"],
    "outlook-desktop-es-html": WRITTEN["es"],
    "outlook-desktop-fr-both": WRITTEN["fr"],
    "outlook-desktop-fr-forward-html": WRITTEN["fr"]
    + (
        "\n\nDe : School Device Support <support@desk.example.com>\n"
        "Envoyé : mardi 3 mars 2026 09:12\nÀ : Amina Yusuf <amina@school.example.org>\n"
        "Objet : [SDS-1001] L'ordinateur ne démarre pas\n\nHello Amina,\n\n"
        "please hold the power key for ten seconds and tell us what you see. You can also look at "
        "https://desk.example.com/t/SDS-1001.\n\nBob\nSchool Device Support"
    ),
    "outlook-desktop-it-plain": WRITTEN["it"],
    "outlook-desktop-nl-both": WRITTEN["nl"],
    "outlook-desktop-pl-html": WRITTEN["pl"],
    "outlook-desktop-ptbr-html": WRITTEN["pt-BR"],
    "outlook-desktop-ptpt-both": WRITTEN["pt-PT"],
    "outlook-original-es-plain": WRITTEN["es"],
    "outlook-original-nl-plain": WRITTEN["nl"],
    "outlook-phone-de-both": WRITTEN["de"],
    "outlook-phone-en-both": WRITTEN["en"],
    "outlook-phone-es-html": WRITTEN["es"],
    "outlook-phone-fr-both": WRITTEN["fr"],
    "outlook-phone-it-both": WRITTEN["it"],
    "outlook-phone-nl-html": WRITTEN["nl"],
    "outlook-phone-ptpt-both": WRITTEN["pt-PT"],
    "outlook-web-de-html": WRITTEN["de"],
    "outlook-web-en-both": WRITTEN["en"],
    "outlook-web-es-both": WRITTEN["es"],
    "outlook-web-fr-both": WRITTEN["fr"],
    "outlook-web-it-html": WRITTEN["it"],
    "outlook-web-ptbr-both": WRITTEN["pt-BR"],
    "proton-de-both": WRITTEN["de"],
    "proton-de-html": WRITTEN["de"],
    "samsung-de-both": WRITTEN["de"],
    "samsung-de-html": WRITTEN["de"],
    "thunderbird-da-below-plain": WRITTEN["da"],
    "thunderbird-de-below-plain": WRITTEN["de"],
    "thunderbird-de-inline-plain": (
        "Am 03.03.26 um 09:12 schrieb School Device Support:\n> Was macht das Lämpchen links?\n"
        "\n"
        "Orange, dreimal, dann eine Pause, und danach beginnt alles wieder von vorn, bis man den "
        "Stecker zieht.\n\n> Ein anderes Netzteil?\n\nJa, das aus dem Lehrerzimmer."
    ),
    "thunderbird-en-below-plain": WRITTEN["en"],
    "thunderbird-es-above-both": WRITTEN["es"],
    "thunderbird-fr-below-both": WRITTEN["fr"],
    "thunderbird-it-above-plain": WRITTEN["it"],
    "thunderbird-nl-above-html": WRITTEN["nl"],
    "thunderbird-ptpt-below-html": WRITTEN["pt-PT"],
    "yahoo-de-both": WRITTEN["de"],
    "yahoo-en-both": WRITTEN["en"],
    "yahoo-es-both": WRITTEN["es"],
    "yahoo-fr-html": WRITTEN["fr"],
    "yahoo-phone-it-both": WRITTEN["it"],
    "yahoo-phone-it-html": WRITTEN["it"],
    "yahoo-ptbr-html": WRITTEN["pt-BR"],
    "zimbra-fr-both": WRITTEN["fr"],
    "zimbra-fr-html": WRITTEN["fr"],
}


def test_every_stored_answer_has_its_expectation():
    assert {path.stem for path in REPLIES.glob("*.eml")} == set(NEW)


@pytest.mark.parametrize("name", NEW)
def test_what_is_new_in_a_whole_mail(name):
    mail = parse((REPLIES / f"{name}.eml").read_bytes())
    assert mail.new_text == NEW[name]
    assert mail.defects == ()
    assert bool(mail.quoted_text) is ("forward" not in name)
