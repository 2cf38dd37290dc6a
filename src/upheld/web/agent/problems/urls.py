"""The addresses of problems."""

from django.urls import path

from upheld.web.agent.problems import affecting, choosing, deeds, opening, solving, telling
from upheld.web.agent.problems.lists import problems

urlpatterns = [
    path("", problems, name="problems"),
    path("new/", opening.new_problem, name="new_problem"),
    path("of/<number:number>/", choosing.problem_of_ticket, name="problem_of_ticket"),
    path("of/<number:number>/workaround/", choosing.workaround_in_reply, name="workaround_in_reply"),
    path("<number:number>/tickets/", affecting.affected_tickets, name="affected_tickets"),
    path("<number:number>/tickets/<number:ticket>/leave/", affecting.leave, name="leave_problem"),
    path("<number:number>/workaround/", deeds.workaround, name="describe_workaround"),
    path("<number:number>/status/", deeds.set_problem_status, name="set_problem_status"),
    path("<number:number>/broadcast/", telling.tell, name="broadcast"),
    path("<number:number>/solve/", solving.solve, name="solve_problem"),
]
