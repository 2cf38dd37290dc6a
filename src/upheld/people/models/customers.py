"""Those who write to a desk, whom they belong to, and what that entitles them to."""

from django.db import models
from django.db.models.functions import Lower

from upheld.desks.models import Desk
from upheld.people.models.users import User
from upheld.rules.callers import is_placeholder


class Organization(models.Model):
    """Whom contacts belong to and contracts are made with, on one desk.

    `reference` is the number by which the vendor's other programs know it; `region` is an id of the policy; `language`
    is that in which its people are written to, empty for the desk's.
    """

    name = models.CharField(max_length=160)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="organizations")
    reference = models.CharField(max_length=60, blank=True, default="")
    region = models.CharField(max_length=63, blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    notes = models.TextField(blank=True, default="")
    contacts: "models.ManyToManyField[Contact, Affiliation]" = models.ManyToManyField(
        "Contact", through="Affiliation", related_name="organizations"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "name"], name="organization_name_is_unique_on_a_desk")
        ]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """Somebody who writes to a desk. The address is kept in lower case and is never proof of identity.

    `phone` is as people write it, `phone_digits` what callers are found by: digits alone, with the country's code where
    it was given. `region` and `language` are the contact's own where they differ from the organization's. A duplicate
    that was `merged_into` another contact stays as an address of theirs.

    `confirmed_at` is when somebody first showed that they read mail to this address. Before that, no mail that leaves
    by itself repeats a word that came in its name.
    """

    address = models.EmailField(unique=True)
    name = models.CharField(max_length=160, blank=True, default="")
    zone = models.CharField(max_length=64, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    phone_digits = models.CharField(max_length=20, blank=True, default="")
    region = models.CharField(max_length=63, blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    notes = models.TextField(blank=True, default="")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates"
    )
    user = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="contact"
    )
    confirmed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(address=Lower("address")), name="contact_address_is_lower_case"
            )
        ]
        indexes = [
            models.Index(
                fields=["phone_digits"], condition=~models.Q(phone_digits=""), name="contacts_by_phone"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.mail_address or self.phone or self.address

    @property
    def mail_address(self) -> str:
        """Where mail reaches the contact; empty for a caller who gave no address."""
        return "" if is_placeholder(self.address) else self.address


class DeskContact(models.Model):
    """A contact whom somebody entered on a desk, before or without any request of theirs."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="entered_contacts")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="entered_on")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "contact"], name="a_contact_is_entered_once")]

    def __str__(self) -> str:
        return f"{self.contact} on {self.desk}"


class Affiliation(models.Model):
    """A contact belongs to an organization. One may belong to several, of which at most one a desk is the main one.

    `sees_all` grants the requests of the whole organization on the portal, restricted ones excepted.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="affiliations")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="affiliations")
    is_main = models.BooleanField(default=False)
    sees_all = models.BooleanField(default=False)
    title = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "organization"], name="a_contact_belongs_to_an_organization_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact} of {self.organization}"


class OrganizationDomain(models.Model):
    """A mail domain whose senders belong to an organization, in lower case; on a desk it is nobody else's."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "domain"], name="a_domain_belongs_to_one_organization"),
            models.CheckConstraint(condition=models.Q(domain=Lower("domain")), name="domain_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.domain


class Partnership(models.Model):
    """A solution partner stands between the desk and a customer: its people follow the customer's tickets, and where
    `may_act` write on them. Never restricted ones."""

    partner = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="customers_served")
    customer = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="partners")
    may_act = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "customer"], name="one_partnership_a_pair"),
            models.CheckConstraint(
                condition=~models.Q(partner=models.F("customer")), name="nobody_is_their_own_partner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} for {self.customer}"


class Site(models.Model):
    """A place at which an organization uses a product. `fields` holds what the policy asks of that product, by the ids
    of its items of information."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(max_length=160)
    address = models.TextField(blank=True, default="")
    region = models.CharField(max_length=63, blank=True, default="")
    product = models.CharField(max_length=63, blank=True, default="")
    fields = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="site_name_is_unique_in_an_organization"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Contract(models.Model):
    """What an organization is entitled to: a plan for a product, from the first to the last day, in the desk's zone.

    An empty `product` means every product, an empty `incidents` that there is no limit. `remind_days` says how long
    before the end the desk is reminded; `cancelled_at` ends it before its last day.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="contracts")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="contracts")
    reference = models.CharField(max_length=60)
    product = models.CharField(max_length=63, blank=True, default="")
    plan = models.CharField(max_length=63, blank=True, default="")
    starts_on = models.DateField()
    ends_on = models.DateField()
    incidents = models.PositiveIntegerField(null=True, blank=True)
    technical_contacts: "models.ManyToManyField[Contact, models.Model]" = models.ManyToManyField(
        Contact, related_name="technical_contact_of", blank=True
    )
    remind_days = models.PositiveSmallIntegerField(default=60)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    notes = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "reference"], name="contract_reference_is_unique"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="contract_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.reference
