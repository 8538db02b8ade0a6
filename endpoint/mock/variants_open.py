"""The variants that answer what no page of the documentation tells (facts.md, section 11)."""

from typing import Final

from endpoint.mock.variant import variant

ACCESS: Final = (
    variant(
        "token-header-first",
        "Of a token in the body and one in the header, the header's counts.",
        token_in_header=True,
        first_place="header",
    ),
    variant(
        "token-url-first",
        "Of a token in the body, the header or the URL, the URL's counts.",
        token_in_header=True,
        token_in_url=True,
        first_place="url",
    ),
    variant(
        "token-any",
        "One right token is enough, in the body, the header or the URL.",
        token_in_header=True,
        token_in_url=True,
        tokens="any",
    ),
    variant(
        "token-all",
        "Each token that is given, in the body, the header or the URL, has to be right.",
        token_in_header=True,
        token_in_url=True,
        tokens="all",
    ),
    variant("token-errors-400", "A missing and a wrong token are error 400.", token_errors=400),
    variant("token-errors-401", "A missing and a wrong token are error 401.", token_errors=401),
    variant("token-errors-403", "A missing and a wrong token are error 403.", token_errors=403),
    variant("token-errors-498", "A missing and a wrong token are error 498.", token_errors=498),
)

REQUESTS: Final = (
    variant("id-alias", "id stands for a trigger_id that is left out.", id_alias=True),
    variant(
        "siblings-nobody",
        "resource_id, db_id, timeout or subscription_filter keep the campaign from everybody.",
        siblings="nobody",
    ),
    variant(
        "siblings-refused",
        "resource_id, db_id, timeout and subscription_filter are refused.",
        siblings="refused",
    ),
    variant("format-in-url", "format may stand in the URL.", url_format="heeded"),
    variant("format-url-first", "Of two formats the URL's counts.", url_format="wins"),
    variant("format-url-refused", "A format in the URL is refused.", url_format="refused"),
    variant("accept", "Without format, the Accept header says it.", accept="heeded"),
    variant("accept-first", "Of format and Accept, Accept counts.", accept="wins"),
    variant("accept-refused", "An Accept header that names a format is refused.", accept="refused"),
    variant("unknown-format-xml", "An unknown format is answered in XML.", unknown_format="xml"),
    variant(
        "missing-field-nobody",
        "custom without field_name is a success that finds nobody.",
        missing_field_name="nobody",
    ),
    variant("refusals-403", "What is refused is refused with error 403.", refusals=403),
    variant("refusals-404", "What is refused is refused with error 404.", refusals=404),
    variant("refusals-422", "What is refused is refused with error 422.", refusals=422),
    variant("refusals-440", "What is refused is refused with error 440.", refusals=440),
    variant(
        "media-type-strict",
        "No media types but those of JSON and XML are taken.",
        other_media_types=False,
    ),
    variant(
        "windows-1251", "An XML prolog may declare windows-1251 before ASCII.", windows_1251=True
    ),
)

PAYLOAD: Final = (
    variant(
        "xml-nested-refused",
        "Objects within content and custom_data are refused in XML.",
        xml_nested=False,
    ),
    variant("xml-attach-as-text", "attach is JSON text in XML, not elements.", xml_attach="text"),
    variant(
        "xml-attach-as-elements", "attach is elements in XML, not JSON text.", xml_attach="elements"
    ),
    variant(
        "single-attach-refused",
        "One <attach> without array='true' is refused.",
        single_attach=False,
    ),
    variant(
        "bad-files-nobody",
        "A file whose data cannot be read keeps the campaign from everybody.",
        bad_files="nobody",
    ),
    variant("file-names-optional", "A File object needs no name.", file_names="optional"),
    variant(
        "file-keys-strict",
        "A File object with further keys is refused.",
        file_keys="documented",
    ),
    variant(
        "item-extras-passed-over",
        "An item with content, attach, timeout or the like is passed over.",
        item_extras="passed over",
    ),
    variant(
        "item-extras-refused",
        "content, attach, timeout and the like are refused in an item.",
        item_extras="refused",
    ),
)

MATCHING: Final = (
    variant(
        "ambiguous-first", "Of several profiles for a value the first is found.", ambiguous="first"
    ),
    variant("ambiguous-nobody", "A value of several profiles finds nobody.", ambiguous="nobody"),
    variant("ambiguous-refused", "A value of several profiles is refused.", ambiguous="refused"),
    variant("tags-each", "A custom value with commas is several values.", tags="each"),
    variant("tags-first", "Of a custom value with commas the first part counts.", tags="first"),
    variant("tags-refused", "A custom value with commas is refused.", tags="refused"),
    variant("addresses-each", "Addresses joined by ; are several addresses.", addresses="each"),
    variant("addresses-first", "Of addresses joined by ; the first counts.", addresses="first"),
    variant("addresses-refused", "Addresses joined by ; are refused.", addresses="refused"),
    variant("phone-eight", "Phones are found with 8 for +7.", phone_eight=True),
    variant("phone-spaces", "Phones are found with spaces in them.", phone_spaces=True),
    variant("phone-digits", "Of a phone only the digits are looked at.", phone_digits=True),
    variant("phones-strict", "A phone that is not + and digits is refused.", phones_strict=True),
    variant(
        "profile-ids-strict",
        "A profile_id that is not 24 hexadecimal digits is refused.",
        profile_ids_strict=True,
    ),
    variant(
        "conflict-refused",
        "An item whose e-mail and phone belong to two profiles is refused.",
        conflict="refused",
    ),
    variant(
        "custom-request",
        "custom_request counts where matching is left out, also before an e-mail.",
        custom_request="alone",
    ),
    variant(
        "custom-request-or-email",
        "Where matching is left out, custom_request and an e-mail together find nobody.",
        custom_request="alone",
        custom_request_beside="nobody",
    ),
    variant(
        "custom-request-always",
        "custom_request counts beside matching email and beside an e-mail.",
        custom_request="always",
        custom_request_beside="both",
    ),
    variant(
        "custom-request-refused", "custom_request in an item is refused.", custom_request="refused"
    ),
    variant(
        "push-provider-only-at-top",
        "provider stands at the top, and counts nowhere else.",
        push_at_top=True,
        push_in_item=False,
    ),
    variant(
        "custom-sub-field-in-item",
        "field_name of custom_sub stands in each item, and counts nowhere else.",
        custom_sub_in_item=True,
    ),
)

ANSWERS: Final = (
    variant("limit-status-400", "Over the limit, HTTP status 400.", over_limit_status=400),
    variant("limit-status-413", "Over the limit, HTTP status 413.", over_limit_status=413),
    variant(
        "trailing-slash-redirected",
        "start_batch/ is answered with a redirect.",
        trailing_slash="redirected",
    ),
    variant(
        "dedup-request-id",
        "A repeat is known by Request-ID alone.",
        dedup_ids=("request-id",),
    ),
    variant(
        "dedup-x-request-id",
        "A repeat is known by X-Request-ID alone.",
        dedup_ids=("x-request-id",),
    ),
    variant("dedup-errors", "Errors are answered from memory, too.", dedup_errors=True),
)

OPEN: Final = (*ACCESS, *REQUESTS, *PAYLOAD, *MATCHING, *ANSWERS)
