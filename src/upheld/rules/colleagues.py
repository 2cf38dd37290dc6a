"""Who counts as a colleague of whoever asked? Colleagues may be heard on a request; nothing is shown to them."""

from dataclasses import dataclass

# Where anybody can have an address, a common domain says nothing about two people.
_NAMES = """
    126.com 163.com alice.it aol.com arcor.de att.net bell.net bellsouth.net bigpond.com bluewin.ch bol.com.br
    btinternet.com charter.net comcast.net cox.net daum.net duck.com earthlink.net email.cz fastmail.com fastmail.fm
    foxmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.ch
    hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com inbox.lv interia.pl
    internode.on.net juno.com laposte.net libero.it list.ru live.ca live.cn live.co.uk live.com live.de live.fr live.it
    live.nl mac.com mail.com mail.de mail.ru mailbox.org me.com mindspring.com msn.com mweb.co.za naver.com neuf.fr
    ntlworld.com o2.co.uk o2.pl online.de onet.pl optusnet.com.au orange.fr outlook.com outlook.de outlook.es outlook.fr
    outlook.it pm.me posteo.de posteo.net proton.me protonmail.ch protonmail.com qq.com rambler.ru rediffmail.com
    riseup.net rocketmail.com rogers.com runbox.com sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com sky.com skynet.be
    sympatico.ca t-online.de talktalk.net telenet.be telstra.com telus.net terra.com.br tin.it tiscali.co.uk tiscali.it
    tutanota.com tuta.com uol.com.br verizon.net videotron.ca virgilio.it virginmedia.com wanadoo.fr web.de wp.pl
    xtra.co.nz yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.au yahoo.com.br yahoo.de yahoo.es
    yahoo.fr yahoo.it yandex.com yandex.ru yeah.net ymail.com zoho.com zonnet.nl
"""
PUBLIC_PROVIDERS = frozenset(_NAMES.split())


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's address, and the organizations that they are known to belong to, by their ids."""

    address: str
    organizations: frozenset[int] = frozenset()


def are_colleagues(one: Person, other: Person) -> bool:
    """Whether two people belong together: one organization, or a mail domain that is nobody else's."""
    if one.organizations & other.organizations:
        return True
    domain = _domain(one.address)
    return bool(domain) and domain == _domain(other.address) and domain not in PUBLIC_PROVIDERS


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()
