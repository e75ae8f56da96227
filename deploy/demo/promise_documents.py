"""The GraphQL documents of the story of a promise; a test holds them against the schema."""

_ERROR = "... on UserError { code message field }"
_OPPORTUNITY = "id stage kind title quotes(first: 5) { id state versions { number totalPrice: total { amount } } }"
_CONTRACT = "contract { id state title startDate endDate price { amount currencyCode minorUnits } }"
_RENEWAL = """renewal {
      id stage amount { amount currencyCode minorUnits } likelihood { score } attention call { category }
      decision { category } outcome { wonBy }
    }"""


def _moved(field: str, noun: str, *, fields: str) -> str:
    name = field[0].upper() + field[1:]
    payload = f"{noun[0].upper()}{noun[1:]}Payload"
    return f"""mutation {name}($id: ID!, $requestId: String!) {{
  {field}(id: $id, requestId: $requestId) {{ ... on {payload} {{ {fields} }} {_ERROR} }}
}}"""


CATALOG = """query CatalogOfDemo($code: String!, $serial: String!) {
  products(first: 1, filter: {code: $code}) { nodes { id code } }
  assets(first: 1, filter: {serial: $serial}) { nodes { id serial warrantyEnd customerId } }
}"""
CREATE_PRODUCT = f"""mutation CreateProduct($input: ProductInput!, $requestId: String!) {{
  createProduct(input: $input, requestId: $requestId) {{ ... on ProductPayload {{ product {{ id code }} }} {_ERROR} }}
}}"""
CREATE_ASSET = f"""mutation CreateAsset($input: AssetInput!, $requestId: String!) {{
  createAsset(input: $input, requestId: $requestId) {{
    ... on AssetPayload {{ asset {{ id serial warrantyEnd customerId }} }} {_ERROR}
  }}
}}"""
OFFERS = f"""query SigningOffers($customerId: ID!) {{
  opportunities(first: 10, filter: {{customerId: $customerId, kind: SIGNING_OFFER}}) {{
    nodes {{ {_OPPORTUNITY} assetIds contractId }}
  }}
}}"""
PROPOSE = _moved("proposeOpportunity", "opportunity", fields="opportunity { id stage }")
CREATE_QUOTE = f"""mutation CreateQuote($opportunityId: ID!, $input: QuoteInput!, $requestId: String!) {{
  createQuote(opportunityId: $opportunityId, input: $input, requestId: $requestId) {{
    ... on QuotePayload {{ quote {{ id state }} }} {_ERROR}
  }}
}}"""
APPROVE_QUOTE = _moved("approveQuote", "quote", fields="quote { id state }")
SEND_QUOTE = _moved("sendQuote", "quote", fields="quote { id state }")
ACCEPT_QUOTE = f"""mutation AcceptQuote($id: ID!, $acceptedBy: String!, $requestId: String!) {{
  acceptQuote(id: $id, acceptedBy: $acceptedBy, requestId: $requestId) {{
    ... on QuotePayload {{ quote {{ id state }} }} {_ERROR}
  }}
}}"""
CONTRACT_OF_QUOTE = f"""mutation ContractOfQuote($quoteId: ID!, $requestId: String!) {{
  createContractFromQuote(quoteId: $quoteId, requestId: $requestId) {{
    ... on QuotedContractPayload {{ {_CONTRACT} }} {_ERROR}
  }}
}}"""
CONTRACT = f"""query ContractOfDemo($id: ID!) {{ {_CONTRACT.replace("contract {", "contract(id: $id) {")} }}"""
ENTITLEMENT = """query Entitled($customerId: ID!, $assetId: ID!, $serviceType: String!, $at: DateTime) {
  entitlement(customerId: $customerId, assetId: $assetId, serviceType: $serviceType, at: $at) {
    verdict reason explanationEn explanationZh contractId termsNumber
  }
}"""
OPEN_RENEWAL = f"""mutation OpenRenewal($contractId: ID!) {{
  openRenewal(contractId: $contractId) {{ ... on RenewalPayload {{ {_RENEWAL} }} {_ERROR} }}
}}"""
RENEWALS = f"""query RenewalsOfContract($contractId: ID!) {{
  renewals(first: 5, filter: {{contractId: $contractId}}) {{ nodes {_RENEWAL.removeprefix("renewal ")} }}
}}"""
CALL = f"""mutation CallRenewal($id: ID!, $input: RenewalCallInput!, $requestId: String!) {{
  callRenewal(id: $id, input: $input, requestId: $requestId) {{ ... on RenewalPayload {{ {_RENEWAL} }} {_ERROR} }}
}}"""
FORECAST = """query Forecast($month: Month!) {
  renewalForecast(firstMonth: $month, lastMonth: $month) {
    month category renewals amount { amount currencyCode } weighted { amount }
  }
}"""
WIN = f"""mutation WinRenewal($id: ID!, $requestId: String!) {{
  winRenewal(id: $id, wonBy: EXTENSION, requestId: $requestId) {{ ... on RenewalPayload {{ {_RENEWAL} }} {_ERROR} }}
}}"""
