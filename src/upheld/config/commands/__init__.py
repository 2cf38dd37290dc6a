"""The commands, one file a group. Each file has an `add(app)` that adds its commands."""

from upheld.config.commands import (
    bench,
    database,
    demo,
    desk,
    doctor,
    mail,
    mailbox,
    policy,
    role,
    serve,
    setup,
    user,
)

GROUPS = (
    setup.add,
    serve.add,
    demo.add,
    desk.add,
    policy.add,
    user.add,
    role.add,
    mailbox.add,
    mail.add,
    database.add,
    doctor.add,
    bench.add,
)
