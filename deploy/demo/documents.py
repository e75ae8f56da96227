"""Every GraphQL document that the demo sends; a test holds them against the schema."""

_ERROR = "... on UserError { code message field }"
_CONTRACT = "contract { id state title ownerId endDate }"
_CASE = "case { id number state severity dueTime closedTime closedOnTime }"

_PAYLOAD = """{
    rows created updated unchanged failed stored
    errors { line column code message }
  }
  ... on UserError { code message field }"""
IMPORT_MEMBERS = f"""mutation ImportMembers($csv: String!, $dryRun: Boolean!, $lineOffset: Int!) {{
  importMembers(csv: $csv, dryRun: $dryRun, lineOffset: $lineOffset) {{ ... on ImportMembersPayload {_PAYLOAD} }}
}}"""
IMPORT_EMPLOYEES = f"""mutation ImportEmployees($csv: String!) {{
  importEmployees(csv: $csv) {{ ... on ImportEmployeesPayload {_PAYLOAD} }}
}}"""

EMPLOYEE = """query EmployeeByNumber($ref: String!) {
  employees(first: 1, filter: {externalRef: $ref}) { nodes { id name unit } }
}"""
CUSTOMER = """query CustomerByReference($ref: String!) {
  customers(first: 1, filter: {externalRef: $ref}) {
    nodes { id name contracts(first: 5) { id state title ownerId endDate } }
  }
}"""
MEMBER = """query MemberByReference($ref: String!) {
  members(first: 1, filter: {externalRef: $ref}) { nodes { id name } }
}"""
VISITS = """query VisitsToCustomer($customerId: ID!) {
  visits(first: 10, filter: {customerId: $customerId}) { nodes { id contractId dueDate state outcome } }
}"""
CASES = """query CasesOfCustomer($customerId: ID!) {
  customers: node(id: $customerId) {
    ... on Customer { cases(first: 20) { id number sourceId state severity dueTime closedTime closedOnTime } }
  }
}"""
FACTS = """query FactsOfEmployee($employeeId: ID!, $indicator: String!, $month: Month!) {
  facts(first: 500, filter: {employeeId: $employeeId, indicator: $indicator, month: $month}) {
    nodes { id evidenceId }
  }
}"""
FIGURE = """query FigureOfEmployee($employeeId: ID!, $indicator: String!, $month: Month!) {
  employee(id: $employeeId) {
    name
    indicator(key: $indicator, month: $month) { numerator denominator rate intervalLow intervalHigh sufficient }
  }
  indicators { key nameEn nameZh minimumSample }
}"""
CREATE_CUSTOMER = f"""mutation CreateCustomer($input: CustomerInput!, $requestId: String!) {{
  createCustomer(input: $input, requestId: $requestId) {{
    ... on CustomerPayload {{ customer {{ id name }} }} {_ERROR}
  }}
}}"""
CREATE_MEMBER = f"""mutation CreateMember($input: MemberInput!, $requestId: String!) {{
  createMember(input: $input, requestId: $requestId) {{ ... on MemberPayload {{ member {{ id name }} }} {_ERROR} }}
}}"""
CREATE_CONTRACT = f"""mutation CreateContract($input: ContractInput!, $requestId: String!) {{
  createContract(input: $input, requestId: $requestId) {{ ... on ContractPayload {{ {_CONTRACT} }} {_ERROR} }}
}}"""
SUBMIT_CONTRACT = f"""mutation SubmitContract($id: ID!, $requestId: String!) {{
  submitContract(id: $id, requestId: $requestId) {{ ... on ContractPayload {{ {_CONTRACT} }} {_ERROR} }}
}}"""
APPROVE_CONTRACT = f"""mutation ApproveContract($id: ID!, $requestId: String!) {{
  approveContract(id: $id, requestId: $requestId) {{ ... on ContractPayload {{ {_CONTRACT} }} {_ERROR} }}
}}"""
SIGN = f"""mutation Sign($id: ID!, $requestId: String!) {{
  signContract(id: $id, requestId: $requestId) {{ ... on ContractPayload {{ {_CONTRACT} }} {_ERROR} }}
}}"""
ACTIVATE = f"""mutation Activate($id: ID!, $requestId: String!) {{
  activateContract(id: $id, requestId: $requestId) {{ ... on ContractPayload {{ {_CONTRACT} }} {_ERROR} }}
}}"""
COMPLETE_VISIT = f"""mutation CompleteVisit($id: ID!, $words: String!, $requestId: String!) {{
  completeVisit(id: $id, outcome: DISSATISFIED, satisfaction: 2, words: $words, requestId: $requestId) {{
    ... on VisitPayload {{ visit {{ id state }} }} {_ERROR}
  }}
}}"""
ASSIGN = f"""mutation Assign($id: ID!, $assigneeId: ID!, $requestId: String!) {{
  assignCase(id: $id, assigneeId: $assigneeId, requestId: $requestId) {{ ... on CasePayload {{ {_CASE} }} {_ERROR} }}
}}"""
CLOSE = f"""mutation Close($id: ID!, $resolution: String!, $requestId: String!) {{
  closeCase(id: $id, resolution: $resolution, requestId: $requestId) {{ ... on CasePayload {{ {_CASE} }} {_ERROR} }}
}}"""

_CAMPAIGN = "campaign { id name state author approver plannedThrough }"
CAMPAIGNS = """query Campaigns($after: String) {
  campaigns(first: 100, after: $after) {
    nodes { id name state author approver plannedThrough }
    pageInfo { hasNextPage endCursor }
  }
}"""
CREATE_CAMPAIGN = f"""mutation CreateCampaign($name: String!, $plan: CampaignPlanInput!, $requestId: String!) {{
  createCampaign(name: $name, plan: $plan, requestId: $requestId) {{
    ... on CampaignPayload {{ {_CAMPAIGN} }} {_ERROR}
  }}
}}"""
SUBMIT = f"""mutation Submit($id: ID!, $requestId: String!) {{
  submitCampaign(id: $id, requestId: $requestId) {{ ... on CampaignPayload {{ {_CAMPAIGN} }} {_ERROR} }}
}}"""
APPROVE = f"""mutation Approve($id: ID!, $requestId: String!) {{
  approveCampaign(id: $id, requestId: $requestId) {{ ... on CampaignPayload {{ {_CAMPAIGN} }} {_ERROR} }}
}}"""
START = f"""mutation Start($id: ID!, $requestId: String!) {{
  startCampaign(id: $id, requestId: $requestId) {{ ... on CampaignPayload {{ {_CAMPAIGN} }} {_ERROR} }}
}}"""
PROGRESS = """query Progress($id: ID!) {
  campaign(id: $id) { state plannedThrough progress { total counts { state reason count } } }
}"""
PLANNED = """query Planned($campaignId: ID!, $after: String) {
  touches(first: 500, after: $after, filter: {campaignId: $campaignId, state: PLANNED}) {
    nodes { id dueTime attempts member { timeZone } }
    pageInfo { hasNextPage endCursor }
  }
}"""
