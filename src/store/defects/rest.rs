//! REST: routes, statuses, sentences, renderings, bodies.

use crate::store::rest_sentence as sentence;
use crate::wire::{Request, Response};

use super::Defect;
use super::answers::{reword, without};

fn is_rest(request: &Request) -> bool {
    request.target.starts_with("/rest")
}

fn path(request: &Request) -> &str {
    request.target.split('?').next().unwrap_or_default()
}

fn says(response: &Response, sentence: &str) -> bool {
    String::from_utf8_lossy(&response.body).contains(sentence)
}

fn json(status: u16, message: &str) -> Response {
    let body = format!("{{\"message\":\"{message}\"}}");
    Response::new(status, "application/json; charset=utf-8", body)
}

fn is_guest(request: &Request) -> bool {
    request.headers.first("Authorization").is_none()
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/unknown-route-hidden",
        "a guest is told of an unknown route that it is not authorized",
        "rest-no-route",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_rest(request) && is_guest(request) && response.status == 404 {
                    *response = json(401, sentence::NOT_AUTHORIZED);
                }
            });
        },
    )
    .named_by("rest/route/unknown-without-credentials", "404 {\"message\":\"Request does not match any route.\"}", "401 {\"message\":\"The consumer isn't authorized to access %resources.\"}"),
    Defect::new(
        "store/signature-told-before-route",
        "a bad signature is told before an unknown route",
        "store-rest-order",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_rest(request) && !is_guest(request) && says(response, sentence::NO_ROUTE) {
                    *response = json(401, "The signature is invalid. Verify and try again.");
                }
            });
        },
    )
    .named_by("rest/route/unknown-before-signature", "404 {\"message\":\"Request does not match any route.\"}", "401 {\"message\":\"The signature is invalid. Verify and try again.\"}"),
    Defect::new(
        "store/wrong-method-is-405",
        "a method that a known path does not have is 405",
        "rest-no-route",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_rest(request) && request.method != "GET" && says(response, sentence::NO_ROUTE)
                {
                    response.status = 405;
                }
            });
        },
    )
    .named_by("rest/route/wrong-method", "404 {\"message\":\"Request does not match any route.\"}", "405 {\"message\":\"Request does not match any route.\"}"),
    Defect::new(
        "store/patch-is-no-route",
        "PATCH is told as an unknown route",
        "rest-method",
        |faults| {
            faults.instead.push(|_, request| {
                (is_rest(request) && request.method == "PATCH")
                    .then(|| json(404, sentence::NO_ROUTE))
            });
        },
    )
    .named_by("rest/route/patch", "405 with `The PATCH HTTP method is not supported.`", "404 {\"message\":\"Request does not match any route.\"}"),
    Defect::new(
        "store/head-answered",
        "HEAD on REST is answered like GET",
        "rest-method",
        |faults| {
            faults.instead.push(|_, request| {
                (is_rest(request) && request.method == "HEAD")
                    .then(|| Response::new(200, "application/json; charset=utf-8", ""))
            });
        },
    )
    .named_by("rest/route/head", "status 405", "200"),
    Defect::new(
        "store/routes-in-any-case",
        "the case of a REST path does not count",
        "store-rest-routes",
        |faults| {
            faults.arriving.push(|store, request| {
                let routes = store.routes();
                let meant = routes.iter().find(|route| {
                    format!("/rest{}", route.url).eq_ignore_ascii_case(path(request))
                });
                if let Some(route) = meant {
                    let end = path(request).len();
                    request.target.replace_range(..end, &format!("/rest{}", route.url));
                }
            });
        },
    )
    .named_by("rest/route/other-case", "404 {\"message\":\"Request does not match any route.\"}", "401 {\"message\":\"The signature is invalid. Verify and try again.\"}"),
    Defect::new(
        "store/slash-at-the-end-unknown",
        "a REST path with a slash at its end is unknown",
        "store-rest-routes",
        |faults| {
            faults.instead.push(|_, request| {
                let slash = path(request).ends_with('/') && path(request).contains("/V1/");
                (is_rest(request) && slash).then(|| json(404, sentence::NO_ROUTE))
            });
        },
    )
    .named_by("rest/route/trailing-slash", "a status of the 200s", "404 {\"message\":\"Request does not match any route.\"}"),
    Defect::new(
        "store/code-all-unknown",
        "the store code `all` is unknown",
        "rest-store-code",
        |faults| {
            faults.instead.push(|_, request| {
                request
                    .target
                    .starts_with("/rest/all/")
                    .then(|| json(400, sentence::CANNOT_PROCESS))
            });
        },
    )
    .named_by("rest/route/store-code-all", "a status of the 200s", "400 {\"message\":\"Specified request cannot be processed.\"}"),
    Defect::new(
        "store/any-store-code",
        "any store code is taken for the default one",
        "rest-store-code",
        |faults| {
            faults.arriving.push(|_, request| {
                let code = request.target.strip_prefix("/rest/").and_then(|rest| {
                    let (code, rest) = rest.split_once('/')?;
                    (!code.starts_with('V') && rest.starts_with("V1/")).then_some(rest)
                });
                if let Some(rest) = code {
                    request.target = format!("/rest/{rest}");
                }
            });
        },
    )
    .named_by("rest/route/unknown-store-code", "400 {\"message\":\"Specified request cannot be processed.\"}", "401 {\"message\":\"The signature is invalid. Verify and try again.\"}"),
    Defect::new(
        "store/version-in-lower-case",
        "/v1 is taken for /V1",
        "rest-not-processed",
        |faults| {
            faults
                .arriving
                .push(|_, request| request.target = request.target.replace("/rest/v1/", "/rest/V1/"));
        },
    )
    .named_by("rest/route/lower-case-version", "400 {\"message\":\"Specified request cannot be processed.\"}", "401 {\"message\":\"The signature is invalid. Verify and try again.\"}"),
    Defect::new(
        "store/always-json",
        "XML is answered with JSON",
        "rest-accept",
        |faults| {
            faults.arriving.push(|_, request| {
                let xml = request.headers.first("Accept").is_some_and(|media| media.contains("xml"));
                if is_rest(request) && xml {
                    request.headers.set("Accept", "application/json");
                }
            });
        },
    )
    .named_by("rest/accept/xml", "Content-Type `application/xml; charset=utf-8`", "Content-Type `application/json; charset=utf-8`"),
    Defect::new(
        "store/errors-always-json",
        "an error comes as JSON whatever was asked for",
        "rest-accept",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                let media = response.headers.first("Content-Type").unwrap_or_default();
                if is_rest(request) && response.status >= 400 && media.contains("xml") {
                    *response = json(response.status, sentence::NO_ROUTE);
                }
            });
        },
    )
    .named_by("rest/accept/xml-error", "Specified token does not", "Request does not match any route."),
    Defect::new(
        "store/unmatched-type-is-json",
        "an Accept that nothing fits is answered with JSON",
        "rest-accept-unmatched",
        |faults| {
            faults.arriving.push(|_, request| {
                let image = request.headers.first("Accept").is_some_and(|media| media == "image/png");
                if is_rest(request) && image {
                    request.headers.set("Accept", "application/json");
                }
            });
        },
    )
    .named_by("rest/accept/image", "a web page with status 500, or status 406, or 500 with `Server cannot", "200 [{"),
    Defect::new(
        "store/quality-ignored",
        "the quality of the types in Accept does not count",
        "rest-accept",
        |faults| {
            faults.arriving.push(|_, request| {
                let accept = request.headers.first("Accept").unwrap_or_default();
                let first = accept.split([',', ';']).next().unwrap_or_default().to_owned();
                if is_rest(request) && accept.contains(";q=") {
                    request.headers.set("Accept", first);
                }
            });
        },
    )
    .named_by("rest/accept/better-json", "Content-Type `application/json; charset=utf-8`", "Content-Type `application/xml; charset=utf-8`"),
    Defect::new(
        "store/body-of-no-type",
        "a body without a type is taken for JSON",
        "rest-content-type",
        |faults| {
            faults.arriving.push(|_, request| {
                if is_rest(request) && request.headers.first("Content-Type").is_none() {
                    request.headers.add("Content-Type", "application/json");
                }
            });
        },
    )
    .named_by("rest/body/no-type", "400 with `Content-Type header is empty.`", "400 {\"message\":\"\\\"%fieldName\\\" is required. Enter and try"),
    Defect::new(
        "store/body-in-latin-1",
        "a body in another charset is read as if it were UTF-8",
        "rest-content-type",
        |faults| {
            faults.arriving.push(|_, request| {
                let media = request.headers.first("Content-Type").unwrap_or_default();
                if is_rest(request) && media.to_lowercase().contains("charset=iso-8859-1") {
                    request.headers.set("Content-Type", "application/json");
                }
            });
        },
    )
    .named_by("rest/body/latin-1", "400 with `UTF-8 is the only supported charset.`", "400 {\"message\":\"\\\"%fieldName\\\" is required. Enter and try"),
    Defect::new(
        "store/broken-json-is-a-fault",
        "JSON that cannot be read is an error of the server",
        "rest-content-type",
        |faults| {
            faults.leaving.push(|_, response| {
                if says(response, sentence::DECODING) {
                    response.status = 500;
                }
            });
        },
    )
    .named_by("rest/body/broken-json", "400 with `Decoding error.`", "500 {\"message\":\"Decoding error.\"}"),
    Defect::new(
        "store/type-told-before-signature",
        "a type that is not understood is told before a bad signature",
        "store-rest-order",
        |faults| {
            faults.instead.push(|_, request| {
                let media = request.headers.first("Content-Type").unwrap_or_default();
                let text = is_rest(request) && media.starts_with("text/plain");
                text.then(|| {
                    let told = sentence::UNKNOWN_CONTENT_TYPE.replace("%1", "text/plain");
                    json(400, &told)
                })
            });
        },
    )
    .named_by("rest/body/signature-before-type", "401 {\"message\":\"The signature is invalid. Verify and try again.\"}", "400 {\"message\":\"Server cannot understand Content-Type HTTP header"),
    Defect::new(
        "store/forbidden-is-403",
        "a missing resource is told with status 403",
        "store-acl-sentence",
        |faults| {
            faults.leaving.push(|_, response| {
                if says(response, "isn't authorized to access") {
                    response.status = 403;
                }
            });
        },
    )
    .seen_in("https://github.com/magento/magento2/issues/33940")
    .named_by("acl/grant/missing", "401 {\"message\":\"The consumer isn't authorized to access", "403 {\"message\":\"The consumer isn't authorized to access"),
    Defect::new(
        "store/resources-filled-in",
        "the sentence of a missing resource names it in place of the placeholder",
        "store-rest-template",
        |faults| {
            faults.leaving.push(|_, response| {
                reword(response, |body| {
                    body.replace("to access %resources.", "to access the resource.")
                });
            });
        },
    )
    .named_by("parameters/missing/rest/credentials", "401 {\"message\":\"The consumer isn't authorized to access", "401 {\"message\":\"The consumer isn't authorized to access the"),
    Defect::new(
        "store/resources-not-named",
        "the resources that are missing are not named",
        "store-acl-sentence",
        |faults| {
            faults.leaving.push(|_, response| {
                reword(response, |body| match body.split_once(",\"parameters\":{\"resources\"") {
                    Some((before, _)) => format!("{before}}}"),
                    None => body.to_owned(),
                });
            });
        },
    )
    .named_by("acl/grant/limited-on-self", "401 {\"message\":\"The consumer isn't authorized to access", "401 {\"message\":\"The consumer isn't authorized to access %resources.\"}"),
    Defect::new(
        "store/errors-without-charset",
        "a refusal on REST names no charset",
        "store-rest-errors",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_rest(request) && response.status >= 400 {
                    response.headers.set("Content-Type", "application/json");
                }
            });
        },
    )
    .named_by("rest/error/json-type", "Content-Type `application/json; charset=utf-8`", "Content-Type `application/json`"),
    Defect::new(
        "store/rest-cacheable",
        "an answer on REST may be kept in caches",
        "rest-not-cacheable",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_rest(request) {
                    without(response, "Cache-Control");
                }
            });
        },
    )
    .named_by("rest/answer/not-cacheable", "Cache-Control: no-store", "`` on an answer"),
    Defect::new(
        "store/www-authenticate-on-rest",
        "a refusal on REST asks for OAuth in a header field",
        "store-no-www-authenticate",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_rest(request) && response.status == 401 {
                    response.headers.add("WWW-Authenticate", "OAuth realm=\"store\"");
                }
            });
        },
    )
    .named_by("handshake/no-www-authenticate/rest", "WWW-Authenticate ``", "WWW-Authenticate `OAuth realm=\"store\"`"),
    Defect::new(
        "store/unknown-token-is-400",
        "a token that nobody was given is a bad request",
        "rest-token-exists",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_rest(request) && says(response, "Specified token does not exist") {
                    response.status = 400;
                }
            });
        },
    )
    .named_by("rest/token/unknown", "401 {\"message\":\"Specified token does not exist\"}", "400 {\"message\":\"Specified token does not exist\"}"),
    Defect::new(
        "store/trace-shown",
        "an error on REST shows where in the code it happened",
        "store-no-paths",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if is_rest(request) && response.status == 401 {
                    reword(response, |body| match body.strip_suffix('}') {
                        Some(open) => format!(
                            "{open},\"trace\":\"#0 /var/www/html/vendor/webapi/Rest.php(127): authorize()\"}}"
                        ),
                        None => body.to_owned(),
                    });
                }
            });
        },
    )
    .named_by("rest/error/no-trace", "a refusal without `trace`", "401 {\"message\":\"The consumer isn't authorized to access"),
];
