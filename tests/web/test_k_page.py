import pytest
from test_accessibility import *
def test_x(world, window):
    for route, who, address in _looked_at(world):
        if route.name in ("page","problems","contact","rota"):
            a=world.clients[who].get(address)
            print(route.name, list(_wrong(window,a,address)))
            print(window.page.evaluate("[...document.querySelectorAll('body *')].filter(e=>e.getBoundingClientRect().right>361).map(e=>e.outerHTML.slice(0,120))"))
            window.page.screenshot(path=f"/tmp/k-{route.name}.png")
