from pyramid.request import Request
from pyramid.response import Response
from pyramid.router import Router

class ApplicationCreated:
    app: Router

class NewResponse:
    request: Request
    response: Response
