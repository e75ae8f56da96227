"""The GraphQL documents of the part about offers; a test holds them against the schema."""

_ERROR = "... on UserError { code message field }"
_RULES = """quietHours { start end channels purposes }
    caps { most period rollingHours channels purposes }"""

TAGGED = """query MembersWithTag($tag: String!) {
  members(first: 100, filter: {tag: $tag}) { nodes { id name externalRef timeZone } }
}"""
SEGMENTS = """query SegmentsByName($name: String!) {
  segments(first: 1, filter: {namePrefix: $name}) { nodes { id name ruleEn ruleZh } }
}"""
CREATE_SEGMENT = f"""mutation CreateSegment($input: SegmentInput!, $requestId: String!) {{
  createSegment(input: $input, requestId: $requestId) {{
    ... on SegmentPayload {{ segment {{ id name ruleEn ruleZh }} }} {_ERROR}
  }}
}}"""
PREVIEW = """query PreviewSegment($id: ID!) {
  previewSegment(segmentId: $id, sampleSize: 3) { count sample { name } }
}"""
WHY_IN = """query WhyInSegment($id: ID!, $memberId: ID!) {
  explainMembership(segmentId: $id, memberId: $memberId) {
    holds reasons { depth holds ruleEn ruleZh foundEn foundZh }
  }
}"""
DRY_RUN = """query DryRun($id: ID!, $date: Date!) {
  previewCampaignRun(campaignId: $id, date: $date) { counts { verdict count explanationEn explanationZh } }
}"""
TOUCHES = """query TouchesOfCampaign($id: ID!) {
  campaign(id: $id) { state plannedThrough }
  touches(first: 200, filter: {campaignId: $id}) {
    nodes {
      id state channel reason reasonEn reasonZh heldUntilTime fallbackOfId fallbackToId
      member { externalRef name language timeZone }
    }
  }
}"""
SETTINGS = f"query SendingSettings {{ sendingSettings {{ etag {_RULES} }} }}"
SET_RULES = f"""mutation SetRules($input: SendingSettingsInput!, $etag: String!) {{
  updateSendingSettings(input: $input, etag: $etag) {{
    ... on SendingSettingsPayload {{ settings {{ etag }} }} {_ERROR}
  }}
}}"""
BLACKOUTS = """query Blackouts { blackouts(first: 500) { nodes { id nameEn days { firstDate } } } }"""
CREATE_BLACKOUT = f"""mutation CreateBlackout($input: BlackoutInput!, $requestId: String!) {{
  createBlackout(input: $input, requestId: $requestId) {{
    ... on BlackoutPayload {{ blackout {{ id nameEn }} }} {_ERROR}
  }}
}}"""
CONSENTS = """query ConsentsOfMember($memberId: ID!) {
  consents(first: 50, memberId: $memberId) { nodes { channel purpose granted source time } }
}"""
