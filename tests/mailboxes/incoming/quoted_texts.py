"""Texts that are hard to fold, each with what its author wrote; and texts that only look like answers."""

# Name: (the mail, what is new in it).
TRICKY: dict[str, tuple[str, str]] = {
    "an address on a line of its own": (
        (
            "Black.\n\nAm Do., 5. März 2026 um 10:12 Uhr schrieb Support <\n"
            "support@desk.example.com>:\n\n> old\n"
        ),
        "Black.",
    ),
    "four lines of a sentence": (
        (
            "Black.\n\n"
            "On Tue, 3 Mar 2026 at 09:12, Support of the Device Desk, Northern Harbour Schools "
            "(Amsterdam, Hamburg)\nby way of the common address of all its agents in\n"
            "every school <\nsupport@desk.example.com> wrote:\n\n> old\n"
        ),
        "Black.",
    ),
    "a sentence in Portuguese that begins with the name": (
        (
            "Black.\n\nSupport of the Device Desk, Northern Harbour Schools (Amsterdam, Hamburg) "
            "<support@desk.example.com> escreveu\nno dia terça, 3/03/2026 à(s) 09:12:\n\n> old\n"
        ),
        "Black.",
    ),
    "the same, broken within the date": (
        (
            "Black.\n\nSupport Device <support@desk.example.com> escreveu no dia segunda,\n"
            "4/04/2026 à(s) 17:42:\n>\n> old\n"
        ),
        "Black.",
    ),
    "what an app adds, below dashes": (
        (
            "Black.\n\n--\nDiese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.\n"
            "Am 03.03.26, 09:12 schrieb Bob <bob@desk.example.com>:\n> old\n"
        ),
        "Black.",
    ),
    "the words of a telephone above headers, without dashes": (
        (
            "Black.\n\nSent from my BlackBerry 10 smartphone.\n  Original Message  \nFrom: Bob\n"
            "Sent: Tuesday, March 3, 2026 09:12\nTo: Amina\nSubject: Laptop\n\nold\n"
        ),
        "Black.",
    ),
    "a text signed with PGP": (
        (
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nBlack.\n"
            "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEE\n-----END PGP SIGNATURE-----\n"
        ),
        "Black.",
    ),
    "a text signed with PGP, with an app's words above its signature": (
        (
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nBlack.\n\n"
            "On Tue, 3 Mar 2026 at 09:12, Bob <bob@desk.example.com> wrote:\n> old\n> words\n\n"
            "Sent from my iPhone\n-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n"
        ),
        "Black.",
    ),
    "in Portuguese with brackets": (
        "Black.\n\nBob <support@desk.example.com> escreveu (terça, 3/03/2026 à(s) 09:12):\n\n> old\n",
        "Black.",
    ),
    "in Finnish, broken before the address": (
        "Black.\n\npe 20. maalisk. 2026 klo 17.50 Bo\n<bo@desk.example.com> kirjoitti:\n\nold\n",
        "Black.",
    ),
    "in Canadian French": (
        "Noir.\n\nLe mar. 3 mars 2026, à 09 h 12, Bob <bob@desk.example.com> a écrit :\n\n> old\n",
        "Noir.",
    ),
    "in Mexican Spanish, with narrow spaces": (
        (
            "Negro.\n\n"
            "El mar, 3 mar 2026 a la(s) 9:12\u202fa.m., Bob (<bob@desk.example.com>) escribió:\n\n"
            "> old\n"
        ),
        "Negro.",
    ),
    "no-break and narrow spaces, and marks of direction": (
        (
            "Black.\n\n"
            "\u200eOn\u00a0Mar 3, 2026, at 9:12\u202fAM, \u2068Bob\u2069 <bob@desk.example.com> wrote:\n"
            "\nold\n"
        ),
        "Black.",
    ),
    "stars around it": (
        "Black.\n\n*On Tue, 3 Mar 2026 at 09:12, Bob <bob@desk.example.com> wrote:*\n\n> old",
        "Black.",
    ),
    "a name that holds the verb": (
        "Black.\n\nOn Tue, 3 Mar 2026 at 09:12, Who wrote: this? <bob@desk.example.com> wrote:\n\n> old",
        "Black.",
    ),
    "a name with commas, dots and quotation marks": (
        (
            "Black.\n\n"
            'On Tue, 3 Mar 2026 at 09:12, "Ode, Dr. B. (IT); room 1" <bob@desk.example.com> wrote:\n'
            "\n> old"
        ),
        "Black.",
    ),
    "no address, nothing marked": (
        "Black.\n\nOn 3 Mar 2026, at 09:12, Bob Ode wrote:\n\nold words",
        "Black.",
    ),
    "no date": (
        "Black.\n\nBob wrote:\n> old",
        "Black.",
    ),
    "no verb, a date and an address": (
        "Black.\n\n2026-03-03 9:12 GMT+01:00 Bob <bob@desk.example.com>:\n\n> old",
        "Black.",
    ),
    "a language that is not known": (
        (
            "Μαύρο.\n\n"
            "Στις Τρί 3 Μαρ 2026 στις 9:12 π.μ., ο χρήστης Bob <bob@desk.example.com> έγραψε:\n\n"
            "> old"
        ),
        "Μαύρο.",
    ),
    "dashes around it": (
        "Black.\n\n---- On Tue, 03 Mar 2026 09:12:50 +0100 bob@desk.example.com wrote ----\n\nold",
        "Black.",
    ),
    "in a dated message": (
        "Black.\n\nIn a message dated 3/3/2026 9:12:24 A.M. GMT, bob@desk.example.com writes:\n\nold",
        "Black.",
    ),
    "a sentence that names whom it quotes": (
        "Schwarz.\n\nZitat von Bob Ode <bob@desk.example.com>:\n\n> old",
        "Schwarz.",
    ),
    "the date last": (
        "Black.\n\nBob Ode <bob@desk.example.com> wrote on 03.03.2026 09:12:\n\n> old",
        "Black.",
    ),
    "written by a telephone in one line with the history": (
        (
            "Schwarz.\n\n\n\n-------- Ursprüngliche Nachricht --------\n"
            "Von: Bob <bob@desk.example.com>\nDatum: 03.03.26 09:12 (GMT+01:00)\n"
            "An: amina@school.example.org\nBetreff: Re: Laptop\n\nold"
        ),
        "Schwarz.",
    ),
    "a telephone, in French": (
        (
            "Noir.\n\nEnvoyé depuis mon appareil Galaxy\n\n-------- Message d'origine --------\n"
            "De : Bob <bob@desk.example.com>\nDate : 03/03/26 09:12 (GMT+01:00)\n"
            "À : amina@school.example.org Objet : Laptop\nold"
        ),
        "Noir.",
    ),
    "headers of which the first is the date": (
        (
            "Schwarz.\n\nGesendet: Dienstag, 03. März 2026 um 09:12 Uhr\n"
            "Von: Bob <bob@desk.example.com>\nAn: amina@school.example.org\nBetreff: Re: Laptop\n\n"
            "old"
        ),
        "Schwarz.",
    ),
    "headers in the order of Notes": (
        (
            "Schwarz.\n\n\nVon:\tBob Ode\nAn:\tAmina Yusuf\nDatum:\t03.03.2026 09:12\n"
            "Betreff:\tRe: Laptop\n\nold"
        ),
        "Schwarz.",
    ),
    "headers whose address is on the next line": (
        (
            "Black.\n\nFrom: Human Resources of all schools in the north\n<bob@desk.example.com>\n"
            "Sent: Tuesday, March 3, 2026 9:12 AM\nTo: Amina\nSubject: RE: Laptop\n\nold"
        ),
        "Black.",
    ),
    "headers with many recipients, importance and files": (
        (
            "Black.\n\nFrom: Bob <bob@desk.example.com>\nSent: Tuesday, March 3, 2026 9:12 AM\n"
            "To: Amina <a@school.example.org>; Ben <b@school.example.org>;\n"
            "Charlie <c@school.example.org>;\nLena <l@school.example.org>\nCc: Ada\n"
            "Subject: RE: Laptop\nImportance: High\nAttachments: one.pdf\n\nold"
        ),
        "Black.",
    ),
    "headers with blank lines between them": (
        (
            "Black.\n\nFrom: Bob <bob@desk.example.com>\n\nSent: 3 March 2026 09:12\n\nTo: Amina\n\n"
            "Subject: Laptop\n\nold"
        ),
        "Black.",
    ),
    "headers straight below the line of an app": (
        (
            "Schwarz.\n\nGesendet von Outlook für iOS\nVon: Bob <bob@desk.example.com>\n"
            "Gesendet: Dienstag, 3. März 2026\nAn: a@school.example.org\nBetreff: Laptop\n\nold"
        ),
        "Schwarz.",
    ),
    "a line of underscores without a blank line above": (
        (
            "Black.\n________________________________\nFrom: Bob <bob@desk.example.com>\n"
            "Sent: 3 March 2026\nTo: Amina\n\nold"
        ),
        "Black.",
    ),
    "headers with marks of direction": (
        "Black.\n\n\u200eFrom: Bob <bob@desk.example.com>\n\u200eSent: \u200e3 March 2026\n\u200eTo: Amina\n\nold",
        "Black.",
    ),
    "labels in bold, and French spaces": (
        (
            "Noir.\n\n*De\u00a0:* Bob <bob@desk.example.com>\n"
            "*Envoyé\u00a0:* mardi 3 mars 2026 09:12\n*À\u00a0:* Amina\n*Objet\u00a0:* Laptop\n\nold"
        ),
        "Noir.",
    ),
    "an older mail of another program within the history": (
        (
            "Black.\n\nOn Tue, 3 Mar 2026 at 09:12, Bob <b@desk.example.com> wrote:\n\n"
            "> From: Amina\n> Sent: 1 March\n> old"
        ),
        "Black.",
    ),
    "a forwarded mail within the history": (
        (
            "Black.\n\nOn Tue, 3 Mar 2026 at 09:12, Bob <b@desk.example.com> wrote:\n\n"
            "> ---------- Forwarded message ------\n> From: Ben\n> old"
        ),
        "Black.",
    ),
    "the history of two programs": (
        (
            "Black.\n\nOn Tue, 3 Mar 2026 at 09:12, Bob <b@desk.example.com> wrote:\n> old\n\n"
            "On Mon, 2 Mar 2026 at 09:12, Amina <a@school.example.org> wrote:\n> older"
        ),
        "Black.",
    ),
    "an excerpt above the whole history": (
        (
            "You asked:\n> Is it plugged in?\nIt is.\n\n"
            "On Tue, 3 Mar 2026 at 09:12, Bob <b@desk.example.com> wrote:\n\n> Is it plugged in?\n"
            "> Bob"
        ),
        "You asked:\n> Is it plugged in?\nIt is.",
    ),
    "the last part of what is quoted between answers": (
        (
            "Hello Bob\n\nOn 05/03/2026 10:12, Bob wrote:\n> Which number?\n4711\n\n> Is it on?\n"
            "No.\n\n> Regards\n> Bob\n"
        ),
        "Hello Bob\n\nOn 05/03/2026 10:12, Bob wrote:\n> Which number?\n4711\n\n> Is it on?\nNo.",
    ),
    "answers between questions, with a signature": (
        "> Which number?\n4711\n\n> Is it on?\nNo.\n\n-- \nAmina\nRoom 12\n",
        "> Which number?\n4711\n\n> Is it on?\nNo.",
    ),
    "a footer below the history": (
        (
            "Black.\n\nOn Tue, 3 Mar 2026 at 09:12, Bob <b@desk.example.com> wrote:\n> old\n\n"
            "School mail, checked for viruses."
        ),
        "Black.\n\nSchool mail, checked for viruses.",
    ),
    "a signature whose dashes lost their space": (
        "Black.\n\n--\nAmina Yusuf\nRoom 12",
        "Black.",
    ),
    "a signature between the answer and the history": (
        "Black.\n\n-- \nAmina\n\nAm 03.03.26 um 09:12 schrieb Bob:\n> old",
        "Black.",
    ),
    "a signature and the line of a telephone": (
        "Black.\n\nSent from my iPhone\n-- \nAmina",
        "Black.",
    ),
    "two signatures": (
        "Black.\n-- \nAmina\n\n-- \nThis mail is for its reader only.",
        "Black.",
    ),
    "lines of apps below each other": (
        "Schwarz.\n\nGesendet mit der mobilen Mail App\nVon meinem Android-Gerät mit K-9 Mail gesendet.\n",
        "Schwarz.",
    ),
    "a slogan of an app, and the history in the line of the sentence": (
        (
            "Black.\n\nYahoo Mail: Search, Organize, Conquer \n \n"
            "  On Tue, Mar 3, 2026 at 9:12 AM, Bob<b@desk.example.com> wrote:   old words\n"
            "more of them"
        ),
        "Black.",
    ),
    "blank lines and spaces around it all": (
        "\n\n  Black.  \n\n\nStill.\t\n\n> old\n\n",
        "Black.\n\n\nStill.",
    ),
}

# Texts that only look as if they held history: nothing of them is folded.
LETTERS: dict[str, str] = {
    "somebody wrote": "On Monday Bob wrote:\nplease restart. That does not help.",
    "I wrote, with a time": "On 3 March 2026 at 10:12 I wrote:\n\nplease restart it. Nobody answered.",
    "I wrote, to an address": "On 3 March 2026 at 10:12 I wrote to help@school.example.org:\n\nNobody answered.",
    "the printer wrote": "On 3 March 2026 at 10:12 the printer wrote:\n\nPC LOAD LETTER\n\nWhat is that?",
    "ich schrieb": "Am 03.03.2026 um 10:12 schrieb ich Ihnen:\n\nBitte um Rückruf. Es kam keiner.",
    "der Drucker schrieb": "Am 03.03.2026 um 10:12 schrieb der Drucker:\n\nPAPIERSTAU\n\nWas tun?",
    "habe ich geschrieben": "Am 03.03.2026 um 10:12 Uhr habe ich geschrieben:\n\nBitte um Rückruf.",
    "nous avons écrit": "Le 3 mars 2026 à 10:12, nous vous avons écrit :\n\nmerci de rappeler.",
    "il a écrit": "Le 3 mars 2026 à 10:12, il a écrit :\n\nmerci de rappeler.",
    "usted escribió": "El 3 de marzo de 2026 a las 10:12 usted escribió:\n\nllame otra vez.",
    "ik schreef": "Op 3 maart 2026 om 10:12 schreef ik u:\n\ngraag terugbellen.",
    "lei ha scritto": "Il 3 marzo 2026 alle 10:12 lei ha scritto:\n\nrichiamare.",
    "você escreveu": "Em 3 de março de 2026 às 10:12 você escreveu:\n\nligue outra vez.",
    "a sentence of the letter broken before the verb": (
        "The fault was there on 3 March 2026 at 10:12.\nThen Bob wrote:\nplease restart."
    ),
    "a sentence of the letter in one line": (
        "The fault was there on 3 March 2026 at 10:12. Then Bob wrote:\n\nplease restart."
    ),
    "from the beginning": "From: the beginning it was slow.\nTo: be honest, I never liked it.\nSubject: to change.",
    "from a place": "From: the cellar\nwe hear a noise",
    "von und an": "Von: Raum 12\nAn: Raum 14\n\nBitte umziehen.",
    "van": "Van: is broken\n\nto the left",
    "a log": (
        "It says:\n\nDate: 2026-03-03 10:12\nFrom: 10.0.0.1\nTo: 10.0.0.2\nStatus: failed\n\nWhat now?"
    ),
    "a journey": "Please book:\n\nFrom: Berlin\nTo: Hamburg\nDate: 3 March 2026\n\nThank you",
    "dates in lines": "Failures:\n2026-03-03 10:12:\n2026-03-04 11:12:\nDate: 2026-03-05\nDate: 2026-03-06",
    "an excerpt in the middle": "The screen says\n> Error 5\nand then it goes dark.",
    "an excerpt at the end": "The screen says:\n> Error 5\n> Restart",
    "excerpts": "First it says\n> Error 5\nthen\n> Error 6\nand goes dark.",
    "lines of a command": "I typed\n> dir\nand\n> copy a b\nwithout any result.",
    "dashes that part a letter": "First the printer.\n--\nThen there is the scanner, which is broken too.",
    "a greeting": "It is black.\n\nKind regards,\nAmina\nHarbour School",
    "a telephone that is broken": "Please help.\n\nSent from my room, the router cannot be reached. What now?",
    "Outlook that is broken": "Since today nothing works:\nOutlook for Windows",
    "what I got": "What is forwarded to me\n-------\nis broken",
    "a line of dashes and a heading": "Hello\n----- Inventory -----\nThree laptops\n----- Rooms -----\nTwo",
    "a heading in dashes with the word message": "Text\n\n--- Message of the day ---\n\nmore text",
    "a line that ends with a colon": "The number on the back of 03.03.2026 is 10:12, or is it this:\n4711",
}

# Texts of which nothing would be left: they stay whole.
WHOLE: dict[str, str] = {
    "only a quotation": "> only a quotation\n> of two lines",
    "only an introduced quotation": "On 5 Mar 2026 at 10:12, Bob <bob@x.example> wrote:\n> only a quotation",
    "only a history": "-----Original Message-----\nFrom: Bob\nSent: 3 March 2026\nTo: Amina\n\nold words",
}

# Texts in which somebody passes on a mail: all of it is content.
FORWARDED: dict[str, str] = {
    "Gmail": (
        "---------- Forwarded message ---------\nFrom: Ben <ben@x.example>\n"
        "Date: Tue, 3 Mar 2026 at 09:12\nSubject: broken\nTo: Amina <a@x.example>\n\nMine too.\n"
        "\nOn Mon, 2 Mar 2026 at 09:12, Bob <b@x.example> wrote:\n> old"
    ),
    "Gmail in German": (
        "---------- Forwarded message ---------\nVon: Ben <ben@x.example>\n"
        "Date: Di., 3. März 2026 um 09:12 Uhr\nSubject: kaputt\nTo: Amina <a@x.example>\n\n"
        "Meins auch.\n-- \nBen"
    ),
    "Apple": (
        "Begin forwarded message:\n\n> From: Ben <ben@x.example>\n> Date: 3 March 2026\n"
        "> Subject: broken\n> \n> Mine too."
    ),
    "Apple in German": (
        "Anfang der weitergeleiteten Nachricht:\n\n> Von: Ben\n> Datum: 3. März 2026\n"
        "> Betreff: kaputt\n> \n> Meins."
    ),
    "Apple in French": "Début du message réexpédié\u00a0:\n\n> De: Ben\n> Objet: cassé\n> \n> Le mien aussi.",
    "Apple in Spanish": "Inicio del mensaje reenviado:\n\n> De: Ben\n> Asunto: roto\n> \n> El mío.",
    "Apple in Dutch": "Begin doorgestuurd bericht:\n\n> Van: Ben\n> Onderwerp: kapot\n> \n> De mijne.",
    "Apple in Italian": "Inizio messaggio inoltrato:\n\n> Da: Ben\n> Oggetto: rotto\n> \n> Anche il mio.",
    "Apple in Portuguese": "Início da mensagem encaminhada:\n\n> De: Ben\n> Assunto: avariado\n> \n> O meu.",
    "Apple in European Portuguese": "Início da mensagem reencaminhada:\n\n> De: Ben\n> Assunto: avariado\n> \n> O meu.",
    "Thunderbird": (
        "-------- Forwarded Message --------\nSubject: broken\n"
        "Date: Tue, 3 Mar 2026 09:12:00 +0100\nFrom: Ben\nTo: Amina\n\nx"
    ),
    "Thunderbird in German": (
        "-------- Weitergeleitete Nachricht --------\nBetreff: kaputt\nDatum: 3 Mar 2026\n"
        "Von: Ben\nAn: A\n\nx"
    ),
    "Thunderbird in French": (
        "-------- Message transféré --------\nSujet : cassé\nDate : 3 Mar 2026\nDe : Ben\nPour : A\n\nx"
    ),
    "Thunderbird in Spanish": (
        "-------- Mensaje reenviado --------\nAsunto: roto\nFecha: 3 Mar 2026\nDe: Ben\nPara: A\n\nx"
    ),
    "Thunderbird in Dutch": (
        "-------- Doorgestuurd bericht --------\nOnderwerp: kapot\nDatum: 3 Mar 2026\nVan: Ben\nAan: A\n\nx"
    ),
    "Thunderbird in Italian": (
        "-------- Messaggio inoltrato --------\nOggetto: rotto\nData: 3 Mar 2026\nMittente: Ben\nA: A\n\nx"
    ),
    "Thunderbird in Portuguese": (
        "-------- Mensagem encaminhada --------\nAssunto: x\nData: 3 Mar 2026\nDe: Ben\nPara: A\n\nx"
    ),
    "Thunderbird in Danish": (
        "-------- Videresendt meddelelse --------\nEmne: x\nDato: 3 Mar 2026\nFra: Ben\nTil: A\n\nx"
    ),
    "Thunderbird in Swedish": (
        "-------- Vidarebefordrat meddelande --------\nÄmne: x\nDatum: 3 Mar 2026\nFrån: Ben\nTill: A\n\nx"
    ),
    "Yahoo": (
        "----- Forwarded Message -----\n From: Ben <ben@x.example>\nTo: Amina\n"
        "Sent: Tuesday, March 3, 2026\nSubject: x\n\nx"
    ),
    "Yahoo in French": (
        "----- Mail transféré -----\n De : Ben\nÀ : Amina\nEnvoyé : mardi 3 mars 2026\nObjet : x\n\nx"
    ),
}

# Outlook's block of headers is the same above an answer and a forward: the subject tells.
FORWARDING_SUBJECTS = [
    *(
        "FW: broken",
        "Fwd: broken",
        "WG: kaputt",
        "TR : cassé",
        "TR: cassé",
        "RV: roto",
        "I: rotto",
        "ENC: avariado",
    ),
    *("Doorst: kapot", "VB: trasig", "VS: i stykker", "PD: zepsuty", "VL: rikki", "[SDS-1001] FW: broken"),
    *("[External] [SDS-1001] Fwd: RE: broken", "fwd: broken"),
]
ANSWERING_SUBJECTS = [
    *(
        "RE: broken",
        "Re: Fwd: broken",
        "AW: WG: kaputt",
        "SV: VS: i stykker",
        "RES: ENC: avariado",
        "R: I: rotto",
    ),
    *("Antw: kapot", "ODP: PD: zepsuty", "[SDS-1001] RE: broken", "Re[2]: broken", "RIF: rotto"),
]

# What stands below an answer in further programs and languages: all of it is history.
BELOW = [
    "Le 03/03/2026 à 09:12, Bob a écrit\u202f:\n> a",
    "Bob Ode <bob@x.example> schrieb am Di., 3. März 2026, 09:12:\n\n> old",
    "Bob Ode <bob@x.example> schrieb am Di., 3. März 2026, 09:12:\n\nold",
    "El 3 mar 2026, a la(s) 9:12 a. m., Bob <b@x.example> escribió:\n\n\ufeffold",
    "Em ter, 3 de mar de 2026 09:12, Bob <b@x.example> escreveu:\n\n> old",
    "A terça, 3/03/2026, 09:12, Bob <b@x.example> escreveu:\n\n> old",
    "Op di 3 mrt. 2026 09:12 schreef Bob <b@x.example>:\n\n> old",
    "Il mar 3 mar 2026, 09:12 Bob <b@x.example> ha scritto:\n\n> old",
    "Le mar. 3 mars 2026 à 09:12, Bob <b@x.example> a\nécrit :\n\n> old",
    "Bob <b@x.example> ezt írta (időpont: 2026. márc. 3., K, 9:12):\n\n> old",
    "вт, 3 мар. 2026 г. в 09:12, Bob <b@x.example>:\n\n> old",
    "3 Mar 2026 Sal 09:12 tarihinde Bob <b@x.example> şunu yazdı:\n\n> old",
    "út 3. 3. 2026 v 9:12 odesílatel Bob <b@x.example> napsal:\n\n> old",
    "2026年3月3日(火) 9:12 Bob <b@x.example>:\n\n> old",
    "Bob <b@x.example> 于2026年3月3日周二 09:12写道：\n\n> old",
    "In data 3 marzo 2026 09:12:00 CET, Bob ha scritto:\n> old",
    "On Tuesday, 3 March 2026 09:12:00 CET Bob wrote:\n> old",
    "* Bob <b@x.example> [2026-03-03 09:12]:\n> old",
    "Quoting Bob <b@x.example>:\n\n> old",
    (
        "From: Bob [mailto:b@x.example] On Behalf Of Desk\nSent: 3. März 2026 09:12\n"
        "To: 'Amina'\nSubject: x\n\nold"
    ),
    (
        "Von: Bob <b@x.example>\nDatum: Dienstag, 3. März 2026 um 09:12\n"
        "An: Amina <a@x.example>\nBetreff: Re: x\n\nold"
    ),
    ("De: Bob <b@x.example>\nDate: mardi 3 mars 2026 à 09:12\nÀ: Amina <a@x.example>\nObjet: Re: x\n\nold"),
    (
        "Da: Bob <b@x.example>\nData: martedì 3 marzo 2026 alle ore 09:12\n"
        "A: Amina <a@x.example>\nOggetto: Re: x\n\nold"
    ),
    (
        "De: Bob <b@x.example>\nFecha: martes, 3 de marzo de 2026, 9:12\n"
        "Para: Amina <a@x.example>\nAsunto: Re: x\n\nold"
    ),
    ('----- Original Message -----\nFrom: "Bob" <b@x.example>\nTo: <a@x.example>\nSent: Tuesday\nold'),
    "-----Ursprüngliche Nachricht-----\nVon: Bob\nGesendet: x\nold",
    "--- Bob <b@x.example> schrieb am Di, 3.3.2026:\n\n> old",
    ("Sent from Mail for Windows\n\nFrom: Bob <b@x.example>\nSent: Tuesday 3\nTo: A\nSubject: x\n\nold"),
    (
        "Gesendet von Mail für Windows 10\n\nVon: Bob <b@x.example>\nGesendet: Dienstag 3\n"
        "An: A\nBetreff: x\n\nold"
    ),
]

# Lines that telephones and apps add.
APPS = [
    "Envoyé à partir de Courrier pour Windows",
    "Obtenir Outlook pour Android<https://aka.ms/x>",
    "Gesendet von Outlook für Android<https://aka.ms/x>",
    "Enviado do Outlook para Android<https://aka.ms/x>",
    "Inviato da Outlook per iOS<https://aka.ms/x>",
    "Verzonden vanuit Outlook voor Android<https://aka.ms/x>",
    "Envoyé de mon Galaxy",
    "Sent from my Galaxy",
    "Sent from my Verizon, Samsung Galaxy smartphone",
    "Diese Nachricht wurde von meinem Android-Mobiltelefon mit WEB.DE Mail gesendet.",
    "Gesendet mit der GMX Mail App",
    "Enviado desde mi dispositivo Android",
    "Verzonden met Outlook voor Android",
    "Holen Sie sich Outlook für Android",
    "Envoyé depuis mon smartphone",
    "Obtenga Outlook para Android",
    "Verstuurd vanaf mijn iPad",
    "Von meinem iPad gesendet",
    "Enviado desde mi Samsung Mobile de Movistar",
    "Inviato dal mio iPhone",
    "Inviato dal mio dispositivo Android",
    "Envoyé de mon iPhone. Désolé pour les fautes.",
    "Yahoo Mail: busca, organiza, conquista",
    "Sent from Outlook for iOS",
]
