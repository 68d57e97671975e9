"""The interface as a whole: how a route is made, what it answers when it cannot."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any, get_args

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer

from otdacha.language import text
from otdacha.site.api.problems import MEDIA_TYPE, Problem, Refused, problem, wrong_parameters

View = Callable[..., Any]

DESCRIPTION = """\
The rows of a release as it was published, read-only. Every figure is
`{"value": ..., "state": ...}`:
where there is no value, the state says why, and it is never zero or blank. Ids are stable: the
provider's id, the programme's key, the name of a release, the id of a data bank. Answers carry an
ETag. A release never changes, so ask with `release=` to keep an answer; without `bank` and
`release` the newest release of the first data bank is meant."""


class Readable(JSONRenderer):
    """JSON whose Russian words are letters: half as long, and a person can read it."""

    json_dumps_params: Mapping[str, Any] = MappingProxyType({"ensure_ascii": False})


class Interface(NinjaAPI):
    """A NinjaAPI whose description says that problems have a media type of their own."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**given)
        for path in schema["paths"].values():
            for operation in path.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
        return schema


api = Interface(
    title="Otdacha",
    version="1",
    description=DESCRIPTION,
    docs_url=None,  # Ninja's page of documentation takes its scripts from another host
    openapi_url="/openapi.json",
    renderer=Readable(),
    urls_namespace="api",
)


def get(path: str, response: Any, *, tag: str, name: str = "") -> Callable[[View], View]:
    """A route that is read with GET. A parameter that it does not know is refused, not ignored.

    name: of the operation; that of the function unless given.
    """

    def registered(view: View) -> View:
        known = _parameters(view)

        @wraps(view)
        def guarded(request: HttpRequest, **values: Any) -> Any:
            unknown = sorted(set(request.GET) - known)
            if unknown:
                raise Refused(
                    422,
                    text(
                        "There is no parameter {unknown} here. Known are: {known}.",
                        unknown=", ".join(one[:60] for one in unknown[:5]),
                        known=", ".join(sorted(known)),
                    ),
                )
            return view(request, **values)

        route = api.get(
            path,
            response={200: response, 404: Problem, 422: Problem},
            tags=[tag],
            operation_id=name or view.__name__,
        )
        registered: View = route(guarded)
        return registered

    return registered


def _parameters(view: View) -> set[str]:
    """The names of the query parameters of a route."""
    return {
        name
        for parameter in inspect.signature(view).parameters.values()
        for model in get_args(parameter.annotation)[:1]
        for name in getattr(model, "model_fields", ())
    }


@api.exception_handler(Refused)
def _refused(request: HttpRequest, fault: Refused) -> HttpResponse:
    return problem(request, fault.status, fault.why)


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    return problem(request, 422, wrong_parameters(fault.errors))
