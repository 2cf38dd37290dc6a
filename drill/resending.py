"""Run beside a desk, with its environment: does what `upheld mail resend` does, for every mail that failed or waits for
its next attempt, and prints how many there were.

python -m drill.resending
"""

import sys

import django


def resend_all() -> int:
    from upheld.desks import present
    from upheld.mailboxes.outgoing.again import try_again
    from upheld.notices.models import Notice, NoticeState
    from upheld.tickets.actions import Refused

    waiting = Notice.objects.filter(state__in=[NoticeState.WAITING, NoticeState.FAILED], attempts__gt=0)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    for each in ids:
        try:
            try_again(each, "drill", present.now())
        except Refused as refused:
            # It left meanwhile, or is leaving.
            sys.stderr.write(f"{each}: {refused}\n")
    return len(ids)


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(f"{resend_all()}\n")
