"""A sign-in code for everybody whom the desk knows. A contact gets an account when they first ask for one: it has no
password, so that only who reads mail to the address can use it."""

from allauth.account.forms import RequestLoginCodeForm
from allauth.account.views import RequestLoginCodeView

from upheld.people.actions import open_account


class CodeForm(RequestLoginCodeForm):
    def clean_email(self) -> str:
        open_account(self.cleaned_data["email"])
        return super().clean_email()


class RequestCodeView(RequestLoginCodeView):
    form_class = CodeForm


request_code = RequestCodeView.as_view()
