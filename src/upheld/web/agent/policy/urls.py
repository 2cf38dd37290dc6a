"""The addresses of the pages of a policy."""

from django.urls import include, path

from upheld.web.agent.policy import closed_day, drafts, effect, versions

_of_a_version = [
    path("", versions.version, name="policy_version"),
    path("source.yaml", versions.source, name="policy_source"),
    path("again/", versions.again, name="policy_again"),
    path("withdraw/", versions.withdraw, name="policy_withdraw"),
]
_of_a_draft = [
    path("", drafts.draft, name="policy_draft"),
    path("discard/", drafts.discard, name="policy_discard"),
    path("effect/", effect.effect, name="policy_effect"),
    path("effect/<slug:mode>.csv", effect.table, name="policy_effect_table"),
    path("publish/", effect.publish_draft, name="policy_publish"),
]
urlpatterns = [
    path("", versions.policies, name="policies"),
    path("<slug:slug>/", versions.policy, name="policy"),
    path("<slug:slug>/versions/<int:number>/", include(_of_a_version)),
    path("<slug:slug>/change/", drafts.change, name="policy_change"),
    path("<slug:slug>/closed-day/", closed_day.closed_day, name="policy_closed_day"),
    path("<slug:slug>/drafts/<int:draft_id>/", include(_of_a_draft)),
]
