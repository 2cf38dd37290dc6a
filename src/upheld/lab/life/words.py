"""What the people of a lab write. `{thing}` is a product of the policy, or what the desk looks after."""

THE_THING = "the system"

PROBLEMS = (
    (
        "Cannot sign in to {thing}",
        "Since this morning it says that my password is wrong. I set a new one and it says the same.",
    ),
    ("{thing} is very slow", "Every page takes a minute, for all of us. It began after lunch."),
    (
        "The monthly report is empty",
        "I ran the report of {thing} for last month and got a page with headings and nothing below them.",
    ),
    (
        "How do I add a colleague?",
        "Somebody new starts on Monday. What do I have to do so that they can use {thing}?",
    ),
    ("Error 500 when saving", "I fill in the form, press Save, and {thing} shows an error with a number."),
    ("Nothing prints since the update", "{thing} was updated yesterday, and since then no printer answers."),
    (
        "Two entries for the same customer",
        "There are two entries with the same name in {thing}. Can they be made one? I fear to lose something.",
    ),
    (
        "Everything is down",
        "Nobody here can work with {thing}: the screen stays white. Please look at this first.",
    ),
    ("Wrong amounts on an invoice", "The sum on three invoices from {thing} does not match their lines."),
    ("Could the list be sorted by date?", "It would save us an hour a week if {thing} could do that."),
    ("Mails from {thing} arrive twice", "Each of our customers gets every message two times since Tuesday."),
    (
        "Question about our data",
        "How long does {thing} keep what we delete? Our auditor asks, and I could not find it anywhere.",
    ),
    (
        "Import stops at row 200",
        "The file has 800 rows. {thing} reads 200 of them and says that all went well.",
    ),
    ("Telephone rings, nobody hears", "Calls reach {thing}, and the one who answers hears nothing at all."),
)

SAYINGS = {
    "answer": (
        "Thank you for telling us. I can see what you mean and am looking for the cause.",
        "I have it in front of me and will write again as soon as I know more.",
        "That should not happen. I have found where it goes wrong and am working on it.",
    ),
    "sorry": (
        "Please forgive the long silence: you should have heard from us earlier. I am on it now.",
        "This took us far too long. I have taken it over myself.",
    ),
    "ask": (
        "So that I can make it happen here: when did you see it last, and on which device?",
        "Could you send me the words of the message that appears?",
        "Is anybody else with you affected, or only you?",
    ),
    "update": (
        "We are still at it: the cause is found, and the repair is being tried.",
        "A short word, so that you know: this is not forgotten. The next step is tomorrow's.",
    ),
    "resolve": (
        "It is repaired. Please try again, and answer this if anything is left.",
        "That was a setting on our side, which is right again now.",
        "Here is how it goes: open the settings, choose People, and press Add. That is all.",
    ),
    "write": (
        "It was ten minutes ago, on two computers and a phone.",
        "The message says: operation not permitted. Three of us see it.",
        "Only with me, as far as I know. The colleague beside me can do it.",
    ),
    "worry": ("Is there any news? We are waiting for this.", "May I ask how far you are?"),
    "again": (
        "I am afraid it is back: the same as before.",
        "It worked for an hour, and now it does not any more.",
    ),
    "late": ("Sorry, I was away for a while. It is still the same here; could you go on?",),
    "complain": ("We have waited long and heard little. I would like somebody else to look at this.",),
    "note": ("Same cause as last month's, see the runbook.", "Asked the hosting people; they look into it."),
}
