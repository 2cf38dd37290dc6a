"""The commands, one file a group. Each file has an `add(app)` that adds its commands."""

from upheld.config.commands import (
    bench,
    customers,
    database,
    demo,
    desk,
    doctor,
    lab,
    mail,
    mailbox,
    policy,
    reader,
    role,
    serve,
    setup,
    user,
    verify,
)

GROUPS = (
    setup.add,
    serve.add,
    demo.add,
    lab.add,
    desk.add,
    policy.add,
    user.add,
    role.add,
    reader.add,
    customers.add,
    mailbox.add,
    mail.add,
    database.add,
    doctor.add,
    verify.add,
    bench.add,
)
