"""A policy in words: the whole of it for its own page, and in short for the pages around it."""

from upheld.web.portal.presenting.policy.page import PolicyPage, policy_page
from upheld.web.portal.presenting.policy.short import Expectations, expectations

__all__ = ["Expectations", "PolicyPage", "expectations", "policy_page"]
